"""Signals that end a program, also where a library swallows what their handlers raise."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
Handler = Callable[[int, FrameType | None], object]


@contextmanager
def heeded() -> Iterator[Callable[[], None]]:
    """Remember for the length of a block what signals raised in it.

    A handler raises wherever the program is: in a callback of a C library, or while an object is deleted, Python
    prints that at most, and goes on.

    Yields
    ------
    callable
        Raises what a signal has raised before, if one has.

    Examples
    --------
    >>> from contextlib import suppress
    >>> with suppress(KeyboardInterrupt), heeded() as heed:
    ...     with suppress(KeyboardInterrupt):
    ...         signal.raise_signal(signal.SIGINT)
    ...     heed()
    ...     print("this is not reached")
    """
    raised: list[BaseException] = []

    def noted(handler: Handler) -> Handler:
        def note(number: int, frame: FrameType | None) -> None:
            try:
                handler(number, frame)
            except BaseException as error:
                raised.append(error)
                raise

        return note

    def heed() -> None:
        if raised:
            raise raised[-1]

    with _handled_by(noted):
        yield heed


@contextmanager
def held() -> Iterator[None]:
    """Put off to the end of a short block what signals do that come in it: files are written in peace.

    Examples
    --------
    >>> from contextlib import suppress
    >>> with suppress(KeyboardInterrupt), held():
    ...     signal.raise_signal(signal.SIGINT)
    ...     print("this is reached")
    this is reached
    """
    came: list[int] = []
    try:
        with _handled_by(lambda handler: lambda number, frame: came.append(number)):
            yield
    finally:
        for number in came[:1]:
            signal.raise_signal(number)


@contextmanager
def _handled_by(changed: Callable[[Handler], Handler]) -> Iterator[None]:
    """Other handlers, made of those that are there, for the length of a block."""
    # Signals come to the main thread alone, which alone may say where they go.
    here = threading.current_thread() is threading.main_thread()
    before = {number: handler for number in ENDING if here and callable(handler := signal.getsignal(number))}
    try:
        for number, handler in before.items():
            signal.signal(number, changed(handler))
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
