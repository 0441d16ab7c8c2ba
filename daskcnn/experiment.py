"""The whole way, once: network, plan, graph, cluster, trace, metrics, store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from warnings import warn

from distributed import Client

from daskcnn.calibration import peaks
from daskcnn.cluster import Place, show_from_now_on
from daskcnn.errors import UsageError
from daskcnn.measurement import measure, tight
from daskcnn.network import Network
from daskcnn.onnx import OnnxModel
from daskcnn.opening import opened
from daskcnn.plan import Plan
from daskcnn.runs import Run, run_tree
from daskcnn.sink import Target, sink
from daskcnn.store import Store, default_path, new_id
from daskcnn.subject import Subject


@dataclass(frozen=True)
class Watch:
    """What is told while a run goes on; by default nobody listens, and warnings are Python's."""

    dashboard: Callable[[str], None] = lambda address: None
    """The address of the Dask dashboard, before the work starts."""
    note: Callable[[str], None] = lambda text: None
    """What is good to know of the cluster, before the work starts."""
    warning: Callable[[str], None] = warn
    """What speaks against what was asked for, before the work starts."""
    repeat: Callable[[int, int], None] = lambda done, of: None
    """Repeats that are done, warm-up included."""
    stored: Callable[[Run], None] = lambda run: None
    """The run, when it is in the store and before the cluster ends."""
    looks_back: bool = False
    """Whether somebody will open the Dask dashboard later, and wants to see the tasks from the start."""

    def placed(self, place: Place) -> None:
        """Tell of where the work is to run."""
        for note in place.notes:
            self.note(note)
        for warning in place.warnings:
            self.warning(warning)

    def connected(self, place: Place, client: Client) -> None:
        """Tell where the dashboard of a cluster is."""
        self.dashboard(client.dashboard_link)
        if tunnel := place.tunnel(client):
            self.note(tunnel)


def run(
    network: str | Path | Network | OnnxModel = "mnist",
    *,
    chunks: str = "batch",
    workers: int | None = None,
    cluster: str = "processes",
    inputs: str | Mapping[str, str] | None = None,
    raw: bool = False,
    images: int | None = None,
    batch: int | None = None,
    repeat: int = 5,
    engine: str = "onnxruntime",
    granularity: str = "segment",
    fan_in: int | None = None,
    memory_limit: int | str | None = None,
    interface: str | None = None,
    scheduler_file: str | Path | None = None,
    timeout: float | None = None,
    output: str | Path | None = None,
    store: Store | str | Path | None = None,
    watch: Watch | None = None,
) -> Run:
    """Run a network on images, cut as asked, and keep what happened.

    After one warm-up that is not counted, each repeat measures the serial run (the same kernels without Dask,
    on one thread of this process) and then the cluster, so that a machine that drifts does so for both.

    Parameters
    ----------
    network : str, Path, Network or OnnxModel
        A name that `daskcnn.networks` knows, the path of an ONNX file, or a network with parameters.
    chunks : str
        `serial`, `batch`, `channel`, `filter`, `height`, `width`, `spatial`, `pipeline`, with a degree (`channel=3`,
        `spatial=2x2`) or as many as workers; several with commas between; or the path of a plan file, `NAME.toml`.
    workers : int, optional
        One thread each; by default the machine's cores, or all that an MPI job or a scheduler file's cluster has.
    cluster : str
        `processes`, `threads`, the address of a scheduler, or `mpi`: under mpirun or srun the first rank becomes the
        scheduler, the second goes on as the client, and this never returns in the others, which are workers. Each
        process imports the script that starts it: a script calls this under `if __name__ == "__main__":`.
    inputs : str, or mapping of str to str, optional
        What `daskcnn.sources.open_source` reads; by name where the network has several inputs. The network's own
        by default: MNIST's test images, or random ones.
    raw : bool
        Whether bytes of images stay 0 to 255; by default they are scaled to [0, 1].
    images : int, optional
        How many of the images; all by default.
    batch : int, optional
        Images in a block at most; all of a worker's images by default.
    repeat : int
        How often to measure.
    engine : str
        `onnxruntime` or `numpy`.
    granularity : str
        `segment`: one task for all layers that exchange nothing; `layer`: one task a layer.
    fan_in : int, optional
        How many partial sums are added at a time, where `filter` is cut; all by default.
    memory_limit : int or str, optional
        Of each worker that is started here, in bytes or in Dask's words, `512MB`; by default they share the memory
        of the machine, or of what the job may use of it.
    interface : str, optional
        Name of the network that a cluster started here uses, `eth0`: by default loopback, and for ranks on several
        nodes the one that leads to other machines.
    scheduler_file : path, optional
        Of a cluster that was started beside this program, as by `dask scheduler --scheduler-file`.
    timeout : float, optional
        Seconds to wait for that file, other ranks or a scheduler at an address, and again for workers; 50, or 5 at an
        address.
    output : path, optional
        A new Zarr group to which each worker writes its own blocks of the network's outputs.
    store : Store or path, optional
        Where the run is kept; `$DASKCNN_STORE` or `daskcnn-runs` by default.
    watch : Watch, optional
        Told what goes on.

    Returns
    -------
    Run

    Raises
    ------
    UsageError
        A value that cannot be used, before anything starts.
    RunError
        The cluster, or the store, fails.

    Examples
    --------
    >>> import daskcnn, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     done = daskcnn.run(chunks="channel=2", workers=2, cluster="threads", images=100, repeat=2, store=folder)
    >>> done.summary["same_as_serial"], done.summary["bytes_moved"] == done.summary["bytes_planned"]
    (True, True)
    """
    place = Place.of(
        cluster, memory_limit=memory_limit, interface=interface, scheduler_file=scheduler_file, timeout=timeout
    )
    if repeat < 1:
        raise UsageError(f"repeat={repeat}: at least 1 is needed; pass repeat=1 or more")
    watch = watch or Watch()
    watch.placed(place)
    keep = store if isinstance(store, Store) else Store(Path(store) if store else default_path())
    keep.check()
    workers = place.workers() if workers is None else workers
    subject = Subject(*opened(network, inputs, images, raw=raw), engine, granularity)
    plan = subject.plan(chunks, workers, batch, fan_in)
    name, labels = new_id(), subject.labels
    with _sink(output, plan, subject.network.outputs if output else ()) as targets:
        frozen = subject.frozen(plan, name, targets)
        for warning in tight(frozen, place.cluster, place.memory_limit):
            watch.warning(warning)
        with place.connect(workers) as client:
            watch.connected(place, client)
            if watch.looks_back:
                show_from_now_on(client)
            tags = tuple(f"{name}-{number}" for number in range(repeat))
            measured = measure(client, subject, frozen, tags, lambda done: watch.repeat(done, repeat + 1))
            setting = {"engine": engine, "cluster": place.cluster, "granularity": granularity}
            tree = run_tree(name, frozen, measured, labels, setting, peaks(keep, place.cluster))
            keep.append(tree)
            watch.stored(Run(tree))
    return Run(tree)


@contextmanager
def _sink(output: str | Path | None, plan: Plan, names: Sequence[str]) -> Iterator[dict[str, Target]]:
    if output is None:
        yield {}
        return
    stages = {name: plan.by_name[name] for name in names}
    grids = {name: (stage.layout.grid, stage.op.output_dtype()) for name, stage in stages.items()}
    with sink(output, grids) as targets:
        yield targets
