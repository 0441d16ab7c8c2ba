"""Slices share tracks where they can, and overlap on none."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.exports.tracks import tracks

slices = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 20), st.integers(0, 6)), max_size=30)


@given(slices)
def test_no_overlap_and_no_track_too_many(drawn: list[tuple[int, int, int]]) -> None:
    group, start, length = np.array(drawn, int).reshape(-1, 3).T
    place = tracks(group, start, start + length)
    rows = list(zip(group, start, start + length, place, strict=True))
    for number, (own, begin, end, track) in enumerate(rows):
        for other, other_begin, other_end, other_track in rows[:number]:
            assert (own, track) != (other, other_track) or end <= other_begin or other_end <= begin
    for own in set(group.tolist()):
        # Where a slice of no length lies within another, both are there at that time.
        mine = [(begin, end) for other, begin, end, _ in rows if other == own]
        at_once = max(sum(begin <= at < max(end, begin + 0.5) for begin, end in mine) for at, _ in mine)
        assert 1 + max(place[group == own]) <= at_once
