"""A cluster of our own, on a host with several networks, listens on the one that is asked for."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from daskcnn.store import Store
from tests.foreign import ROOT
from tests.hosts.network import FAST, PLAIN, Host, network

RUN = ["-m", "daskcnn", "run", "mnist", "--chunks", "height=2", "--workers", "2", "--images", "100", "--json"]


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with network(1) as (found,):
        yield found


def run(host: Host, store: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """`daskcnn run` on a host."""
    words = host.command(sys.executable, *RUN, "--repeat", "1", "--engine", "numpy", "--store", store, *options)
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_workers_listen_on_the_interface_that_is_asked_for(host: Host, tmp_path: Path) -> None:
    done = run(host, tmp_path, "--interface", FAST)
    row = json.loads(done.stdout)
    assert done.returncode == 0 and row["same_as_serial"] and row["nodes"] == 1
    workers = Store(tmp_path).open(row["run"])["trace/workers"].dataset
    assert set(workers["host"].values.tolist()) == {host.address(FAST)}
    assert f"http://{host.address(FAST)}:" in done.stderr, "the dashboard's address is one that others reach"


def test_an_interface_that_is_not_there_is_refused_with_those_that_are(host: Host, tmp_path: Path) -> None:
    done = run(host, tmp_path, "--interface", "ib7")
    assert (done.returncode, done.stdout) == (2, "") and done.stderr.count("\n") == 1
    assert all(f"{name} ({host.address(name)})" in done.stderr for name in (PLAIN, FAST))
