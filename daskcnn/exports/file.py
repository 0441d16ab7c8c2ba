"""The file that a run is exported to, of the kind that its name says."""

import json
from pathlib import Path

import xarray as xr

from daskcnn.errors import RunError, UsageError, reason
from daskcnn.exports.table import table
from daskcnn.exports.timeline import timeline
from daskcnn.files import whole

ENDINGS = ".json for a trace, .csv for a table"


def export(tree: xr.DataTree, path: Path, name: str | None = None) -> None:
    """Write what happened in a run, in one step.

    Parameters
    ----------
    tree : xarray.DataTree
        A run.
    path : Path
        `.json`: a trace as the Perfetto UI and chrome://tracing open it; `.csv`: a table.
    name : str, optional
        Which of `TABLES`, where it is a table; by default `tasks`.

    Raises
    ------
    UsageError
        Another ending, or a table for a trace.
    RunError
        The run lacks what is asked for, or the file cannot be written.
    """
    match path.suffix.lower(), name:
        case ".json", None:
            text = _trace(tree)
        case ".json", _:
            raise UsageError(f"{str(path)!r} is to be a trace, which has all tables: leave out --table, or use .csv")
        case ".csv", _:
            text = table(tree, name or "tasks").to_csv(lineterminator="\n")
        case _:
            raise UsageError(f"{str(path)!r} has no ending that says what to write: use {ENDINGS}")
    try:
        with whole(path) as part:
            part.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise RunError(f"cannot write {path} ({reason(error)}): choose another file") from error


def _trace(tree: xr.DataTree) -> str:
    try:
        return json.dumps(timeline(tree), allow_nan=False)
    except KeyError as error:
        raise RunError(f"run {tree.attrs.get('run')!r} lacks {reason(error)} of its trace: export a table") from error
