"""The reference against the definition: two ways that share nothing."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import reference, strategies


@settings(max_examples=60)
@given(data=st.data())
def test_scipy_and_the_definition_agree(data: st.DataObject) -> None:
    image = data.draw(strategies.image_shapes())
    op = data.draw(strategies.convs(image))
    random = np.random.default_rng(data.draw(st.integers(0, 99)))
    x = random.normal(size=(2, *image))
    weights = [random.normal(size=shape) for shape in op.weight_shapes(x.shape).values()]
    expected = reference.conv2d_by_loops(op, x, *weights)
    np.testing.assert_allclose(reference.conv2d(op, x, *weights), expected, rtol=0, atol=1e-12, strict=True)
    assert expected.shape == op.output_shape(x.shape)


@settings(max_examples=30)
@given(data=st.data())
def test_partial_sums_add_up_to_the_layer(data: st.DataObject) -> None:
    network = data.draw(strategies.networks())
    cut = data.draw(strategies.cuts(network))
    images = strategies.images(network, cut.images)
    whole, parts = reference.run(network, images), reference.run(cut.plan(network).network, images)
    for layer in network.layers:
        np.testing.assert_allclose(parts[layer.name], whole[layer.name], rtol=0, atol=1e-10)
