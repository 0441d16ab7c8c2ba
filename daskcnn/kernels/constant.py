"""Constants of an ONNX graph that belong to an op, not to the network's parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike
from onnx import NodeProto, helper, numpy_helper


def constant(name: str, value: ArrayLike, dtype: DTypeLike = np.int64) -> NodeProto:
    """The node that makes a constant, integers where nothing else is said.

    >>> constant("axis", [1]).output
    ['axis']
    """
    array: np.ndarray[Any, Any] = np.asarray(value, dtype)
    return helper.make_node("Constant", [], [name], value=numpy_helper.from_array(array))
