"""How a number is read."""

import pytest

from daskcnn.metrics import METRICS
from daskcnn.quantity import quantity


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("seconds", 0.5, "500.00 ms"),
        ("latency_p95", 2e-5, "20.00 us"),
        ("images_per_s", 12_345.6, "12,346 images/s"),
        ("tasks_per_s", 0.5, "0 tasks/s"),
        ("speedup", 0.5, "0.50×"),
        ("efficiency", 0.5, "50.0 %"),
        ("serial_fraction", -0.0123, "-1.2 %"),
        ("bytes_moved", 0.5, "0 B"),
        ("memory_total_bytes", 3 << 20, "3.00 MiB"),
        ("bandwidth", 1.5e9, "1.5 GB/s"),
        ("operations_per_s", 48.25e9, "48.2 GFLOP/s"),
    ],
)
def test_text_carries_its_unit(name: str, value: float, text: str) -> None:
    assert METRICS[name].text(value) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("name", METRICS)
def test_what_is_not_known_is_a_dash(name: str, value: float) -> None:
    assert METRICS[name].text(value) == "–"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0 B/s"),
        (999.0, "999 B/s"),
        (1e3, "1 kB/s"),
        (2.5e15, "2.5e+03 TB/s"),
        (-4e6, "-4 MB/s"),
        (999.96, "1 kB/s"),
    ],
)
def test_prefixes(value: float, text: str) -> None:
    assert quantity(value, "B/s") == text
