"""What is measured, and an order that favours nobody."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.errors import UsageError
from daskcnn.study.configuration import Configuration, configurations, turns


def test_every_way_on_every_number_of_workers_and_the_first_twice() -> None:
    found = configurations(["batch", "channel=2+batch"], [2, 1], None, available=100)
    assert found == [
        Configuration("batch", 2, 100, "A"),
        Configuration("batch", 2, 100, "B"),
        Configuration("batch", 1, 100),
        Configuration("channel=2+batch", 2, 100),
        Configuration("channel=2+batch", 1, 100),
    ]
    assert configurations(["batch", "batch"], [1, 1], 7, available=100) == [
        Configuration("batch", 1, 7, pair) for pair in "AB"
    ]


@pytest.mark.parametrize(("images", "each"), [(None, 33), (33, 33), (5, 5)])
def test_weak_scaling_gives_each_worker_as_many_images(images: int | None, each: int) -> None:
    found = configurations(["batch"], [1, 3], images, available=100, scaling="weak")
    assert [own.images for own in found] == [each, each, 3 * each]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ((["batch"], [], None, 9), "nothing to measure"),
        (([], [1], None, 9), "nothing to measure"),
        ((["batch"], [2, 0], None, 9), "workers=0: at least 1"),
        ((["batch"], [1], None, 9, "linear"), "'linear': use strong or weak"),
        ((["batch"], [1, 3], 4, 9, "weak"), "3 workers with 4 images each: there are 9 images"),
        ((["batch"], [10], None, 9, "weak"), "10 workers with 1 images each: there are 9"),
        ((["batch"], [2], 0, 9, "weak"), "there are 9"),
    ],
)
def test_what_cannot_be_measured(asked: tuple[object, ...], told: str) -> None:
    with pytest.raises(UsageError, match=told) as refused:
        configurations(*asked)  # type: ignore[arg-type]
    assert "\n" not in str(refused.value)


@given(count=st.integers(1, 9), rounds=st.integers(0, 9), seed=st.integers(0, 2**48))
def test_each_has_one_turn_a_round_and_more_rounds_come_after(count: int, rounds: int, seed: int) -> None:
    found = list(turns(count, rounds, seed))
    assert [number for number, _ in found] == sorted(number for number, _ in found)
    assert Counter(found) == Counter((number, place) for number in range(rounds) for place in range(count))
    assert list(turns(count, rounds + 1, seed))[: len(found)] == found


def test_neither_first_nor_neighbours_are_always_the_same() -> None:
    rounds = 600
    found = [place for _, place in turns(3, rounds, seed=1)]
    first = Counter(found[::3])
    neighbours = Counter(pairwise(found))
    # Of 600 rounds a third each, give or take five standard deviations of a binomial.
    assert all(abs(times - rounds / 3) < 5 * (rounds * 2 / 9) ** 0.5 for times in first.values())
    pairs = {(a, b): neighbours[a, b] for a in range(3) for b in range(3) if a != b}
    assert max(pairs.values()) < 1.3 * min(pairs.values())
