"""What is timed is the product, and its operations are counted."""

import numpy as np
import pytest

from daskcnn.calibration import product
from daskcnn.calibration.product import by_numpy, by_onnxruntime


def test_both_multiply() -> None:
    a, b = np.random.default_rng(0).random((2, 31, 31), dtype=np.float32)
    expected = [[sum(float(x) * float(y) for x, y in zip(row, column, strict=True)) for column in b.T] for row in a]
    for multiply in (by_numpy(a, b, 2), by_onnxruntime(a, b)):
        np.testing.assert_allclose(multiply(1), expected, rtol=1e-5)


def test_each_thread_writes_its_own() -> None:
    a, b = np.random.default_rng(0).random((2, 4, 4), dtype=np.float32)
    multiply = by_numpy(a, b, 2)
    assert not np.shares_memory(multiply(0), multiply(1))


def test_rates_of_one_thread_and_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, float] = {}

    def rates(work: object, amount: float, seconds: float) -> object:
        asked[str(len(asked))] = amount
        return np.array([amount])

    monkeypatch.setattr(product, "N", 8)
    monkeypatch.setattr(product, "rates", rates)
    found = product.product(cores=3)
    assert {name: values.item() for name, values in found.items()} == {
        "product_numpy": 1024.0,
        "product_numpy_all": 3072.0,
        "product_onnxruntime": 1024.0,
        "product_onnxruntime_all": 3072.0,
    }
