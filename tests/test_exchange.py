"""What blocks send each other: textbook cases, and any needs of any blocks on any workers."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.exchange import Exchange, Send, exchange, exchanges
from daskcnn.layout import Layout
from daskcnn.region import Region, cut, whole
from tests import laws, strategies


def one_batch(*grid: tuple[int, ...], owners: tuple[int, ...], images: int = 1) -> Layout:
    """Tiles of one block of images."""
    return Layout(((0, images), *grid), (owners,))


def sends(found: Exchange) -> list[Send]:
    """What is sent, whatever the block of images."""
    return [send for join in found.joins for send in join.pattern.sends]


def test_an_all_gather_moves_every_block_to_every_other_worker() -> None:
    for workers in range(1, 6):
        channels = one_batch(cut(64, workers), owners=tuple(range(workers)), images=10)
        found = exchange(channels, channels, [((0, 64),)] * workers)
        assert found.elements == 10 * 64 * (workers - 1)
        assert {send.region for send in sends(found)} <= set(channels.tiles)


def test_a_halo_is_the_rows_that_the_neighbour_lacks() -> None:
    rows = one_batch((0, 4, 8, 12), (0, 5), owners=(0, 1, 2))
    found = exchange(rows, rows, [((0, 5), (0, 5)), ((3, 9), (0, 5)), ((7, 12), (0, 5))])
    assert {(send.tile, send.region[0], send.destination) for send in sends(found)} == {
        (1, (4, 5), 0),
        (0, (3, 4), 1),
        (2, (8, 9), 1),
        (1, (7, 8), 2),
    }
    assert found.elements == 4 * 5


def test_a_kernel_longer_than_a_block_reads_several() -> None:
    rows = one_batch(tuple(range(6)), owners=tuple(range(5)))
    found = exchange(rows, rows, [((max(i - 2, 0), min(i + 3, 5)),) for i in range(5)])
    assert found.elements == 2 + 3 + 4 + 3 + 2
    assert len(found.joins[0].pattern.reads[2]) == 5


def test_blocks_of_one_worker_share_what_is_sent() -> None:
    rows, needs = ((0, 4, 6, 8),), [((0, 4),), ((1, 6),), ((3, 8),)]
    found = exchange(one_batch(*rows, owners=(0, 1, 1)), one_batch(*rows, owners=(0, 1, 1)), needs)
    assert sends(found) == [Send(0, ((1, 4),), 1)]
    assert [read.carrier for read in found.joins[0].pattern.reads[2] if read.sent] == [((1, 4),)]


def test_what_two_blocks_of_one_worker_read_in_part_together_is_sent_once() -> None:
    producer, consumer = one_batch((0, 8), owners=(0,)), one_batch((0, 4, 8), owners=(1, 1))
    found = exchange(producer, consumer, [((0, 5),), ((4, 8),)])
    assert found.elements == 8
    laws.exchanged(producer, [(consumer, [((0, 5),), ((4, 8),)], found)])


def test_a_corner_is_not_sent_with_both_its_sides() -> None:
    # The worker below and to the right of a tile has both its last row and its last column to read.
    producer, consumer = one_batch((0, 4), (0, 4), owners=(0,)), one_batch((0, 2), (0, 4), (0, 4), owners=(1, 1))
    needs: list[Region] = [((3, 4), (0, 4)), ((0, 4), (3, 4))]
    found = exchange(producer, consumer, needs)
    assert found.elements == 7
    laws.exchanged(producer, [(consumer, needs, found)])


def test_images_cut_otherwise_are_sent_as_the_share_that_is_read() -> None:
    producer, consumer = Layout(((0, 4, 8), (0, 3)), ((0,), (1,))), Layout(((0, 6, 8), (0, 3)), ((0,), (1,)))
    found = exchange(producer, consumer, [((0, 3),)])
    assert [(join.batch, join.source, join.images) for join in found.joins] == [
        (0, 0, (0, 4)),
        (0, 1, (4, 6)),
        (1, 1, (6, 8)),
    ]
    assert found.elements == 2 * 3


def test_who_needs_nothing_reads_nothing() -> None:
    rows = one_batch((0, 4, 8), owners=(0, 1))
    found = exchange(rows, rows, [((2, 2),), ((4, 4),)])
    assert found.elements == 0
    assert found.joins[0].pattern.reads == ((), ())


def test_readers_of_one_tensor_share_what_is_sent() -> None:
    rows = one_batch((0, 4, 8), owners=(0, 1))
    near: list[Region] = [((0, 5),), ((3, 8),)]
    wide: list[Region] = [((0, 6),), ((2, 8),)]
    found = exchanges(rows, [(rows, near), (rows, wide), (rows, near)])
    assert [part.elements for part in found] == [2 + 2, 0, 0]
    assert all(part.distant for part in found)
    laws.exchanged(rows, [(rows, needs, part) for needs, part in zip((near, wide, near), found, strict=True)])


@settings(max_examples=200)
@given(data=st.data())
def test_any_needs_are_met_and_nothing_goes_twice(data: st.DataObject) -> None:
    shape = (data.draw(st.integers(1, 5)), *data.draw(st.lists(st.integers(1, 6), min_size=1, max_size=3)))
    producer, *consumers = (layout(data, shape) for _ in range(data.draw(st.integers(2, 4))))
    readers = [(own, [data.draw(strategies.regions(shape[1:])) for _ in own.tiles]) for own in consumers]
    found = exchanges(producer, readers)
    laws.exchanged(producer, [(*reader, part) for reader, part in zip(readers, found, strict=True)])
    wanted = [box for own, needs in readers for box in laws.needed(own, needs)]
    missing = (
        laws.covered(shape, wanted, worker) & ~laws.covered(shape, producer.blocks, worker) for worker in range(5)
    )
    assert sum(part.elements for part in found) == sum(int(mask.sum()) for mask in missing)


def layout(data: st.DataObject, shape: tuple[int, ...]) -> Layout:
    """Any grid on any workers."""
    grid = data.draw(strategies.grids(shape))
    laid = Layout(grid, ())
    owners = st.tuples(*[st.integers(0, 4)] * len(laid.tiles))
    return Layout(grid, tuple(data.draw(owners) for _ in pairwise(grid[0])))


def test_one_owner_sends_nothing() -> None:
    rows = one_batch((0, 3, 6), owners=(2, 2))
    found = exchange(rows, rows, [whole((6,))] * 2)
    assert found.elements == 0
    assert not any(read.sent for reads in found.joins[0].pattern.reads for read in reads)


def test_a_tensor_of_nothing_but_images_is_sent_like_any_other() -> None:
    classes, together = Layout(((0, 1, 2),), ((0,), (1,))), Layout(((0, 2),), ((0,),))
    found = exchange(classes, together, [()])
    assert found.elements == 1
    assert [(join.source, [read.sent for read in join.pattern.reads[0]]) for join in found.joins] == [
        (0, [False]),
        (1, [True]),
    ]
