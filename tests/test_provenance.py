"""Where a run comes from, as the system itself tells it."""

import importlib.metadata
import json
import shlex
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import psutil  # type: ignore[import-untyped]
import pytest

from daskcnn import provenance


def test_versions_are_those_that_run() -> None:
    versions = json.loads(str(provenance.provenance()["versions"]))
    assert versions["numpy"] == np.__version__
    assert versions["python"] == ".".join(map(str, sys.version_info[:3]))
    assert versions["daskcnn"] == importlib.metadata.version("daskcnn")
    assert versions.keys() >= {"dask", "distributed", "onnxruntime", "xarray"}


def test_the_time_is_now_and_says_its_zone() -> None:
    time = datetime.fromisoformat(str(provenance.provenance()["time"]))
    assert abs(time - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("program", "name"),
    [
        ("/opt/some where/bin/daskcnn", "daskcnn"),
        ("/opt/lib/daskcnn/__main__.py", "daskcnn"),
        ("study.py", "study.py"),
        ("", "''"),
    ],
)
def test_the_command_can_be_pasted_into_a_shell(monkeypatch: pytest.MonkeyPatch, program: str, name: str) -> None:
    arguments = ["run", "--store", "my runs", "--chunks", "spatial=2x2"]
    monkeypatch.setattr(sys, "argv", [program, *arguments])
    assert provenance.command().split(" ")[0] == name
    assert shlex.split(provenance.command())[1:] == arguments


def test_cores_are_those_that_this_process_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil.Process, "cpu_affinity", lambda self: [5])
    assert provenance.cores() == 1


def test_the_processor_has_a_name_wherever_the_system_tells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    told = "processor : 0\nmodel name\t: A Fine: CPU\nmodel name\t: another\n"
    monkeypatch.setattr(Path, "read_text", lambda self: told)
    assert provenance.cpu() == "A Fine: CPU"

    def absent(self: Path) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", absent)
    monkeypatch.setattr("platform.processor", lambda: "")
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert provenance.cpu() == "riscv64"
