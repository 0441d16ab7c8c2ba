"""Shapes of the tensors between layers, small enough to compute hundreds, and what suits them."""

from __future__ import annotations

import math

from hypothesis import strategies as st

from daskcnn.layers import Slice
from daskcnn.region import Shape


def features() -> st.SearchStrategy[Shape]:
    """(batch, features)."""
    return st.tuples(st.integers(1, 4), st.integers(1, 9))


def images() -> st.SearchStrategy[Shape]:
    """(batch, channels, height, width)."""
    return st.tuples(st.integers(1, 3), st.integers(1, 6), st.integers(1, 7), st.integers(1, 7))


def images_or_features() -> st.SearchStrategy[Shape]:
    """Either."""
    return st.one_of(images(), features())


@st.composite
def constants(draw: st.DrawFn, shape: Shape) -> Shape:
    """A parameter that is the same for every image: some of the last axes, each whole or of size 1."""
    last = shape[draw(st.integers(0, len(shape) - 1)) :]
    kept = [draw(st.sampled_from((1, size))) for size in last]
    return tuple([1, *kept[1:]] if len(last) == len(shape) else kept)


@st.composite
def operands(draw: st.DrawFn, count: int | None = None) -> list[Shape]:
    """Shapes of tensors of the same images that go together, one to four of them or so many."""
    batch, *rest = draw(images_or_features())
    count = count or draw(st.integers(1, 4))
    return [(batch, *(draw(st.sampled_from((1, size))) for size in rest)) for _ in range(count)]


@st.composite
def joinable(draw: st.DrawFn) -> tuple[int, list[Shape]]:
    """An axis, and shapes of one to four tensors that can stand one after the other along it."""
    shape = draw(images_or_features())
    axis = draw(st.integers(1, len(shape) - 1))
    sizes = draw(st.lists(st.integers(1, 5), min_size=1, max_size=4))
    return axis, [(*shape[:axis], size, *shape[axis + 1 :]) for size in sizes]


@st.composite
def reshapes(draw: st.DrawFn, shape: Shape) -> Shape:
    """Another shape, of one or three axes, for each of the images of a tensor; one size may be −1."""
    left, sizes = math.prod(shape[1:]), []
    for _ in range(draw(st.sampled_from((0, 2)))):
        sizes.append(draw(st.sampled_from([size for size in range(1, left + 1) if left % size == 0])))
        left //= sizes[-1]
    found = draw(st.permutations([*sizes, left]))
    free = draw(st.integers(-1, len(found) - 1))
    return tuple(-1 if number == free else size for number, size in enumerate(found))


@st.composite
def slicings(draw: st.DrawFn, shape: Shape) -> Slice:
    """Any slice of a tensor along one of its axes."""
    axis = draw(st.integers(1, len(shape) - 1))
    start = draw(st.integers(0, shape[axis] - 1))
    return Slice(start, draw(st.integers(start + 1, shape[axis])), draw(st.integers(1, 4)), axis)
