"""Each operator gives what the node tests of the onnx package expect of it, unsplit and cut in every way."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from dask.base import compute
from numpy.typing import NDArray

from daskcnn.errors import UsageError
from daskcnn.onnx import load_onnx
from daskcnn.onnx.operators import OPERATORS
from tests.onnx.left_out import FIRST_OUTPUT, LEFT_OUT, matches, reasons
from tests.onnx.nodes import NodeTest, node_tests

WORKERS = 4
CUTS = ("serial", "batch", "channel", "filter", "height", "width", "spatial", "batch=1,channel")
ROUGH = {"bfloat16": 1e-2}
"""How far what is rounded to few bits may be from what is not."""


@pytest.mark.parametrize("kind", sorted(OPERATORS))
def test_an_operator_does_as_its_node_tests_say(kind: str) -> None:
    own = [test for test in node_tests().values() if test.kind == kind and not reasons(test.name)]
    assert own
    for test in own:
        agrees(test, "serial", engine="numpy")
        for chunks in CUTS:
            agrees(test, chunks, engine="onnxruntime")


def agrees(test: NodeTest, chunks: str, engine: str) -> None:
    """The outputs are the expected ones, as near as the test asks for."""
    net = load_onnx(test.model.SerializeToString())
    found: Any = net(test.images, chunks, workers=WORKERS, engine=engine)
    arrays: tuple[NDArray[Any], ...] = compute(*(found if isinstance(found, tuple) else (found,)), scheduler="sync")
    for array, expected in zip(arrays, test.expected, strict=True):
        assert array.shape == expected.shape, f"{test.name}, {chunks}: {array.shape}, not {expected.shape}"
        told = f"{test.name}, {chunks}, {engine}"
        near = ROUGH.get(expected.dtype.name, test.rtol)
        np.testing.assert_allclose(array, expected.astype(array.dtype), rtol=near, atol=1e-6, err_msg=told)


def test_what_is_left_out_is_refused() -> None:
    for name, test in node_tests().items():
        if reasons(name):
            with pytest.raises(UsageError) as refused:
                load_onnx(test.model.SerializeToString())(test.images, "serial", workers=1)
            assert "\n" not in str(refused.value)


def test_each_is_left_out_for_one_reason() -> None:
    counts = Counter({name: len(reasons(name)) for name in node_tests()})
    assert [name for name, count in counts.items() if count > 1] == []
    patterns = [pattern for own in (*LEFT_OUT.values(), FIRST_OUTPUT) for pattern in own.split()]
    assert [pattern for pattern in patterns if not any(matches(name, pattern) for name in counts)] == []
