"""What an installed wheel holds, and that its pages work from there."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from daskcnn.store import Store
from tests.runs import make_run
from tests.serving import ROOT


def test_every_package_is_packed() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    inside = {".".join(file.parent.relative_to(ROOT).parts) for file in (ROOT / "daskcnn").rglob("__init__.py")}
    assert set(told) == inside | {"daskcnn.graphs", "daskcnn.dashboards"}


def test_a_wheel_is_daskcnn_and_nothing_else(tmp_path: Path) -> None:
    source, site, store = tmp_path / "source", tmp_path / "site", Store(tmp_path / "runs")
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "build", "*.egg-info", "tests", "test-artefacts"))
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", tmp_path, source], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--no-index", "--target", site, wheel], check=True)
    assert {path.name.split("-")[0] for path in site.iterdir()} == {"daskcnn", "bin"}

    run = store.append(make_run())
    python = [sys.executable, "-W", "error", "-P"]
    environment = {**os.environ, "PYTHONPATH": str(site)}
    for room in ("graphs", "dashboards"):
        command = [*python, "-c", f"import {room}"]
        found = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert f"No module named '{room}'" in found.stderr
    command = [*python, "-m", "daskcnn", "dashboard", "--store", str(store.path), "--export", "runs.html"]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True)
    assert run in (tmp_path / "runs.html").read_text()
