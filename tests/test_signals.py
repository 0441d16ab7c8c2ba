"""What a signal raises is not lost, and handlers are as they were."""

import signal
import threading
import weakref
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from daskcnn.signals import heeded, held


class Thing:
    """Something that can be referred to."""


@pytest.fixture
def terminates() -> Iterator[None]:
    def terminate(*_: Any) -> None:
        raise SystemExit(143)

    before = signal.signal(signal.SIGTERM, terminate)
    yield
    assert signal.getsignal(signal.SIGTERM) is terminate
    signal.signal(signal.SIGTERM, before)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_what_python_swallows_is_raised_when_asked() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), heeded() as heed:
        heed()
        thing = Thing()
        reference = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGINT))
        del thing
        assert reference() is None
        heed()
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.usefixtures("terminates")
def test_what_a_handler_raises_is_what_is_raised() -> None:
    with pytest.raises(SystemExit) as ended, heeded() as heed:
        with suppress(SystemExit):
            signal.raise_signal(signal.SIGTERM)
        heed()
    assert ended.value.code == 143


@pytest.mark.usefixtures("terminates")
def test_what_comes_while_it_is_held_is_raised_at_the_end() -> None:
    after = []
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(SystemExit), held():
        signal.raise_signal(signal.SIGTERM)
        after.append(1)
        signal.raise_signal(signal.SIGINT)
        after.append(2)
    assert after == [1, 2] and signal.getsignal(signal.SIGINT) is before
    with pytest.raises(KeyboardInterrupt), held():
        signal.raise_signal(signal.SIGINT)
        raise ValueError("the signal comes all the same")


def test_what_is_not_swallowed_is_raised_at_once() -> None:
    after = []
    with pytest.raises(KeyboardInterrupt), heeded():
        signal.raise_signal(signal.SIGINT)
        after.append(1)
    assert not after


def test_signals_that_nobody_handles_are_let_alone() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with heeded() as heed:
            signal.raise_signal(signal.SIGINT)
            heed()
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_other_threads_have_no_signals() -> None:
    heard: list[object] = []

    def work() -> None:
        with heeded() as heed:
            heard.append(heed())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert heard == [None]
