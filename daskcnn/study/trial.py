"""A configuration made ready, and its turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import xarray as xr
from distributed import Client

from daskcnn.answer import Reduced
from daskcnn.calibration import Peaks
from daskcnn.errors import NoClusterError, RunError
from daskcnn.execution import ROOM
from daskcnn.experiment import Watch
from daskcnn.measurement import measure
from daskcnn.merge import merged
from daskcnn.metrics import LOSSES
from daskcnn.plan import Plan
from daskcnn.runs import Run, run_tree
from daskcnn.signals import heeded, held
from daskcnn.store import Store
from daskcnn.study.clusters import Clusters
from daskcnn.study.configuration import Configuration, turns
from daskcnn.subject import Subject

CHANCES = 3
"""Turns in a row in which workers are lost, after which a configuration is taken to be what ends them."""


@dataclass(frozen=True, eq=False)
class Trial:
    """A configuration that is measured turn by turn, into one run."""

    configuration: Configuration
    subject: Subject
    """The network on as many images as the configuration has."""
    plan: Plan
    words: Mapping[str, str]
    """What its row says of the sweep."""
    peaks: Peaks
    """What the workers were measured to be able to."""
    run: str
    """The id of its run."""
    done: int
    """Repeats that the store had before."""

    @cached_property
    def frozen(self) -> Reduced:
        """Its tasks."""
        return self.subject.frozen(self.plan, self.run)

    def turn(self, client: Client, repeat: int) -> xr.DataTree:
        """Measure one repeat, as a run of its own.

        Raises
        ------
        RunError
            It cannot be measured.
        """
        found = measure(client, self.subject, self.frozen, (f"{self.run}-{repeat}",))
        words = {**self.words, "series": self.configuration.series, "pair": self.configuration.pair}
        return run_tree(self.run, self.frozen, found, self.subject.labels, words, self.peaks)


def measured(
    trials: Sequence[Trial], rounds: int, seed: int, clusters: Clusters, store: Store, watch: Watch
) -> list[str]:
    """Give every trial the turns that it has not had yet, and tell what failed.

    What fails, out of memory as a rule, is left out of later rounds, with what is the same but for the pair.
    """
    runs = {trial.run: store.open(trial.run) for trial in trials if 0 < trial.done < rounds}
    done, failed = sum(min(trial.done, rounds) for trial in trials), dict[str, str]()
    watch.repeat(done, rounds * len(trials))
    with heeded() as heed:
        for repeat, place in turns(len(trials), rounds, seed):
            trial, name = trials[place], str(trials[place].configuration)
            if repeat < trial.done or name in failed:
                continue
            try:
                tree = _undisturbed(trial, clusters, runs.get(trial.run), watch)
            except NoClusterError:
                raise
            except RunError as error:
                failed[name] = f"{name}: {error}"
                watch.warning(failed[name])
                clusters.close()
            else:
                with held():
                    store.replace(tree)
                runs[trial.run] = tree
                done += 1
                watch.stored(Run(tree))
                watch.repeat(done, rounds * len(trials))
            heed()
    return list(failed.values())


def _undisturbed(trial: Trial, clusters: Clusters, before: xr.DataTree | None, watch: Watch) -> xr.DataTree:
    """A turn in which no worker was lost, or RunError: what others did in its place is no measurement of the plan."""
    done = 0 if before is None else int(before["repeats"])
    for chance in range(1, CHANCES + 1):
        found = trial.turn(clusters.client(trial.configuration.workers), done)
        if not any(found[name].item() for name in LOSSES):
            return found if before is None else merged(before, found)
        clusters.close()
        watch.warning(f"{trial.configuration}: workers were lost, so this turn does not count ({chance} of {CHANCES})")
    raise RunError(f"workers were lost in {CHANCES} turns, killed or out of memory: {ROOM}")
