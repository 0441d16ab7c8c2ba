"""`daskcnn trace`: programs of others run as under Python, and what Dask did for them is kept."""

import json
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from daskcnn.store import Store
from tests.commands import PATIENCE, Command, shell

SUM = "import sys\nimport dask.array as da\nprint(sys.argv[1:], da.ones(6, chunks=3).sum().compute())\n"
UNGUARDED = """
import sys
from pathlib import Path
from dask.delayed import delayed

class Number:
    def __init__(self, value):
        self.value = value

def double(number):
    return Number(2 * number.value)

with Path(sys.argv[1]).open("a") as file:
    file.write("ran\\n")
print(delayed(double)(Number(21)).compute().value)
sys.exit(3)
"""
OWN = """
from multiprocessing import current_process
from distributed import Client, LocalCluster
from neighbour import triple

def of_main(number):
    return current_process().name, triple(number)

if __name__ == "__main__":
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster:
        with Client(cluster) as client:
            name, value = client.submit(of_main, 4).result()
            print(name.startswith("Dask Worker"), value)
        never_closed = Client(cluster)
        never_closed.submit(triple, 5).result()
        raise ValueError("the end")
"""
WAITS = """
import signal
import dask.array as da
print(da.ones(6, chunks=3).sum().compute(), flush=True)
signal.pause()
"""


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], str]:
    """Write a script, with a neighbour, in a folder of its own."""
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "neighbour.py").write_text("def triple(number):\n    return 3 * number\n")

    def write(text: str) -> str:
        path = tmp_path / "scripts" / "work.py"
        path.write_text(text)
        return str(path)

    return write


def test_output_and_arguments_are_the_script_s_and_its_work_is_kept(
    command: Command, store: Store, script: Callable[[str], str]
) -> None:
    arguments = ["--store", "elsewhere", "--help", "-m", "--workers=9"]
    done = command("trace", "--cluster", "threads", "--workers", "2", script(SUM), *arguments)
    assert (done.code, done.out) == (0, f"{arguments} 6.0\n")
    (name,) = store.ids()
    dashboard, kept = done.err.splitlines()
    assert dashboard.startswith("Dask dashboard: http://")
    assert kept.startswith(f"kept {name}: ") and " on 2 workers (threads) in " in kept
    run = store.open(name)
    assert (run["network"].item(), run["cluster"].item(), run["workers"].item()) == ("work.py", "threads", 2)
    assert run["tasks_recorded"].item() == run["trace/tasks"].sizes["task"] >= 3
    assert run["records_dropped"].item() == 0
    assert set(run["trace/tasks"].dataset["layer"].values.tolist()) >= {"sum-aggregate"}


def test_a_module(command: Command, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "worker_module.py").write_text(SUM)
    monkeypatch.chdir(tmp_path)
    done = command("trace", "--cluster", "threads", "--workers", "1", "-m", "worker_module", "--fast")
    assert (done.code, done.out) == (0, "['--fast'] 6.0\n")
    assert store.runs()["network"].values.tolist() == ["worker_module"]


def test_a_script_without_a_guard_runs_once_and_ends_with_its_own_code(
    tmp_path: Path, script: Callable[[str], str]
) -> None:
    store, said = Store(tmp_path / "runs"), tmp_path / "said"
    with shell("trace", "--workers", "1", script(UNGUARDED), str(said), store=store.path) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (3, "42\n"), err
    assert said.read_text() == "ran\n"
    assert store.runs()["cluster"].values.tolist() == ["processes"]


def test_clients_of_its_own_and_a_failure(tmp_path: Path, script: Callable[[str], str]) -> None:
    store = Store(tmp_path / "runs")
    with shell("trace", script(OWN), store=store.path) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (1, "True 12\n"), err
    assert "Traceback (most recent call last):\n  File" in err and err.count("Traceback") == 1
    assert "ValueError: the end\n" in err and "daskcnn/" not in err.partition("ValueError")[0]
    first, second = store.ids()
    assert second == f"{first}-02"
    layers = [store.open(name)["trace/tasks"].dataset["layer"].values.tolist() for name in (first, second)]
    assert layers == [["of_main"], ["triple"]]


def test_ctrl_c_keeps_what_was_done(tmp_path: Path, script: Callable[[str], str]) -> None:
    store = Store(tmp_path / "runs")
    with shell("trace", "--cluster", "threads", "--workers", "1", script(WAITS), store=store.path) as process:
        assert process.stdout and process.stdout.readline() == "6.0\n"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert err.endswith("daskcnn: interrupted\n") and "kept " in err
    assert len(store.ids()) == 1


@pytest.mark.parametrize(
    ("text", "out"),
    [
        ("print('idle')", "idle\n"),
        ("import dask.array as da\nprint(da.ones(4, chunks=2).sum().compute(scheduler='threads'))", "4.0\n"),
    ],
)
def test_no_work_for_a_client(
    command: Command, store: Store, script: Callable[[str], str], text: str, out: str
) -> None:
    done = command("trace", script(text))
    assert (done.code, done.out) == (1, out)
    assert done.err.startswith("daskcnn: 'work.py' did no Dask work") and done.err.count("\n") == 1
    assert not store.path.exists()


@pytest.mark.parametrize(("text", "code"), [("import sys; sys.exit(4)", 4), ("1 / 0", 1)])
def test_a_script_that_ends_before_its_work_ends_with_its_own_code(
    command: Command, store: Store, script: Callable[[str], str], text: str, code: int
) -> None:
    done = command("trace", script(text))
    assert done.code == code and "did no Dask work" not in done.err
    assert not store.path.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nonesuch.py"], "no script 'nonesuch.py'"),
        (["-m", "nonesuch"], "'nonesuch' cannot be run"),
        (["--cluster", "cloud", "SCRIPT"], "cluster 'cloud': use processes, threads, mpi, or an address"),
        (["--workers", "0", "SCRIPT"], "--workers"),
        ([], "Missing argument 'SCRIPT'"),
    ],
)
def test_what_is_asked_for_wrongly(
    command: Command, store: Store, script: Callable[[str], str], arguments: list[str], told: str
) -> None:
    path = script("raise AssertionError('it ran')")
    done = command("trace", *(path if argument == "SCRIPT" else argument for argument in arguments))
    assert (done.code, done.out) == (2, "") and told in done.err and done.err.count("\n") == 1
    assert not store.path.exists()


def test_a_store_that_cannot_be_written_is_found_out_before_the_script_runs(
    command: Command, store: Store, script: Callable[[str], str]
) -> None:
    store.path.write_text("a file")
    done = command("trace", script("print('it ran')"))
    assert (done.code, done.out) == (1, "") and "choose another" in done.err


def test_work_goes_to_a_scheduler_that_is_there(
    command: Command, store: Store, script: Callable[[str], str], scheduler: str
) -> None:
    done = command("trace", "--cluster", scheduler, script(SUM))
    assert (done.code, done.out) == (0, "[] 6.0\n")
    assert store.runs()["cluster"].values.tolist() == [scheduler]


def test_a_scheduler_that_is_not_there_is_found_out_before_the_script_runs(
    command: Command, store: Store, script: Callable[[str], str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
    done = command("trace", "--cluster", address, "--timeout", "0.5", script("print('it ran')"))
    assert (done.code, done.out) == (1, "") and f"no Dask scheduler at {address}" in done.err
    assert done.err.count("\n") == 1 and not store.path.exists()


def test_all_that_serves_runs_serves_it(
    command: Command, store: Store, script: Callable[[str], str], tmp_path: Path
) -> None:
    command("trace", "--cluster", "threads", "--workers", "2", script(SUM))
    (name,) = store.ids()
    (row,) = json.loads(command("runs", "--json").out)
    assert (row["run"], row["network"], row["images"]) == (name, "work.py", 0)
    for line in (
        ["runs"],
        ["runs", "show", name],
        ["runs", "show", name, "--json"],
        ["compare"],
        ["compare", "--json"],
    ):
        done = command(*line)
        assert (done.code, done.err) == (0, ""), line
        assert "work.py" in done.out and "nan" not in done.out.lower(), line
    page = tmp_path / "pages.html"
    assert command("dashboard", "--export", str(page)).code == 0
    assert name in page.read_text() and "cannot be drawn" not in page.read_text()
