"""Two-dimensional convolution (cross-correlation, as networks use the word)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from daskcnn.errors import UsageError
from daskcnn.layers.base import AXES, Op
from daskcnn.layers.window import Window
from daskcnn.region import Region, Shape, cut, whole


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

    Examples
    --------
    >>> Conv2d(16, (3, 3), stride=(2, 2), padding=(1, 1, 1, 1)).output_shape((10, 1, 28, 28))
    (10, 16, 14, 14)
    """

    channels: int
    kernel: tuple[int, int]
    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int, int, int] = (0, 0, 0, 0)
    dilation: tuple[int, int] = (1, 1)
    groups: int = 1

    cuts = frozenset(AXES)

    @property
    def windows(self) -> tuple[Window, Window]:
        """How the kernel moves along height and along width."""
        top, left, bottom, right = self.padding
        return (
            Window(self.kernel[0], self.stride[0], top, bottom, self.dilation[0]),
            Window(self.kernel[1], self.stride[1], left, right, self.dilation[1]),
        )

    def output_shape(self, *inputs: Shape) -> Shape:
        """(batch, channels, height, width)."""
        batch, channels, *image = inputs[0]
        if channels % self.groups or self.channels % self.groups:
            raise UsageError(
                f"groups={self.groups} does not divide {channels} input and {self.channels} output channels; "
                "choose a common divisor"
            )
        height, width = (window.output_size(size) for window, size in zip(self.windows, image, strict=True))
        return batch, self.channels, height, width

    def weight_shapes(self, *inputs: Shape) -> dict[str, Shape]:
        """Weight (output channels, input channels of a group, kernel height, kernel width) and bias."""
        weight = (self.channels, inputs[0][1] // self.groups, *self.kernel)
        return {"weight": weight, "bias": (self.channels,)}

    def operations(self, output: Shape, *inputs: Shape) -> int:
        """A multiply-add for each output element, input channel of its group and kernel element."""
        batch, channels, height, width = output
        inner = inputs[0][1] // self.groups * self.kernel[0] * self.kernel[1]
        return 2 * batch * channels * height * width * inner

    def needs(self, output: Region, *inputs: Shape) -> tuple[Region, ...]:
        """The channels of the groups it lies in, and the rows and columns under the kernel."""
        batch, channel, *image = output
        rows, columns = (
            window.needs(interval, size)
            for window, interval, size in zip(self.windows, image, inputs[0][2:], strict=True)
        )
        inner = inputs[0][1] // self.groups
        first, last = self._groups_of(channel)
        return ((batch, (first * inner, last * inner), rows, columns),)

    def local(self, output: Region, *inputs: Shape) -> Conv2d:
        """The same kernel with the padding that is left at this block's borders."""
        _, channel, *image = output
        (top, bottom), (left, right) = (
            window.padding_left(interval, size)
            for window, interval, size in zip(self.windows, image, inputs[0][2:], strict=True)
        )
        first, last = self._groups_of(channel)
        return replace(
            self,
            channels=channel[1] - channel[0],
            padding=(top, left, bottom, right),
            groups=last - first,
        )

    def weights(self, output: Region, *inputs: Shape) -> dict[str, Region]:
        """The kernels of these output channels."""
        weight = whole(self.weight_shapes(*inputs)["weight"])
        return {"weight": (output[1], *weight[1:]), "bias": (output[1],)}

    def bounds(self, axis: int, parts: int, output: Shape, *inputs: Shape) -> tuple[int, ...]:
        """Channels are cut between groups, or each group on its own where there are more blocks than groups."""
        if axis != 1 or self.groups == 1:
            return cut(output[axis], parts)
        outer = self.channels // self.groups
        if parts <= self.groups:
            return tuple(bound * outer for bound in cut(self.groups, parts))
        shares = (b - a for a, b in pairwise(cut(parts, self.groups)))
        starts = (group * outer + bound for group, share in enumerate(shares) for bound in cut(outer, share)[:-1])
        return (*starts, self.channels)

    def _groups_of(self, channel: tuple[int, int]) -> tuple[int, int]:
        outer = self.channels // self.groups
        first, last = channel[0] // outer, -(-channel[1] // outer)
        whole_groups = channel == (first * outer, last * outer)
        if last - first > 1 and not whole_groups:
            raise UsageError(
                f"channels {channel[0]} to {channel[1]} cut through the {self.groups} groups of {outer}; "
                f"cut at multiples of {outer}"
            )
        return first, last
