"""How fast matrices are multiplied, by NumPy and by ONNX Runtime: the most that layers can hope for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from threadpoolctl import threadpool_limits

from daskcnn.calibration.timing import rates, together
from daskcnn.kernels.onnxruntime_engine import IR_VERSION, OPSET, session

N = 1024
"""Rows and columns: more than a core's own caches hold, little enough for every core to have its own."""
SECONDS = 0.8
"""For each of the four rates."""

Matrix = NDArray[np.float32]
Product = Callable[[int], Matrix]


def product(cores: int, seconds: float = SECONDS) -> dict[str, NDArray[np.float64]]:
    """Operations a second of one thread, and of as many as there are cores at once, with one BLAS thread each.

    Returns
    -------
    dict of str to (repeat,) float
        `product_numpy`, `product_onnxruntime`, and both with `_all`, in FLOP/s.
    """
    found = {}
    a, b = np.random.default_rng(0).random((2, N, N), dtype=np.float32)
    with threadpool_limits(1):
        products = {"product_numpy": by_numpy(a, b, cores), "product_onnxruntime": by_onnxruntime(a, b)}
        for end, threads in (("", 1), ("_all", cores)):
            for name, multiply in products.items():
                with together(multiply, threads) as work:
                    found[f"{name}{end}"] = rates(work, 2.0 * N**3 * threads, seconds)
    return found


def by_numpy(a: Matrix, b: Matrix, threads: int) -> Product:
    """`a @ b` into memory that each thread has."""
    out = np.empty((threads, len(a), b.shape[1]), np.float32)
    return lambda thread: np.matmul(a, b, out=out[thread])


def by_onnxruntime(a: Matrix, b: Matrix) -> Product:
    """`a @ b`, where `b` is a parameter as weights are."""
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["a", "b"], ["c"])],
        "product",
        [helper.make_tensor_value_info("a", TensorProto.FLOAT, a.shape)],
        [helper.make_tensor_value_info("c", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(b, "b")],
    )
    opset = [helper.make_opsetid("", OPSET)]
    compiled = session(helper.make_model(graph, opset_imports=opset, ir_version=IR_VERSION))
    return lambda thread: np.asarray(compiled.run(None, {"a": a})[0])
