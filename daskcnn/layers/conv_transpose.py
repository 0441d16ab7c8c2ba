"""Two-dimensional transposed convolution."""

from __future__ import annotations

from dataclasses import dataclass, replace

from daskcnn.errors import UsageError
from daskcnn.layers.base import AXES, Op, image_shape
from daskcnn.layers.groups import Groups
from daskcnn.layers.spread import Spread
from daskcnn.layers.taps import image_needs
from daskcnn.layers.window import Padding, Pair
from daskcnn.region import Interval, Region, Shape, cut


@dataclass(frozen=True)
class ConvTranspose2d(Op):
    """y[n, k, i·s + u·d − p, j·s + v·d − p] is bias[k] and the sum of all x[n, c, i, j] · weight[c, k, u, v] there.

    Parameters
    ----------
    channels : int
        Output channels.
    kernel, stride, dilation : (int, int)
        Along height and width.
    padding : (int, int, int, int)
        Outputs cropped at top, left, bottom and right, in the order of ONNX `pads`; a block can have negative ones,
        which add outputs that are just the bias.
    output_padding : (int, int)
        Outputs less to crop at bottom and right; each less than the stride or the dilation.
    groups : int
        Output channels of group g see only the input channels of group g.
    bias : bool
        Whether there is one.
    crop : (int, int), optional
        The channels that a block keeps of those it computes, where it begins or ends within a group.

    Examples
    --------
    >>> ConvTranspose2d(16, (2, 2), stride=(2, 2)).output_shape((10, 32, 14, 14))
    (10, 16, 28, 28)
    """

    channels: int
    kernel: Pair
    stride: Pair = (1, 1)
    padding: Padding = (0, 0, 0, 0)
    output_padding: Pair = (0, 0)
    dilation: Pair = (1, 1)
    groups: int = 1
    bias: bool = True
    crop: Interval | None = None

    cuts = frozenset(AXES)

    def __post_init__(self) -> None:
        limits = map(max, self.stride, self.dilation)
        if not all(0 <= more < limit for more, limit in zip(self.output_padding, limits, strict=True)):
            raise UsageError(
                f"output_padding {self.output_padding} is not less than stride {self.stride} or dilation "
                f"{self.dilation}; put a Pad2d behind it for more"
            )

    @property
    def spreads(self) -> tuple[Spread, Spread]:
        """How the kernel spreads inputs along height and along width."""
        top, left, bottom, right = self.padding
        rows, columns = self.output_padding
        return (
            Spread(self.kernel[0], self.stride[0], top, bottom - rows, self.dilation[0]),
            Spread(self.kernel[1], self.stride[1], left, right - columns, self.dilation[1]),
        )

    def output_shape(self, *inputs: Shape) -> Shape:
        """(batch, channels, height, width)."""
        batch, channels, *image = image_shape(self, inputs[0])
        Groups.of(self.groups, channels, self.channels)
        height, width = (spread.output_size(size) for spread, size in zip(self.spreads, image, strict=True))
        kept = self.crop or (0, self.channels)
        return batch, kept[1] - kept[0], height, width

    def weight_shapes(self, *inputs: Shape) -> dict[str, Shape]:
        """Weight (input channels, output channels of a group, kernel height, kernel width) and bias."""
        weight = (inputs[0][1], self.channels // self.groups, *self.kernel)
        return {"weight": weight, "bias": (self.channels,)} if self.bias else {"weight": weight}

    def operations(self, output: Shape, *inputs: Shape) -> int:
        """A multiply-add for each input element, output channel of its group and kernel element."""
        outer = output[1] * self.kernel[0] * self.kernel[1]
        _, channels, height, width = inputs[0]
        return 2 * output[0] * channels // self.groups * height * width * outer

    def needs(self, output: Region, *inputs: Shape) -> tuple[Region, ...]:
        """The channels of the groups it lies in, and the rows and columns that reach it."""
        batch, channel, *image = output
        rows, columns = image_needs(self.spreads, tuple(image), inputs[0][2:])
        return ((batch, self._groups(*inputs).inputs(channel), rows, columns),)

    def local(self, output: Region, *inputs: Shape) -> ConvTranspose2d:
        """The same kernel with what is to be cropped at this block's borders."""
        _, channel, *image = output
        groups = self._groups(*inputs)
        first, last = groups.span(channel)
        start, stop = groups.computed(channel)
        (top, bottom), (left, right) = (
            spread.crop(interval, size)
            for spread, interval, size in zip(self.spreads, image, inputs[0][2:], strict=True)
        )
        return replace(
            self,
            channels=stop - start,
            padding=(top, left, bottom, right),
            output_padding=(0, 0),
            groups=last - first,
            crop=groups.crop(channel),
        )

    def weights(self, output: Region, *inputs: Shape) -> dict[str, Region]:
        """The kernels from the input channels it needs to the output channels that are computed."""
        groups = self._groups(*inputs)
        start, stop = groups.computed(output[1])
        first, last = groups.span(output[1])
        of_group = (
            (0, groups.outer) if last - first > 1 else (start - first * groups.outer, stop - first * groups.outer)
        )
        height, width = self.kernel
        weight = (groups.inputs(output[1]), of_group, (0, height), (0, width))
        return {"weight": weight, "bias": ((start, stop),)} if self.bias else {"weight": weight}

    def bounds(self, axis: int, parts: int, output: Shape, *inputs: Shape) -> tuple[int, ...]:
        """Channels are cut between groups while there are enough, rows and columns where blocks of the input are."""
        if axis == 1:
            return self._groups(*inputs).bounds(parts)
        return cut(output[0], parts) if axis == 0 else self.spreads[axis - 2].bounds(parts, inputs[0][axis])

    def _groups(self, *inputs: Shape) -> Groups:
        return Groups.of(self.groups, inputs[0][1], self.channels)
