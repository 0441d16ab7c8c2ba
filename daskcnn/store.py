"""A folder of runs, one NetCDF-4 file each."""

import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

import xarray as xr

from daskcnn import row
from daskcnn.errors import RunError, UsageError, reason
from daskcnn.files import whole
from daskcnn.row import SCHEMA

__all__ = ["SCHEMA", "Store", "default_path", "new_id"]


def default_path() -> Path:
    """Where runs are kept unless told: the environment variable DASKCNN_STORE, else `daskcnn-runs`."""
    return Path(os.environ.get("DASKCNN_STORE") or "daskcnn-runs")


def new_id() -> str:
    """A name no other run has, that sorts by time (UTC), such as `20261120T033013-4f2a91`."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


@dataclass(frozen=True)
class Store:
    """A folder of runs. Making one touches nothing; the first `append` makes the folder.

    Examples
    --------
    >>> import tempfile
    >>> store = Store(Path(tempfile.mkdtemp()) / "runs")
    >>> texts = {"network": "mnist", "chunks": "batch=2", "engine": "numpy", "cluster": "threads"}
    >>> root = xr.Dataset(texts | {"workers": 2, "images": 100, "seconds": 0.25})
    >>> root.attrs = {"run": "20261120T033013-4f2a91", "schema": 1}
    >>> store.append(xr.DataTree(root))
    '20261120T033013-4f2a91'
    >>> store.runs()["seconds"].values
    array([0.25])
    >>> store.open("2026")["chunks"].item()
    'batch=2'
    """

    path: Path
    """The folder; a str will do."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", Path(self.path))

    def check(self) -> None:
        """Find out before the work, and without making anything, that `append` could not write.

        Raises
        ------
        RunError
            The folder, or the nearest one above it that exists, cannot be written to.
        """
        place = self.path.absolute()
        nearest = next(path for path in (place, *place.parents) if path.exists())
        if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
            raise RunError(f"cannot write to store {self.path} ({nearest} is not writable): choose another folder")

    def append(self, tree: xr.DataTree) -> str:
        """Keep a run, whole or not at all, under its root's attribute `run`, which is returned.

        Raises
        ------
        UsageError
            The id is missing, is no plain file name, or is there already.
        RunError
            The folder cannot be written to.
        """
        name = str(tree.attrs.get("run", ""))
        if not re.fullmatch(r"\w[\w.-]*", name):
            raise UsageError(f"run id {name!r} is not a plain name: use letters, digits, '-', '_' and '.'")
        if self._file(name).exists():
            raise UsageError(f"run {name!r} is in {self.path} already: remove it first, or use another id")
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with whole(self._file(name)) as part:
                tree.to_netcdf(part, engine="h5netcdf")
        except OSError as error:
            raise RunError(f"cannot write to store {self.path} ({reason(error)}): choose another folder") from error
        return name

    def ids(self) -> list[str]:
        """The runs' ids, oldest first; files that turn out to be no run are among them.

        Raises
        ------
        RunError
            The path is not a folder, or may not be read.
        """
        try:
            return sorted(file.stem for file in self.path.iterdir() if file.suffix == ".nc")
        except FileNotFoundError:
            return []
        except OSError as error:
            raise RunError(f"cannot read store {self.path} ({reason(error)}): choose another folder") from error

    def find(self, run_id: str) -> str:
        """The one id that is `run_id` or begins with it.

        Raises
        ------
        UsageError
            There is none, or more than one.
        """
        ids = self.ids()
        found = [name for name in ids if name == run_id] or [name for name in ids if name.startswith(run_id)]
        if run_id and len(found) == 1:
            return found[0]
        if run_id and found:
            few = ", ".join(found[:3])
            raise UsageError(f"run {run_id!r} may be any of {len(found)} ({few}, …): give more of the id")
        near = get_close_matches(run_id, ids, 1, cutoff=0.0)
        way_out = f"nearest is {near[0]!r}, list: daskcnn runs" if near else "it is empty: daskcnn run fills it"
        raise UsageError(f"no run {run_id!r} in store {self.path}: {way_out}")

    def open(self, run_id: str) -> xr.DataTree:
        """A run in memory, by its id or an unambiguous beginning of it.

        Raises
        ------
        UsageError
            No such run.
        RunError
            The file is damaged or is not a run.
        """
        file = self._file(self.find(run_id))
        row.read(file)
        try:
            with xr.open_datatree(file, engine="h5netcdf") as tree:
                return tree.load()
        except Exception as error:
            raise row.damaged(file, error) from error

    def remove(self, run_id: str) -> str:
        """Delete a run, readable or not, and return its id; errors as in `find`, or RunError."""
        name = self.find(run_id)
        try:
            self._file(name).unlink()
        except OSError as error:
            raise RunError(f"cannot remove run {name!r} from {self.path} ({reason(error)})") from error
        return name

    def runs(self) -> xr.Dataset:
        """The store's table: the root variables of every run along `run`, oldest first.

        A number that a run lacks is NaN, a text "". Files that are damaged or no run do not break the listing:
        the attribute `unreadable` lists their ids.
        """
        rows: dict[str, row.Row] = {}
        unreadable = []
        for name in self.ids():
            try:
                rows[name] = row.read(self._file(name))
            except RunError:
                unreadable.append(name)
        return row.table(rows).assign_attrs(unreadable=unreadable)

    def _file(self, name: str) -> Path:
        return self.path / f"{name}.nc"
