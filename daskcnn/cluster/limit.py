"""A worker's memory limit, in bytes or in Dask's words."""

from dask.utils import parse_bytes

from daskcnn.errors import UsageError


def limit_bytes(memory_limit: int | str | None) -> int | None:
    """A memory limit in bytes, or none.

    Raises
    ------
    UsageError
        It is no amount of memory.

    Examples
    --------
    >>> limit_bytes("512MB"), limit_bytes("2 GiB"), limit_bytes(None)
    (512000000, 2147483648, None)
    """
    if memory_limit is None:
        return None
    try:
        limit = int(parse_bytes(memory_limit)) if memory_limit else 0
    except (ValueError, OverflowError):
        limit = 0
    if limit < 1:
        raise UsageError(f"memory limit {memory_limit!r}: give an amount of memory, as in 512MB or 2GiB")
    return limit
