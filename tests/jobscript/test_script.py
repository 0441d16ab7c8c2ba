"""A job script as bash runs it, with stand-ins for Slurm and Python: what it starts, how it ends, what it leaves."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from daskcnn.errors import UsageError
from daskcnn.jobscript import FLAVOURS, Settings, script
from tests.commands import PATIENCE
from tests.slurm.lab import until

HOSTILE = ["it's", 'a "word"', "$HOME", "`id`", "$(id)", "a b", "*", "\\", "#", "@workers@", "--x=1;exit 9", "ü", ""]
SRUN = """\
#!/bin/bash
# What clears up at the end runs once, here; the cluster says where it is and stays until it is told to end.
case $* in *--overlap*) exec bash -c "${@: -1}" ;; esac
[ -n "$DEAD" ] && { echo "srun: error: no such plugin" >&2; exit 7; }
mkdir -p "$TMPDIR/$tag/0"
trap 'exit 0' TERM
echo $$ >"$SEEN/cluster"
echo '{"address": "tcp://10.0.0.7:4000"}' >"$contact"
while :; do sleep 0.05; done
"""
PYTHON = """\
#!/bin/bash
# The client notes what it is told; the end of the cluster is that of its stand-in.
case $* in
*allocation*) echo 1000000000 ;;
*shutdown*) kill "$(<"$SEEN/cluster")" ;;
"-m daskcnn "*) printf '%s\\0' "${@:3}" >"$SEEN/client"; [ -n "$SLOW" ] && exec sleep 60; exit "$CODE" ;;
esac
"""


@dataclass(frozen=True)
class Site:
    """A folder with stand-ins."""

    folder: Path

    def settings(self, **more: object) -> Settings:
        """Of a job that uses them."""
        python = self.folder / "the python"
        return Settings(nodes=2, python=str(python), folder=self.folder, **more)  # type: ignore[arg-type]

    def start(self, text: str, **variables: str) -> subprocess.Popen[str]:
        """The script, as Slurm starts it."""
        slurm = {"JOB_ID": "42", "NNODES": "2", "NTASKS_PER_NODE": "2"}
        given = {f"SLURM_{name}": value for name, value in slurm.items()} | {"CODE": "0"} | variables
        places = {"SEEN": str(self.folder), "TMPDIR": str(self.folder / "scratch")}
        (self.folder / "job").write_text(text)
        return subprocess.Popen(
            ["bash", "job"],
            cwd=self.folder,
            env=os.environ | {"PATH": f"{self.folder}:{os.environ['PATH']}"} | places | given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def assert_left_clean(self) -> None:
        """Neither a scheduler's file nor scratch is left, and the cluster has ended."""
        assert not list(self.folder.glob("daskcnn-*.json"))
        assert not list((self.folder / "scratch").iterdir())
        with pytest.raises(ProcessLookupError):
            os.kill(int((self.folder / "cluster").read_text()), 0)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    for name, text in {"srun": SRUN, "the python": PYTHON}.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    (tmp_path / "scratch").mkdir()
    return Site(tmp_path)


def test_the_client_is_told_word_by_word_and_its_end_is_quiet(site: Site) -> None:
    with site.start(script(site.settings(), ["run", *HOSTILE])) as job:
        said, _ = job.communicate(timeout=PATIENCE)
    assert (job.returncode, said) == (0, "")
    told = (site.folder / "client").read_text().split("\0")
    assert told == ["run", "--scheduler-file", str(site.folder / "daskcnn-42-0.json"), *HOSTILE, ""]
    site.assert_left_clean()


def test_the_client_s_exit_code_is_the_job_s(site: Site) -> None:
    with site.start(script(site.settings(), ["run"]), CODE="3", SLURM_RESTART_COUNT="2") as job:
        job.communicate(timeout=PATIENCE)
    assert job.returncode == 3
    assert "daskcnn-42-2.json" in (site.folder / "client").read_text()
    site.assert_left_clean()


def test_a_cluster_that_dies_at_the_start_ends_the_job(site: Site) -> None:
    with site.start(script(site.settings(), ["run"]), DEAD="1") as job:
        said, _ = job.communicate(timeout=PATIENCE)
    assert job.returncode == 1
    assert said.splitlines()[0] == "srun: error: no such plugin" and "could not start" in said
    assert not (site.folder / "client").exists()


def test_a_client_that_takes_too_long_is_ended(site: Site) -> None:
    settings = site.settings(time="1:00")
    text = script(settings, ["run"]).replace(f"$(({settings.client_seconds} - SECONDS))", "0.5")
    with site.start(text, SLOW="1") as job:
        said, _ = job.communicate(timeout=PATIENCE)
    assert job.returncode == 124 and said.endswith("give it more --time\n")
    site.assert_left_clean()


def test_a_job_that_is_told_to_end_ends_all(site: Site) -> None:
    with site.start(script(site.settings(), ["run"]), SLOW="1") as job:
        until((site.folder / "client").exists, PATIENCE, "the client")
        job.send_signal(signal.SIGTERM)
        job.communicate(timeout=PATIENCE)
    assert job.returncode == 143
    site.assert_left_clean()


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="no shellcheck")
@pytest.mark.parametrize("mpi", FLAVOURS)
def test_shellcheck_finds_nothing(mpi: str) -> None:
    settings = Settings(mpi=mpi, interface="ib0", mem="4G", module=("a b",), partition="long #1", scratch="/a b")
    # A user's word is not to be expanded, and may end in a backslash.
    command = ["shellcheck", "--exclude=SC1003,SC2016", "-"]
    text = script(settings, ["run", *HOSTILE])
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


SURROUNDINGS: list[Callable[[str], object]] = [
    lambda text: script(Settings(), ["run", text]),
    lambda text: Settings(account=text),
    lambda text: Settings(module=("gcc", text)),
    lambda text: Settings(setup=(text,)),
    lambda text: Settings(store=Path(text)),
    lambda text: Settings(python=text),
]


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\0b", "a\x1bb", "\udcff"], ids=ascii)
@pytest.mark.parametrize("make", SURROUNDINGS)
def test_no_line_ends_and_control_codes(make: Callable[[str], object], text: str) -> None:
    with pytest.raises(UsageError, match="control code"):
        make(text)


def test_the_client_is_told_to_end_before_slurm_ends_the_job() -> None:
    for text in ("1:00", "00:30:00", "2-00"):
        settings = Settings(time=text)
        assert 15 <= settings.seconds - settings.client_seconds <= 60
