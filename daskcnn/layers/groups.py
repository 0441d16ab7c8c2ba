"""Channels in groups that do not see each other, and what a range of output channels has to do with them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from daskcnn.errors import UsageError
from daskcnn.region import Interval, cut


@dataclass(frozen=True)
class Groups:
    """`count` groups, each from `inner` input to `outer` output channels."""

    count: int
    inner: int
    outer: int

    @classmethod
    def of(cls, count: int, inputs: int, outputs: int) -> Groups:
        """So many groups of these channels; UsageError where they do not divide them."""
        if count < 1 or inputs % count or outputs % count:
            raise UsageError(
                f"groups={count} does not divide {inputs} input and {outputs} output channels; choose a common divisor"
            )
        return cls(count, inputs // count, outputs // count)

    def span(self, channel: Interval) -> Interval:
        """The groups that output channels lie in."""
        return channel[0] // self.outer, -(-channel[1] // self.outer)

    def inputs(self, channel: Interval) -> Interval:
        """The input channels that output channels depend on."""
        first, last = self.span(channel)
        return first * self.inner, last * self.inner

    def computed(self, channel: Interval) -> Interval:
        """The output channels to compute so that the groups among them are equal.

        Those asked for where they are whole groups or lie in one; all of their groups elsewhere.

        >>> Groups(count=4, inner=1, outer=3).computed((1, 5))
        (0, 6)
        """
        first, last = self.span(channel)
        return channel if last - first == 1 else (first * self.outer, last * self.outer)

    def crop(self, channel: Interval) -> Interval | None:
        """Which of the computed channels were asked for; None for all.

        >>> Groups(count=4, inner=1, outer=3).crop((1, 5))
        (1, 5)
        """
        start, stop = self.computed(channel)
        return None if (start, stop) == channel else (channel[0] - start, channel[1] - start)

    def bounds(self, parts: int) -> tuple[int, ...]:
        """Cuts between groups, or each group on its own where there are more blocks than groups."""
        if parts <= self.count:
            return tuple(bound * self.outer for bound in cut(self.count, parts))
        shares = (b - a for a, b in pairwise(cut(parts, self.count)))
        starts = (
            group * self.outer + bound for group, share in enumerate(shares) for bound in cut(self.outer, share)[:-1]
        )
        return (*starts, self.count * self.outer)
