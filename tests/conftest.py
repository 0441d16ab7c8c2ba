"""What tests of the whole way share."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from tests.foreign import foreign

# How long an example takes says how busy the machine is.
settings.register_profile("any machine", parent=settings(), deadline=None)
settings.load_profile("any machine")


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
