"""A network, cut in any way, is the network; and what it is made of says beforehand what it does."""

from typing import Any

import numpy as np
import pytest
from dask.base import compute
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from daskcnn import networks
from daskcnn.errors import UsageError
from daskcnn.forward import forward
from daskcnn.kernels import ENGINES, microbatch
from daskcnn.layers import Conv2d, Dense, Flatten, Op, Relu
from daskcnn.network import Network
from daskcnn.plan import Plan
from daskcnn.region import Shape
from daskcnn.sources import ArraySource, MnistTest
from tests import laws, reference, strategies

WORDS = ["serial", "batch", "batch=7", "channel", "channel=3", "spatial", "spatial=2x2"]
WORDS += ["filter", "filter=2x2", "height=2", "width=3", "pipeline=2", "batch=2,channel=2", "spatial=2x2,channel=2"]

HARD: dict[str, tuple[Shape, list[Op]]] = {
    "blocks that lie in padding alone": ((1, 2, 2), [Conv2d(2, (1, 1), padding=(3, 3, 3, 3))] * 2),
    "padding of one side longer than the image": ((2, 1, 3), [Conv2d(3, (2, 2), padding=(0, 3, 3, 0))] * 2),
    "rows that nobody needs": ((1, 11, 10), [Conv2d(2, (2, 1)), Relu(), Conv2d(2, (1, 2), stride=(3, 3))]),
    "a kernel longer than a block": ((1, 8, 8), [Relu(), Conv2d(2, (4, 4), dilation=(2, 2), padding=(3,) * 4)]),
    "a kernel as large as the image": ((2, 5, 3), [Relu(), Conv2d(4, (5, 3)), Conv2d(5, (1, 1), padding=(1,) * 4)]),
    "images of one pixel": ((3, 1, 1), [Conv2d(6, (3, 3), padding=(1,) * 4, groups=3), Relu(), Flatten(), Dense(4)]),
    "cuts through groups": ((6, 6, 6), [Conv2d(6, (3, 3), groups=3), Relu(), Conv2d(6, (3, 3), groups=2), Relu()]),
    "depthwise": ((4, 6, 5), [Conv2d(4, (3, 2), groups=4, stride=(2, 1)), Conv2d(8, (1, 1)), Flatten(), Dense(5)]),
}  # fmt: skip


def hard(case: str) -> Network:
    """One of the hard cases as a network."""
    image, ops = HARD[case]
    named = [(f"{type(op).__name__.lower()}{number}", op) for number, op in enumerate(ops, start=1)]
    return Network.chain("hard", image, named).initialised()


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=200)
@given(data=st.data())
def test_any_chain_cut_in_any_way_gives_the_same_answer(engine: str, data: st.DataObject) -> None:
    same_answer(data, data.draw(strategies.networks()), engine)


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=100)
@given(data=st.data())
def test_any_network_with_branches_cut_in_any_way_gives_the_same_answer(engine: str, data: st.DataObject) -> None:
    same_answer(data, data.draw(strategies.graphs()), engine)


def same_answer(data: st.DataObject, network: Network, engine: str) -> None:
    """Law 1 for some cut, with some layers kept."""
    cut = data.draw(strategies.cuts(network))
    keep = data.draw(st.sets(st.sampled_from([layer.name for layer in network.layers])))
    laws.same_answer(cut.plan(network), strategies.images(network, cut.images), engine, sorted(keep))


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=60)
@given(data=st.data())
def test_any_task_gives_the_bytes_that_it_is_said_to(engine: str, data: st.DataObject) -> None:
    network = data.draw(st.one_of(strategies.networks(), strategies.graphs()))
    cut = data.draw(strategies.cuts(network))
    laws.sizes_agree(cut.plan(network), strategies.images(network, cut.images), engine)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", HARD)
@pytest.mark.parametrize(("images", "workers", "batch"), [(1, 3, None), (5, 2, 2), (4, 5, 1)])
def test_hard_cases(case: str, engine: str, images: int, workers: int, batch: int | None) -> None:
    network = hard(case)
    shapes = [shape for shape in network.shapes(1).values() if len(shape) == 4]
    for word, axis in (("channel", 1), ("spatial", 2)):
        degree = min(min(shape[axis] for shape in shapes[1:]), 4)
        text = f"{word}={degree}"
        if word == "spatial":
            text += f"x{min(min(shape[3] for shape in shapes[1:]), 4)}"
        plan = Plan.of(network, text, images=images, workers=workers, batch=batch)
        laws.same_answer(plan, strategies.images(network, images), engine, list(plan.by_name))


@pytest.fixture(scope="module")
def mnist() -> dict[str, NDArray[Any]]:
    """The first digits as the reference sees them."""
    return reference.run(networks.mnist().classifier(), MnistTest(60).read(((0, 60), (0, 1), (0, 28), (0, 28))))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("chunks", WORDS)
def test_mnist_predictions_are_those_of_the_reference(mnist: dict[str, NDArray[Any]], engine: str, chunks: str) -> None:
    plan = Plan.of(networks.mnist().classifier(), chunks, images=60, workers=2)
    found = forward(plan, MnistTest(60), engine=engine).array("predict").compute(scheduler="sync")
    np.testing.assert_array_equal(found, mnist["predict"], strict=True)


@pytest.mark.parametrize("engine", ENGINES)
def test_images_are_computed_few_at_a_time_with_the_same_answer(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    network = hard("depthwise")
    microbatch._images_per_pass.cache_clear()
    monkeypatch.setattr(microbatch, "CACHE", 4 * 2 * 400)
    passes: list[int] = []
    monkeypatch.setattr(ENGINES[engine], "run", counted(ENGINES[engine].run, passes))
    for chunks in ("batch=2", "channel=2", "spatial=2x2"):
        plan = Plan.of(network, chunks, images=7, workers=2)
        laws.same_answer(plan, strategies.images(network, 7), engine)
    assert min(passes) < 7
    microbatch._images_per_pass.cache_clear()


def counted(run: Any, passes: list[int]) -> Any:
    """An engine's `run` that keeps how many images it was given."""

    def counting(steps: Any, weights: Any, inputs: Any) -> Any:
        passes.append(len(inputs[0]))
        return run(steps, weights, inputs)

    return counting


@pytest.mark.parametrize("chunks", ["batch=3", "channel=2", "spatial=2x2"])
def test_a_retagged_forward_gives_the_same_answer_from_the_same_setup(chunks: str) -> None:
    plan = Plan.of(networks.mnist(), chunks, images=9, workers=2, batch=2)
    first = forward(plan, MnistTest(9), keep=["relu2"], tag="run")
    again = first.retagged("run-1")
    assert again.setup is first.setup
    keys = [{key for layer in work.work for key in layer.tasks} for work in (first, again)]
    assert len(keys[0]) == len(keys[1])
    assert not keys[0] & keys[1]
    known = keys[1] | {key for layer in again.setup for key in layer.tasks}
    for layer in again.work:
        assert all(key[0] == f"{layer.label}-run-1" == layer.name for key in layer.tasks)
        assert all(task.key == key and task.dependencies <= known for key, task in layer.tasks.items())
    for name in ("relu2", "dense3"):
        arrays = (work.array(name).compute(scheduler="sync") for work in (first, again))
        np.testing.assert_array_equal(*arrays, strict=True)


@pytest.mark.parametrize("scheduler", ["sync", "threads"])
@pytest.mark.parametrize("optimize", [True, False])
def test_any_scheduler_runs_it_optimized_or_not(mnist: dict[str, NDArray[Any]], scheduler: str, optimize: bool) -> None:
    plan = Plan.of(networks.mnist(), "spatial=2x2", images=8, workers=3, batch=3)
    work = forward(plan, MnistTest(8), keep=["conv1", "relu2"])
    arrays = {name: work.array(name) for name in work.names}
    found = compute(arrays, scheduler=scheduler, optimize_graph=optimize)[0]
    assert sorted(found) == ["conv1", "dense3", "relu2"]
    for name, values in found.items():
        expected = mnist[name][:8]
        np.testing.assert_allclose(values, expected, rtol=0, atol=1e-4 * np.abs(expected).max())


def test_an_array_composes_with_dasks_own_operations() -> None:
    work = forward(Plan.of(networks.mnist(), "channel=3", images=8, workers=2), MnistTest(8))
    array = work.array("dense3")
    total = (array * 2).sum(axis=1).compute(scheduler="sync")
    np.testing.assert_allclose(total, 2 * array.compute(scheduler="sync").sum(axis=1), rtol=1e-5)


def test_keys_name_layer_tag_and_block() -> None:
    work = forward(Plan.of(networks.mnist(), "spatial=2", images=4, workers=2), MnistTest(4), tag="x")
    labels = [layer.label for layer in work.work]
    assert labels == ["conv1..relu1", "conv2.halo", "conv2..relu2", "flatten.relayout", "flatten..dense3"]
    assert list(work.work[0].tasks) == [("conv1..relu1-x", 0, 0, 0, 0), ("conv1..relu1-x", 0, 0, 1, 0)]
    assert all(name in {layer.name for layer in work.layers} for layer in work.layers for name in layer.reads)


def test_what_lies_on_the_workers_beforehand_reads_nothing() -> None:
    work = forward(Plan.of(networks.mnist(), "channel=2", images=4, workers=2), MnistTest(4))
    assert not any(task.dependencies for layer in work.setup for task in layer.tasks.values())
    assert all(layer.label.endswith((".images", ".weights")) for layer in work.setup)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"source": MnistTest(4)}, r"images of shape \(4, 1, 28, 28\), but the plan is for \(5, 1, 28, 28\)"),
        ({"source": ArraySource(np.zeros((5, 28, 28)))}, r"images of shape \(5, 28, 28\)"),
        ({"engine": "torch"}, "unknown engine 'torch'; use one of onnxruntime, numpy"),
        ({"keep": ["conv9"]}, "no layer is named 'conv9'; keep one of conv1, relu1"),
        ({"keep": ["images"]}, "no layer is named 'images'"),
    ],
)
def test_what_does_not_fit_the_plan_is_refused(arguments: dict[str, Any], told: str) -> None:
    plan = Plan.of(networks.mnist(), "batch", images=5, workers=2)
    with pytest.raises(UsageError, match=told) as refused:
        forward(plan, **{"source": MnistTest(5), **arguments})
    assert "\n" not in str(refused.value)


def test_a_network_without_parameters_is_refused() -> None:
    plan = Plan.of(Network.chain("bare", (1, 28, 28), [("conv1", Conv2d(2, (3, 3)))]), "serial", images=5, workers=1)
    with pytest.raises(UsageError, match=r"bare has no parameter 'conv1\.bias'; use with_parameters or initialised"):
        forward(plan, MnistTest(5))


def test_a_layer_called_as_tasks_of_another_are_is_refused() -> None:
    ops: list[tuple[str, Op]] = [("a", Conv2d(2, (1, 1))), ("a.weights", Relu())]
    network = Network.chain("clash", (1, 28, 28), ops).initialised()
    plan = Plan.of(network, "batch", images=5, workers=1)
    with pytest.raises(UsageError, match=r"two kinds of tasks of clash are called 'a\.weights'; rename that layer"):
        forward(plan, MnistTest(5), keep=["a"])
