"""A command line within another: what a job will run, looked through before it waits in a queue."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from daskcnn.errors import UsageError
from daskcnn.opening import opened
from daskcnn.study.configuration import configurations, usual_workers
from daskcnn.subject import Subject

JOBS = ("run", "sweep", "trace")
"""Commands that work on a cluster which is there already."""
OWN = {
    "cluster": "the job starts one of its own",
    "scheduler_file": "the job's own has the job's number in its name",
    "interface": "it goes before --, and all of the cluster use it",
    "memory_limit": "each worker has its share of what --mem gives the job on a node",
}
"""Options that the script decides, and why."""


def looked_through(group: click.Group, words: Sequence[str], workers: int) -> list[str]:
    """The words of a command that a cluster of so many workers can run, with `--workers` where they do not say.

    Raises
    ------
    click.UsageError
        An option or argument that the command does not take.
    UsageError
        A command that is none for a job, an option that the script decides, more workers than there are, or a network
        that cannot be cut so.
    """
    name, *rest = words[1:] if words[0] == group.name and len(words) > 1 else words
    if name not in JOBS:
        raise UsageError(f"a job cannot be {name!r}: after -- write what daskcnn is to do, {', '.join(JOBS)}")
    context = click.Context(group, info_name=group.name)
    command = group.get_command(context, name)
    assert command
    with command.make_context(name, list(rest), parent=context) as inner:
        asked = inner.params
        given = [own for own in asked if inner.get_parameter_source(own) is click.core.ParameterSource.COMMANDLINE]
    for own in given:
        if own in OWN:
            raise UsageError(f"leave --{own.replace('_', '-')} out of the job's command: {OWN[own]}")
    numbers = _numbers(asked, given, workers)
    if max(numbers) > workers:
        raise UsageError(
            f"{max(numbers)} workers in a job that has {workers}, its ranks less the scheduler: "
            "raise --nodes or --tasks-per-node, or ask for fewer"
        )
    _tried(name, asked, numbers)
    added = [] if "workers" in given else ["--workers", ",".join(map(str, numbers))]
    return [name, *added, *rest]


def _numbers(asked: dict[str, Any], given: Sequence[str], workers: int) -> Sequence[int]:
    """Numbers of workers that are asked for, or else those of the command on a cluster of that size."""
    if "workers" not in given:
        return usual_workers(asked.get("scaling"), workers)
    found: int | Sequence[int] = asked["workers"]
    return (found,) if isinstance(found, int) else found


def _tried(name: str, asked: dict[str, Any], numbers: Sequence[int]) -> None:
    """Cut the network as it will be, or find the script."""
    if name == "trace":
        if not asked["module"] and not Path(asked["script"]).is_file():
            raise UsageError(f"no script {asked['script']!r}: give the path of one that is there")
        return
    how = {key: asked[key] for key in ("batch", "fan_in")}
    images = asked["images"]
    if name == "run":
        opening = opened(asked["network"], asked["inputs"], images, raw=asked["raw"])
        Subject(*opening).plan(asked["chunks"], numbers[0], **how)
        return
    subject = Subject(*opened(asked["network"], asked["inputs"], raw=asked["raw"]))
    for own in configurations(asked["chunks"].split(","), numbers, images, subject.images, asked["scaling"]):
        subject.first(own.images).plan(own.series, own.workers, **how)
