"""Schedulers' files: late, stale, and what is none."""

import json
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest

import daskcnn
from daskcnn.cluster import Place
from daskcnn.cluster.scheduler_file import address_in
from daskcnn.errors import RunError, UsageError
from tests.foreign import foreign


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The file of a scheduler with two workers."""
    folder = tmp_path_factory.mktemp("foreign")
    with foreign(folder):
        yield folder / "scheduler.json"


def said(address: object, kind: str = "Scheduler") -> str:
    return json.dumps({"type": kind, "id": "Scheduler-1", "address": address, "services": {}, "workers": {}})


def test_a_cluster_is_found_by_its_file_and_left_running(cluster: Path) -> None:
    place = Place.of(scheduler_file=cluster)
    assert (place.cluster, place.workers()) == ("scheduler-file", 2)
    for workers in (1, 2):
        with place.connect(workers) as client:
            assert client.submit(sum, [1, 2]).result() == 3
            assert "ssh -N -L 8787:127.0.0.1:" in place.tunnel(client)


def test_a_run_on_it_is_like_every_other(cluster: Path, tmp_path: Path) -> None:
    heard: list[str] = []
    watch = daskcnn.Watch(note=heard.append)
    run = daskcnn.run(chunks="channel", images=20, repeat=1, scheduler_file=cluster, store=tmp_path, watch=watch)
    row = run.summary
    assert (row["cluster"], row["workers"], row["same_as_serial"]) == ("scheduler-file", 2, True)
    assert len(heard) == 1 and "ssh -N -L" in heard[0]


def test_the_file_may_come_late(cluster: Path, tmp_path: Path) -> None:
    late = tmp_path / "late.json"
    # Dask writes it in place, so that it is first empty and then half.
    whole = cluster.read_text()
    for after, text in ((0.2, ""), (0.4, whole[:20]), (0.6, whole)):
        Timer(after, late.write_text, [text]).start()
    assert address_in(late, 10) == json.loads(whole)["address"]


def test_a_file_that_is_written_anew_is_read_anew(cluster: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        file = tmp_path / "scheduler.json"
        file.write_text(said(f"tcp://127.0.0.1:{mute.getsockname()[1]}"))
        Timer(0.3, os.replace, [_copy(cluster, tmp_path / "new"), file]).start()
        assert address_in(file, 1.0) == json.loads(cluster.read_text())["address"]


def _copy(file: Path, to: Path) -> Path:
    to.write_text(file.read_text())
    return to


def test_a_file_that_never_comes(tmp_path: Path) -> None:
    since = time.monotonic()
    with pytest.raises(RunError, match=r"none\.json: not there after 0\.3 s; .*--timeout"):
        address_in(tmp_path / "none.json", 0.3)
    assert time.monotonic() - since < 5


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("tcp://127.0.0.1:8786", "no JSON"),
        ('{"type": "Scheduler", "address"', "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[1, 2]", "no scheduler's"),
        ("null", "no scheduler's"),
        ("{}", "no scheduler's"),
        (said("tcp://127.0.0.1:1", "Worker"), "no scheduler's"),
        (said(None), r"no address like tcp://.*None"),
        (said("127.0.0.1:8786"), r"no address like tcp://.*'127"),
        (said("inproc://1/2/3"), r"no address"),
        (said("tcp://a b:1\n"), r"no address"),
    ],
)
def test_what_is_no_schedulers_file(text: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daskcnn.cluster.scheduler_file.WRITTEN", 0.0)
    (tmp_path / "odd.json").write_text(text)
    _refused(tmp_path / "odd.json", rf"odd\.json: .*{told}.*; give")


def test_bytes_that_are_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daskcnn.cluster.scheduler_file.WRITTEN", 0.0)
    (tmp_path / "odd.json").write_bytes(bytes(range(128, 256)))
    _refused(tmp_path / "odd.json", r"odd\.json: it is no JSON")


def test_a_file_whose_scheduler_is_gone_is_refused_by_name(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    (tmp_path / "old.json").write_text(said(f"tcp://127.0.0.1:{port}"))
    _refused(tmp_path / "old.json", rf"old\.json is stale: .*tcp://127\.0\.0\.1:{port}.*delete it")


def test_a_file_that_leads_to_a_mute_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        (tmp_path / "old.json").write_text(said(f"tcp://127.0.0.1:{mute.getsockname()[1]}"))
        _refused(tmp_path / "old.json", r"old\.json is stale: .*no answer in 0\.5 s")


def _refused(file: Path, told: str) -> None:
    since = time.monotonic()
    with pytest.raises(RunError, match=told) as raised:
        address_in(file, 0.5)
    assert time.monotonic() - since < 10 and "\n" not in str(raised.value) and len(str(raised.value)) < 500


def test_a_folder_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=rf"{tmp_path}: that is no file"):
        Place.of(scheduler_file=tmp_path)


def test_too_few_workers_came(cluster: Path) -> None:
    with (
        pytest.raises(RunError, match=r"3 workers asked for, 2 at tcp://.* after 0\.5 s"),
        Place.of(scheduler_file=cluster, timeout=0.5).connect(3),
    ):
        pytest.fail("two are there")


def test_no_worker_came(tmp_path: Path) -> None:
    with foreign(tmp_path, workers=0), pytest.raises(RunError, match=r"no workers at tcp://.* after 0\.5 s"):
        Place.of(scheduler_file=tmp_path / "scheduler.json", timeout=0.5).workers()
