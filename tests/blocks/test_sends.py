"""Slices are cut where the block is, once, and only where a block does not go whole."""

import numpy as np

from daskcnn.blocks.layer import BlockLayer, Input
from daskcnn.blocks.sends import Sends, inputs
from daskcnn.exchange import exchange, exchanges
from daskcnn.layout import Layout
from daskcnn.region import Region, slices, whole


def sends(producer: Layout, label: str = "b.halo") -> Sends:
    """Of a producer whose blocks are called ("a-0", images, tile)."""
    keys = [("a-0", batch, tile) for batch in range(len(producer.batches)) for tile in range(len(producer.tiles))]
    return Sends(producer, keys, 4, BlockLayer(label, "0"))


def gathered(own: list[Input], sent: Sends, array: np.ndarray) -> list[np.ndarray]:
    """What each block puts together, once the slices are cut from an array."""
    blocks = [array[slices(block, whole(array.shape))] for block, _ in sent.producer.blocks]
    values = dict(zip(sent.keys, blocks, strict=True))
    for key, task in sent.layer.tasks.items():
        values[key] = task({name: values[name] for name in task.dependencies})
    return [gather.images(0, gather.shape[0], [values[key] for key in carriers]) for gather, carriers in own]


def test_a_block_that_goes_whole_is_no_task_of_its_own() -> None:
    rows = Layout(((0, 3), (0, 4, 8)), ((0, 1),))
    sent = sends(rows)
    own = list(inputs(sent, exchange(rows, rows, [((0, 8),)] * 2), [((0, 8),)] * 2))
    assert not sent.layer.tasks
    assert [carriers for _, carriers in own] == [(("a-0", 0, 0), ("a-0", 0, 1))] * 2


def test_a_slice_is_cut_on_the_side_that_owns_the_block() -> None:
    rows, needs = Layout(((0, 3), (0, 4, 8)), ((0, 1),)), [((0, 4),), ((3, 8),)]
    sent = sends(rows)
    own = list(inputs(sent, exchange(rows, rows, list(needs)), list(needs)))
    assert list(sent.layer.tasks) == [("b.halo-0", 0, 0, 0)]
    assert (sent.layer.owners, sent.layer.nbytes, sent.layer.operations) == ([0], [3 * 1 * 4], [0])
    array = np.arange(24).reshape(3, 8)
    for found, ((start, stop),) in zip(gathered(own, sent, array), needs, strict=True):
        np.testing.assert_array_equal(found, array[:, start:stop])


def test_a_slice_that_several_workers_read_is_cut_once() -> None:
    producer, consumer = Layout(((0, 3), (0, 8)), ((0,),)), Layout(((0, 3), (0, 4, 8)), ((1, 2),))
    sent = sends(producer)
    own = list(inputs(sent, exchange(producer, consumer, [((2, 5),)] * 2), [((2, 5),)] * 2))
    assert len(sent.layer.tasks) == 1
    assert own[0] == own[1]


def test_readers_of_a_tensor_share_its_slices() -> None:
    rows = Layout(((0, 3), (0, 4, 8)), ((0, 1),))
    needs: list[Region] = [((0, 4),), ((3, 8),)]
    first, second = exchanges(rows, [(rows, needs), (rows, needs)])
    one, other = sends(rows), sends(rows, "c.halo")
    other.known = one.known
    assert list(inputs(one, first, needs)) == list(inputs(other, second, needs))
    assert (len(one.layer.tasks), len(other.layer.tasks)) == (1, 0)


def test_images_cut_otherwise_are_joined_and_sent_in_part() -> None:
    producer, consumer = Layout(((0, 4, 8), (0, 3)), ((0,), (1,))), Layout(((0, 6, 8), (0, 3)), ((0,), (1,)))
    sent = sends(producer)
    own = list(inputs(sent, exchange(producer, consumer, [((0, 3),)]), [((0, 3),)]))
    assert sent.layer.nbytes == [2 * 3 * 4]
    array = np.arange(24).reshape(8, 3)
    one, other = gathered(own, sent, array)
    np.testing.assert_array_equal(one, array[:6])
    np.testing.assert_array_equal(other, array[6:])


def test_blocks_of_images_that_are_alike_share_how_they_are_put_together() -> None:
    rows = Layout((tuple(range(0, 60, 3)), (0, 4, 8)), ((0, 1),) * 19)
    sent = sends(rows)
    own = list(inputs(sent, exchange(rows, rows, [((0, 5),), ((3, 8),)]), [((0, 5),), ((3, 8),)]))
    assert len(own) == 2 * 19
    assert len({id(gather) for gather, _ in own}) == 2
