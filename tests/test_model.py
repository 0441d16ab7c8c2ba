"""A network called on arrays: the same answer however the images are chunked and the work is cut."""

from pathlib import Path

import dask.array as da
import numpy as np
import pytest
from dask.base import compute
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.errors import UsageError
from daskcnn.layers import Add, Conv2d, Flatten, Relu
from daskcnn.model import Model
from daskcnn.network import Layer
from tests import reference, strategies

RNG = np.random.default_rng(11)
TWO = Model(
    "two",
    {"left": (2, 6, 5), "right": (3, 6, 5)},
    (
        Layer("a", Conv2d(4, (3, 3), padding=(1, 1, 1, 1)), ("left",)),
        Layer("b", Conv2d(4, (1, 1)), ("right",)),
        Layer("sum", Add(), ("a", "b")),
        Layer("flat", Flatten(), ("sum",)),
    ),
    outputs=("sum", "flat"),
).initialised()
LEFT, RIGHT = (RNG.normal(size=(5, channels, 6, 5)).astype(np.float32) for channels in (2, 3))


@settings(max_examples=40)
@given(data=st.data())
def test_it_is_the_reference_whatever_the_chunks_and_cuts(data: st.DataObject) -> None:
    network = data.draw(strategies.graphs())
    model = Model(network.name, network.inputs, network.layers, network.parameters)
    cut = data.draw(strategies.cuts(network))
    images = strategies.images(network, cut.images)
    x = da.from_array(
        images, chunks=tuple(tuple(np.diff(data.draw(strategies.parts(n))).tolist()) for n in images.shape)
    )
    found = model(x, cut.chunks, workers=cut.workers, batch=cut.batch, engine="numpy")
    assert isinstance(found, da.Array)
    expected = reference.run(network, images)[network.outputs[0]]
    np.testing.assert_allclose(found.compute(scheduler="sync"), expected, atol=1e-4 * max(1, np.abs(expected).max()))


@pytest.mark.parametrize("chunks", ["batch=2", "channel=2", "spatial=2x2", "filter=2", "pipeline=2"])
def test_several_inputs_and_outputs(chunks: str) -> None:
    given = {"right": RIGHT, "left": da.from_array(LEFT, chunks=(2, 1, 4, 5))}
    total, flat = TWO(given, chunks, workers=2)
    whole = TWO({"left": LEFT, "right": RIGHT}, "serial")[0].compute()
    np.testing.assert_allclose(total.compute(), whole, atol=1e-5)
    np.testing.assert_allclose(flat.compute(), whole.reshape(5, -1), atol=1e-5)


def test_any_tensor_can_be_asked_for() -> None:
    found = TWO({"left": LEFT, "right": RIGHT}, "spatial=2", outputs=["a"])
    assert isinstance(found, da.Array) and found.shape == (5, 4, 6, 5)


@settings(max_examples=100)
@given(data=st.data())
def test_calls_for_different_tensors_stand_in_one_graph(data: st.DataObject) -> None:
    network = data.draw(strategies.graphs())
    model = Model(network.name, network.inputs, network.layers, network.parameters)
    cut = data.draw(strategies.cuts(network))
    images = strategies.images(network, cut.images)
    names = [*data.draw(st.lists(st.sampled_from(list(network.by_name)), min_size=2, max_size=2)), network.output]
    asked = [
        model(images, cut.chunks, workers=cut.workers, batch=cut.batch, outputs=outputs, engine="numpy")
        for outputs in ([names[0]], [names[1]], [])
    ]
    expected = reference.run(network, images)
    for name, found in zip(names, compute(*asked, scheduler="sync"), strict=True):
        np.testing.assert_allclose(found, expected[name], atol=1e-4 * max(1, np.abs(expected[name]).max()))


def test_the_same_call_has_the_same_keys_and_other_parameters_have_others() -> None:
    net = Model.chain("one", (1, 4, 4), [("conv", Conv2d(1, (2, 2))), ("relu", Relu())])
    x = da.ones((2, 1, 4, 4))
    one, again, other = (net.initialised(seed)(x) for seed in (0, 0, 1))
    assert isinstance(one, da.Array) and isinstance(again, da.Array) and isinstance(other, da.Array)
    assert one.name == again.name != other.name


def test_plan_files_of_one_name_have_keys_of_their_own(tmp_path: Path) -> None:
    net = Model.chain("one", (1, 6, 6), [("conv", Conv2d(2, (3, 3))), ("next", Conv2d(2, (3, 3)))]).initialised()
    x, found = da.from_array(RNG.normal(size=(4, 1, 6, 6)).astype(np.float32)), []
    for number, chunks in enumerate(("height=2", "width=2")):
        file = tmp_path / str(number) / "plan.toml"
        file.parent.mkdir()
        file.write_text(f'chunks = "{chunks}"')
        found.append(net(x, str(file), workers=4))
    assert len({array.name for array in found if isinstance(array, da.Array)}) == 2
    one, other = compute(*found, scheduler="sync")
    np.testing.assert_allclose(one, other, atol=1e-5)


def test_what_does_not_fit_is_refused() -> None:
    for x, told in (
        ({"left": LEFT}, "left, right"),
        ({"left": LEFT, "right": RIGHT[:3]}, r"inputs of \[3, 5\] images"),
        ({"left": LEFT[:, :1], "right": RIGHT}, r"left of shape \(5, 1, 6, 5\)"),
    ):
        with pytest.raises(UsageError, match=told):
            TWO(x, "batch=2")
