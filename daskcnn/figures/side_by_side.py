"""Every metric of runs side by side, with its interval."""

from collections.abc import Iterable, Iterator

import xarray as xr
from bokeh.models import Div

from daskcnn.figures.cells import cells
from daskcnn.figures.comparison import BEST, interval
from daskcnn.figures.labels import short
from daskcnn.metrics import METRICS


def side_by_side(title: str, runs: xr.Dataset, metrics: Iterable[str]) -> Div:
    """A table: a column a run, a line a metric.

    Parameters
    ----------
    title : str
    runs : xarray.Dataset
        As of `bars`.
    metrics : iterable of str
        Keys of `METRICS`; those that no run has are left out.
    """
    labels = [short(label) for label in runs["label"].values.tolist()]
    return cells(title, ["", *labels], _lines(runs, metrics))


def _lines(runs: xr.Dataset, metrics: Iterable[str]) -> Iterator[list[str]]:
    for name in metrics:
        if name in runs and runs[name].notnull().any():
            yield [METRICS[name].label, *_texts(runs, name)]


def _texts(runs: xr.Dataset, name: str) -> Iterator[str]:
    what = METRICS[name]
    nothing = runs[name].astype(float) * float("nan")
    ends = (runs.get(f"{name}_{end}", nothing).values.tolist() for end in ("low", "high"))
    best = runs.get(f"{name}_best", nothing == 0).values.tolist()
    for value, low, high, mark in zip(runs[name].values.tolist(), *ends, best, strict=True):
        between = interval(what, low, high)
        yield what.text(value) + BEST * mark + (f" ({between})" if between else "")
