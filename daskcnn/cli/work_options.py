"""Options of what is computed, and how: the network, its cut, its images, its workers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from daskcnn.cluster import limit_bytes
from daskcnn.kernels import ENGINES
from daskcnn.networks import NETWORKS
from daskcnn.segment import GRANULARITIES

Command = TypeVar("Command", bound=Callable[..., object])


def network(command: Command) -> Command:
    """The argument NETWORK; the help says what it may be where it has {network}."""
    names = ", ".join(NETWORKS)
    command.__doc__ = (command.__doc__ or "").replace(
        "{network}", f"a name ({names}; mnist by default) or an ONNX file"
    )
    return click.argument("network", default="mnist")(command)


def together(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Several options as one, in that order."""

    def give(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return give


chunks = click.option(
    "--chunks",
    default="batch",
    show_default=True,
    help="How to cut: serial, batch, channel, filter, height, width, spatial or pipeline, with a degree, as in "
    "channel=3 or spatial=2x2, or as many blocks as workers; several with commas or + between; or a plan file, "
    "NAME.toml.",
)
inputs = click.option(
    "--input",
    "inputs",
    multiple=True,
    callback=lambda ctx, option, value: _inputs(value),
    help="Images: .npy, .npz, IDX, CIFAR-10, PNG or JPEG files or folders of them, Zarr, or random:NxCxHxW[:SEED]; as "
    "NAME=DATA where the network has several inputs.  [default: the network's own]",
)
raw = click.option("--raw", is_flag=True, help="Leave bytes of images 0 to 255; by default they are scaled to [0, 1].")
images = click.option("--images", type=click.IntRange(min=1), help="How many of the images.  [default: all]")
batch = click.option(
    "--batch", type=click.IntRange(min=1), help="Images in a block at most.  [default: all that a worker has]"
)
fan_in = click.option(
    "--fan-in", type=click.IntRange(min=2), help="Partial sums that are added at a time.  [default: all]"
)
cluster = click.option(
    "--cluster",
    default="processes",
    show_default=True,
    help="processes, threads, mpi (under mpirun or srun), or the address of a scheduler such as tcp://127.0.0.1:8786.",
)
scheduler_file = click.option(
    "--scheduler-file",
    type=click.Path(path_type=Path),
    help="Of a cluster that was started beside this, as by dask scheduler or dask-mpi: instead of --cluster.",
)
timeout = click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="How long to wait for that file, other ranks or a scheduler at an address, and again for workers.  "
    "[default: 50, or 5 at an address]",
)
interface = click.option(
    "--interface",
    help="Network of a cluster that is started here, as in eth0.  [default: loopback; between nodes of an MPI job the "
    "one that leads to other machines]",
)
memory_limit = click.option(
    "--memory-limit",
    callback=lambda ctx, option, value: limit_bytes(value),
    help="Of each worker that is started here, as in 512MB.  [default: their share of the machine's memory, or of the "
    "job's]",
)
engine = click.option(
    "--engine",
    type=click.Choice(list(ENGINES)),
    default="onnxruntime",
    show_default=True,
    help="What computes the blocks; numpy is the plain reference.",
)
granularity = click.option(
    "--granularity",
    type=click.Choice(GRANULARITIES),
    default="segment",
    show_default=True,
    help="A task for all layers that exchange nothing, or one a layer.",
)
work = together(inputs, images, batch, fan_in)
"""What is computed."""
place = together(cluster, scheduler_file, timeout, interface, memory_limit)
"""Where."""
kernels = together(engine, granularity)
"""By what."""


def _inputs(values: tuple[str, ...]) -> str | dict[str, str] | None:
    if len(values) == 1 and "=" not in values[0]:
        return values[0]
    named = (value.partition("=")[::2] if "=" in value else ("", value) for value in values)
    return dict(named) or None
