"""Figures of a run for a notebook: each is an ordinary Bokeh layout."""

import subprocess
import sys

import pytest
import xarray as xr
from bokeh.document import Document
from bokeh.models import LayoutDOM

from daskcnn.errors import UsageError
from daskcnn.plots import Plots
from daskcnn.runs import Run
from tests.planned import planned_run
from tests.runs import make_run

ALL = ("stream", "layers", "communication", "memory", "graph", "efficiency")
"""Of other Dask work there is neither plan nor graph: what was recorded is drawn."""


@pytest.mark.parametrize("tree", [planned_run(), make_run(tasks=8, repeats=2)], ids=["plan", "other work"])
@pytest.mark.parametrize("name", ALL)
def test_each_can_be_shown(tree: xr.DataTree, name: str) -> None:
    drawn = getattr(Run(tree).plot, name)()
    assert isinstance(drawn, LayoutDOM)
    document = Document()
    document.add_root(drawn)
    document.validate()
    assert document.to_json() and document.roots == [drawn]


def test_a_repeat_is_chosen_among_those_that_there_are() -> None:
    plots = Plots(make_run(tasks=8, repeats=3))
    for name in ("stream", "layers", "communication", "graph"):
        assert isinstance(getattr(plots, name)(2), LayoutDOM)
        with pytest.raises(UsageError, match="no repeat 3: there are 0, 1, 2"):
            getattr(plots, name)(3)


def test_bokeh_is_imported_when_something_is_drawn() -> None:
    command = "import sys, daskcnn.runs; sys.exit('bokeh' in sys.modules or 'matplotlib' in sys.modules)"
    subprocess.run([sys.executable, "-c", command], check=True)
