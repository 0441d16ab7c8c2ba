"""Partitions side by side."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from typing import Any

import numpy as np
import xarray as xr
from bokeh.layouts import column, row
from bokeh.models import LayoutDOM, Select
from numpy.typing import NDArray

from daskcnn.figures import bars, by_workers, described, doubts, empty, labelled, note, side_by_side, table, warning
from daskcnn.figures.arrange import wrapped
from daskcnn.figures.comparison import BEST
from daskcnn.figures.settings import menu, shown
from daskcnn.metrics import HEADLINES, METRICS
from daskcnn.metrics.metric import GROUPS
from daskcnn.noise import best, median_intervals
from daskcnn.store import Store

TITLE = "Compare"
ANY = "any"
MOST = 24
"""Partitions that are drawn."""
FEW = 6
"""Choices that a page in a file holds, and metrics by workers in each."""
LINES = 20
"""Doubts that are listed."""
ONCE = "memory"
"""Metrics of this group are measured once for all repeats."""
Repeats = Callable[[str], dict[str, NDArray[np.float64]]]
"""By metric the values of the repeats of a run that are known."""
WORDS = f"Bars are medians, whiskers 95 % intervals;{BEST} marks the best where the repeats tell it from all others"


def page(store: Store) -> LayoutDOM:
    """Partitions of a network that is chosen, on a machine and a number of workers, and every run in a table."""
    runs = store.runs()
    parts: list[LayoutDOM] = []
    if broken := runs.attrs["unreadable"]:
        parts.append(warning("Files that cannot be read as runs:", _first(broken)))
    if not runs.sizes["run"]:
        return column(empty(str(store.path)), *parts, sizing_mode="stretch_width")
    if wrong := doubts(runs):
        parts.append(warning("Not to be relied on:", _first(wrong)))
    # Worked out once, whatever is made of them.
    repeats = cache(partial(_repeats, store))
    parts_of = cache(partial(_parts, runs, repeats))
    setting = [_menu(runs, name) for name in ("network", "machine", "workers")]
    metric = menu("metric", "Metric", [(name, METRICS[name].label) for name in METRICS if name in runs])
    choices = list(_choices(runs))
    pairs = dict.fromkeys(key[:2] for key in choices)
    by_metric = [(*pair, name) for pair in pairs for name in HEADLINES if name in runs]
    return column(
        note("Partitions side by side", "The newest run of each"),
        *parts,
        row(setting, styles={"flex-wrap": "wrap"}),
        shown(setting, lambda *chosen: _headlines(parts_of(*chosen)), choices, FEW),
        note("By number of workers"),
        metric,
        shown([*setting[:2], metric], partial(_by_workers, runs, repeats), by_metric, FEW),
        note("Every metric", "Medians of repeats (and 95 % intervals, where there are repeats)"),
        shown(setting, lambda *chosen: _tables(parts_of(*chosen)), choices, FEW),
        note(f"All {runs.sizes['run']:,} runs", "Click a column's head to sort by it"),
        table(runs),
        sizing_mode="stretch_width",
    )


def _parts(runs: xr.Dataset, repeats: Repeats, network: str, machine: str, workers: str) -> xr.Dataset:
    """The partitions of a choice with their intervals; what is said of them is the attribute `about`."""
    alike = _where(runs, network=network, machine=machine)
    chosen = alike if workers == ANY else _where(alike, workers=workers)
    if not chosen.sizes["run"]:
        counts = ", ".join(sorted(set(_texts(alike, "workers")), key=int)) or "none"
        about = [f"No run of {network} on {workers} workers of this machine; numbers that there are: {counts}"]
        return chosen.assign_attrs(about=about)
    parts, left_out = _fastest(labelled(chosen))
    more = f"The {MOST} that took least time; {left_out:,} more are in the table of all runs" if left_out else ""
    return _measured(repeats, parts, METRICS).assign_attrs(about=[described(chosen), WORDS, more])


def _headlines(parts: xr.Dataset) -> LayoutDOM:
    """A figure for each of the most important metrics."""
    about = note("", *parts.attrs["about"])
    if not parts.sizes["run"]:
        return about
    figures = wrapped([bars(parts, metric) for metric in HEADLINES if metric in parts])
    return column(about, figures, sizing_mode="stretch_width")


def _tables(parts: xr.Dataset) -> LayoutDOM:
    """All metrics, the most important first, then group by group."""
    if not parts.sizes["run"]:
        return note("", *parts.attrs["about"])
    groups = {"Headlines": list(HEADLINES)}
    groups |= {group.capitalize(): [m.name for m in METRICS.values() if m.group == group] for group in GROUPS}
    tables = [side_by_side(title, parts, names) for title, names in groups.items() if parts.keys() & set(names)]
    return column(*tables, sizing_mode="stretch_width")


def _by_workers(runs: xr.Dataset, repeats: Repeats, network: str, machine: str, metric: str) -> LayoutDOM:
    """One metric, a figure for each number of workers."""
    parts, left_out = _fastest(labelled(_where(runs, network=network, machine=machine)))
    if metric not in parts:
        return note("", f"No run has it: {METRICS[metric].label}")
    more = f"Of the {MOST} that took least time" if left_out else ""
    figures = by_workers(_measured(repeats, parts, [metric]), metric)
    return column(note("", "All on one scale", more), figures, sizing_mode="stretch_width")


def _measured(repeats: Repeats, runs: xr.Dataset, metrics: Iterable[str]) -> xr.Dataset:
    """The rows with the interval of each metric, and whether it is the best of all, where repeats tell."""
    each = {run: repeats(run) for run in runs["run"].values.tolist()}
    added: dict[str, tuple[str, NDArray[Any]]] = {}
    for name in metrics:
        if name not in runs or METRICS[name].group == ONCE:
            continue
        samples = [own.get(name, np.zeros(0)) for own in each.values()]
        low, high = median_intervals(samples).T
        place = best(samples, more=METRICS[name].better == "up") if METRICS[name].better else None
        marks = np.arange(len(samples)) == (-1 if place is None else place)
        added |= {f"{name}_low": ("run", low), f"{name}_high": ("run", high), f"{name}_best": ("run", marks)}
    return runs.assign(added)


def _repeats(store: Store, run: str) -> dict[str, NDArray[np.float64]]:
    kept = store.repeats(run)
    values = {name: np.asarray(kept[name].values, float) for name in METRICS if name in kept}
    return {name: own[np.isfinite(own)] for name, own in values.items()}


def _fastest(runs: xr.Dataset) -> tuple[xr.Dataset, int]:
    """As many as are drawn, in their order, and how many more there are."""
    fastest = np.sort(np.argsort(runs["seconds"].values, kind="stable")[:MOST])
    return runs.isel(run=fastest), runs.sizes["run"] - fastest.size


def _menu(runs: xr.Dataset, name: str) -> Select:
    """What there is of a setting, the newest run's first; of numbers of workers, any."""
    texts = dict.fromkeys(_texts(runs, name)[::-1])
    if name == "workers":
        counts = [(text, text) for text in sorted(texts, key=int)]
        return menu(name, "Workers", [(ANY, "any number"), *counts], width=120)
    return menu(name, name.capitalize(), [(text, text or "unknown") for text in texts], width=320)


def _choices(runs: xr.Dataset) -> Iterator[tuple[str, str, str]]:
    """What can be chosen of the menus and has runs, the newest run's first."""
    columns = [_texts(runs, name)[::-1] for name in ("network", "machine", "workers")]
    rows = dict.fromkeys(zip(*columns, strict=True))
    for network, machine in dict.fromkeys(key[:2] for key in rows):
        yield network, machine, ANY
        yield from sorted(key for key in rows if key[:2] == (network, machine))


def _where(runs: xr.Dataset, **chosen: str) -> xr.Dataset:
    kept = [np.array(_texts(runs, name)) == value for name, value in chosen.items()]
    return runs.isel(run=np.logical_and.reduce(kept))


def _texts(runs: xr.Dataset, name: str) -> list[str]:
    return [str(value) for value in runs[name].values.tolist()] if name in runs else [""] * runs.sizes["run"]


def _first(lines: Sequence[str]) -> list[str]:
    more = len(lines) - LINES
    return [*lines[:LINES], *[f"and {more:,} more"] * (more > 0)]
