# What `import daskcnn` shows, and where each thing is; it is imported when it is first used.

from . import layers, networks
from .asking import advise, ask
from .blame import blame, critical_path
from .errors import RunError, UsageError
from .experiment import Watch, run
from .walkthrough import explain
from .functional import (
    average_pool2d,
    batch_norm,
    conv2d,
    conv_transpose2d,
    dense,
    flatten,
    gelu,
    global_average_pool,
    log_softmax,
    max_pool2d,
    relu,
    softmax,
)
from .metrics import metrics
from .model import Model
from .network import Network
from .onnx import OnnxModel, load_onnx
from .plan import Plan
from .recorder import record
from .runs import Run
from .store import Store
from .study.sweep import sweep
from .taskgraph import TaskGraph
from .tracing import keep

__all__ = [
    "Model",
    "Network",
    "OnnxModel",
    "Plan",
    "Run",
    "RunError",
    "Store",
    "TaskGraph",
    "UsageError",
    "Watch",
    "advise",
    "ask",
    "average_pool2d",
    "batch_norm",
    "blame",
    "conv2d",
    "conv_transpose2d",
    "critical_path",
    "dense",
    "explain",
    "flatten",
    "gelu",
    "global_average_pool",
    "keep",
    "layers",
    "load_onnx",
    "log_softmax",
    "max_pool2d",
    "metrics",
    "networks",
    "record",
    "relu",
    "run",
    "softmax",
    "sweep",
]
