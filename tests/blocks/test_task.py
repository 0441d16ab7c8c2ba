"""What tasks do on their workers."""

from typing import Any

import numpy as np
import pytest

from daskcnn.blocks.gather import Gather
from daskcnn.blocks.task import compute, take
from daskcnn.kernels import ENGINES, Step, Weights, microbatch
from daskcnn.layers import Add, Relu


def test_what_is_sent_is_a_copy_of_the_slice_alone() -> None:
    block = np.arange(24.0).reshape(4, 6)
    sent = take(block, (slice(1, 3), slice(2, 4)))
    np.testing.assert_array_equal(sent, [[8, 9], [14, 15]])
    assert sent.base is None
    assert sent.flags.c_contiguous


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("few", [1, 2, 3, 7])
def test_inputs_are_put_together_a_few_images_at_a_time(engine: str, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daskcnn.blocks.task.images_per_pass", lambda steps, shapes: few)
    whole = np.random.default_rng(0).normal(size=(7, 2, 3, 3)).astype(np.float32)
    every = slice(0, 2), slice(0, 3), slice(0, 3)
    halves = Gather(
        whole.shape,
        (
            ((slice(0, 4), *every), (slice(1, 5), *every)),
            ((slice(4, 7), *every), (slice(0, 3), *every)),
        ),
    )
    steps = (Step(Add(), (0, 1), ()), Step(Relu(), (2,), ()))
    carriers = [np.concatenate([whole[:1], whole[:4]]), whole[4:], whole]
    found = compute(engine, steps, (halves, Gather.whole(whole.shape)), Weights({}), *carriers)
    np.testing.assert_array_equal(found, np.maximum(2 * whole, 0), strict=True)


def test_the_last_pass_takes_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []

    class Counting:
        """An engine that doubles, and counts images."""

        def run(self, steps: Any, weights: Any, inputs: Any) -> Any:
            sizes.append(len(inputs[0]))
            return 2 * inputs[0]

    monkeypatch.setitem(ENGINES, "counting", Counting())
    monkeypatch.setattr(microbatch, "CACHE", 3 * 4 * 2)
    microbatch._images_per_pass.cache_clear()
    x = np.ones((7, 1), np.float32)
    found = compute("counting", (Step(Relu(), (0,), ()),), (Gather.whole(x.shape),), Weights({}), x)
    microbatch._images_per_pass.cache_clear()
    assert sizes == [3, 3, 1]
    np.testing.assert_array_equal(found, 2 * x)
