"""The garbage collector rests for just as long as it is told to."""

import gc

import pytest

from daskcnn.collector import paused


def test_it_runs_again_afterwards_whatever_happens() -> None:
    with pytest.raises(ValueError, match="no"), paused():
        raise ValueError("no")
    assert gc.isenabled()


def test_one_pause_within_another_does_not_end_it() -> None:
    with paused():
        with paused():
            pass
        assert not gc.isenabled()


def test_it_pauses_for_each_call_of_a_function() -> None:
    states = [paused()(gc.isenabled)(), gc.isenabled(), paused()(gc.isenabled)()]
    assert states == [False, True, False]
