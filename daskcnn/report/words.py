"""How a report says things: lists, intervals, what is best and by how much."""

from __future__ import annotations

from collections.abc import Sequence

from daskcnn.metrics import METRICS
from daskcnn.report.claims import Best
from daskcnn.report.evidence import Evidence

MOST = 4
"""Names in a list."""
ENDS = {"up": "highest", "down": "lowest"}
WORSE = {"up": "lower", "down": "higher"}


def several(names: Sequence[str], most: int = MOST) -> str:
    """Names in a row.

    >>> several(["a", "b", "c"]), several(list("abcdefg")), several(["a"])
    ('a, b and c', 'a, b, c, d and 3 others', 'a')
    """
    shown = list(names[:most]) if len(names) > most + 1 else list(names)
    if len(shown) < len(names):
        shown.append(f"{len(names) - len(shown):,} others")
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def percent(share: float) -> str:
    """A round share.

    >>> percent(0.9)
    '90 %'
    """
    return f"{100 * share:.0f} %"


def upper(text: str) -> str:
    """With a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def best_words(evidence: Evidence, found: Best | None, what: str) -> str:
    """Which configuration is best in what, how sure that is, and which others may be as good.

    Parameters
    ----------
    evidence : Evidence
    found : Best, optional
    what : str
        The metric in words, as in `mean latency`.
    """
    if found is None:
        return f"{upper(what)} is not known of these runs."
    better = METRICS[found.metric].better
    who = f"{evidence.label(found.run)} has the {ENDS[better]} {what}, {evidence.text(found.run, found.metric)}"
    if not (found.worse or found.alike or found.open):
        return f"{who}; it is the only one that was measured."
    parts = []
    if found.worse:
        run, said = next(iter(found.worse.items()))
        next_one = evidence.label(run)
        parts.append(f"it is {said} that of {next_one}" if better == "up" else f"that of {next_one} is {said} as much")
        if more := list(found.worse)[1:]:
            others = "1 other is" if len(more) == 1 else f"{len(more):,} others are"
            parts.append(f"{others} surely {WORSE[better]}")
    if found.alike:
        parts.append(f"no difference is found to {several([evidence.label(run) for run in found.alike])}")
    if found.open:
        parts.append(f"too few repeats tell it from {several([evidence.label(run) for run in found.open])}")
    return f"{who}; {'; '.join(parts)}."


def grouped(evidence: Evidence, groups: dict[str, list[str]]) -> str:
    """Runs under what is said of them; what is said of none is left out."""
    names = {what: [evidence.label(run) for run in runs] for what, runs in groups.items() if runs}
    return " ".join(f"{upper(what)}: {several(own)}." for what, own in names.items())
