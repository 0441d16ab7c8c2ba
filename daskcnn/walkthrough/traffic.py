"""What each worker sends and receives for each layer, by the kind of exchange."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from daskcnn.layout import Layout
from daskcnn.region import size_of
from daskcnn.stage import Stage

COLUMNS = {
    "layer": {"long_name": "Layer that reads"},
    "kind": {"long_name": "halo, all-gather, reduce or relayout"},
    "worker": {"long_name": "Worker"},
    "bytes_sent": {"units": "B", "long_name": "Bytes sent"},
    "bytes_received": {"units": "B", "long_name": "Bytes received"},
    "messages_sent": {"units": "1", "long_name": "Messages sent"},
    "messages_received": {"units": "1", "long_name": "Messages received"},
}


@dataclass(frozen=True)
class Flow:
    """Regions of one tensor that go from a worker to another alike."""

    kind: str
    source: int
    destination: int
    messages: int
    bytes: int


def flows(stage: Stage, before: Mapping[str, Stage]) -> Iterator[Flow]:
    """All that is sent for a layer."""
    for name, exchange in zip(stage.layer.inputs, stage.exchanges, strict=True):
        if exchange is None:
            continue
        producer = before[name]
        images = np.bincount(exchange.kinds, np.diff(exchange.bounds), len(exchange.patterns)).astype(np.int64)
        for number, pattern in enumerate(exchange.patterns):
            same = np.flatnonzero(exchange.kinds == number)
            have = producer.layout.owners[exchange.sources[same[0]]]
            for send in pattern.sends:
                elements = size_of(send.region) * int(images[number])
                kind = _kind(stage, producer.layout, have, send.tile, send.destination)
                yield Flow(kind, have[send.tile], send.destination, len(same), elements * producer.itemsize)


def _kind(stage: Stage, layout: Layout, have: Sequence[int], tile: int, destination: int) -> str:
    """Of a halo and an all-gather at once: what comes from a tile of channels that the reader has some of is halo."""
    if "+" not in stage.kind:
        return stage.kind
    channel = layout.tile_indices[tile][0]
    near = any(layout.tile_indices[own][0] == channel for own, owner in enumerate(have) if owner == destination)
    return "halo" if near else "all-gather"


def exchanged(stages: Sequence[Stage], before: Mapping[str, Stage]) -> xr.Dataset:
    """What workers send and receive, along `exchange`: a row a layer, kind and worker that has a part in it.

    What several layers read counts for the first of them, as in `Plan.bytes_sent`.
    """
    rows = [(stage.layer.name, *row) for stage in stages for row in _rows(stage, before)]
    values = zip(*rows, strict=True) if rows else [()] * len(COLUMNS)
    dtypes = (str, str, *[np.int64] * (len(COLUMNS) - 2))
    columns = zip(COLUMNS, values, dtypes, strict=True)
    return xr.Dataset({name: ("exchange", np.array(column, dtype), COLUMNS[name]) for name, column, dtype in columns})


def _rows(stage: Stage, before: Mapping[str, Stage]) -> Iterator[tuple[Any, ...]]:
    """Kind, worker, bytes sent and received, messages sent and received."""
    found: defaultdict[tuple[str, int], NDArray[np.int64]] = defaultdict(lambda: np.zeros((2, 2), np.int64))
    for flow in flows(stage, before):
        found[flow.kind, flow.source][:, 0] += flow.bytes, flow.messages
        found[flow.kind, flow.destination][:, 1] += flow.bytes, flow.messages
    for key in sorted(found):
        yield *key, *found[key].ravel().tolist()
