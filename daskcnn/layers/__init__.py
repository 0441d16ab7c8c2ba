"""What a layer means: its shapes, its operations, and which part of its inputs a part of its output needs."""

from daskcnn.layers.argmax import Argmax
from daskcnn.layers.base import AXES, Op, axes_of
from daskcnn.layers.conv import Conv2d
from daskcnn.layers.dense import Dense
from daskcnn.layers.flatten import Flatten
from daskcnn.layers.relu import Relu

__all__ = ["AXES", "Argmax", "Conv2d", "Dense", "Flatten", "Op", "Relu", "axes_of"]
