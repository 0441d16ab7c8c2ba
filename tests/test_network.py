"""Networks: shapes, costs and parameters, and what is refused."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from daskcnn.errors import UsageError
from daskcnn.layers import Conv2d, Dense, Flatten, Op, Relu
from daskcnn.network import INPUT, Layer, Network
from tests import reference, strategies

TINY: list[tuple[str, Op]] = [("conv1", Conv2d(2, (3, 3))), ("flatten", Flatten()), ("dense1", Dense(3))]


def tiny() -> Network:
    """Two by two maps of two channels, then three features."""
    return Network.chain("tiny", (1, 4, 4), TINY)


@settings(max_examples=50)
@given(network=strategies.networks(), count=st.integers(1, 4))
def test_shapes_are_those_of_what_the_reference_computes(network: Network, count: int) -> None:
    tensors = reference.run(network, strategies.images(network, count))
    assert network.shapes(count) == {name: values.shape for name, values in tensors.items()}


def test_operations_by_hand() -> None:
    assert tiny().operations(10) == {
        "conv1": 10 * 2 * 4 * (2 * 9),
        "flatten": 0,
        "dense1": 10 * 3 * (2 * 8),
    }


def test_parameters_are_named_after_their_layer() -> None:
    assert tiny().weight_shapes() == {
        "conv1.weight": (2, 1, 3, 3),
        "conv1.bias": (2,),
        "dense1.weight": (3, 8),
        "dense1.bias": (3,),
    }


def test_a_seed_gives_the_same_parameters_again() -> None:
    one, again, other = (parameters(tiny().initialised(seed)) for seed in (1, 1, 2))
    for name, shape in tiny().weight_shapes().items():
        assert (one[name].shape, np.asarray(one[name]).dtype) == (shape, np.dtype(np.float32))
        np.testing.assert_array_equal(one[name], again[name])
        assert not np.array_equal(one[name], other[name])


def test_parameters_drawn_where_they_are_needed_are_the_same() -> None:
    for name, values in parameters(tiny().initialised(3)).items():
        np.testing.assert_array_equal(np.asarray(tiny().seeded(3).parameters[name]), values, strict=True)


@pytest.mark.parametrize("seed", [-1, 2**31, 2**40, 2**70])
def test_any_whole_number_is_a_seed(seed: int) -> None:
    drawn = tiny().initialised(seed).parameters
    assert all(np.isfinite(np.asarray(values)).all() for values in drawn.values())


def test_parameters_become_float32() -> None:
    drawn = parameters(tiny().initialised())
    network = tiny().with_parameters({name: np.asarray(values, np.float64) for name, values in drawn.items()})
    assert {values.dtype for values in parameters(network).values()} == {np.dtype(np.float32)}


def parameters(network: Network) -> dict[str, NDArray[np.float32]]:
    """Its arrays."""
    return {name: values for name, values in network.parameters.items() if isinstance(values, np.ndarray)}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"conv1.weight": np.zeros((2, 1, 3, 1))},
            r"conv1.weight of tiny has shape \(2, 1, 3, 1\), not \(2, 1, 3, 3\)",
        ),
        ({"conv2.weight": np.zeros(1)}, "tiny has no parameter 'conv2.weight'; it has conv1.weight, conv1.bias"),
    ],
)
def test_parameters_that_do_not_fit_are_refused(changes: dict[str, NDArray[Any]], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        tiny().with_parameters({**tiny().initialised().parameters, **changes})


def test_a_missing_parameter_is_named() -> None:
    with pytest.raises(UsageError, match=r"conv1.weight of tiny has shape None, not \(2, 1, 3, 3\)"):
        tiny().with_parameters({})


@pytest.mark.parametrize(
    ("layers", "told"),
    [
        ((), "network bad has no layers; give it one or more"),
        (
            (Layer("a", Relu(), (INPUT,)), Layer("a", Relu(), ("a",))),
            "two layers are named 'a' in bad; give each its own name",
        ),
        ((Layer(INPUT, Relu(), (INPUT,)),), "two layers are named 'images'"),
        ((Layer("a", Relu(), ("b",)), Layer("b", Relu(), (INPUT,))), "layer 'a' reads 'b', which is no earlier layer"),
        ((Layer("a", Relu(), ("a",)),), "layer 'a' reads 'a'"),
    ],
)
def test_layers_that_make_no_network_are_refused(layers: tuple[Layer, ...], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        Network("bad", {INPUT: (1, 4, 4)}, layers)


@pytest.mark.parametrize(
    ("ops", "told"),
    [
        ([Conv2d(2, (5, 5))], "spans 5 does not fit an axis of 4"),
        ([Conv2d(3, (1, 1), groups=2)], "groups=2 does not divide 1 input and 3 output channels"),
        ([Conv2d(2, (1, 1), stride=(1, 0))], "stride is 0"),
        ([Dense(3)], "put a flatten before it"),
        ([Flatten(), Conv2d(2, (1, 1))], r"not \(1, 16\)"),
    ],
)
def test_layers_that_do_not_fit_their_input_are_refused(ops: list[Op], told: str) -> None:
    with pytest.raises(UsageError, match=told) as refused:
        Network.chain("bad", (1, 4, 4), [(str(i), op) for i, op in enumerate(ops)]).shapes(1)
    assert "\n" not in str(refused.value)


def test_a_classifier_names_the_class_of_features_or_of_every_pixel() -> None:
    assert tiny().classifier().shapes(7)["predict"] == (7,)
    assert Network.chain("maps", (1, 4, 4), TINY[:1]).classifier().shapes(7)["predict"] == (7, 2, 2)
