"""What the layers of a collection are called, and what their names say of how their tasks come by what they read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from dask.typing import Key
from dask.utils import key_split

from daskcnn.taskgraph.columns import Ints

PARTS = {"overlap": "halo", "rechunk": "relayout", "shuffle": "relayout", "repartition": "relayout"}
"""What dask arrays, frames and bags exchange, by what the names of their layers have in them."""
WORDS = dict.fromkeys(("aggregate", "combine", "partial", "tree"), "reduce")
"""The same by whole words, as others have them in theirs: `street`."""


def labelled(keys: Sequence[Key]) -> tuple[tuple[str, ...], Ints]:
    """Layers in order of their first task: keys of one name; names are told without what makes them unique.

    >>> labelled([("add-0a1b2c3d4e5f", 0), ("add-5f4e3d2c1b0a", 0), "inc-1", "inc-2"])
    (('add', 'add 2', 'inc'), array([0, 1, 2, 2]))
    """
    codes: dict[str, int] = {}
    layer = np.fromiter((codes.setdefault(_name(key), len(codes)) for key in keys), np.int64, len(keys))
    seen: Counter[str] = Counter()
    labels: dict[str, None] = {}
    for name in codes:
        label = own = key_split(name)
        while own in labels or not seen[label]:
            seen[label] += 1
            own = label if seen[label] == 1 else f"{label} {seen[label]}"
        labels[own] = None
    return tuple(labels), layer


def _name(key: Key) -> str:
    """What a key has in common with those of its layer: its first part, or a text but for numbers and tokens."""
    if type(key) is tuple and key and type(key[0]) is str:
        return key[0]
    label = str(key_split(key)) if type(key) is str else type(key).__name__
    return label.rstrip("0123456789") or label


def exchange(label: str) -> str:
    """How the tasks of a layer come by what they read, as its name says; empty where it says nothing.

    >>> [exchange(label) for label in ("sum-aggregate", "getitem-overlap", "taskshuffle", "street")]
    ['reduce', 'halo', 'relayout', '']
    """
    whole = (WORDS[word] for word in re.split(r"[-_ ]", label) if word in WORDS)
    return next((kind for part, kind in PARTS.items() if part in label), next(whole, ""))
