"""Plans that the walk is tried on: the source reports' networks, and random ones."""

from hypothesis import strategies as st

from daskcnn import networks
from daskcnn.plan import Plan
from tests import strategies


def digit(chunks: str = "channel=4", images: int = 1, workers: int = 4) -> Plan:
    """One image of 28x28 through a convolution, a pool, GELU and a dense layer from 5 408 inputs to 128 outputs."""
    return Plan.of(networks.digit(), chunks, images=images, workers=workers)


def letters(chunks: str, images: int = 16, workers: int = 4, fan_in: int | None = None) -> Plan:
    """The letters' network, cut."""
    return Plan.of(networks.letters(), chunks, images=images, workers=workers, fan_in=fan_in)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Chains and branched networks, cut in every way that fits."""
    network = draw(st.one_of(strategies.networks(), strategies.graphs()))
    return draw(strategies.cuts(network)).plan(network)
