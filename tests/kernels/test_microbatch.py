"""How many images at a time."""

from hypothesis import given
from hypothesis import strategies as st

from daskcnn.kernels import Step
from daskcnn.kernels.microbatch import CACHE, images_per_pass
from daskcnn.layers import Conv2d, Relu

NARROW, WIDE = Step(Relu(), (0,), ()), Step(Conv2d(64, (1, 1)), (1,), ())


def test_the_widest_step_counts_with_what_it_reads_and_gives() -> None:
    # 4·(1 + 1)·16·16 bytes an image for the first step, 4·(1 + 64)·16·16 for the second.
    shape = (100, 1, 16, 16)
    assert images_per_pass((NARROW,), [shape]) == CACHE // (4 * 2 * 256)
    assert images_per_pass((NARROW, WIDE), [shape]) == CACHE // (4 * 65 * 256)


def test_an_image_larger_than_the_cache_is_computed_alone() -> None:
    assert images_per_pass((NARROW,), [(3, 3, 4096, 4096)]) == 1


@given(images=st.integers(1, 10_000))
def test_it_does_not_depend_on_how_many_there_are(images: int) -> None:
    assert images_per_pass((NARROW,), [(images, 1, 16, 16)]) == images_per_pass((NARROW,), [(1, 1, 16, 16)])
