"""How should this network be cut across these workers, and why?"""

from daskcnn import layers, networks
from daskcnn.errors import RunError, UsageError
from daskcnn.experiment import Watch, run
from daskcnn.functional import (
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
from daskcnn.model import Model
from daskcnn.network import Network
from daskcnn.onnx import OnnxModel, load_onnx
from daskcnn.plan import Plan
from daskcnn.recorder import record
from daskcnn.runs import Run
from daskcnn.store import Store

__all__ = [
    "Model",
    "Network",
    "OnnxModel",
    "Plan",
    "Run",
    "RunError",
    "Store",
    "UsageError",
    "Watch",
    "average_pool2d",
    "batch_norm",
    "conv2d",
    "conv_transpose2d",
    "dense",
    "flatten",
    "gelu",
    "global_average_pool",
    "layers",
    "load_onnx",
    "log_softmax",
    "max_pool2d",
    "networks",
    "record",
    "relu",
    "run",
    "softmax",
]
