"""`daskcnn sbatch`: a script on standard output, or a job in the queue; nothing where the job could not go well."""

import shlex
from pathlib import Path

import pytest

from daskcnn.store import Store
from tests.cli.test_errors import assert_one_line
from tests.commands import Command
from tests.test_readme import LINES

SHOWN = [line for line in LINES if line.startswith("daskcnn sbatch ")]
"""In README and documentation."""

WRONG = {
    "-- plan": r"'plan'.*run, sweep, trace",
    "-- runn": r"'runn'.*run, sweep, trace",
    "-- run --chunk batch": r"--chunk.*--chunks.*daskcnn run --help",
    "-- run --chunks depth": r"'depth'.*serial.*batch",
    "-- run --chunks channel=33": r"channel=33.*10 or less",
    "-- run resnet": r"'resnet'.*mnist",
    "-- run nowhere.onnx": r"nowhere\.onnx",
    "-- run --cluster threads": r"--cluster.*one of its own",
    "-- run --memory-limit 1GB": r"--memory-limit.*--mem",
    "--nodes 2 -- run --workers 4": r"4 workers in a job that has 3.*--tasks-per-node",
    "-- sweep --chunks batch,depth": r"'depth'.*serial.*batch",
    "--nodes 2 -- sweep --workers 1,4": r"4 workers in a job that has 3.*--nodes",
    "-- trace nowhere.py": r"'nowhere\.py'.*path",
    "--nodes 1 --tasks-per-node 1 -- run": r"1 nodes, 1 tasks.*scheduler and a worker",
    "--time soon -- run": r"'soon'.*00:30:00",
    "--mpi pmi3 -- run": r"--mpi.*'pmi3'.*'pmi2', 'pmix', 'none'",
    "--output nowhere/job.out -- run": r"nowhere/job\.out.*make it",
    "--site nowhere.toml -- run": r"nowhere\.toml.*docs/hpc.md",
    "--nodes 2": r"COMMAND.*daskcnn sbatch --help",
}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the test's own, and no settings but its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def client(text: str) -> list[str]:
    """What a script's client is told, without the scheduler's file."""
    (line,) = (line for line in text.splitlines() if " -m daskcnn " in line)
    name, option, _, *words = shlex.split(line.partition(" -m daskcnn ")[2].removesuffix(" &"))
    assert option == "--scheduler-file"
    return [name, *words]


@pytest.mark.parametrize("line", WRONG)
def test_what_would_fail_in_the_queue_fails_now(command: Command, line: str) -> None:
    assert_one_line(command("sbatch", *line.split()), 2, WRONG[line])


@pytest.mark.parametrize("line", SHOWN)
def test_what_is_shown_would_not_fail(command: Command, line: str) -> None:
    words = shlex.split(line, comments=True)[1:]
    done = command(*(word for word in words if word != "--submit"))
    assert (done.code, done.err) == (0, "") and done.out.startswith("#!/bin/bash\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("run --chunks batch,channel", "run --workers 31 --chunks batch,channel"),
        ("run --workers 8 --images 100", "run --workers 8 --images 100"),
        ("sweep --scaling strong", "sweep --workers 1,2,4,8,16,31 --scaling strong"),
        ("sweep --chunks batch", "sweep --workers 31 --chunks batch"),
        ("trace work.py --workers 9", "trace --workers 31 work.py --workers 9"),
        ("daskcnn run", "run --workers 31"),
    ],
)
def test_the_command_gets_all_workers_unless_it_says(command: Command, elsewhere: Path, words: str, told: str) -> None:
    (elsewhere / "work.py").touch()
    done = command("sbatch", "--nodes", "4", "--tasks-per-node", "8", "--", *words.split())
    assert (done.code, done.err) == (0, "")
    assert client(done.out) == told.split()


def test_folders_are_absolute(command: Command, elsewhere: Path, store: Store) -> None:
    done = command("sbatch", "--", "run")
    assert f"#SBATCH --chdir={elsewhere}\n" in done.out and f"\nexport DASKCNN_STORE={store.path}\n" in done.out
    assert f"DASKCNN_STORE={elsewhere}/here\n" in command("sbatch", "--store", "here", "--", "run").out


def test_a_site_s_choices_and_options_that_win(command: Command, elsewhere: Path) -> None:
    (elsewhere / "settings" / "daskcnn").mkdir(parents=True)
    (elsewhere / "settings" / "daskcnn" / "site.toml").write_text(
        'partition = "long"\naccount = "physics"\nmodule = ["gcc", "mpich"]\nsetup = "ulimit -c 0"\ncpus-per-task = 2\n'
    )
    words = ("sbatch", "--account", "biology")
    done = command(*words, "--", "run")
    assert "--partition=long\n" in done.out and "--account=biology\n" in done.out and "--cpus-per-task=2\n" in done.out
    assert "\nmodule load gcc || exit\nmodule load mpich || exit\nulimit -c 0\n" in done.out
    (elsewhere / "other.toml").write_text('mpi = "none"')
    done = command(*words, "--site", "other.toml", "--", "run")
    assert "srun --mpi=none " in done.out and "dask_mpi" not in done.out and "long" not in done.out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("patition = 'long'", r"site\.toml: no choice is called 'patition'; nearest is 'partition'"),
        ("nodes = 4", r"site\.toml: no choice is called 'nodes'"),
        ("partition = ['a', 'b']", r"site\.toml: partition = \['a', 'b'\]: give a text"),
        ("module = 3", r"site\.toml: module = 3: give a text, or a list"),
        ("mpi = 'pmi3'", r"site\.toml: mpi = 'pmi3'.*'pmi2'"),
        ("cpus-per-task = 0", r"site\.toml: cpus-per-task = 0.*x>=1"),
        ("time = 'soon'", r"'soon'.*00:30:00"),
        ("partition = ", r"site\.toml: cannot be read"),
    ],
)
def test_a_site_s_file_that_is_wrong(command: Command, elsewhere: Path, text: str, told: str) -> None:
    (elsewhere / "site.toml").write_text(text)
    assert_one_line(command("sbatch", "--site", "site.toml", "--", "run"), 2, told)


def stand_in(elsewhere: Path, lines: str) -> None:
    """Another sbatch."""
    (elsewhere / "sbatch").write_text(f"#!/bin/bash\n{lines}\n")
    (elsewhere / "sbatch").chmod(0o755)


def test_submitting_prints_the_job_s_number(command: Command, elsewhere: Path) -> None:
    printed = command("sbatch", "--job-name", "ü", "--", "run").out
    stand_in(elsewhere, 'echo "$@" >told; while IFS= read -r line; do echo "$line"; done >seen; echo "42;lab"')
    done = command("sbatch", "--job-name", "ü", "--submit", "--", "run")
    assert (done.code, done.out) == (0, "42\n") and f"{elsewhere}/ü-42.out;" in done.err
    assert (elsewhere / "told").read_text() == "--parsable\n"
    assert (elsewhere / "seen").read_text() == printed


def test_what_sbatch_refuses_is_said(command: Command, elsewhere: Path) -> None:
    stand_in(elsewhere, "echo 'sbatch: error: invalid partition specified: long' >&2; exit 1")
    assert_one_line(command("sbatch", "--submit", "--", "run"), 1, "invalid partition specified: long")


def test_no_sbatch(command: Command) -> None:
    assert_one_line(command("sbatch", "--submit", "--", "run"), 1, "no sbatch here.*without --submit")


def test_no_dask_mpi(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daskcnn.cli.sbatch.find_spec", lambda name: None)
    assert_one_line(command("sbatch", "--", "run"), 2, r"pmi2 needs dask-mpi.*daskcnn\[mpi\].*--mpi none")
    assert command("sbatch", "--mpi", "none", "--", "run").code == 0
