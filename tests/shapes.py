"""Shapes of the tensors between layers, small enough to compute hundreds."""

from __future__ import annotations

from hypothesis import strategies as st

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
