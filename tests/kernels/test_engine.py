"""Both engines run a list of steps; what one of them compiled stays with the parameters."""

import pickle

import numpy as np
import pytest

from daskcnn.errors import UsageError
from daskcnn.kernels import ENGINES, Step, Steps, Weights, engine
from daskcnn.kernels.lrn import compute
from daskcnn.layers import Add, Conv2d, Lrn, Relu
from tests import reference

X = np.random.default_rng(0).normal(size=(5, 2, 4, 3)).astype(np.float32)
CONV = Conv2d(2, (1, 1))
STEPS: Steps = (Step(CONV, (0,), ("c.weight", "c.bias")), Step(Relu(), (2,), ()), Step(Add(), (3, 1), ()))


def weights() -> Weights:
    """Those of the convolution."""
    random = np.random.default_rng(1)
    shapes = {"c.weight": (2, 2, 1, 1), "c.bias": (2,)}
    return Weights({name: random.normal(size=shape).astype(np.float32) for name, shape in shapes.items()})


@pytest.mark.parametrize("name", ENGINES)
def test_steps_read_inputs_first_and_then_each_other(name: str) -> None:
    other = X[::-1].copy()
    conv = reference.evaluate(CONV, [X], {"weight": weights()["c.weight"], "bias": weights()["c.bias"]})
    found = engine(name).run(STEPS, weights(), [X, other])
    np.testing.assert_allclose(found, np.where(conv > 0, conv, 0) + other, rtol=1e-5, atol=1e-6)
    assert found.dtype == np.float32


@pytest.mark.parametrize("name", ENGINES)
def test_layers_may_be_named_like_what_an_engine_numbers(name: str) -> None:
    held = Weights({name.replace("c.", "x2."): array for name, array in weights().items()})
    steps = (Step(CONV, (0,), ("x2.weight", "x2.bias")), Step(Lrn(2), (1,), ()))
    conv = engine(name).run(steps[:1], held, [X])
    np.testing.assert_allclose(engine(name).run(steps, held, [X]), compute(Lrn(2), conv), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ENGINES)
def test_the_same_steps_run_for_any_number_of_images(name: str) -> None:
    held = weights()
    whole = engine(name).run(STEPS, held, [X, X])
    for count in (1, 3):
        part = engine(name).run(STEPS, held, [X[:count], X[:count]])
        np.testing.assert_allclose(part, whole[:count], rtol=1e-6)


@pytest.mark.parametrize("name", ENGINES)
def test_inputs_are_left_as_they_are(name: str) -> None:
    x, held = X.copy(), weights()
    x.flags.writeable = False
    for array in held.values():
        array.flags.writeable = False
    engine(name).run(STEPS, held, [x, x])
    np.testing.assert_array_equal(x, X)


def test_a_session_is_built_once_for_steps_and_image_shape() -> None:
    held = weights()
    for count in (5, 2, 5):
        ENGINES["onnxruntime"].run(STEPS, held, [X[:count], X[:count]])
    assert len(held.compiled) == 1
    ENGINES["onnxruntime"].run(STEPS[:2], held, [X, X])
    assert len(held.compiled) == 2


def test_what_is_compiled_does_not_travel() -> None:
    held = weights()
    ENGINES["onnxruntime"].run(STEPS, held, [X, X])
    sent = pickle.loads(pickle.dumps(held))
    assert isinstance(sent, Weights)
    assert not sent.compiled
    assert sent.keys() == held.keys()
    for name, array in held.items():
        np.testing.assert_array_equal(sent[name], array, strict=True)


def test_parameters_weigh_what_their_arrays_do() -> None:
    assert weights().__sizeof__() == (2 * 2 + 2) * 4


def test_an_engine_has_a_name_or_is_refused() -> None:
    assert [own.name for own in ENGINES.values()] == list(ENGINES)
    with pytest.raises(UsageError, match="unknown engine 'torch'; use one of onnxruntime, numpy"):
        engine("torch")
