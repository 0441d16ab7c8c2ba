"""`daskcnn explain`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import xarray as xr

from daskcnn.answer import asked
from daskcnn.cli import options, said, show, work_options
from daskcnn.errors import UsageError
from daskcnn.opening import opened
from daskcnn.plan import Plan
from daskcnn.provenance import cores
from daskcnn.store import Store
from daskcnn.walkthrough import Machine, sentences, text
from daskcnn.walkthrough import explain as walk
from daskcnn.walkthrough.rows import rows

MOST = 24
"""Layers that are walked through unless named."""
MEASURED = {
    "rate": "product_onnxruntime",
    "memory": "copy",
    "bandwidth": "transfer_rate",
    "latency": "transfer_latency",
}
"""What a calibration says of each of the model's rates."""


@click.command(epilog="Example:  daskcnn explain letters --chunks channel=4 --workers 4 --images 1 --layer conv1")
@work_options.network
@work_options.chunks
@options.workers
@work_options.work
@click.option("--layer", "layers", multiple=True, help="Only this layer; may be given several times.")
@click.option("--html", "file", type=click.Path(path_type=Path), help="Write a page with drawings to this file.")
@click.option("--rate", type=float, help=f"FLOP/s of a worker.  [default: {Machine.rate:g}]")
@click.option("--memory", type=float, help=f"B/s between a worker and its memory.  [default: {Machine.memory:g}]")
@click.option("--bandwidth", type=float, help=f"B/s between workers.  [default: {Machine.bandwidth:g}]")
@click.option("--latency", type=float, help=f"Seconds of a message.  [default: {Machine.latency:g}]")
@click.option("--calibrated", is_flag=True, help="Take the rates that `daskcnn calibrate` measured on this machine.")
@options.store
@options.as_json
def explain(
    network: str,
    chunks: str,
    workers: int | None,
    inputs: str | dict[str, str] | None,
    images: int | None,
    batch: int | None,
    fan_in: int | None,
    layers: tuple[str, ...],
    file: Path | None,
    rate: float | None,
    memory: float | None,
    bandwidth: float | None,
    latency: float | None,
    calibrated: bool,
    store: Store,
    as_json: bool,
) -> None:
    """Walk through a network layer by layer: who gets what, computes, reads and sends what, and which cut pays.

    NETWORK is {network}. Nothing runs.
    """
    net, sources = opened(network, inputs, images)
    count = next(iter(sources.values())).shape[0]
    plan = Plan.of(asked(net), chunks, images=count, workers=workers or cores(), batch=batch, fan_in=fan_in)
    given = {"rate": rate, "memory": memory, "bandwidth": bandwidth, "latency": latency}
    rates = _measured(store) if calibrated else {}
    rates |= {name: value for name, value in given.items() if value is not None}
    tree = walk(plan, layers, Machine(**rates))
    if file is not None:
        # Here, for it brings Bokeh with it.
        from daskcnn.walkthrough import page

        page.write(plan, tree, file)
        said.note(f"wrote {file}")
    if as_json:
        show.document(_document(tree))
    elif file is None:
        _print(tree)


def _print(tree: xr.DataTree) -> None:
    plan, found = text.plan_of(tree), list(text.sections(tree))
    show.title(text.heading(plan))
    show.pairs(sentences.notes(plan, rows(tree["inputs"].to_dataset())).items())
    click.echo()
    if len(found) > MOST:
        _table(text.overview(tree))
        click.echo("\nThe layers one by one: --layer NAME, or --html FILE for all of them.")
        return
    for section in found:
        click.echo()
        show.title(section.title)
        show.pairs(section.facts)
        for table in section.tables:
            click.echo()
            _table(table)


def _table(table: text.Table) -> None:
    show.title(table.title)
    show.table(table.titles, table.cells, texts=text.LEFT)


def _measured(store: Store) -> dict[str, float]:
    """The rates of this machine by its newest calibration."""
    from daskcnn import calibration

    found = calibration.latest(store)
    if found is None:
        raise UsageError(f"{store.path} has no calibration of this machine; run daskcnn calibrate first")
    return {name: found[own].item() for name, own in MEASURED.items() if own in found}


def _document(tree: xr.DataTree) -> dict[str, Any]:
    workers = tree["workers"].to_dataset().to_dataframe().reset_index().to_dict("records")
    tables = ("inputs", "layers", "made", "read", "exchanged", "cuts")
    return {
        "plan": text.plan_of(tree),
        "workers": workers,
        **{node: rows(tree[node].to_dataset()) for node in tables},
    }
