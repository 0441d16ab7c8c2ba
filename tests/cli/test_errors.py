"""What is asked for wrongly, or fails: one line with the value, the limit and the way out; the exit code; no rest."""

import re
import socket
from pathlib import Path

import pytest

from daskcnn.store import Store
from tests.commands import Command, Done
from tests.runs import make_run

WRONG = {
    "run --chunks depth": r"'depth'.*serial.*batch.*channel.*spatial",
    "run --chunks batch=two": r"'batch=two'.*batch",
    "run --chunks batch=0": r"batch=0.* 1 or more",
    "run --chunks batch=20000": r"batch=20000.*10000 or less",
    "run --chunks channel=33": r"channel=33.*10 or less",
    "run --chunks spatial=8": r"8.*7 or less",
    "run --chunks spatial=2x8": r"8.*7 or less",
    "run --chunks batch=2 --images 1": r"batch=2.*1 or less",
    "run --workers 0": r"--workers.* 0 .*x>=1.*daskcnn run --help",
    "run --workers two": r"--workers.*'two'",
    "run --images 0": r"--images.* 0 .*x>=1",
    "run --images 10001": r"10001.*10000",
    "run --batch 0": r"--batch.* 0 .*x>=1",
    "run --repeat 0": r"--repeat.* 0 .*x>=1",
    "run --engine torch": r"--engine.*'torch'.*'onnxruntime', 'numpy'",
    "run resnet": r"'resnet'.*mnist",
    "run nowhere.onnx": r"nowhere\.onnx",
    "run --cluster cloud": r"'cloud'.*processes.*threads.*tcp://",
    "run --cluster tcp://somewhere": r"'tcp://somewhere'.*tcp://127.0.0.1:8786",
    "run --chunk batch": r"--chunk.*--chunks",
    "run mnist batch": r"batch.*daskcnn run --help",
    "run --memory-limit much": r"'much'.*512MB",
    "run --memory-limit 0": r"'0'.*512MB",
    "run --cluster tcp://127.0.0.1:1 --memory-limit 1GB": r"1000000000.*tcp://127.0.0.1:1.*processes",
    "sweep --chunks batch,depth --images 9": r"'depth'.*serial.*batch.*channel.*spatial",
    "sweep --chunks batch,,serial --images 9": r"unknown chunks ''.*serial.*batch",
    "sweep --workers 1,0": r"'0' in '1,0'.*1,2,4",
    "sweep --workers two": r"'two'.*1,2,4",
    "sweep --workers 1,": r"'' in '1,'.*1,2,4",
    "sweep --scaling linear": r"--scaling.*'linear'.*strong.*weak",
    "sweep --scaling weak --workers 1,3 --images 4000": r"3 workers with 4000 images.*10000.*fewer",
    "sweep --repeat 0": r"--repeat.* 0 .*x>=1",
    "sweep --cluster cloud": r"'cloud'.*processes.*threads.*tcp://",
    "sweep --memory-limit -1GB": r"'-1GB'.*512MB",
    "sweep resnet": r"'resnet'.*mnist",
    "plan --chunks channel=33": r"channel=33.*10 or less",
    "plan --workers 0": r"--workers.* 0 .*x>=1",
    "plan resnet": r"'resnet'.*mnist",
    "walk": r"'walk'.*daskcnn --help",
    "runs walk": r"'walk'.*daskcnn runs --help",
    "runs show": r"RUN_ID.*daskcnn runs show --help",
    "runs show nonesuch": r"'nonesuch'.*daskcnn run",
    "runs rm": r"RUN_IDS.*daskcnn runs rm --help",
    "runs rm nonesuch": r"'nonesuch'.*daskcnn run",
    "runs export nonesuch --to a.json": r"'nonesuch'.*daskcnn run",
    "runs export nonesuch": r"--to.*daskcnn runs export --help",
    "runs export a --to a.csv --table task": r"--table.*'task'.*tasks",
    "run --cluster mpi": r"no rank of an MPI job.*mpirun -n 4",
    "sweep --cluster mpi": r"no rank of an MPI job.*mpirun -n 4",
    "trace --cluster mpi a.py": r"no rank of an MPI job.*mpirun -n 4",
    "run --scheduler-file .": r"scheduler file \.: .*no file",
    "run --cluster threads --scheduler-file a.json": r"threads.*a\.json.*one of them",
    "run --scheduler-file a.json --memory-limit 1GB": r"memory limit.*a\.json",
    "run --interface ib7": r"'ib7'.*127\.0\.0\.1",
    "run --cluster threads --interface lo": r"threads use no network.*processes",
    "run --cluster tcp://127.0.0.1:1 --interface lo": r"interface lo.*tcp://127",
    "run --timeout 0": r"--timeout.*0",
    "runs --where network": r"'network'.*column",
    "compare": r"no runs.*daskcnn run",
    "compare nonesuch": r"'nonesuch'.*daskcnn run",
    "dashboard --port 70000": r"--port.*70000.*65535",
    "dashboard --export": r"--export.*requires an argument",
}
"""What is asked for, and what is said: the value, the limit, the way out."""


def assert_one_line(done: Done, code: int, told: str) -> None:
    assert done.code == code and done.out == ""
    assert done.err.startswith("daskcnn: ") and done.err.endswith("\n") and done.err.count("\n") == 1
    assert re.search(told, done.err), done.err


@pytest.mark.parametrize("line", WRONG)
def test_what_is_asked_for_wrongly(command: Command, store: Store, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daskcnn.cluster.own.LocalCluster", None)
    assert_one_line(command(*line.split()), 2, WRONG[line])
    assert not store.path.exists()


@pytest.mark.parametrize("line", ["run --images 9", "runs", "runs list", "runs show a", "runs rm a", "compare"])
def test_a_store_that_is_a_file(command: Command, tmp_path: Path, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daskcnn.cluster.own.LocalCluster", None)
    (tmp_path / "file").write_text("mine")
    done = command(*line.split(), "--store", str(tmp_path / "file"))
    assert_one_line(done, 1, rf"{tmp_path / 'file'}.*choose another")
    assert (tmp_path / "file").read_text() == "mine"


def test_a_store_that_cannot_be_written(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("daskcnn.cluster.own.LocalCluster", None)
    monkeypatch.setattr("os.access", lambda *_, **__: False)
    assert_one_line(command("run", "--store", str(tmp_path / "runs")), 1, r"runs.*not writable.*choose another")


def test_a_disk_that_is_full_in_the_end(command: Command, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    done = command("run", "--cluster", "threads", "--workers", "1", "--images", "5", "--repeat", "1")
    dashboard, rest = done.err.split("\n", 1)
    assert dashboard.startswith("Dask dashboard: http://")
    assert_one_line(Done(done.code, done.out, rest), 1, r"No space left.*choose another")
    assert not list(store.path.iterdir())


@pytest.mark.parametrize("line", ["runs show bad", "compare bad"])
def test_a_file_that_is_no_run(command: Command, store: Store, line: str) -> None:
    store.append(make_run(run="good"))
    (store.path / "bad.nc").write_bytes(b"\x89HDF\r\n\x1a\n and no more")
    assert_one_line(command(*line.split()), 1, r"bad\.nc.*remove it")


def test_a_scheduler_that_is_not_there(command: Command, store: Store) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    done = command("run", "--cluster", f"tcp://127.0.0.1:{port}", "--timeout", "0.5", "--images", "5")
    assert_one_line(done, 1, rf"tcp://127.0.0.1:{port}.*dask scheduler")
    assert not store.path.exists()


@pytest.mark.parametrize("line", ["run", "sweep", "trace"])
def test_a_scheduler_file_that_does_not_come(command: Command, store: Store, line: str) -> None:
    target = [__file__] if line == "trace" else ["--images", "5"]
    done = command(line, "--scheduler-file", "none.json", "--timeout", "0.2", "--workers", "1", *target)
    assert_one_line(done, 1, r"none\.json: not there after 0\.2 s.*--timeout")
    assert not store.path.exists()


def test_more_workers_than_the_scheduler_has(command: Command, store: Store, scheduler: str) -> None:
    done = command("run", "--cluster", scheduler, "--workers", "3", "--timeout", "0.5", "--images", "5")
    assert_one_line(done, 1, rf"3 workers.*2 at {scheduler}.*ask for fewer")
    assert not store.path.exists()


# Bokeh leaves a socket of its own open when it cannot have the port.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_port_that_is_taken(command: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert_one_line(command("dashboard", "--port", str(port)), 1, rf"port {port}.*choose another")


def test_a_page_that_cannot_be_written(command: Command, tmp_path: Path) -> None:
    target = tmp_path / "nowhere" / "page.html"
    assert_one_line(command("dashboard", "--export", str(target)), 1, rf"{target}.*choose another")
