"""Which runs a report is about: as much work of one network, cut and run in several ways."""

from __future__ import annotations

from typing import NamedTuple

import xarray as xr

from daskcnn.errors import UsageError
from daskcnn.figures.labels import short
from daskcnn.metrics import studies
from daskcnn.metrics.fits import Scaling
from daskcnn.quantity import many

APART = ("engine", "cluster", "granularity")
"""What tells series apart that are cut alike."""
LONGEST = 60
"""Letters of a name in words."""


class Subject(NamedTuple):
    """Runs that may be held against each other."""

    kind: Scaling
    network: str
    images: int
    """In all, for weak scaling of one worker; 0 of work that has none."""
    series: dict[str, xr.Dataset]
    """By the way of cutting, with engine, cluster and granularity where these differ: rows of the store's table with
    numbers of workers that differ, the fewest first, the newest run of each."""

    @property
    def runs(self) -> list[str]:
        """Its runs, each once, oldest first."""
        return sorted({run for own in self.series.values() for run in own["run"].values.tolist()})

    def __str__(self) -> str:
        """As in `mnist, strong scaling, 2,000 images`."""
        each = " a worker" if self.kind == "weak" else ""
        images = f"{many(self.images, 'image')}{each}" if self.images else ""
        return ", ".join(text for text in (short(self.network, LONGEST), f"{self.kind} scaling", images) if text)


def chosen(runs: xr.Dataset) -> tuple[Subject, list[Subject]]:
    """What most runs are about, and what else there is: the subjects of the runs that are not among these.

    Parameters
    ----------
    runs : xarray.Dataset
        The store's table or a part of it, oldest run first.

    Raises
    ------
    UsageError
        No run has a time, or all of these lost workers.

    Examples
    --------
    >>> texts = {"network": ["a", "a", "b"], "chunks": ["batch=1", "batch=2", "serial"]}
    >>> numbers = {"workers": [1, 2, 1], "images": [90] * 3, "seconds": [2.0, 1.0, 1.0]}
    >>> first, others = chosen(xr.Dataset({k: ("run", v) for k, v in (texts | numbers).items()}, {"run": [*"123"]}))
    >>> str(first), first.runs, list(map(str, others))
    ('a, strong scaling, 90 images', ['1', '2'], ['b, strong scaling, 90 images'])
    """
    found = _subjects(runs) if "seconds" in runs else []
    if not found:
        raise UsageError("none of these runs has a time, or kept its workers: choose others, daskcnn runs lists them")
    kept: list[Subject] = []
    for subject in found:
        if not {run for other in kept for run in other.runs} >= set(subject.runs):
            kept.append(subject)
    return kept[0], kept[1:]


def _subjects(runs: xr.Dataset) -> list[Subject]:
    """All of them, those with most runs first, of as many the newest first."""
    parts: dict[tuple[Scaling, str, int], list[tuple[str, xr.Dataset]]] = {}
    for study in studies(runs, fewest=1):
        for cut, own in study.series.items():
            network = str(own["network"].values[0])
            parts.setdefault((study.kind, network, study.images), []).append((cut, own))
    found = [Subject(*what, _named(own)) for what, own in parts.items()]
    return sorted(
        found, key=lambda subject: (len(subject.runs), subject.kind == "strong", max(subject.runs)), reverse=True
    )


def _named(parts: list[tuple[str, xr.Dataset]]) -> dict[str, xr.Dataset]:
    """Series by name: the way of cutting, and what of `APART` not all share."""
    settings = [{name: _setting(own, name) for name in APART} for _, own in parts]
    varying = [name for name in APART if len({setting[name] for setting in settings}) > 1]
    named = [
        " · ".join([cut, *(setting[name] for name in varying if setting[name])])
        for (cut, _), setting in zip(parts, settings, strict=True)
    ]
    shown = [short(name, LONGEST) for name in named]
    names = shown if len(set(shown)) == len(named) else named
    return dict(sorted(zip(names, (own for _, own in parts), strict=True)))


def _setting(own: xr.Dataset, name: str) -> str:
    return str(own[name].values[0]) if name in own else ""
