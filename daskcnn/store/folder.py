"""A folder of runs, one NetCDF-4 file each."""

import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

import xarray as xr

from daskcnn.errors import RunError, UsageError, reason
from daskcnn.files import clear, whole
from daskcnn.netcdf import image, load
from daskcnn.store import card, disk, index, row
from daskcnn.store.history import SCHEMA, upgraded

PLAIN = re.compile(r"\w[\w.-]*")
"""What may be the id of a run."""


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
    >>> root.attrs = {"run": "20261120T033013-4f2a91", "schema": 2}
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
        if not os.fspath(self.path):
            raise UsageError("store '' is no folder: name one, such as daskcnn-runs")
        object.__setattr__(self, "path", Path(self.path))

    def check(self) -> None:
        """Find out before the work, and without making anything, that `append` could not write.

        Raises
        ------
        RunError
            The folder, or the nearest one above it that exists, cannot be written to, or its disk is full.
        """
        disk.check(self.path)

    def append(self, tree: xr.DataTree) -> str:
        """Keep a run, whole or not at all, under its root's attribute `run`, which is returned.

        Many processes may do so at once.

        Raises
        ------
        UsageError
            The id is missing, is no plain file name, or is there already; or the tree is no run.
        RunError
            The folder cannot be written to.
        """
        return self._keep(tree, new=True)

    def replace(self, tree: xr.DataTree) -> str:
        """Keep a run as `append` does, in the place of the one that has its id, if there is one, in one step."""
        return self._keep(tree, new=False)

    def ids(self) -> list[str]:
        """The runs' ids, oldest first; files that turn out to be no run are among them.

        Raises
        ------
        RunError
            The path is not a folder, or may not be read.
        """
        return list(self._stamps())

    def find(self, run_id: str) -> str:
        """The one id that is `run_id` or begins with it.

        Raises
        ------
        UsageError
            There is none, or more than one.
        """
        # Looked for by itself, for a store may be long.
        if PLAIN.fullmatch(run_id) and self._file(run_id).is_file():
            return run_id
        ids = self.ids()
        found = [name for name in ids if name == run_id] or [name for name in ids if name.startswith(run_id)]
        if run_id and len(found) == 1:
            return found[0]
        if run_id and found:
            few = ", ".join([*found[:3], *["…"] * (len(found) > 3)])
            raise UsageError(f"run {run_id!r} may be any of {len(found)} ({few}): give more of the id")
        near = get_close_matches(run_id, ids, 1, cutoff=0.0)
        way_out = f"nearest is {near[0]!r}, list: daskcnn runs" if near else "it is empty: daskcnn run fills it"
        raise UsageError(f"no run {run_id!r} in store {self.path}: {way_out}")

    def open(self, run_id: str) -> xr.DataTree:
        """A run in memory, by its id or an unambiguous beginning of it, as this version of the schema has it.

        Raises
        ------
        UsageError
            No such run.
        RunError
            The file is damaged, is not a run, or is of a later version of the schema.
        """
        name = self.find(run_id)
        file = self._file(name)
        row.read(file)
        try:
            run = upgraded(load(file))
        except Exception as error:
            raise row.damaged(file, error) from error
        # A file that was copied under another name is a run of that name.
        run.attrs["run"] = name
        return run

    def repeats(self, run_id: str) -> xr.Dataset:
        """The numbers of each repeat of a run alone, which is far quicker than to open it; errors as of `open`.

        A run without any has an empty Dataset. Its attributes are those of the run.
        """
        return row.columns(self._file(self.find(run_id)), "metrics", "repeat")

    def workers(self, run_id: str) -> xr.Dataset:
        """The numbers of each worker of a run's trace alone, likewise."""
        return row.columns(self._file(self.find(run_id)), "trace/workers", "worker")

    def remove(self, run_id: str) -> str:
        """Delete a run, readable or not, and return its id; errors as in `find`, or RunError."""
        name = self.find(run_id)
        if self._file(name).is_dir():
            raise RunError(f"{str(self._file(name))!r} is a folder, not a run: remove it by other means")
        try:
            self._file(name).unlink()
        except OSError as error:
            raise RunError(f"cannot remove run {name!r} from {self.path} ({reason(error)})") from error
        return name

    def runs(self) -> xr.Dataset:
        """The store's table: the root variables of every run along `run`, oldest first.

        What was asked for (texts, workers, images, …) are coordinates, what came of it variables. A number that a run
        lacks is NaN, a text "". Files that are damaged or no run do not break the listing: the attribute
        `unreadable` lists their ids.
        """
        stamps = self._stamps()
        rows, unreadable = index.rows(self.path, stamps)
        attrs: row.Attrs = {}
        for name, values in reversed(rows.items()):
            if values.keys() - attrs.keys():
                attrs = {key: {} for key in values} | row.attrs(self._file(name)) | attrs
        return row.table(rows, attrs).assign_attrs(unreadable=unreadable)

    def _repr_html_(self) -> str:
        return card.shown(str(self.path), self.runs)

    def _keep(self, tree: xr.DataTree, *, new: bool) -> str:
        name = str(tree.attrs.get("run", ""))
        if not PLAIN.fullmatch(name):
            raise UsageError(f"run id {name!r} is not a plain name: use letters, digits, '-', '_' and '.'")
        there = UsageError(f"run {name!r} is in {self.path} already: remove it first, or use another id")
        if new and self._file(name).exists():
            raise there
        content = image(tree)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with whole(self._file(name), new=new) as part:
                part.write_bytes(content)
                stamp, values = index.stamp(part.stat()), _row(part, name)
        except OSError as error:
            # Another process may have been quicker.
            if isinstance(error, FileExistsError) and self._file(name).exists():
                raise there from error
            told = f"cannot write to store {self.path} ({reason(error)}): run {name!r} is not kept"
            raise RunError(f"{told}; {disk.way_out(self.path, error, len(content))}") from error
        index.note(self.path, {name: values}, {name: stamp})
        clear(self.path)
        return name

    def _stamps(self) -> dict[str, index.Stamp]:
        """By id, in order, size and time of change of every file that should be a run."""
        try:
            with os.scandir(self.path) as entries:
                files = {
                    entry.name.removesuffix(".nc"): _stamp(entry)
                    for entry in entries
                    if entry.name.endswith(".nc") and not entry.name.startswith(".")
                }
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise RunError(f"cannot read store {self.path} ({reason(error)}): choose another folder") from error
        return dict(sorted(files.items()))

    def _file(self, name: str) -> Path:
        return self.path / f"{name}.nc"


def _row(part: Path, name: str) -> row.Row:
    """The row of a run that is about to be kept."""
    try:
        return row.read(part)
    except RunError as error:
        texts, counts = ", ".join(row.TEXTS), ", ".join(row.COUNTS)
        raise UsageError(
            f"{name!r} is no run: its root needs the attribute schema = {SCHEMA}, the texts {texts}, "
            f"the whole numbers {counts}, and numbers for metrics"
        ) from error


def _stamp(entry: os.DirEntry[str]) -> index.Stamp:
    """A stamp, of a link to nowhere too."""
    try:
        return index.stamp(entry.stat())
    except OSError:
        return -1, -1
