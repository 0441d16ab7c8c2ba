"""The whole way of a sweep: configurations, turns, clusters, runs in the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import partial
from itertools import chain
from pathlib import Path

import xarray as xr

from daskcnn.calibration import peaks
from daskcnn.cluster import Place, limit_bytes
from daskcnn.errors import RunError, UsageError
from daskcnn.experiment import Watch
from daskcnn.measurement import tight
from daskcnn.network import Network
from daskcnn.onnx import OnnxModel
from daskcnn.opening import opened
from daskcnn.store import Store, default_path, new_id
from daskcnn.study.clusters import clusters
from daskcnn.study.configuration import configurations, usual_workers
from daskcnn.study.findings import against_best
from daskcnn.study.identity import identity
from daskcnn.study.kept import kept, latest, table
from daskcnn.study.trial import Trial, measured
from daskcnn.subject import Subject


def sweep(
    network: str | Path | Network | OnnxModel = "mnist",
    *,
    chunks: str | Sequence[str] = ("batch", "channel", "spatial"),
    workers: int | Sequence[int] | None = None,
    scaling: str | None = None,
    cluster: str = "processes",
    inputs: str | Mapping[str, str] | None = None,
    raw: bool = False,
    images: int | None = None,
    batch: int | None = None,
    repeat: int = 7,
    engine: str = "onnxruntime",
    granularity: str = "segment",
    fan_in: int | None = None,
    memory_limit: int | str | None = None,
    interface: str | None = None,
    scheduler_file: str | Path | None = None,
    timeout: float | None = None,
    again: bool = False,
    store: Store | str | Path | None = None,
    watch: Watch | None = None,
) -> xr.Dataset:
    """Measure ways of cutting on numbers of workers side by side, and keep each as a run.

    In each round every configuration has one turn, in an order drawn anew: images and parameters are placed, one
    warm-up is not counted, one repeat is, with the serial run beside it. The first configuration has two turns a
    round: what its halves differ by is noise. After each turn the store holds the run with one repeat more; a sweep
    that was stopped goes on where it was when it is asked for again. A turn in which workers are lost is taken again. A
    configuration that fails is left out of later rounds, and told.

    Parameters
    ----------
    network, cluster, inputs, raw, batch, engine, granularity, fan_in
        As of `daskcnn.run`.
    memory_limit, interface, scheduler_file, timeout
        As of `daskcnn.run`.
    chunks : sequence of str, or str
        Ways of cutting, each as of `daskcnn.run`; in a str a comma parts them, and `+` joins the words of a hybrid.
    workers : int or sequence of int, optional
        Numbers of workers; by default as of `daskcnn.run`, for scaling 1, 2, 4 … up to that.
    scaling : str, optional
        `strong`, the same images on all numbers of workers; or `weak`, as many more as there are workers.
    images : int, optional
        How many of the images, for weak scaling those of one worker; as many as there are by default.
    repeat : int
        Rounds. With more than are kept of this sweep, it goes on.
    again : bool
        Whether to begin anew, whatever the store holds.
    store : Store or path, optional
        Where the runs are kept; `$DASKCNN_STORE` or `daskcnn-runs` by default.
    watch : Watch, optional
        Told what goes on: of turns as of repeats, and of each run when it has one repeat more.

    Returns
    -------
    xarray.Dataset
        Rows of the store's table, one a configuration, along `run`. Besides, `each_seconds` along `repeat`,
        `peak_memory` along `worker`, and the `ratio` of each time to the best and the `noise`, with their intervals.
        Attributes: `sweep`, its name in the runs; `turns`, how many were measured now; `failed`, what failed and why.

    Raises
    ------
    UsageError
        A value that cannot be used, before anything starts.
    RunError
        The store fails, or every configuration.

    Examples
    --------
    >>> import daskcnn, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     asked = dict(chunks="batch,channel", workers=2, cluster="threads", images=50, repeat=2, store=folder)
    ...     found, same = daskcnn.sweep(**asked), daskcnn.sweep(**asked)
    >>> found["chunks"].values.tolist(), found["pair"].values.tolist(), found["repeats"].values.tolist()
    (['batch=2', 'batch=2', 'channel=2'], ['A', 'B', ''], [2, 2, 2])
    >>> found.turns, same.turns
    (6, 0)
    """
    place = Place.of(
        cluster, memory_limit=memory_limit, interface=interface, scheduler_file=scheduler_file, timeout=timeout
    )
    if repeat < 1:
        raise UsageError(f"repeat={repeat}: at least 1 is needed; pass repeat=1 or more")
    watch, limit = watch or Watch(), limit_bytes(memory_limit)
    watch.placed(place)
    keep = store if isinstance(store, Store) else Store(Path(store) if store else default_path())
    keep.check()
    series = chunks.split(",") if isinstance(chunks, str) else list(chunks)
    given = [int(workers)] if isinstance(workers, int) else workers
    counts = list(given or usual_workers(scaling, place.workers()))
    place.connect(max(counts))  # starts nothing yet, and refuses what cannot be started
    subject = Subject(*opened(network, inputs, raw=raw), engine, granularity)
    wanted = configurations(series, counts, images, subject.images, scaling)
    words = {"engine": engine, "cluster": place.cluster, "granularity": granularity, "scaling": scaling or ""}
    asked = words | {"configurations": list(map(repr, wanted)), "batch": batch, "fan_in": fan_in, "limit": limit}
    files = [*(inputs.values() if isinstance(inputs, Mapping) else [inputs or ""])]
    files += [own for own in series if own.endswith(".toml")]
    digest, rows = identity(asked, subject, files), keep.runs()
    words["sweep"] = f"{digest}-{max(1, latest(rows, digest) + again)}"
    known = kept(rows, words["sweep"])
    subjects = {own.images: subject.first(own.images) for own in wanted}
    plans = [subjects[own.images].plan(own.series, own.workers, batch, fan_in) for own in wanted]
    most = peaks(keep, place.cluster)
    trials = [
        Trial(own, subjects[own.images], plan, words, most, *known.get(own, (new_id(), 0)))
        for own, plan in zip(wanted, plans, strict=True)
    ]
    unfinished = [trial for trial in trials if trial.done < repeat]
    said = (tight(trial.frozen, place.cluster, place.memory_limit) for trial in unfinished)
    for warning in dict.fromkeys(chain.from_iterable(said)):
        watch.warning(warning)
    needed = {trial.configuration.workers for trial in unfinished}
    with closing(clusters(place, needed, partial(watch.connected, place), grows=scaling == "weak")) as up:
        failed = measured(trials, repeat, int(digest, 16), up, keep, watch)
    found = kept(keep.runs(), words["sweep"])
    if not found:
        raise RunError(f"every configuration failed; {failed[0]}")
    runs = table(keep, {own: found[own] for own in wanted if own in found})
    turns = sum(repeats for _, repeats in found.values()) - sum(repeats for _, repeats in known.values())
    return against_best(runs).assign_attrs(sweep=words["sweep"], turns=turns, failed=failed)
