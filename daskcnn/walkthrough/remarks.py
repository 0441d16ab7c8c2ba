"""Where the source reports count otherwise, and what is right."""

from __future__ import annotations

from daskcnn.stage import Stage

REMARKS = {
    ("digit", "gelu", (32, 13, 13)): "gives 37,856 operations for an image, 9,464 to each of four workers: seven for "
    "each element; GELU by erf takes five",
    ("digit", "dense", (128,)): "gives 65,536 operations for an image, 16,384 to each of four workers; 5,408 inputs × "
    "128 outputs are 692,224 multiply-adds, 173,056 to each",
    ("letters", "conv1", (32, 26, 26)): "gives 64 × 26 × 26 = 43,264 operations to a thread; there are 32 channels and "
    "nine multiply-adds for each output: of 16 images 389,376 to each of eight threads",
    ("letters", "dense1", (512,)): "calls the operations of linear layers many for their memory; of 16 images they are "
    "6.87 FLOP/B here, and 77.9 FLOP/B in conv2",
}
"""By network, layer and the shape that it gives of an image: what its report says, and what is so."""


def remark(network: str, stage: Stage) -> str:
    """What is to be said of a report's own count for a layer; nothing of any other.

    Examples
    --------
    >>> from daskcnn import networks
    >>> from daskcnn.plan import Plan
    >>> plan = Plan.of(networks.digit(), "channel=4", images=1, workers=4)
    >>> remark("digit", plan.by_name["dense"]).partition("; ")[0]
    'gives 65,536 operations for an image, 16,384 to each of four workers'
    >>> remark("digit", plan.by_name["conv"])
    ''
    """
    return REMARKS.get((network, stage.layer.name, stage.shape[1:]), "")
