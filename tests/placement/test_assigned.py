"""Who has whose tasks: each its own, and of those that are lost all as many."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from daskcnn.placement.assigned import Worker, assigned


def worker(number: int, *, host: str = "node", nanny: str = "", ready: bool = True, again: str = "") -> Worker:
    return Worker(f"tcp://{number}{again}", f"w-{number}", nanny, host, ready)


@given(
    owners=st.integers(1, 8),
    spares=st.integers(0, 3),
    lost=st.sets(st.integers(0, 10)),
    hosts=st.lists(st.sampled_from(["a", "b"]), min_size=11, max_size=11),
)
def test_what_is_lost_is_spread_evenly(owners: int, spares: int, lost: set[int], hosts: list[str]) -> None:
    every = [worker(number, host=hosts[number]) for number in range(owners + spares)]
    homes, there = every[:owners], [one for number, one in enumerate(every) if number not in lost]
    places = assigned(homes, there)
    left = {one.address for one in there}
    assert all(place == home.address for place, home in zip(places, homes, strict=True) if home.address in left)
    if not there:
        assert places == [home.address for home in homes]
        return
    count = Counter(dict.fromkeys(left, 0)) + Counter(places)
    assert set(places) <= left
    assert max(count[address] for address in left) - min(count[address] for address in left) <= 1


def test_the_same_host_comes_first_among_those_with_as_few() -> None:
    homes = [worker(0, host="a"), worker(1, host="b"), worker(2, host="a")]
    assert assigned(homes, homes[1:]) == ["tcp://2", "tcp://1", "tcp://2"]


def test_one_that_is_paused_keeps_its_own_and_gets_no_others_while_there_are_any() -> None:
    homes = [worker(0), worker(1), worker(2)]
    paused = worker(1, ready=False)
    assert assigned(homes, [paused, homes[2]]) == ["tcp://2", "tcp://1", "tcp://2"]
    assert assigned(homes, [paused]) == ["tcp://1"] * 3


def test_a_worker_comes_again_by_its_name_or_by_its_nanny() -> None:
    homes = [worker(0), worker(1, nanny="tcp://nanny")]
    unnamed = Worker("tcp://7", "tcp://7", "tcp://nanny", "node")
    assert assigned(homes, [unnamed, worker(0, again="again")]) == ["tcp://0again", "tcp://7"]
