"""What tests of the whole way share."""

from collections.abc import Iterator

import pytest

from tests.foreign import foreign


@pytest.fixture(scope="session")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a scheduler with two workers, started from the shell."""
    with foreign(tmp_path_factory.mktemp("scheduler")) as (address, _):
        yield address
