"""The causes that time has, and how one writes them."""

from collections.abc import Iterable

from daskcnn.errors import UsageError

CAUSES = (
    "compute",
    "deserialize",
    "transfer wait",
    "dependency wait",
    "scheduler wait",
    "no work",
    "spill",
    "paused",
    "other",
)
"""What a thread of a worker does, or why it does nothing."""
COMPUTE, DESERIALIZE, TRANSFER, DEPENDENCY, SCHEDULER, NO_WORK, SPILL, PAUSED, OTHER = range(len(CAUSES))


def codes(causes: str | Iterable[str]) -> list[int]:
    """The places of causes in `CAUSES`.

    >>> codes(["compute", "other"]), codes("spill")
    ([0, 8], [6])
    """
    names = [causes] if isinstance(causes, str) else list(causes)
    if unknown := [name for name in names if name not in CAUSES]:
        raise UsageError(f"{unknown[0]!r} is no cause: use {', '.join(CAUSES)}")
    return [CAUSES.index(name) for name in names]
