"""What a script or a module calls by a name: `script.py:name`, `module:name`."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from functools import reduce
from importlib import import_module
from pathlib import Path
from typing import Any

from dask.base import is_dask_collection

from daskcnn.errors import RunError, UsageError, reason


def named(target: str) -> Any:
    r"""What `script.py:name` or `module:name` names; a function is called, and gives what it returns.

    The script's `if __name__ == "__main__":` part does not run; its folder, or for a module the working folder, is
    where it imports its neighbours from.

    Parameters
    ----------
    target : str
        A path that ends in `.py`, or a module's name; a colon; a name, which may have dots.

    Raises
    ------
    UsageError
        There is no such file, module or name.
    RunError
        The script, or the function, raises.

    Examples
    --------
    >>> import tempfile
    >>> script = Path(tempfile.mkdtemp()) / "sums.py"
    >>> _ = script.write_text("import dask.array as da\ntotal = da.ones((4, 4), chunks=2).sum()")
    >>> named(f"{script}:total").shape
    ()
    """
    place, _, name = target.rpartition(":")
    if not place or not all(part.isidentifier() for part in name.split(".")):
        raise UsageError(f"{target!r} names nothing: use script.py:name or module:name")
    with _importing(Path(place).parent if place.endswith(".py") else Path()):
        names = _names(place)
        first, *rest = name.split(".")
        if first not in names:
            raise UsageError(f"no {first!r} in {place}: {_choices(first, names)}")
        try:
            found = reduce(getattr, rest, names[first])
            return found() if callable(found) and not is_dask_collection(found) else found
        except Exception as error:
            raise _failed(target, error) from error


def _names(place: str) -> Mapping[str, Any]:
    try:
        if place.endswith(".py"):
            return runpy.run_path(place, run_name=Path(place).stem)
        return vars(import_module(place))
    except ModuleNotFoundError as error:
        if error.name and (place == error.name or place.startswith(f"{error.name}.")):
            raise UsageError(f"no module {place!r}: install it, or give the path of a script, FILE.py:name") from error
        raise _failed(place, error) from error
    except (FileNotFoundError, IsADirectoryError) as error:
        if error.filename and Path(error.filename).absolute() == Path(place).absolute():
            raise UsageError(f"no script {place!r}: {reason(error)}") from error
        raise _failed(place, error) from error
    except (Exception, SystemExit) as error:
        raise _failed(place, error) from error


def _failed(what: str, error: BaseException) -> RunError:
    return RunError(f"{what} raises {type(error).__name__}: {error}; run it by itself to see where")


def _choices(name: str, names: Mapping[str, Any]) -> str:
    """The collections there are, or else the nearest name."""
    collections = [other for other, value in names.items() if is_dask_collection(value)]
    if collections:
        return f"its collections are {', '.join(collections[:5])}"
    near = get_close_matches(name, [other for other in names if not other.startswith("_")], 1, cutoff=0.0)
    return f"nearest is {near[0]!r}" if near else "it defines nothing"


@contextmanager
def _importing(folder: Path) -> Iterator[None]:
    """Let imports find the neighbours of a script, as Python itself would."""
    before = sys.path.copy()
    sys.path.insert(0, str(folder.absolute()))
    try:
        yield
    finally:
        sys.path[:] = before
