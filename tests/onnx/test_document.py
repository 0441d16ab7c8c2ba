"""The documentation says what is supported, and which tests are left out and why."""

from __future__ import annotations

import onnx
import pytest

from daskcnn.onnx.file import OPSETS
from tests.onnx.document import PATH, operators, written

NODE_TESTS_OF = "1.23"
"""The version of the onnx package of which the document lists the node tests."""


def test_the_operators_are_those_of_the_document() -> None:
    text = PATH.read_text()
    assert operators() in text, "run python -m tests.onnx.document"
    assert f"Versions {OPSETS[0]} to {OPSETS[1]}" in text


@pytest.mark.skipif(not onnx.__version__.startswith(NODE_TESTS_OF), reason=f"pip install 'onnx=={NODE_TESTS_OF}.*'")
def test_the_tests_that_are_left_out_are_those_of_the_document() -> None:
    assert PATH.read_text() == written(PATH.read_text()), "run python -m tests.onnx.document"
