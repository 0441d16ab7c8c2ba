"""Real sweeps, whole, stopped, killed and gone on with: each repeat is measured once, and nothing else counts."""

import signal
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import numpy as np
import pytest
import xarray as xr
from distributed import Client

from daskcnn.errors import RunError, UsageError
from daskcnn.experiment import Watch
from daskcnn.measurement import measure
from daskcnn.runs import Measured, Run
from daskcnn.store import Store
from daskcnn.study.sweep import sweep
from tests.commands import shell, terminal

SMALL: dict[str, Any] = {"chunks": "batch", "workers": [1, 2], "cluster": "threads", "images": 20}
TURNS = 3
"""Of a round of the small sweep: its first configuration has two."""
PATIENCE = 60


def assert_whole(store: Store, found: xr.Dataset, rounds: int) -> None:
    """Every run has every round once, and each round all its tasks."""
    assert set(found["repeats"].values.tolist()) == {rounds}
    assert sorted(found["run"].values.tolist()) == store.ids()
    for name in store.ids():
        tree = store.open(name)
        tasks, repeats = tree["trace/tasks"].to_dataset(), tree["metrics"].to_dataset()
        numbers = np.stack([tasks["repeat"], tasks["number"]])[:, tasks["repeat"].values >= 0]
        planned = tree["graph"].sizes["task"]
        assert sorted(map(tuple, numbers.T.tolist())) == [(r, n) for r in range(rounds) for n in range(planned)]
        assert repeats["tasks_recorded"].values.tolist() == [planned] * rounds
        row = Run(tree).summary
        assert row["records_dropped"] == 0 and row["same_as_serial"] is True
        assert row["bytes_moved"] == row["bytes_planned"] and row["tasks_recorded"] == row["tasks_planned"]


def seconds(store: Store) -> dict[str, list[float]]:
    """Of every repeat of every run."""
    return {name: store.open(name)["metrics"].dataset["seconds"].values.tolist() for name in store.ids()}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, xr.Dataset, list[Any]]:
    """A finished sweep of two rounds, and what was heard of it."""
    store, heard = Store(tmp_path_factory.mktemp("small")), list[Any]()
    watch = Watch(
        dashboard=lambda address: heard.append("dashboard"),
        repeat=lambda done, of: heard.append((done, of)),
        stored=lambda run: heard.append((run.tree["pair"].item(), run.summary["chunks"], run.summary["workers"])),
    )
    chunks = ["batch", "spatial=2+channel"]
    return store, sweep(**SMALL | {"chunks": chunks}, repeat=2, store=store, watch=watch), heard


def test_every_configuration_has_a_run_and_the_first_one_two(small: tuple[Store, xr.Dataset, list[Any]]) -> None:
    store, found, _ = small
    assert_whole(store, found, 2)
    columns = zip(*(found[name].values.tolist() for name in ("chunks", "workers", "pair", "series")), strict=True)
    assert list(columns) == [
        ("batch=1", 1, "A", "batch"),
        ("batch=1", 1, "B", "batch"),
        ("batch=2", 2, "", "batch"),
        ("spatial=2,channel=1", 1, "", "spatial=2+channel"),
        ("spatial=2,channel=1", 2, "", "spatial=2+channel"),
    ]
    assert set(found["sweep"].values.tolist()) == {found.attrs["sweep"]}
    assert found.attrs["turns"] == 2 * len(found["run"]) and found.attrs["failed"] == []
    assert np.isfinite(found["each_seconds"]).all() and found.sizes["repeat"] == 2
    assert np.isfinite(found["peak_memory"].values).sum(axis=1).tolist() == found["workers"].values.tolist()


def test_rounds_are_interleaved_on_one_cluster(
    small: tuple[Store, xr.Dataset, list[Any]],
) -> None:
    _, found, heard = small
    turns = [own for own in heard if isinstance(own, tuple) and len(own) == 3]
    every = list(zip(*(found[name].values.tolist() for name in ("pair", "chunks", "workers")), strict=True))
    assert sorted(turns[:5]) == sorted(turns[5:]) == sorted(every)
    assert heard.count("dashboard") == 1
    assert [own for own in heard if isinstance(own, tuple) and len(own) == 2] == [(n, 10) for n in range(11)]


def test_what_is_finished_is_not_measured_anew(
    small: tuple[Store, xr.Dataset, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, found, _ = small
    monkeypatch.setattr("daskcnn.cluster.own.LocalCluster", None)
    again = sweep(**SMALL | {"chunks": ["batch", "spatial=2+channel"]}, repeat=1, store=store)
    xr.testing.assert_identical(again, found.assign_attrs(turns=0))


def test_more_rounds_go_on_and_again_begins_anew(tmp_path: Path) -> None:
    asked = partial(sweep, **SMALL | {"workers": 1}, store=tmp_path)
    first, more = asked(repeat=1), asked(repeat=2)
    assert (first.attrs["turns"], more.attrs["turns"]) == (2, 2)
    assert more["run"].values.tolist() == first["run"].values.tolist()
    np.testing.assert_array_equal(more["each_seconds"][:, 0], first["each_seconds"][:, 0])
    anew = asked(repeat=1, again=True)
    assert anew.attrs["turns"] == 2 and not set(anew["run"].values) & set(more["run"].values)
    # What was begun last is what goes on.
    assert asked(repeat=1)["run"].values.tolist() == anew["run"].values.tolist()
    other = asked(repeat=1, engine="numpy")
    assert other.attrs["turns"] == 2 and other.attrs["sweep"][:-2] != anew.attrs["sweep"][:-2]


def test_what_is_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for stop in (1, 2):

        def break_off(run: Run, left: list[None] = [None] * stop) -> None:
            left.pop()
            if not left:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            sweep(**SMALL | {"workers": 1}, repeat=2, store=store, watch=Watch(stored=break_off))
    before = seconds(store)
    assert sum(map(len, before.values())) == 3
    found = sweep(**SMALL | {"workers": 1}, repeat=2, store=store)
    assert found.attrs["turns"] == 4 - 3
    assert_whole(store, found, 2)
    after = seconds(store)
    assert all(after[name][: len(own)] == own for name, own in before.items())


WORDS = (
    *("sweep", "--chunks", "batch", "--workers", "1,2"),
    *("--cluster", "threads", "--images", "20", "--repeat", "2"),
)


def test_what_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    store = Store(tmp_path / "runs")
    with shell(*WORDS, store=store.path) as process:
        deadline = monotonic() + PATIENCE
        while len(store.ids()) < 2:
            assert process.poll() is None and monotonic() < deadline
            sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    before = seconds(store)
    turns = sum(map(len, before.values()))
    assert 2 <= turns < 2 * TURNS
    found = sweep(**SMALL, repeat=2, store=store)
    assert found.attrs["turns"] == 2 * TURNS - turns
    assert_whole(store, found, 2)
    after = seconds(store)
    assert all(after[name][: len(own)] == own for name, own in before.items())


def test_ctrl_c_ends_all_and_keeps_what_is_measured(tmp_path: Path) -> None:
    store = Store(tmp_path / "runs")
    with terminal(*WORDS[:-1], "10000", store=store.path) as running:
        running.until("2/30000")
        running.type("\x03")
        done = running.end()
    assert (done.code, done.out) == (130, "")
    assert done.err.splitlines()[-1].endswith("daskcnn: interrupted") and "Traceback" not in done.err
    assert sum(map(len, seconds(store).values())) >= 2


def test_what_fails_is_left_out_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = list[str]()

    def failing(client: Client, subject: Any, frozen: Any, tags: tuple[str, ...], *others: Any) -> Measured:
        if frozen.work.plan.workers == 2 and tags[0].endswith("-1"):
            raise RunError("lost 1 of 2 workers")
        return measure(client, subject, frozen, tags, *others)

    monkeypatch.setattr("daskcnn.study.trial.measure", failing)
    found = sweep(**SMALL, repeat=2, store=tmp_path, watch=Watch(warning=told.append))
    assert found["repeats"].values.tolist() == [2, 2, 1]
    assert found.attrs["failed"] == told == ["batch on 2 workers: lost 1 of 2 workers"]
    monkeypatch.undo()
    found = sweep(**SMALL, repeat=2, store=tmp_path)
    assert found["repeats"].values.tolist() == [2] * 3 and found.attrs["failed"] == []


def test_where_all_fails_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> Measured:
        raise RunError("no luck")

    monkeypatch.setattr("daskcnn.study.trial.measure", failing)
    with pytest.warns(UserWarning, match="no luck"), pytest.raises(RunError, match=r"every configuration.*no luck"):
        sweep(**SMALL | {"workers": 1}, store=tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_weak_scaling_has_more_images_on_more_workers(tmp_path: Path) -> None:
    found = sweep(**SMALL | {"scaling": "weak"}, repeat=1, store=tmp_path)
    assert found["images"].values.tolist() == [20, 20, 40]
    assert set(found["scaling"].values.tolist()) == {"weak"}
    assert (found["same_as_serial"] == 1).all()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"repeat": 0}, "repeat=0"),
        ({"chunks": "batch,depth"}, "'depth'"),
        ({"chunks": ""}, "unknown chunks ''"),
        ({"workers": 0}, "workers=0|0 workers"),
        ({"workers": [1, -2]}, "workers=-2|-2 workers"),
        ({"images": 10_001}, "10001"),
        ({"scaling": "linear"}, "'linear'"),
        ({"chunks": "channel=11"}, "channel=11"),
        ({"cluster": "cloud"}, "'cloud'"),
        ({"memory_limit": "much"}, "'much'"),
        ({"network": "resnet"}, "'resnet'"),
        ({"engine": "torch"}, "'torch'"),
        ({"scaling": "weak", "images": 6000}, "2 workers with 6000 images each"),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_refused_before_anything_starts(
    tmp_path: Path, asked: dict[str, Any], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daskcnn.cluster.own.LocalCluster", None)
    with pytest.raises(UsageError, match=told) as refused:
        sweep(**SMALL | {"store": tmp_path / "runs"} | asked)
    assert "\n" not in str(refused.value)
    assert not list(tmp_path.iterdir())
