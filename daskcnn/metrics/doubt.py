"""What keeps a run's numbers from being trusted."""

import xarray as xr


def doubts(runs: xr.Dataset) -> list[str]:
    """A line for each thing that is not as it should be: predictions, records, bytes.

    Parameters
    ----------
    runs : xarray.Dataset
        Rows of the store's table along `run`.

    Examples
    --------
    >>> doubts(xr.Dataset({"same_as_serial": ("run", [1, 0])}, {"run": ["a", "b"]}))
    ['b: predictions are not the serial ones']
    """
    moved = runs.get("bytes_moved", xr.zeros_like(runs["run"], dtype=float))
    checks = {
        "predictions are not the serial ones": runs.get("same_as_serial", moved + 1) == 0,
        "records were lost, so its numbers are too low": runs.get("records_dropped", moved * 0) > 0,
        "bytes moved are not those planned": abs(runs.get("bytes_planned", moved) - moved) > 0,
    }
    return [f"{run}: {what}" for what, found in checks.items() for run in runs["run"].values[found.values]]
