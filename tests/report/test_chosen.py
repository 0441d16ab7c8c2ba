"""What a report is about: runs that may be held against each other."""

from pathlib import Path

import pytest
import xarray as xr

from daskcnn.errors import UsageError
from daskcnn.report.chosen import LONGEST, chosen
from daskcnn.store import Store
from tests.report.planted import planted, repeats
from tests.store.small import small_run


def stored(folder: Path, *runs: xr.DataTree) -> xr.Dataset:
    for run in runs:
        Store(folder).append(run)
    return Store(folder).runs()


def test_it_is_about_what_most_runs_share_and_names_the_rest(tmp_path: Path) -> None:
    some = [planted("batch", workers, repeats(1), name=f"1-{workers}") for workers in (1, 2, 4)]
    others = [planted("batch", n, repeats(1), name=f"2-{n}", texts={"network": "cifar"}) for n in (1, 2)]
    few = [planted("batch", 1, repeats(1), name="3", images=7)]
    subject, rest = chosen(stored(tmp_path, *some, *others, *few))
    assert str(subject) == "mnist, strong scaling, 10,000 images"
    assert subject.series["batch"]["workers"].values.tolist() == [1, 2, 4]
    assert list(map(str, rest)) == ["cifar, strong scaling, 10,000 images", "mnist, strong scaling, 7 images"]


def test_the_newest_run_of_a_configuration_counts(tmp_path: Path) -> None:
    runs = stored(tmp_path, *(planted("batch", 2, repeats(1), name=name) for name in ("a", "c", "b")))
    assert chosen(runs)[0].runs == ["c"]


def test_engines_and_clusters_are_series_of_their_own(tmp_path: Path) -> None:
    pairs = [("numpy", "processes"), ("onnxruntime", "processes"), ("numpy", "threads")]
    runs = [
        planted("batch", 2, repeats(1), name=f"{place}", texts={"engine": engine, "cluster": cluster})
        for place, (engine, cluster) in enumerate(pairs)
    ]
    names = list(chosen(stored(tmp_path, *runs))[0].series)
    assert names == ["batch · numpy · processes", "batch · numpy · threads", "batch · onnxruntime · processes"]


def test_more_blocks_than_workers_are_a_way_of_their_own(tmp_path: Path) -> None:
    finer = planted("batch", 2, repeats(1), name="fine", texts={"chunks": "batch=4"})
    subject, _ = chosen(stored(tmp_path, planted("batch", 2, repeats(1)), finer))
    assert list(subject.series) == ["batch", "batch=4"]


def test_what_is_not_cut_begins_every_series(tmp_path: Path) -> None:
    serial = planted("serial", 1, repeats(2), name="s", texts={"chunks": "serial"})
    cut = [planted(way, 2, repeats(1)) for way in ("batch", "channel")]
    series = chosen(stored(tmp_path, serial, *cut))[0].series
    assert {way: own["run"].values.tolist() for way, own in series.items()} == {
        "batch": ["s", "batch-2"],
        "channel": ["s", "channel-2"],
        "serial": ["s"],
    }


def test_work_that_grows_with_the_workers_is_weak_scaling(tmp_path: Path) -> None:
    runs = stored(tmp_path, *(planted("batch", n, repeats(1), images=50 * n) for n in (1, 2, 4)))
    subject, rest = chosen(runs)
    assert str(subject) == "mnist, weak scaling, 50 images a worker"
    assert not rest  # the same runs are no other subject


def test_a_single_run_is_a_subject(tmp_path: Path) -> None:
    subject, rest = chosen(stored(tmp_path, small_run("a")))
    assert (subject.runs, str(subject), rest) == (["a"], "mnist, strong scaling, 100 images", [])


def test_long_names_are_cut_while_they_differ(tmp_path: Path) -> None:
    texts = ["x" * 400 + "1", "y" * 400]
    runs = [planted("b", 1, repeats(1), name=str(n), texts={"series": own}) for n, own in enumerate(texts)]
    assert all(len(name) == LONGEST for name in chosen(stored(tmp_path / "a", *runs))[0].series)
    alike = planted("b", 1, repeats(1), name="3", texts={"series": "x" * 400 + "2"})
    assert max(map(len, chosen(stored(tmp_path / "b", *runs, alike))[0].series)) == 401


def test_runs_without_a_time_are_refused(tmp_path: Path) -> None:
    runs = stored(tmp_path, small_run("a", seconds=float("nan")))
    for table in (runs, runs.drop_vars("seconds")):
        with pytest.raises(UsageError, match="none of these runs has a time"):
            chosen(table)
