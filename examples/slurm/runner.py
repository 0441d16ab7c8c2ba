"""A Dask cluster inside a Slurm job without MPI, and a run on it.

Each task of one srun calls this: the first becomes the scheduler, the second goes on as the client, all others are
workers. `pip install dask-jobqueue`; runner.sbatch beside this file submits it.

"""

import os
from tempfile import TemporaryDirectory

from dask_jobqueue.slurm import SLURMRunner
from distributed import Client

import daskcnn


def main() -> None:
    """Be what this task is to be."""
    # A requeued job keeps its number: the count of its restarts keeps it from an earlier start's file.
    file = f"scheduler-{{job_id}}-{os.environ.get('SLURM_RESTART_COUNT', 0)}.json"
    # The tasks of a node share its memory, and Dask does not see what Slurm allows.
    memory = int(os.environ.get("SLURM_MEM_PER_NODE", 2000)) * 9 // 10 // int(os.environ["SLURM_NTASKS_PER_NODE"])
    with TemporaryDirectory(prefix="daskcnn-") as scratch:
        options = {"nthreads": 1, "memory_limit": f"{memory}MiB", "local_directory": scratch}
        pages = {"dashboard_address": ":0"}
        with SLURMRunner(scheduler_file=file, scheduler_options=pages, worker_options=options) as runner:
            measure(runner)


def measure(runner: SLURMRunner) -> None:
    """What the client does; any of daskcnn's functions takes the scheduler's address."""
    with Client(runner) as client:
        print(f"Dask dashboard: {client.dashboard_link}", flush=True)
        client.wait_for_workers(runner.n_workers, timeout=60)
    run = daskcnn.run(chunks="batch", workers=runner.n_workers, cluster=str(runner.scheduler_address))
    print(f"{run.id}: {run.summary['speedup']:.2f} times as fast as the serial run")


if __name__ == "__main__":
    main()
