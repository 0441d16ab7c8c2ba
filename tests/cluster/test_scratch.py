"""Scratch folders are gone when their process is, however it ends."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import dask
import psutil  # type: ignore[import-untyped, unused-ignore]
import pytest

from daskcnn.cluster.scratch import base, scratch

HELD = """
import os, signal
from daskcnn.cluster.scratch import scratch

with scratch("held") as folder:
    open(f"{folder}/spilled", "w").close()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_it_lies_where_the_job_has_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert base({}) == tmp_path
    assert base({"SLURM_TMPDIR": str(tmp_path / "none")}) == tmp_path
    (tmp_path / "job").mkdir()
    assert base({"SLURM_TMPDIR": str(tmp_path / "job")}) == tmp_path / "job"
    with dask.config.set({"temporary-directory": str(tmp_path)}):
        assert base({"SLURM_TMPDIR": str(tmp_path / "job")}) == tmp_path


@pytest.mark.parametrize("failure", [None, KeyError])
def test_it_is_gone_after_the_block(
    failure: type[Exception] | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    try:
        with scratch("mine") as folder:
            assert Path(folder).parent == tmp_path and Path(folder).name.startswith("mine-")
            (Path(folder) / "spilled").write_text("much")
            if failure:
                raise failure
    except KeyError:
        assert failure
    assert not list(tmp_path.iterdir())


def test_it_is_gone_when_its_process_was_killed(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", HELD], env=os.environ | {"TMPDIR": str(tmp_path)}, timeout=60)
    removing = [process for process in psutil.process_iter(["cmdline"]) if _names(process, tmp_path)]
    psutil.wait_procs(removing, timeout=30)
    assert not list(tmp_path.glob("held-*"))


def _names(process: psutil.Process, folder: Path) -> bool:
    return any(str(folder) in word for word in process.info["cmdline"] or ())
