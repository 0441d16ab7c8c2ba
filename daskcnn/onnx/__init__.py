"""Networks from ONNX files.

`file` reads and checks a file, `trace` walks its nodes for images of a known shape and asks the table of operators
for the layers that stand for each; `model` ties them together.
"""

from daskcnn.onnx.model import OnnxModel, load_onnx

__all__ = ["OnnxModel", "load_onnx"]
