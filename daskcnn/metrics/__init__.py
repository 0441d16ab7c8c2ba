"""Numbers worked out from a trace: one table of them, of one run and across runs."""

from daskcnn.metrics.clock import rates
from daskcnn.metrics.curves import curves
from daskcnn.metrics.doubt import LOSSES, disturbed, doubts
from daskcnn.metrics.metric import Metric
from daskcnn.metrics.repeat import one_repeat
from daskcnn.metrics.run import metrics
from daskcnn.metrics.studies import Study, studies
from daskcnn.metrics.table import HEADLINES, METRICS

__all__ = [
    "HEADLINES",
    "LOSSES",
    "METRICS",
    "Metric",
    "Study",
    "curves",
    "disturbed",
    "doubts",
    "metrics",
    "one_repeat",
    "rates",
    "studies",
]
