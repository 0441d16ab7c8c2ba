"""What every source keeps to, whatever it reads from."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray

from daskcnn.errors import RunError, UsageError
from daskcnn.region import whole
from daskcnn.sources import Source, open_source, read_all
from tests import strategies

SMALL = 1200
"""Bytes that may go with each task."""


def reads(source: Source, expected: ArrayLike, data: st.DataObject) -> None:
    """A region, like the whole, is that part of what is expected: float32, C-contiguous, of its own memory."""
    right = np.asarray(expected)
    assert source.shape == right.shape
    for region in (data.draw(strategies.regions(right.shape)), whole(right.shape)):
        found = source.read(region)
        np.testing.assert_array_equal(found, right[tuple(slice(*side) for side in region)], strict=True)
        assert found.dtype == np.float32
        assert found.flags.c_contiguous
        assert type(found) is np.ndarray
    assert len(pickle.dumps(source.read)) < SMALL


def elsewhere(source: Source) -> Source:
    """The source as another process has it."""
    there: Source = pickle.loads(pickle.dumps(source))
    assert there == source
    return there


def read_or_refused(path: Path) -> NDArray[np.float32] | None:
    """The images of a file that may be damaged; None if it is refused, in one line that names it."""
    try:
        return read_all(open_source(str(path)))
    except (UsageError, RunError) as error:
        assert str(error).startswith(str(path)), error
        assert "\n" not in str(error)
        return None


def scaled(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Bytes as float32 from 0 to 1, rounded once."""
    return (pixels / np.float64(255)).astype(np.float32)
