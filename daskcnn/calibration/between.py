"""How long one worker waits for what another one has, and what Dask takes for a task."""

from __future__ import annotations

import numpy as np
import scipy
import xarray as xr
from distributed import Client, wait
from numpy.typing import NDArray

from daskcnn.calibration.timing import rates
from daskcnn.cluster import owners
from daskcnn.errors import RunError
from daskcnn.recorder import record

SIZES = tuple(1 << power for power in range(10, 27, 2))
"""Bytes that are sent: 1 KiB to 64 MiB."""
ROUNDS = 7
TASKS = 500
"""Empty ones that are submitted at once; a few thousand in all."""
SECONDS = 3.0
"""How long to submit them."""


def transfers(client: Client, sizes: tuple[int, ...] = SIZES, rounds: int = ROUNDS) -> NDArray[np.float64]:
    """Seconds from one worker's asking another for a fresh float32 array to its having it.

    Parameters
    ----------
    client : Client
        Of at least two workers.
    sizes : (size,) int
        Bytes, multiples of 4.
    rounds : int
        Each sends every size once, after one that does not count: connections are made with the first.

    Returns
    -------
    (round, size) float
        As the receiving worker noted it.

    Raises
    ------
    RunError
        The cluster fails, or a transfer was not recorded.
    """
    one, other = owners(client, 2)
    keys = [[f"fresh-{number}-{size}" for size in sizes] for number in range(rounds)]

    def send(key: str, size: int) -> None:
        there = client.submit(_fresh, size, pure=False, key=key, workers=[one])
        wait(client.submit(np.size, there, key=f"size-{key}", workers=[other]))

    for size in sizes:
        send(f"first-{size}", size)
    with record(client) as trace:
        for row in keys:
            for key, size in zip(row, sizes, strict=True):
                send(key, size)
    moved = trace["transfers"].dataset
    seconds = dict(zip(moved["key"].values.tolist(), (moved["stop"] - moved["start"]).values, strict=True))
    if lost := [key for row in keys for key in row if key not in seconds]:
        raise RunError(f"{len(lost)} of {rounds * len(sizes)} transfers were not recorded: calibrate again")
    return np.array([[seconds[key] for key in row] for row in keys])


def line(sizes: NDArray[np.float64], seconds: NDArray[np.float64]) -> tuple[float, float]:
    """Latency (s) and rate (B/s) of time = latency + bytes / rate, neither below 0, by their least relative error.

    Source: Hockney, "The communication challenge for MPP: Intel Paragon and Meiko CS-2" (1994).

    Examples
    --------
    >>> latency, rate = line(np.array([1e3, 1e6]), np.array([0.002, 0.002999]))
    >>> round(latency, 9), round(rate)
    (0.001999, 1000000000)
    """
    (latency, slope), _ = scipy.optimize.nnls(np.stack([1 / seconds, sizes / seconds], axis=1), np.ones(len(sizes)))
    return float(latency), float(1 / slope) if slope else np.inf


def lines(seconds: NDArray[np.float64], sizes: tuple[int, ...] = SIZES) -> dict[str, NDArray[np.float64]]:
    """`transfer_rate` and `transfer_latency`, round by round, from the (round, size) seconds of `transfers`."""
    latency, rate = np.array([line(np.array(sizes, float), row) for row in seconds]).T
    return {"transfer_rate": rate, "transfer_latency": latency}


def by_size(seconds: NDArray[np.float64], sizes: tuple[int, ...] = SIZES) -> xr.DataArray:
    """The median time of a transfer by its bytes, what the line was fitted to."""
    units = {"units": "B", "long_name": "Bytes sent"}
    return xr.DataArray(
        np.median(seconds, axis=0),
        {"transfer_bytes": ("transfer_bytes", np.array(sizes), units)},
        attrs={"units": "s", "long_name": "Time of a transfer"},
    )


def tasks(client: Client, number: int = TASKS, seconds: float = SECONDS) -> dict[str, NDArray[np.float64]]:
    """`task_seconds`, time after time: wall time of empty tasks over their number."""
    return {"task_seconds": 1 / rates(lambda: wait(client.map(_nothing, range(number), pure=False)), number, seconds)}


def _fresh(size: int) -> NDArray[np.float32]:
    return np.random.default_rng().random(size // 4, dtype=np.float32)


def _nothing(number: int) -> None:
    """Do nothing, and give nothing back."""
