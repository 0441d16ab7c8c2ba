"""A sweep is the same again where nothing has changed, in any process, and another where anything has."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from daskcnn import networks
from daskcnn.opening import opened
from daskcnn.provenance import provenance
from daskcnn.study import identity as module
from daskcnn.study.identity import identity
from daskcnn.subject import Subject
from tests.commands import ROOT

ASKED = {"engine": "numpy", "batch": None, "configurations": ["batch on 1 worker"]}


def subject() -> Subject:
    return Subject(*opened("mnist", images=10))


def test_it_is_the_same_in_another_process() -> None:
    program = (
        "from tests.study.test_identity import ASKED, subject\n"
        "from daskcnn.study.identity import identity\n"
        "print(identity(ASKED, subject(), []))"
    )
    found = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
    )
    assert found.stdout.strip() == identity(ASKED, subject(), []), found.stderr


def test_whatever_is_asked_for_counts() -> None:
    net, sources = opened("mnist", images=10)
    first = next(iter(net.parameters))
    other = dict(net.parameters) | {first: np.asarray(net.parameters[first]) + 1}
    names = [
        identity(ASKED, subject(), []),
        identity(ASKED | {"batch": 5}, subject(), []),
        identity(ASKED, subject().first(9), []),
        identity(ASKED, replace(subject(), network=net.with_parameters(other)), []),
        identity(ASKED, Subject(*opened("mnist", "random:10x1x28x28")), []),
        identity(ASKED, Subject(networks.cifar(), sources), []),
    ]
    assert len(set(names)) == len(names)
    assert all(len(name) == module.DIGITS and int(name, 16) >= 0 for name in names)


def test_files_count_by_name_size_and_time(tmp_path: Path) -> None:
    file, folder = tmp_path / "plan.toml", tmp_path / "images"
    folder.mkdir()
    names = [identity(ASKED, subject(), [str(file), str(folder)])]
    for path in (file, folder / "a.png", folder / "b.png"):
        path.write_text("one")
        names.append(identity(ASKED, subject(), [str(file), str(folder)]))
    file.write_text("longer")
    names.append(identity(ASKED, subject(), [str(file), str(folder)]))
    os.utime(folder / "a.png", (1, 1))
    names.append(identity(ASKED, subject(), [str(file), str(folder)]))
    assert len(set(names)) == len(names)
    assert identity(ASKED, subject(), [f"{file}:x"]) != identity(ASKED, subject(), [])


def test_the_machine_counts_and_the_time_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    before = identity(ASKED, subject(), [])
    known = provenance()
    monkeypatch.setattr(module, "provenance", lambda: known | {"time": "later", "command": "another"})
    assert identity(ASKED, subject(), []) == before
    monkeypatch.setattr(module, "provenance", lambda: known | {"cpu": "another"})
    assert identity(ASKED, subject(), []) != before
