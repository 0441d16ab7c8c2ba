"""The scripts of examples: bash reads them, and those for Slurm start commands that there are."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from daskcnn.cli import daskcnn
from daskcnn.cli.inner import looked_through
from tests.jobscript.example import COMMAND, FOLDER, PATH, SETTINGS, written

SCRIPTS = sorted([*FOLDER.glob("*.sbatch"), *FOLDER.parent.glob("reports/*.sh")])


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_bash_and_shellcheck_find_nothing(path: Path) -> None:
    for checker in (["bash", "-n"], ["shellcheck"]):
        if shutil.which(checker[0]):
            done = subprocess.run([*checker, path], capture_output=True, text=True, check=False)
            assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_scaling_study_is_what_is_printed() -> None:
    assert PATH.read_text() == written(), "run python -m tests.jobscript.example"
    plain = [word for word in COMMAND if word not in ("--workers", "1,2,4,8,16,31")]
    assert looked_through(daskcnn, plain, SETTINGS.workers) == COMMAND


@pytest.mark.parametrize("folder", sorted({path.parent for path in SCRIPTS}), ids=lambda folder: folder.name)
def test_the_readme_names_each_and_no_other(folder: Path) -> None:
    named = re.findall(r"\]\(([\w.]+)\)", (folder / "README.md").read_text())
    assert {path.name for path in folder.glob("*.*")} - {"README.md"} == set(named)
