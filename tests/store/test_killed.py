"""Whatever is killed when, a run is in the store whole or not at all, and what was reported written is there."""

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from daskcnn.store import Store

ROOT = Path(__file__).parents[2]
AT_A_CALL = """
import os, signal, sys
from pathlib import Path
from daskcnn import files
from daskcnn.store import Store, folder, index
from tests.store.small import small_run

WATCHED = {module.__file__ for module in (files, folder, index)}

def killed_at(call: int) -> bool:
    calls = 0
    def count(frame, event, argument):  # every call that these modules make, into C or Python
        nonlocal calls
        if event in ("c_call", "call") and frame.f_code.co_filename in WATCHED:
            calls += 1
            if calls == call:
                os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if not child:
        try:
            store, run = Store(Path(sys.argv[1]) / str(call)), small_run("a")
            store.append(small_run("before"))
            sys.setprofile(count)
            store.append(run)
            sys.setprofile(None)
            print(call, flush=True)
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1] != 0

# What is made once a process is made before it forks.
Store(Path(sys.argv[1]) / "0").append(small_run("a"))
call = 1
while killed_at(call):
    call += 1
"""
MANY = """
import os, sys
from pathlib import Path
from daskcnn.store import Store
from tests.store.small import small_run

folder, processes, runs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
# What is made once a process is made before it forks.
Store(f"{folder}-first").append(small_run("a"))
for number in range(processes):
    if not os.fork():
        try:
            for count in range(runs):
                name = Store(folder).append(small_run(f"{number}-{count}", images=count))
                os.write(1, f"{os.getpid()} {name}\\n".encode())
        finally:
            os._exit(0)
for _ in range(processes):
    os.wait()
"""


def test_a_kill_at_any_call_leaves_a_run_whole_or_not_at_all(tmp_path: Path) -> None:
    script = [sys.executable, "-W", "ignore", "-c", AT_A_CALL, str(tmp_path)]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    killed = [Store(folder) for folder in tmp_path.iterdir() if folder.name not in ("0", done.stdout.strip())]
    assert len(killed) > 30
    for store in killed:
        ids = store.ids()
        assert ids in (["before"], ["a", "before"])
        assert store.runs().attrs["unreadable"] == []
        assert store.runs()["run"].values.tolist() == ids
        assert [store.open(name)["seconds"].item() for name in ids] == [0.25] * len(ids)
    assert {len(store.ids()) for store in killed} == {1, 2}
    assert any(file.suffix == ".part" for store in killed for file in store.path.iterdir())


@pytest.mark.parametrize(("processes", "runs"), [(8, 12)])
def test_many_append_at_once_while_some_are_killed(tmp_path: Path, processes: int, runs: int) -> None:
    store = Store(tmp_path / "runs")
    script = [sys.executable, "-W", "ignore", "-c", MANY, str(store.path), str(processes), str(runs)]
    reported: dict[str, str] = {}
    with subprocess.Popen(script, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            pid, name = line.split()
            reported[name] = pid
            # Of every second process one run more than of the one before is waited for.
            number, count = map(int, name.split("-"))
            if number % 2 and count == 1 + number:
                os.kill(int(pid), signal.SIGKILL)
    ended = Counter(reported.values())
    assert len(ended) == processes and 0 < sum(count < runs for count in ended.values()) < processes
    for _ in range(2):  # from the index as the writers left it, and as the first listing did
        table = store.runs()
        assert table.attrs["unreadable"] == []
        assert set(reported) <= set(table["run"].values.tolist()) == set(store.ids())
        assert all(table["images"].sel(run=name) == int(name.split("-")[1]) for name in reported)
    assert all(store.open(name)["images"] == int(name.split("-")[1]) for name in store.ids())
