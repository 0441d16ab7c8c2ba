"""The first images of a source."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.errors import UsageError
from daskcnn.sources import ArraySource, First, MnistTest, RandomImages, read_all
from tests import sourced


@given(data=st.data(), images=st.integers(1, 5))
def test_regions(data: st.DataObject, images: int) -> None:
    source = RandomImages((5, 2, 3, 4))
    sourced.reads(sourced.elsewhere(First(source, images)), read_all(source)[:images], data)


def test_labels_go_with_them() -> None:
    np.testing.assert_array_equal(First(MnistTest(100), 3).labels(), MnistTest(3).labels(), strict=True)
    assert First(ArraySource(np.zeros((2, 1, 1, 1))), 1).labels() is None


@pytest.mark.parametrize("images", [0, 6, -1])
def test_more_than_there_are_is_refused(images: int) -> None:
    with pytest.raises(UsageError, match=rf"images={images}: the input has 5; pass 1 to 5"):
        First(RandomImages((5, 2, 3, 4)), images)
