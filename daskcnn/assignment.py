"""Which cut and which workers each layer of a network gets."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

from daskcnn.chunks import Chunks, parse_chunks
from daskcnn.errors import UsageError, reason
from daskcnn.layers.partial import Partial, splittable, totals
from daskcnn.network import Layer, Network
from daskcnn.partition import Partition


@dataclass(frozen=True)
class Assignment:
    """What one layer gets."""

    partition: Partition
    workers: tuple[int, ...]
    """Numbers of the workers that share its blocks."""
    asked: frozenset[str] = frozenset()
    """Axes whose degree must be kept to."""


Assignments = Mapping[str, Assignment]


def assign(network: Network, chunks: Chunks, workers: int) -> dict[str, Assignment]:
    """Every layer cut alike; in a pipeline, each stage of consecutive layers on workers of its own.

    Examples
    --------
    >>> from daskcnn import networks
    >>> found = assign(networks.mnist(), parse_chunks("pipeline=2", workers=2), workers=2)
    >>> [layer for layer, own in found.items() if own.workers == (0,)]
    ['conv1', 'relu1', 'conv2', 'relu2']
    """
    stages = chunks.pipeline
    own = [tuple(range(*_share(workers, stages, stage))) for stage in range(stages)]
    numbers = pipeline_stages(network, stages)
    return {
        layer.name: Assignment(chunks.partition, own[number], chunks.asked)
        for layer, number in zip(network.layers, numbers, strict=True)
    }


def _share(workers: int, stages: int, stage: int) -> tuple[int, int]:
    """The workers of a stage; stages share workers where there are more of them."""
    first = stage * workers // stages
    return first, max((stage + 1) * workers // stages, first + 1)


def pipeline_stages(network: Network, stages: int) -> list[int]:
    """The stage of each layer: contiguous, and such that the stage with most operations has as few as can be."""
    if stages > len(network.layers):
        raise UsageError(
            f"pipeline={stages} is more stages than {network.name} has layers; use {len(network.layers)} or fewer"
        )
    work = list(accumulate(network.operations(1).values(), initial=0))
    layers = len(network.layers)
    # best[n]: the least that the heaviest stage can have over the first n layers, and where the last stage starts.
    best = [(work[n], 0) for n in range(layers + 1)]
    starts = []
    for stage in range(1, stages):
        found = {
            n: min((max(best[first][0], work[n] - work[first]), first) for first in range(stage, n))
            for n in range(stage + 1, layers + 1)
        }
        best = [found.get(n, (work[-1], 0)) for n in range(layers + 1)]
        starts.append([first for _, first in best])
    ends = [layers]
    for first in reversed(starts):
        ends.insert(0, first[ends[0]])
    return [stage for stage, (a, b) in enumerate(zip([0, *ends], ends, strict=False)) for _ in range(a, b)]


def read_plan_file(path: Path, network: Network, workers: int) -> dict[str, Assignment]:
    """Assignments from a TOML file.

    `chunks` says how layers are cut by default, the table `layers` how those that it names are. A layer that is
    not named is cut as the one that it reads, so that it finds what it needs near.

    Parameters
    ----------
    path : Path
    network : Network
    workers : int

    Raises
    ------
    UsageError
        The file cannot be read, or names a layer that the network has not.

    Examples
    --------
    >>> import tempfile
    >>> from daskcnn import networks
    >>> path = Path(tempfile.mkdtemp()) / "plan.toml"
    >>> _ = path.write_text('chunks = "spatial=2"' + chr(10) + '[layers]' + chr(10) + 'dense1 = "channel=2"')
    >>> found = read_plan_file(path, networks.mnist(), workers=2)
    >>> str(found["conv1"].partition), str(found["dense2"].partition)
    ('height=2', 'channel=2')
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        unread = f"plan file {path} cannot be read ({reason(error)})"
        raise UsageError(f"{unread}; give one like examples/plan.toml") from error
    named = content.pop("layers", {})
    default = content.pop("chunks", "serial")
    if not isinstance(named, dict):
        raise UsageError(f"layers in {path} is {named!r}, not a table; write [layers] and a line for each layer")
    unknown = [*content, *(name for name in named if name not in network.by_name)]
    if unknown:
        raise UsageError(f"{unknown[0]!r} in {path} is no layer of {network.name}; known: {', '.join(network.by_name)}")
    found: dict[str, Assignment] = {}
    everyone = tuple(range(workers))
    for layer in network.layers:
        if layer.name in named or layer.inputs[0] not in found:
            chunks = parse_chunks(str(named.get(layer.name, default)), workers)
            if chunks.pipeline > 1:
                raise UsageError(
                    f"pipeline for {layer.name} in {path}: a pipeline is of the whole network; use --chunks"
                )
            asked = chunks.asked if layer.name in named else frozenset()
            found[layer.name] = Assignment(chunks.partition, everyone, asked)
        else:
            found[layer.name] = replace(found[layer.inputs[0]], asked=frozenset())
    return found


def with_partial_sums(
    network: Network, assigned: Assignments, fan_in: int | None
) -> tuple[Network, dict[str, Assignment]]:
    """Put a layer of parts and a tree of sums in the place of each layer that is cut along its input channels.

    Parameters
    ----------
    network : Network
    assigned : mapping of str to Assignment
    fan_in : int, optional
        How many partial sums are added at a time; all by default.
    """
    shapes = network.shapes(1)
    layers: list[Layer] = []
    found: dict[str, Assignment] = {}
    for layer in network.layers:
        own = assigned[layer.name]
        parts = min(own.partition.filter, shapes[layer.inputs[0]][1]) if splittable(layer.op) else 1
        for part in _expanded(layer, parts, fan_in or parts):
            layers.append(part)
            found[part.name] = own
    return replace(network, layers=tuple(layers)), found


def _expanded(layer: Layer, parts: int, fan_in: int) -> list[Layer]:
    if parts == 1:
        return [layer]
    first = replace(layer, name=f"{layer.name}.partial", op=Partial(layer.op, parts), weights_of=layer.name)  # type: ignore[arg-type]
    levels = totals(parts, fan_in)
    names = [*(f"{layer.name}.sum{level}" for level in range(1, len(levels))), layer.name]
    before = [first.name, *names[:-1]]
    return [first, *(Layer(name, op, (read,)) for name, op, read in zip(names, levels, before, strict=True))]
