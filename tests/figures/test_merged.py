"""Bars tile the lanes as the pieces do, whatever is merged."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.figures.merged import Bars, Pieces, merged

LENGTHS = st.lists(st.tuples(st.integers(1, 40), st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=30)


def tiling(lanes: list[list[tuple[int, int, int]]]) -> Pieces:
    """Lanes of pieces end to end, each of so many sixty-fourths of a second, a kind and a part."""
    rows = []
    for lane, lengths in enumerate(lanes):
        stops = np.cumsum([length for length, _, _ in lengths]) / 64
        starts = [0.0, *stops[:-1]]
        rows += [
            (lane, start, stop, kind, part) for start, stop, (_, kind, part) in zip(starts, stops, lengths, strict=True)
        ]
    lanes_of, start, stop, kind, part = (np.array(column) for column in zip(*rows, strict=True))
    return Pieces(lanes_of, start, stop, kind, part)


def all_of(pieces: Pieces, pixel: float) -> Bars:
    return merged(pieces, -1.0, float(pieces.stop.max()) + 1.0, pixel)


@given(lanes=st.lists(LENGTHS, min_size=1, max_size=3), pixel=st.sampled_from([1 / 256, 1 / 16, 1 / 4, 2.0]))
def test_bars_are_the_pieces_that_lie_in_them(lanes: list[list[tuple[int, int, int]]], pixel: float) -> None:
    pieces = tiling(lanes)
    bars = all_of(pieces, pixel)
    assert bars.count.sum() == pieces.start.size
    for place in range(bars.lane.size):
        inside = (pieces.lane == bars.lane[place]) & (pieces.start >= bars.start[place])
        inside &= pieces.stop <= bars.stop[place]
        (of,) = np.nonzero(inside)
        assert of.size == bars.count[place] and bars.longest[place] in of
        lasting = pieces.stop[of] - pieces.start[of]
        assert lasting.sum() == bars.stop[place] - bars.start[place]
        by_kind = {kind: lasting[pieces.kind[of] == kind].sum() for kind in set(pieces.kind[of].tolist())}
        assert by_kind[bars.kind[place]] == max(by_kind.values())
        np.testing.assert_allclose(bars.share[place], max(by_kind.values()) / lasting.sum())
        leading = pieces.kind[of] == bars.kind[place]
        by_part = {part: lasting[leading & (pieces.part[of] == part)].sum() for part in set(pieces.part[of].tolist())}
        assert by_part[bars.part[place]] == max(by_part.values())
        leading &= pieces.part[of] == bars.part[place]
        longest = bars.longest[place]
        assert leading[of == longest].all()
        assert pieces.stop[longest] - pieces.start[longest] == lasting[leading].max()


@given(lanes=st.lists(LENGTHS, min_size=1, max_size=3), pixel=st.sampled_from([1 / 16, 1 / 4, 2.0]))
def test_what_is_as_long_as_a_pixel_is_a_bar_and_there_are_few(
    lanes: list[list[tuple[int, int, int]]], pixel: float
) -> None:
    pieces = tiling(lanes)
    bars = all_of(pieces, pixel)
    long = pieces.stop - pieces.start >= pixel
    assert set(zip(pieces.lane[long], pieces.start[long], strict=True)) <= set(
        zip(bars.lane[bars.count == 1], bars.start[bars.count == 1], strict=True)
    )
    for lane in range(len(lanes)):
        seconds = pieces.stop[pieces.lane == lane].max()
        assert (bars.lane == lane).sum() <= 2 * seconds / pixel + 1


def test_only_what_is_seen_is_drawn() -> None:
    pieces = tiling([[(64, 0, 0)] * 10])
    bars = merged(pieces, 2.5, 4.0, 0.01)
    assert bars.start.tolist() == [2.0, 3.0]
    assert bars.longest.tolist() == [2, 3]
    assert merged(pieces, 20.0, 21.0, 0.01).lane.size == 0


def test_of_many_pieces_as_many_are_drawn_as_there_are_pixels() -> None:
    count = 100_000
    pieces = tiling([[(1, place % 4, place % 3) for place in range(count)]])
    bars = all_of(pieces, count / 64 / 1000)
    assert bars.lane.size <= 1002
