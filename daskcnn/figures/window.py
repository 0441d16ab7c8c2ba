"""What is seen of a time axis, and who draws it anew when that changes."""

from collections.abc import Callable

from bokeh.core.property.descriptors import UnsetValueError
from bokeh.io import curdoc
from bokeh.plotting import figure

from daskcnn.figures.settings import served

View = Callable[[float, float, float], None]
"""Draws what lies between two times, where a pixel is so many seconds."""
WIDTH = 1200
"""Pixels that a figure is taken to be wide until it says."""
SOON = 100
"""Milliseconds from a change until it is drawn."""


class Window:
    """The time axis of a figure, whose `x_range` begins with all there is."""

    def __init__(self, plot: figure, most: float) -> None:
        self._plot = plot
        self._most = most
        """Pixels that are told apart at most."""
        self._views: list[View] = []
        self._waiting = False
        if served():
            document = curdoc()

            def soon(attr: str, old: float, new: float) -> None:
                if not self._waiting:
                    self._waiting = True
                    document.add_timeout_callback(self.draw, SOON)

            plot.x_range.on_change("start", soon)
            plot.x_range.on_change("end", soon)

    def follow(self, view: View) -> None:
        """Draw a view now, and whenever another part of the axis is seen."""
        self._views.append(view)
        view(*self._seen())

    def draw(self) -> None:
        """Draw all that is seen."""
        self._waiting = False
        for view in self._views:
            view(*self._seen())

    def _seen(self) -> tuple[float, float, float]:
        """As much again on both sides, for those who pan."""
        begin, end = self._plot.x_range.start, self._plot.x_range.end
        span = end - begin
        try:
            width = self._plot.inner_width
        except UnsetValueError:
            width = WIDTH
        return begin - span, end + span, span / min(width, self._most)
