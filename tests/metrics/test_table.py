"""The one table."""

import pytest

from daskcnn.metrics import HEADLINES, METRICS, Metric
from daskcnn.metrics.metric import GROUPS


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_every_metric_says_what_it_is(metric: Metric) -> None:
    assert metric.name.isidentifier() and metric.label and metric.source
    assert metric.better in ("up", "down", "") and metric.group in GROUPS
    assert metric.attrs == {"units": metric.unit, "long_name": metric.label}
    assert not (metric.share and metric.unit)


def test_no_two_metrics_are_read_the_same() -> None:
    assert len({metric.label for metric in METRICS.values()}) == len(METRICS)


def test_headlines_are_few_and_one_of_nearly_each_group() -> None:
    assert list(HEADLINES) == [
        *("seconds", "images_per_s", "speedup", "efficiency"),
        *("bytes_moved", "communication", "imbalance", "peak_memory_bytes", "accuracy"),
    ]
