"""examples/slurm/scaling.sbatch, as it is printed today: `python -m tests.jobscript.example` writes it."""

from pathlib import Path

from daskcnn.jobscript import Settings, script

FOLDER = Path(__file__).parents[2] / "examples" / "slurm"
PATH = FOLDER / "scaling.sbatch"
SETTINGS = Settings(
    nodes=4,
    tasks_per_node=8,
    time="02:00:00",
    python="/shared/you/daskcnn/.venv/bin/python",
    folder=Path("/shared/you/daskcnn"),
    job_name="daskcnn-scaling",
)
COMMAND = ["sweep", "--workers", "1,2,4,8,16,31", "--scaling", "strong", "--chunks", "batch,channel"]


def written() -> str:
    """What it should hold."""
    return script(SETTINGS, COMMAND)


if __name__ == "__main__":
    PATH.write_text(written())
