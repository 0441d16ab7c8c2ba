"""A network that can be called on arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import dask.array as da
from dask.base import tokenize

from daskcnn.apply import AnyArray
from daskcnn.blocks.arrays import readable
from daskcnn.errors import UsageError
from daskcnn.forward import forward
from daskcnn.network import Network
from daskcnn.plan import Plan
from daskcnn.provenance import cores


@dataclass(frozen=True)
class Model(Network):
    """A network to call: lazily, on dask arrays of any chunks."""

    def __call__(
        self,
        x: AnyArray | Mapping[str, AnyArray],
        chunks: str = "batch",
        *,
        workers: int | None = None,
        batch: int | None = None,
        outputs: Sequence[str] = (),
        engine: str = "onnxruntime",
    ) -> da.Array | tuple[da.Array, ...]:
        """The network's output as a dask array, cut as asked.

        Parameters
        ----------
        x : array, or mapping of str to array
            Images (batch, channel, height, width), NumPy or dask, in any chunks; by name where there are several
            inputs.
        chunks : str
            As in `--chunks`.
        workers : int, optional
            How many share the blocks, for words without a degree; the machine's cores by default.
        batch : int, optional
            Images in a block at most.
        outputs : sequence of str, optional
            Layers whose output is asked for; the network's own by default.
        engine : str
            `onnxruntime` or `numpy`.

        Returns
        -------
        dask.array.Array, or a tuple of them where there are several outputs

        Raises
        ------
        UsageError
            The images do not fit the network, or cannot be cut so.

        Examples
        --------
        >>> import dask.array as da
        >>> from daskcnn import networks
        >>> x = da.zeros((10, 1, 28, 28), chunks=(4, 1, 20, 28))
        >>> networks.mnist()(x, chunks="spatial=2x2").shape
        (10, 10)
        """
        given = x if isinstance(x, Mapping) else dict.fromkeys(list(self.inputs)[:1], x)
        arrays = {name: _dask(array) for name, array in given.items()}
        images = {array.shape[0] for array in arrays.values() if array.ndim}
        if len(images) != 1:
            raise UsageError(f"inputs of {sorted(images)} images; give all inputs as many, along the first axis")
        asked = tuple(outputs) or self.outputs
        network = replace(self, outputs=asked)
        plan = Plan.of(network, chunks, images=images.pop(), workers=workers or cores(), batch=batch)
        names = [array.name for array in arrays.values()]
        # Of a plan file `plan.chunks` is the name alone.
        cuts = plan.chunks, [str(stage.partition) for stage in plan.stages], plan.workers, batch
        tag = tokenize(names, self.layers, sorted(self.parameters.items()), cuts, asked, engine)
        found = forward(plan, arrays, engine=engine, tag=tag)
        made = tuple(found.array(name) for name in asked)
        return made[0] if len(made) == 1 else made


def _dask(array: AnyArray) -> da.Array:
    return readable(array if isinstance(array, da.Array) else da.from_array(array, chunks=array.shape))
