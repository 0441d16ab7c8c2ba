"""What goes wrong, told in one line: the value, the limit and the way out."""

from collections.abc import Iterator
from contextlib import contextmanager


class UsageError(ValueError):
    """A value given by the user that cannot be used: the command line exits with 2."""


class RunError(RuntimeError):
    """Something that failed while working: the command line exits with 1."""


def reason(error: Exception) -> str:
    """What an exception says, in one line."""
    return " ".join((getattr(error, "strerror", None) or str(error) or type(error).__name__).split())


class NoClusterError(RunError):
    """A cluster that this program has not started does not answer: nothing more can run there."""


@contextmanager
def telling(kind: type[UsageError] | type[RunError], what: str, way_out: str) -> Iterator[None]:
    """Tell in one line whatever a library raises, which on hostile files is nearly anything.

    >>> with telling(RunError, "a.txt: cannot be read", "give another"):
    ...     raise KeyError("a")
    Traceback (most recent call last):
    daskcnn.errors.RunError: a.txt: cannot be read ('a'); give another
    """
    try:
        yield
    except (UsageError, RunError, MemoryError):
        raise
    except Exception as error:
        raise kind(f"{what} ({reason(error)}); {way_out}") from error
