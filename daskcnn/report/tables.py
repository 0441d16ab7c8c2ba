"""The tables of a report: what the store holds of every configuration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from daskcnn.metrics import METRICS
from daskcnn.noise import median_interval
from daskcnn.report.cases import known
from daskcnn.report.document import Table
from daskcnn.report.evidence import Evidence, stated
from daskcnn.report.factors import LABELS, factors

INTERVAL = "95 % interval"
SUMMARY = (
    *("images_per_s", "speedup", "efficiency", "bytes_moved", "communication", "imbalance"),
    *("peak_memory_bytes", "memory_total_bytes", "accuracy"),
)
LATENCIES = ("latency_min", "latency_mean", "latency_max")
MANY = 12
"""Workers up to which each has a column of its own."""


def summary(evidence: Evidence) -> Table:
    """Every configuration, the serial run first: the numbers of the store's table."""
    shown = [name for name in SUMMARY if name in evidence.cases and np.isfinite(evidence.cases[name]).any()]
    head = ("Way of cutting", "Workers", "Repeats", METRICS["seconds"].label, INTERVAL)
    rows = [*_serial(evidence, shown), *(_summary(evidence, run, shown) for run in evidence.runs)]
    about = (
        "Medians of repeats, of memory the largest, of accuracy the mean. A speedup is against the serial run of the "
        "same kernels without Dask, measured beside it."
    )
    return Table((*head, *(METRICS[name].label for name in shown), "Run"), tuple(rows), about=about)


def latencies(evidence: Evidence) -> Table:
    """Minimum, mean and maximum latency of every configuration, with their intervals."""
    rows = [(evidence.label(run), *(evidence.text(run, name) for name in LATENCIES)) for run in evidence.runs]
    known_ones = [row for row in rows if set(row[1:]) != {"–"}]
    path = METRICS["latency_mean"].source.removesuffix(", on average")
    about = f"A result is a block of the output: the more blocks, the fewer images in each. Its latency: {path}."
    return Table(("Configuration", *(METRICS[name].label for name in LATENCIES)), tuple(known_ones), about=about)


def scaling(evidence: Evidence) -> Table:
    """What more workers bring and take, by way of cutting."""
    names = ("speedup", "efficiency", "incremental_speedup", "scaling_loss", "serial_fraction")
    rows = []
    for way in evidence.ways:
        for count in evidence.counts(way):
            own = evidence.lines.sel(series=way, workers=count)
            ends = ([float(own[name].sel(line=line)) for line in ("measured", "low", "high")] for name in names)
            rows.append((way, f"{count:,}", *(stated(name, *three) for name, three in zip(names, ends, strict=True))))
    return Table(("Way of cutting", "Workers", *(METRICS[name].label for name in names)), tuple(rows))


def laws(evidence: Evidence) -> Table:
    """The laws of scaling that were fitted."""
    rows = []
    for way in evidence.drawn:
        own = evidence.lines.sel(series=way)
        for parameter, law, label in zip(
            *(own[name].values.tolist() for name in ("parameter", "of", "label")), strict=True
        ):
            value, low, high = (float(own[name].sel(parameter=parameter)) for name in ("value", "low", "high"))
            note = str(own["note"].sel(law=law).item())
            ends = f"{low:.4g} to {high:.4g}" if np.isfinite(low) else "–"
            worth = float(own["r_squared"].sel(law=law))
            fit = f"{worth:.3f}" if np.isfinite(worth) else "–"
            rows.append((way, NAMES[law], label, note or f"{value:.4g}", ends, fit))
    return Table(("Way of cutting", "Law", "Parameter", "Value", INTERVAL, "R²"), tuple(rows), names=3)


NAMES = {"amdahl": "Amdahl", "gustafson": "Gustafson", "usl": "Universal Scalability Law"}


def memory(evidence: Evidence, way: str) -> Table:
    """The peak of each worker, by the number of workers of a series; of many workers the least, middle and greatest."""
    counts = evidence.counts(way)
    peaks = [known(evidence.of(evidence.run(way, count), "peak_memory")) for count in counts]
    size = METRICS["peak_memory_bytes"].text
    most = max(own.size for own in peaks)
    if most > MANY:
        columns: tuple[str, ...] = ("Least", "Median", "Greatest")
        cells = [[*np.quantile(own, (0, 0.5, 1)), own.sum()] if own.size else [np.nan] * 4 for own in peaks]
    else:
        columns = tuple(f"Worker {place}" for place in range(most))
        cells = [[*own, *[np.nan] * (most - own.size), own.sum() if own.size else np.nan] for own in peaks]
    rows = tuple((f"{count:,}", *map(size, row)) for count, row in zip(counts, cells, strict=True))
    return Table(("Workers", *columns, "All"), rows, about=f"Peak memory, {way}")


def efficiencies(evidence: Evidence) -> Table:
    """The factors of every configuration's efficiency."""
    rows = []
    for run in evidence.runs:
        found = factors(evidence, run)
        cells = [
            stated("efficiency", float(np.median(own)), *median_interval(own))
            if (own := found.get(name, np.zeros(0))).size
            else "–"
            for name in LABELS
        ]
        rows.append((evidence.label(run), *cells, evidence.text(run, "efficiency")))
    about = "The product of all is the efficiency: exactly so in each repeat, nearly so of these medians."
    return Table(("Configuration", *LABELS.values(), METRICS["efficiency"].label), tuple(rows), about=about)


def _summary(evidence: Evidence, run: str, shown: Sequence[str]) -> tuple[str, ...]:
    row = evidence.cases.sel(run=run)
    low, high = (float(row.get(name, np.nan)) for name in ("seconds_low", "seconds_high"))
    way, workers, repeats = row["way"].item(), int(row["workers"]), evidence.each(run, "seconds").size
    numbers = (METRICS[name].text(float(row[name])) for name in shown)
    return way, f"{workers:,}", f"{repeats:,}", _time(float(row["seconds"])), _ends(low, high), *numbers, run


def _serial(evidence: Evidence, shown: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """A row for each engine that ran the same work serially and without Dask."""
    if evidence.subject.kind == "weak" or "each_serial_seconds" not in evidence.cases:
        return
    engines = evidence.cases["engine"].values
    for engine in np.unique(engines).tolist():
        times = known(evidence.cases["each_serial_seconds"].values[engines == engine])
        if times.size:
            time = float(np.median(times))
            own = {"images_per_s": evidence.subject.images / time, "speedup": 1.0, "efficiency": 1.0}
            numbers = (METRICS[name].text(own.get(name, np.nan)) for name in shown)
            name = " · ".join(text for text in ("serial, without Dask", engine) if text)
            yield name, "1", f"{times.size:,}", _time(time), _ends(*median_interval(times)), *numbers, "–"


def _time(seconds: float) -> str:
    return METRICS["seconds"].text(seconds)


def _ends(low: float, high: float) -> str:
    return f"{_time(low)} to {_time(high)}" if np.isfinite([low, high]).all() else "–"
