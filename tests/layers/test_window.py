"""Which elements a window reads, counted tap by tap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.errors import UsageError
from daskcnn.layers.window import Window
from tests import strategies


def taps(window: Window, outputs: range) -> list[int]:
    """Where every tap of some outputs lies; beside the axis is padding."""
    return [
        output * window.stride + tap * window.dilation - window.before
        for output in outputs
        for tap in range(window.size)
    ]


@given(size=st.integers(1, 12), data=st.data())
def test_outputs_are_the_places_where_all_taps_fit(size: int, data: st.DataObject) -> None:
    window = data.draw(strategies.windows(size))
    count = window.output_size(size)
    assert count >= 1
    assert taps(window, range(count))[-1] < size + window.after
    assert taps(window, range(count, count + 1))[-1] >= size + window.after


@given(size=st.integers(1, 12), data=st.data())
def test_needs_reach_from_the_first_to_the_last_tap_on_the_axis(size: int, data: st.DataObject) -> None:
    window = data.draw(strategies.windows(size))
    output = data.draw(strategies.intervals(window.output_size(size)))
    start, stop = window.needs(output, size)
    assert 0 <= start < stop <= size
    read = [tap for tap in taps(window, range(*output)) if 0 <= tap < size]
    if read:
        assert start <= min(read)
        assert max(read) < stop
    if window.dilation == 1 and window.stride <= window.size and read:
        assert (start, stop) == (min(read), max(read) + 1)


@given(size=st.integers(1, 12), data=st.data())
def test_a_block_with_its_own_padding_gives_just_its_outputs_from_the_same_taps(size: int, data: st.DataObject) -> None:
    window = data.draw(strategies.windows(size))
    output = data.draw(strategies.intervals(window.output_size(size)))
    start, stop = window.needs(output, size)
    before, after = window.padding_left(output, size)
    own = Window(window.size, window.stride, before, after, window.dilation)
    count = own.output_size(stop - start)
    assert count == output[1] - output[0]
    assert [tap + start for tap in taps(own, range(count))] == taps(window, range(*output))


def test_a_stride_of_two_by_hand() -> None:
    window = Window(3, stride=2, before=1, after=1)
    assert window.output_size(14) == 7
    assert [window.needs(output, 14) for output in ((0, 4), (4, 7))] == [(0, 8), (7, 14)]
    assert [window.padding_left(output, 14) for output in ((0, 4), (4, 7))] == [(1, 0), (0, 0)]


def test_a_block_that_lies_in_padding_alone_crops_what_it_was_given() -> None:
    window = Window(1, before=3, after=3)
    assert window.needs((0, 2), 4) == (0, 1)
    assert window.padding_left((0, 2), 4) == (3, -2)


@pytest.mark.parametrize(("name", "values"), [("size", (0, 1, 1)), ("stride", (1, 0, 1)), ("dilation", (1, 1, 0))])
def test_a_kernel_has_a_size_and_moves(name: str, values: tuple[int, int, int]) -> None:
    size, stride, dilation = values
    with pytest.raises(UsageError, match=f"a kernel's {name} is 0; use 1 or more"):
        Window(size, stride, dilation=dilation)


def test_a_kernel_longer_than_the_padded_axis_is_refused() -> None:
    with pytest.raises(UsageError, match=r"a kernel that spans 7 does not fit an axis of 4 with padding 1\+1"):
        Window(4, before=1, after=1, dilation=2).output_size(4)
