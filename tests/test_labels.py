"""What the functions of the package return says of each variable what it is, and in which unit."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import xarray as xr

from daskcnn.blame import blame, critical_path, intervals
from daskcnn.metrics import curves, metrics
from daskcnn.metrics.scaling import scaling
from daskcnn.store import Store
from daskcnn.study.findings import against_best
from daskcnn.tracing.traced import traced_run
from tests.runs import make_trace

OWN = {"value", "low", "high"}
"""Of parameters of laws, each of which has a unit of its own."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store(Path(tmp_path_factory.mktemp("runs")))
    store.append(traced_run(make_trace(1), "work"))
    return store


def returned(store: Store) -> Iterator[tuple[str, xr.Dataset]]:
    run = store.open(store.ids()[0])
    each = ("run", "repeat"), [[8.0, 8.1, 8.2, 8.3], [5.0, 5.1, 5.2, 5.3]]
    labels = {name: ("run", [1, 2], {"long_name": name}) for name in ("workers", "images")}
    runs = xr.Dataset({**labels, "each_seconds": each, "each_serial": each, "pair": ("run", ["A", "B"])})
    yield "runs", store.runs()
    yield "metrics", metrics(run)
    yield "blame", blame(run)
    yield "critical path", critical_path(run)
    yield "intervals", intervals(run)
    yield "scaling", scaling({"workers": [1, 2], "seconds": [8.0, 5.0]})
    yield "curves", curves(runs)
    yield "findings", against_best(runs)[["ratio", "ratio_low", "ratio_high", "verdict", "noise"]].reset_coords()
    yield from ((f"run{node.path}", node.to_dataset()) for node in run.subtree)


def test_every_variable_has_a_label_and_numbers_have_a_unit(store: Store) -> None:
    for what, found in returned(store):
        for name, values in found.variables.items():
            assert values.attrs.get("long_name"), f"{what}: {name}"
            assert values.dtype.kind != "f" or "units" in values.attrs or name in OWN, f"{what}: {name}"
