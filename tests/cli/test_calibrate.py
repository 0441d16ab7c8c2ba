"""`daskcnn calibrate`: a table or JSON of what was measured, and a file that later runs find."""

import json

import numpy as np
import pytest

from daskcnn.calibration import QUANTITIES, peaks
from daskcnn.calibration.quantities import summary
from daskcnn.provenance import provenance
from daskcnn.store import Store
from tests.commands import Command


@pytest.fixture(autouse=True)
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting: everything is 2."""
    found = summary(dict.fromkeys(QUANTITIES, np.array([1.0, 2.0, 3.0]))).assign_attrs(provenance())
    monkeypatch.setattr("daskcnn.calibration.calibrate", lambda watch: found)


def test_a_line_for_each_quantity(command: Command, store: Store) -> None:
    done = command("calibrate")
    assert done.code == 0
    rows = {line.split("  ")[0]: line for line in done.out.splitlines()}
    for quantity in QUANTITIES.values():
        assert quantity.text(2.0) in rows[quantity.label]
        assert f"{quantity.text(1.0)} to {quantity.text(3.0)}" in rows[quantity.label]
    (file,) = (store.path / "calibrations").iterdir()
    assert done.err == f"kept in {file}\n"
    assert peaks(store) == (2.0, 2.0)


def test_one_document(command: Command) -> None:
    found = json.loads(command("calibrate", "--json").out)
    assert found["copy"] == 2.0 and found["copy_low"] == 1.0 and found["copy_repeats"] == 3
    assert found["cpu"] == provenance()["cpu"]


def test_a_store_that_cannot_be_written_is_found_out_first(command: Command, store: Store) -> None:
    store.path.write_text("a file")
    done = command("calibrate")
    assert done.code == 1 and done.out == "" and "choose another" in done.err and done.err.count("\n") == 1
