"""Where images come from: each worker reads the part that its blocks need, none travel through the client."""

from daskcnn.sources.array import ArraySource
from daskcnn.sources.base import Images, Labels, Source, read_all
from daskcnn.sources.first import First
from daskcnn.sources.kinds import open_source
from daskcnn.sources.mnist import MnistTest
from daskcnn.sources.random_images import RandomImages

__all__ = [
    "ArraySource",
    "First",
    "Images",
    "Labels",
    "MnistTest",
    "RandomImages",
    "Source",
    "open_source",
    "read_all",
]
