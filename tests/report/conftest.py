"""The published times as a store, and what a report knows of it."""

import pytest

from daskcnn.report.evidence import Evidence, gather
from daskcnn.store import Store
from tests.report.planted import first_report


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Nine runs."""
    return first_report(tmp_path_factory.mktemp("first"))


@pytest.fixture(scope="session")
def first(store: Store) -> Evidence:
    """All of them."""
    return gather(store, ())
