"""`daskcnn blame`."""

from __future__ import annotations

from collections.abc import Iterator

import click
import numpy as np
import xarray as xr

from daskcnn.blame import CAUSES, critical_path
from daskcnn.blame import blame as blamed
from daskcnn.cli import options, show
from daskcnn.cli.cells import label
from daskcnn.errors import UsageError
from daskcnn.metrics import METRICS, metrics
from daskcnn.metrics.efficiency import TREE
from daskcnn.store import Store

CAUSE_TITLES = ("Cause", "Lanes' time", "Least", "Most", "Critical path", "Makespan without")
LAYER_TITLES = ("Layer", "Critical path", "Others waited for it")
MOST = 12
"""Layers that are printed; the others are one line."""


@click.command("blame", epilog="Example:  daskcnn blame 20261120T0330")
@click.argument("run_id", default="")
@click.option("--repeat", type=click.IntRange(min=0), help="Which one.  [default: the one of middle makespan]")
@options.store
@options.as_json
def blame(run_id: str, repeat: int | None, store: Store, as_json: bool) -> None:
    """Say where the time of a run went: causes, critical path, efficiencies; of the newest run by default."""
    name = run_id or _newest(store)
    tree = store.open(name)
    found = blamed(tree)
    place = _place(found, repeat)
    one, path = found.isel(repeat=place), critical_path(tree, int(found["repeat"][place]))
    numbers = metrics(tree).sel(repeat=int(found["repeat"][place]))
    if as_json:
        show.document(_document(store.find(name), one, path, numbers))
        return
    seconds = METRICS["makespan"].text
    lanes = one.sizes["lane"]
    show.title(
        f"{store.find(name)}, repeat {int(one['repeat'])}: makespan {seconds(float(one['makespan']))} on {lanes} lanes"
    )
    show.table(CAUSE_TITLES, _causes(one, path), texts=CAUSE_TITLES[:1])
    click.echo()
    show.table(LAYER_TITLES, _layers(one, path), texts=LAYER_TITLES[:1])
    click.echo()
    show.pairs([(sign + label(metric), METRICS[metric].text(float(numbers[metric]))) for metric, sign in TREE])


def _newest(store: Store) -> str:
    ids = store.ids()
    if not ids:
        raise UsageError(f"no runs in {store.path}; daskcnn run makes one")
    return ids[-1]


def _place(found: xr.Dataset, repeat: int | None) -> int:
    """Where a repeat is, or that of middle makespan."""
    known = found["repeat"].values.tolist()
    if not known:
        raise UsageError("the run has no task that was recorded: nothing to blame")
    if repeat is None:
        return int(np.argsort(found["makespan"].values)[(len(known) - 1) // 2])
    if repeat not in known:
        raise UsageError(f"no repeat {repeat}: there are {', '.join(map(str, known))}")
    return int(known.index(repeat))


def _causes(one: xr.Dataset, path: xr.Dataset) -> Iterator[tuple[str, ...]]:
    """A line for each cause that took any time, on the lanes or on the critical path."""
    seconds, share = METRICS["makespan"].text, METRICS["efficiency"].text
    whole = float(one["makespan"])
    for cause in CAUSES:
        lanes, on_path = one["seconds"].sel(cause=cause).values, float(path["by_cause"].sel(cause=cause))
        if lanes.any() or on_path:
            of = lanes / whole if whole else lanes
            without = seconds(float(path["makespan_without"].sel(cause=cause)))
            yield cause, share(of.mean()), share(of.min()), share(of.max()), _part(on_path, whole), without


def _layers(one: xr.Dataset, path: xr.Dataset) -> Iterator[tuple[str, ...]]:
    """A line a layer, those that the critical path spends most on first."""
    seconds, whole = METRICS["makespan"].text, float(one["makespan"])
    by_layer = path["by_layer"].reindex(layer=one["layer"], fill_value=0.0)
    both = xr.merge([by_layer, one["waited"]], compat="override").sortby("by_layer", ascending=False)
    both = both.isel(layer=(both["by_layer"] > 0) | (both["waited"] > 0))
    for name in both["layer"].values[:MOST].tolist():
        row = both.sel(layer=name)
        yield name, _part(float(row["by_layer"]), whole), seconds(float(row["waited"]))
    rest = both.isel(layer=slice(MOST, None))
    if rest.sizes["layer"]:
        total = rest.sum()
        named = f"{rest.sizes['layer']} others"
        yield named, _part(float(total["by_layer"]), whole), seconds(float(total["waited"]))


def _part(seconds: float, whole: float) -> str:
    """Seconds, and their share of the makespan."""
    share = METRICS["efficiency"].text(seconds / whole if whole else np.nan)
    return f"{METRICS['makespan'].text(seconds)} ({share})"


def _document(run: str, one: xr.Dataset, path: xr.Dataset, numbers: xr.Dataset) -> dict[str, object]:
    causes, layers = one["cause"].values, one["layer"].values
    lanes = [
        {"worker": worker, "thread": thread, **dict(zip(causes, row, strict=True))}
        for worker, thread, row in zip(*(one[name].values for name in ("worker", "thread", "seconds")), strict=True)
    ]
    steps = ("task", "key", "step_layer", "worker", "start", "stop", "step_cause")
    return {
        "run": run,
        "repeat": one["repeat"].item(),
        "makespan": one["makespan"].item(),
        "lanes": lanes,
        "waited_for": dict(zip(layers, one["waited"].values, strict=True)),
        "critical_path": {
            "by_cause": dict(zip(causes, path["by_cause"].values, strict=True)),
            "by_layer": dict(zip(path["layer"].values, path["by_layer"].values, strict=True)),
            "makespan_without": dict(zip(causes, path["makespan_without"].values, strict=True)),
            "steps": path[list(steps)].to_dataframe().to_dict("records"),
        },
        "efficiencies": {metric: numbers[metric].item() for metric, _ in TREE},
    }
