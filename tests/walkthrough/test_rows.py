"""Tables row by row."""

import numpy as np
import xarray as xr

from daskcnn import explain
from daskcnn.walkthrough.rows import FEW, by_layer, extent, groups, number, rows
from tests.walkthrough.plans import letters


def test_rows_are_the_tables() -> None:
    tree = explain(letters("filter=2", fan_in=2))
    made = tree["made"].to_dataset()
    found = rows(made)
    assert len(found) == made.sizes["share"]
    for place, row in enumerate(found):
        own = made.isel(share=place)
        for axis in made["axis"].values.tolist():
            box = own["start"].sel(axis=axis).item(), own["stop"].sel(axis=axis).item()
            assert row["box"].get(axis, (-1, -1)) == box
    assert [row["layer"] for rows_of in by_layer(found).values() for row in rows_of] == made["layer"].values.tolist()


def test_an_empty_table_has_no_rows() -> None:
    assert rows(xr.Dataset({"layer": ("cut", np.array([], str))})) == []


def test_groups_lose_no_row() -> None:
    found = [{"a": place % 5, "worker": place} for place in range(100)]
    for by in (1, 5, 100):
        own = groups(found, lambda row, by=by: row["worker"] % by)  # type: ignore[misc]
        assert sorted(row["worker"] for group in own for row in group) == list(range(100))
        assert len(own) <= FEW


def test_numbers_and_ranges() -> None:
    assert [number([7]), number([1_000, 20])] == ["7", "20 to 1,000"]
    assert extent([(0, 4), (4, 9)]) == "4 to 5 each"
    assert extent([(1_000, 2_000)]) == "1,000–1,999"
