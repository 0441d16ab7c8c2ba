"""What tests of commands share."""

from pathlib import Path

import pytest

from daskcnn.cli import call
from daskcnn.store import Store
from tests.commands import Command, Done


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """An empty store, which commands use by themselves."""
    monkeypatch.setenv("DASKCNN_STORE", str(tmp_path / "runs"))
    return Store(tmp_path / "runs")


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], store: Store) -> Command:
    """The command line in this process."""

    def run(*arguments: str) -> Done:
        capsys.readouterr()
        code = call(list(arguments))
        return Done(code, *capsys.readouterr())

    return run
