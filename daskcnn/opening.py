"""What a run is asked to compute, opened: a network, and the images for each of its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from daskcnn import networks
from daskcnn.errors import UsageError
from daskcnn.network import Network
from daskcnn.onnx import OnnxModel, load_onnx
from daskcnn.sources import First, Source, open_source


def opened(
    network: str | Path | Network | OnnxModel,
    inputs: str | Mapping[str, str] | None = None,
    images: int | None = None,
    *,
    raw: bool = False,
) -> tuple[Network, dict[str, Source]]:
    """The network, its sizes resolved from the images, and a source for each of its inputs.

    Parameters
    ----------
    network : str, Path, Network or OnnxModel
        A name, the path of an ONNX file, or the thing itself.
    inputs : str, or mapping of str to str, optional
        As `open_source` reads it; by name where there are several. A network that is known by name has its own.
    images : int, optional
        How many of the images; all by default.
    raw : bool
        Whether bytes stay 0 to 255.

    Raises
    ------
    UsageError
        An unknown name, a file that cannot be read, or images that do not fit.

    Examples
    --------
    >>> net, sources = opened("cifar", images=5)
    >>> net.name, sources["images"].shape
    ('cifar', (5, 3, 32, 32))
    """
    found = _network(network)
    names = tuple(found.inputs)
    if inputs is None:
        inputs = _default(found)
    given = inputs if isinstance(inputs, Mapping) else dict.fromkeys(names[:1], inputs)
    if given.keys() != set(names):
        raise UsageError(f"{found.name} reads {', '.join(names)}; give each as NAME=DATA")
    sources = {name: open_source(given[name], _sizes(found, name), scaled=not raw) for name in names}
    net = (
        found.resolve({name: own.shape[1:] for name, own in sources.items()}) if isinstance(found, OnnxModel) else found
    )
    cut = (own if images is None else First(own, images) for own in sources.values())
    return net, dict(zip(net.inputs, cut, strict=True))


def _network(network: str | Path | Network | OnnxModel) -> Network | OnnxModel:
    if not isinstance(network, str | Path):
        return network
    return load_onnx(network) if Path(network).suffix == ".onnx" else networks.network(str(network))


def _default(network: Network | OnnxModel) -> str:
    if network.name not in networks.INPUTS:
        raise UsageError(f"{network.name} has no images of its own; give some, as in --input images.npy")
    return networks.INPUTS[network.name]


def _sizes(network: Network | OnnxModel, name: str) -> tuple[int | None, ...]:
    """Sizes of an image, None where any will do."""
    sizes = network.inputs[name][1:] if isinstance(network, OnnxModel) else network.inputs[name]
    return tuple(size if isinstance(size, int) else None for size in sizes)
