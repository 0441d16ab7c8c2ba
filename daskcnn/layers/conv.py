"""Two-dimensional convolution (cross-correlation, as networks use the word)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from daskcnn.layers.base import AXES, Op, image_shape
from daskcnn.layers.groups import Groups
from daskcnn.layers.taps import image_needs
from daskcnn.layers.window import Padding, Pair, Window, image_padding, windows
from daskcnn.region import Interval, Region, Shape, cut, whole


@dataclass(frozen=True)
class Conv2d(Op):
    """y[n, k, i, j] = bias[k] + sum over c, u, v of x[n, c, i·s + u·d − p, j·s + v·d − p] · weight[k, c, u, v].

    Parameters
    ----------
    channels : int
        Output channels.
    kernel, stride, dilation : (int, int)
        Along height and width.
    padding : (int, int, int, int)
        Zeros added at top, left, bottom and right, in the order of ONNX `pads`.
    groups : int
        Output channels of group g see only the input channels of group g.
    bias : bool
        Whether there is one.
    crop : (int, int), optional
        The channels that a block keeps of those it computes, where it begins or ends within a group.

    Examples
    --------
    >>> Conv2d(16, (3, 3), stride=(2, 2), padding=(1, 1, 1, 1)).output_shape((10, 1, 28, 28))
    (10, 16, 14, 14)
    """

    channels: int
    kernel: Pair
    stride: Pair = (1, 1)
    padding: Padding = (0, 0, 0, 0)
    dilation: Pair = (1, 1)
    groups: int = 1
    bias: bool = True
    crop: Interval | None = None

    cuts = frozenset(AXES)
    leaves_rest = True

    @property
    def windows(self) -> tuple[Window, Window]:
        """How the kernel moves along height and along width."""
        return windows(self.kernel, self.stride, self.padding, self.dilation)

    def output_shape(self, *inputs: Shape) -> Shape:
        """(batch, channels, height, width)."""
        batch, channels, *image = image_shape(self, inputs[0])
        Groups.of(self.groups, channels, self.channels)
        height, width = (window.output_size(size) for window, size in zip(self.windows, image, strict=True))
        kept = self.crop or (0, self.channels)
        return batch, kept[1] - kept[0], height, width

    def weight_shapes(self, *inputs: Shape) -> dict[str, Shape]:
        """Weight (output channels, input channels of a group, kernel height, kernel width) and bias."""
        weight = (self.channels, inputs[0][1] // self.groups, *self.kernel)
        return {"weight": weight, "bias": (self.channels,)} if self.bias else {"weight": weight}

    def operations(self, output: Shape, *inputs: Shape) -> int:
        """A multiply-add for each output element, input channel of its group and kernel element."""
        batch, channels, height, width = output
        inner = inputs[0][1] // self.groups * self.kernel[0] * self.kernel[1]
        return 2 * batch * channels * height * width * inner

    def needs(self, output: Region, *inputs: Shape) -> tuple[Region, ...]:
        """The channels of the groups it lies in, and the rows and columns under the kernel."""
        batch, channel, *image = output
        rows, columns = image_needs(self.windows, tuple(image), inputs[0][2:])
        return ((batch, self._groups(*inputs).inputs(channel), rows, columns),)

    def local(self, output: Region, *inputs: Shape) -> Conv2d:
        """The same kernel with the padding that is left at this block's borders."""
        _, channel, *image = output
        groups = self._groups(*inputs)
        first, last = groups.span(channel)
        start, stop = groups.computed(channel)
        return replace(
            self,
            channels=stop - start,
            padding=image_padding(self.windows, tuple(image), inputs[0][2:]),
            groups=last - first,
            crop=groups.crop(channel),
        )

    def weights(self, output: Region, *inputs: Shape) -> dict[str, Region]:
        """The kernels of the output channels that are computed."""
        shapes = self.weight_shapes(*inputs)
        computed = self._groups(*inputs).computed(output[1])
        return {name: (computed, *whole(shape)[1:]) for name, shape in shapes.items()}

    def bounds(self, axis: int, parts: int, output: Shape, *inputs: Shape) -> tuple[int, ...]:
        """Channels are cut between groups while there are groups enough."""
        return self._groups(*inputs).bounds(parts) if axis == 1 else cut(output[axis], parts)

    def _groups(self, *inputs: Shape) -> Groups:
        return Groups.of(self.groups, inputs[0][1], self.channels)
