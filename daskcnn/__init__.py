"""How should this network be cut across these workers, and why?"""

from daskcnn import networks
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
from daskcnn.onnx import OnnxModel, load_onnx
from daskcnn.plan import Plan
from daskcnn.recorder import record
from daskcnn.runs import Run
from daskcnn.store import Store

__all__ = [
    "Model",
    "OnnxModel",
    "Plan",
    "Run",
    "Store",
    "Watch",
    "average_pool2d",
    "batch_norm",
    "conv2d",
    "conv_transpose2d",
    "dense",
    "flatten",
    "gelu",
    "global_average_pool",
    "load_onnx",
    "log_softmax",
    "max_pool2d",
    "networks",
    "record",
    "relu",
    "run",
    "softmax",
]
