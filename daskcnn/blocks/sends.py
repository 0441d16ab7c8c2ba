"""What is sent: slices cut on the side that owns the block, and what each block puts together of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from dask._task_spec import Task, TaskRef

from daskcnn.blocks.gather import Gather
from daskcnn.blocks.layer import BlockLayer, Input, Key
from daskcnn.blocks.task import take
from daskcnn.exchange import Exchange, Join, Read
from daskcnn.layout import Layout
from daskcnn.region import Interval, Region, shape_of, size_of, slices

Carrier = tuple[int, Interval, int, Region]
"""Producer's block of images, images, tile, and region of it."""


@dataclass
class Sends:
    """The slices of one exchange, as its joins are gone through; `known` are those of its tensor so far."""

    producer: Layout
    keys: Sequence[Key]
    """Of the producer's blocks, tiles fastest."""
    itemsize: int
    layer: BlockLayer
    known: dict[Carrier, Key] = field(default_factory=dict)
    gathers: dict[tuple[object, ...], Gather] = field(default_factory=dict)

    def carrier(self, join: Join, read: Read) -> Key:
        """The task that carries what is read: the block where it is near or goes whole, else a slice of it."""
        key: Key = self.keys[join.source * len(self.producer.tiles) + read.tile]
        if not read.sent or self._goes_whole(join, read):
            return key
        place = join.source, join.images, read.tile, read.carrier
        if place not in self.known:
            self.known[place] = self._slice(key, join, read)
        return self.known[place]

    def gather(self, need: Region, joins: Sequence[Join], tile: int) -> Gather:
        """How a tile puts together what it reads; alike for all blocks of images that are joined alike."""
        start = joins[0].images[0]
        alike = (
            tile,
            *(
                (a - start, b - start, self._skipped(join), id(join.pattern))
                for join in joins
                for a, b in [join.images]
            ),
        )
        if alike not in self.gathers:
            parts = tuple(
                (slices(((a - start, b - start), *read.region), ((0, 0), *need)), self._taken(join, read))
                for join in joins
                for a, b in [join.images]
                for read in join.pattern.reads[tile]
            )
            images = joins[-1].images[1] - start
            self.gathers[alike] = Gather((images, *shape_of(need)), parts)
        return self.gathers[alike]

    def _skipped(self, join: Join) -> int:
        """Images of a near block that come before those read."""
        return join.images[0] - self.producer.batches[join.source][0]

    def _taken(self, join: Join, read: Read) -> tuple[slice, ...]:
        first = 0 if read.sent else self._skipped(join)
        rows = first, first + join.images[1] - join.images[0]
        return slices((rows, *read.region), ((0, 0), *read.carrier))

    def _goes_whole(self, join: Join, read: Read) -> bool:
        return join.images == self.producer.batches[join.source] and read.carrier == self.producer.tiles[read.tile]

    def _slice(self, block: Key, join: Join, read: Read) -> Key:
        batch, owner = self.producer.batches[join.source], self.producer.owners[join.source][read.tile]
        region, origin = (join.images, *read.carrier), (batch, *self.producer.tiles[read.tile])
        key = (self.layer.name, *block[1:], len(self.known))
        task = Task(key, take, TaskRef(block), slices(region, origin))
        self.layer.add(task, owner, 0, size_of(region) * self.itemsize)
        return key


def inputs(sends: Sends, exchange: Exchange, needs: Sequence[Region]) -> Iterator[Input]:
    """For each of the consumer's blocks what it reads; the slices it takes are added to `sends` on the way."""
    for _, group in groupby(exchange.joins, key=lambda join: join.batch):
        joins = list(group)
        for tile, need in enumerate(needs):
            carriers = tuple(sends.carrier(join, read) for join in joins for read in join.pattern.reads[tile])
            yield sends.gather(need, joins, tile), carriers
