"""What tests of the whole way share."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from tests.foreign import foreign

# How long an example takes says how busy the machine is.
settings.register_profile("any machine", parent=settings(), deadline=None)
settings.load_profile("any machine")

LONG = (
    "slurm/test_jobs.py",
    "test_browser.py",
    "cluster/test_mpi.py",
    "cli/test_run.py",
    "dashboards/test_browser.py",
    "faults/test_ends.py",
    "faults/test_run.py",
    "faults/test_lost.py",
    "live/test_browser.py",
    "study/test_sweep.py",
    "cluster/test_own.py",
    "cli/test_trace.py",
    "recorder/test_recorder.py",
    "test_experiment.py",
    "test_wheel.py",
)
"""Modules that take longest, most of them waiting for processes of their own: begun first, for all to end together."""


def pytest_configure(config: pytest.Config) -> None:
    """Let xdist keep the order, rather than begin with the modules that have most tests."""
    config.option.loadscopereorder = False


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: it works while others wait."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    """Of its module among those that take longest; the order of others stays."""
    path = item.path.as_posix()
    return next((place for place, name in enumerate(LONG) if path.endswith(f"tests/{name}")), len(LONG))


@pytest.fixture(scope="session")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a scheduler with two workers, started from the shell."""
    with foreign(tmp_path_factory.mktemp("scheduler")) as (address, _):
        yield address


@pytest.fixture(scope="module")
def launched() -> Iterator[Any]:
    """A browser of a module, or a skip where there is none."""
    from tests.browsing import chromium

    with chromium() as browser:
        yield browser


@pytest.fixture
def browser(launched: Any) -> Iterator[Any]:
    """The browser of a module, whose tabs are closed after each test: what is left open goes on drawing."""
    yield launched
    for context in launched.contexts:
        context.close()
