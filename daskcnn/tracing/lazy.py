"""A cluster of our own for programs that bring none, started when the first of their work needs it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import copy_context
from importlib.machinery import ModuleSpec
from threading import Lock

import dask
from distributed import Client


class LazyClient(str):
    """Stands for a client in Dask's setting `scheduler`, and makes it when Dask asks for its `get`.

    Dask takes for a client what is called so and has `get`. Settings are sent to other processes too: there it is
    an empty text, as if nothing was set.
    """

    asynchronous = False
    _make: Callable[[], Client]

    @classmethod
    def of(cls, make: Callable[[], Client]) -> LazyClient:
        """The client that `make` makes."""
        found = cls()
        found._make = make
        return found

    @property
    def get(self) -> Callable[..., object]:
        """How the client computes."""
        return self._make().get

    def __bool__(self) -> bool:
        return True

    def __reduce__(self) -> tuple[type[str], tuple[()]]:
        return str, ()


@contextmanager
def by_default(cluster: AbstractContextManager[Client]) -> Iterator[None]:
    """Within the block, what is computed without a client goes to one of this cluster, entered when it is needed.

    Examples
    --------
    >>> from daskcnn.cluster import connect
    >>> with by_default(connect("threads", workers=1)):
    ...     dask.delayed(sum)([1, 2]).compute()
    3
    """
    made: list[Client] = []
    lock, stack = Lock(), ExitStack()
    # A client is to be left in the context that it was entered in, which may be any thread's of the program.
    context = copy_context()

    def make() -> Client:
        with lock, _main_unknown():
            if not made:
                made.append(context.run(stack.enter_context, cluster))
            return made[0]

    with dask.config.set(scheduler=LazyClient.of(make)):
        try:
            yield
        finally:
            context.run(stack.close)


@contextmanager
def _main_unknown() -> Iterator[None]:
    """Let processes that start meanwhile not import the main program.

    Dask's other schedulers start none, so a script that makes no client has no reason to guard its work by
    `if __name__ == "__main__":`, and each worker would do it all again.
    """
    main = sys.modules["__main__"]
    spec = main.__spec__
    # Python leaves out what is called so: it does not expect it to be guarded either.
    main.__spec__ = ModuleSpec("__main__", None)
    try:
        yield
    finally:
        main.__spec__ = spec
