"""What comes back of a run: classes or sums, the same however the work is cut; outputs are written where they are."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from daskcnn import execution, networks
from daskcnn.answer import Answer, asked, classifies, reduced
from daskcnn.forward import forward
from daskcnn.layers import Conv2d, Flatten
from daskcnn.network import Network
from daskcnn.plan import Plan
from daskcnn.sink import sink
from daskcnn.sources import ArraySource
from daskcnn.taskgraph import TaskGraph

RNG = np.random.default_rng(3)
IMAGES = RNG.normal(size=(7, 2, 9, 8)).astype(np.float32)
FILTER = Network.chain("filter", (2, 9, 8), [("conv", Conv2d(3, (3, 3)))]).initialised()


def answer(network: Network, chunks: str, path: Path | None = None) -> Answer:
    """The answer of a plan, without Dask."""
    plan = Plan.of(asked(network), chunks, images=len(IMAGES), workers=3)
    found = forward(plan, ArraySource(IMAGES), engine="numpy", keep=network.outputs if path else ())
    if path is None:
        frozen = reduced(found, network)
        return frozen.answer(execution.serial(frozen.work, frozen.ends, execution.held(frozen.work))[1])
    grids = {name: (plan.by_name[name].layout.grid, np.float32) for name in network.outputs}
    with sink(path, grids) as targets:
        frozen = reduced(found, network, targets)
        assert TaskGraph.of(frozen.work).bytes_moved == plan.bytes_moved + frozen.bytes_aligned
        return frozen.answer(execution.serial(frozen.work, frozen.ends, execution.held(frozen.work))[1])


def test_a_row_of_numbers_an_image_names_a_class() -> None:
    assert classifies(networks.mnist()) and not classifies(FILTER)
    assert asked(FILTER) is FILTER and asked(networks.mnist()).output == "predict"


def test_one_number_an_image_names_none() -> None:
    assert not classifies(Network.chain("one", (1, 1, 1), [("flatten", Flatten())]).initialised())


@pytest.mark.parametrize("chunks", ["batch=2", "channel=3", "filter=2", "spatial=2x3", "batch=2,height=2"])
def test_sums_of_an_output_are_the_same_however_it_is_cut(chunks: str) -> None:
    serial, cut = answer(FILTER, "serial"), answer(FILTER, chunks)
    assert serial.predictions is None and set(serial.checksums) == {"conv"}
    assert cut.same_as(serial) and np.allclose(cut.checksums["conv"], serial.checksums["conv"], rtol=1e-5)


@pytest.mark.parametrize("chunks", ["batch=3", "spatial=2x2", "channel=2"])
def test_what_is_written_is_the_output(chunks: str, tmp_path: Path) -> None:
    answer(FILTER, chunks, tmp_path / "out.zarr")
    written = xr.open_zarr(tmp_path / "out.zarr", consolidated=False)["conv"].values
    whole = forward(Plan.of(FILTER, "serial", images=7, workers=1), ArraySource(IMAGES), engine="numpy").array("conv")
    assert np.allclose(written, whole.compute(scheduler="sync"), atol=1e-5)


def test_other_classes_or_sums_are_not_the_same() -> None:
    classes, sums = np.arange(4), {"y": np.array([1.0, 2.0])}
    assert Answer(classes, {}).same_as(Answer(classes.copy(), {}))
    assert not Answer(classes, {}).same_as(Answer(classes[::-1], {}))
    assert Answer(None, sums).same_as(Answer(None, {"y": np.array([1.0, 2.0001])}))
    assert not Answer(None, sums).same_as(Answer(None, {"y": np.array([1.0, 2.1])}))


def test_accuracy_needs_classes_and_labels() -> None:
    classes = np.array([1, 2, 3, 4])
    assert Answer(classes, {}).accuracy(np.array([1, 2, 0, 0])) == 0.5
    assert np.isnan(Answer(classes, {}).accuracy(None)) and np.isnan(Answer(None, {}).accuracy(classes))


def test_infinite_sums_are_the_same_as_their_like_alone() -> None:
    finite, infinite = (Answer(None, {"y": np.array([value, value])}) for value in (5.0, np.inf))
    assert infinite.same_as(infinite)
    assert not finite.same_as(infinite)
    assert not infinite.same_as(finite)
