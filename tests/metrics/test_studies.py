"""Which runs are a scaling study."""

from typing import Any

import numpy as np
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.metrics.studies import studies, way


def table(*rows: dict[str, Any]) -> xr.Dataset:
    """Rows of a store's table, named 0, 1 and so on."""
    texts = {"network": "mnist", "engine": "numpy", "cluster": "processes", "granularity": "segment", "chunks": "batch"}
    texts |= {"series": "", "scaling": "", "pair": ""}
    blank: dict[str, Any] = {**texts, "workers": 1, "images": 100, "seconds": 1.0}
    full = [blank | row for row in rows]
    columns = {name: ("run", np.array([row[name] for row in full])) for name in blank}
    return xr.Dataset(columns, {"run": [str(place) for place in range(len(rows))]})


def found(runs: xr.Dataset) -> list[tuple[str, int, dict[str, list[str]]]]:
    return [
        (study.kind, study.images, {cut: own["run"].values.tolist() for cut, own in study.series.items()})
        for study in studies(runs)
    ]


def test_runs_that_differ_in_workers_alone() -> None:
    runs = table(
        {"chunks": "batch=2", "workers": 2},
        {"chunks": "batch=1"},
        {"chunks": "channel=2", "workers": 2},
        {"chunks": "batch=4", "workers": 4, "engine": "onnxruntime"},
    )
    assert found(runs) == [("strong", 100, {"batch": ["1", "0"]})]


def test_the_newest_of_each_number_of_workers_and_no_second_half_of_a_pair() -> None:
    runs = table({"pair": "A"}, {"pair": "B"}, {"workers": 2}, {"workers": 2})
    assert found(runs) == [("strong", 100, {"batch": ["0", "3"]})]


def test_not_cut_at_all_is_one_worker_of_every_cut() -> None:
    runs = table({"chunks": "serial"}, {"chunks": "batch=2", "workers": 2}, {"chunks": "spatial=2x1", "workers": 2})
    assert found(runs) == [("strong", 100, {"batch": ["0", "1"], "spatial": ["0", "2"]})]


def test_weak_scaling_is_as_many_images_for_each_worker() -> None:
    runs = table({}, {"workers": 2, "images": 200}, {"workers": 3, "images": 200})
    assert found(runs) == [("strong", 200, {"batch": ["1", "2"]}), ("weak", 100, {"batch": ["0", "1"]})]


def test_a_sweep_says_what_it_was_for() -> None:
    weak = {"scaling": "weak", "series": "batch"}
    runs = table(weak, weak | {"workers": 2, "images": 200}, {"workers": 2})
    assert found(runs) == [("weak", 100, {"batch": ["0", "1"]})]


def test_other_work_goes_by_its_name() -> None:
    other = {"network": "a.py", "chunks": "", "engine": "", "granularity": "", "images": 0}
    assert found(table(other, other | {"workers": 2})) == [("strong", 0, {"a.py": ["0", "1"]})]


def test_times_that_are_none_are_left_out() -> None:
    assert found(table({"seconds": np.nan}, {"workers": 2}, {"workers": 4, "seconds": 0.0})) == []


def test_a_table_without_the_words_of_sweeps() -> None:
    runs = table({}, {"workers": 2}).drop_vars(["series", "scaling", "pair", "granularity"])
    assert found(runs) == [("strong", 100, {"batch": ["0", "1"]})]
    assert studies(runs)[0].setting == ("mnist", "numpy", "processes")


def test_a_cut_into_other_than_a_block_a_worker_keeps_its_sizes() -> None:
    chunks = {"batch=2,channel=3": 6, "spatial=2x2": 4, "pipeline=2": 2, "batch": 3, "plan.toml": 2, "batch=4": 2}
    assert [way(text, workers) for text, workers in chunks.items()] == [
        "batch,channel",
        "spatial",
        "pipeline",
        "batch",
        "plan.toml",
        "batch=4",
    ]


def test_fewer_numbers_of_workers_where_asked() -> None:
    assert [study.kind for study in studies(table({}), fewest=1)] == ["strong", "weak"]


@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from([50, 100, 200]), st.sampled_from("ab")), max_size=12))
def test_all_of_a_study_share_what_they_should(rows: list[tuple[int, int, str]]) -> None:
    if not rows:
        return
    runs = table(*({"workers": n, "images": images, "network": name} for n, images, name in rows))
    for study in studies(runs):
        for own in study.series.values():
            workers = own["workers"].values
            assert len(set(workers.tolist())) == workers.size > 1
            assert set(own["network"].values.tolist()) == {study.setting[0]}
            each = own["images"].values / (workers if study.kind == "weak" else 1)
            assert set(each.tolist()) == {study.images}
