"""Where the time of all threads goes that is not spent on computing."""

import numpy as np
from bokeh.layouts import column
from bokeh.models import LayoutDOM

from daskcnn.figures import described, efficiency_key, efficiency_tree, efficiency_words, empty, labelled, note
from daskcnn.store import Store

TITLE = "Efficiency"
MOST = 12


def page(store: Store) -> LayoutDOM:
    """POP's tree of efficiencies for the newest run of each configuration."""
    runs = store.runs()
    if not runs.sizes["run"]:
        return empty(str(store.path))
    newest = labelled(runs)
    shown = newest.isel(run=np.sort(np.argsort(newest["run"].values)[-MOST:]))
    left_out = newest.sizes["run"] - shown.sizes["run"]
    return column(
        note(
            "Where the time of all threads goes",
            described(runs),
            "Each number is the product of those below it that are further in; of repeats the median",
            f"The newest run of each configuration; {left_out:,} older ones are left out" if left_out else "",
            "– is not known: runs of earlier versions did not note when tasks became ready",
        ),
        efficiency_key(),
        efficiency_tree(shown),
        efficiency_words(),
        sizing_mode="stretch_width",
    )
