"""What each layer of a run took."""

import numpy as np
import xarray as xr
from bokeh.models import LayoutDOM

from daskcnn.calibration import latest
from daskcnn.figures import Roof, layers, middle_repeat, one_run
from daskcnn.store import Store

TITLE = "Layers"
WORDS = (
    "What each layer took",
    "All tasks of a layer together, in the repeat of median time",
    "Images, which are on the workers beforehand, are not among the bytes",
)
PRODUCTS = ("product_numpy", "product_onnxruntime")


def page(store: Store) -> LayoutDOM:
    """Time, operations per second under the machine's roof, and bytes of the layers of a run that is chosen."""

    def panel(run: str) -> LayoutDOM:
        tree = store.open(run)
        return layers(tree, middle_repeat(tree), _roof(store, tree))

    return one_run(str(store.path), store.runs(), panel, *WORDS)


def _roof(store: Store, tree: xr.DataTree) -> Roof:
    """What the run knows of its machine, else what the newest calibration of a machine like it says."""
    known = tree.dataset
    cluster = known["cluster"].item() if "cluster" in known else ""
    processor, cores = str(tree.attrs.get("cpu", "")), int(tree.attrs.get("cores", 0))
    # Of workers elsewhere nothing is known.
    here = latest(store, processor=processor, count=cores) if cluster in ("processes", "threads") else None
    found = xr.Dataset() if here is None else here
    rates = [float(found[name]) for name in PRODUCTS if name in found]
    rate = float(known["peak_operations_per_s"]) if "peak_operations_per_s" in known else np.nan
    return Roof(rate if np.isfinite(rate) else max(rates, default=np.nan), float(found.get("triad", np.nan)))
