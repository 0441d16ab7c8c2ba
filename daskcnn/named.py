"""What a script or a module calls by a name: `script.py:name`, `module:name`."""

from __future__ import annotations

import re
import runpy
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout, suppress
from difflib import get_close_matches
from functools import reduce
from importlib import import_module
from inspect import Parameter, signature
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from dask.base import is_dask_collection

from daskcnn.errors import RunError, UsageError, reason

RELATIVE = re.compile(rb"^\s*from\s+\.", re.MULTILINE)
"""An import of a neighbour in the same package."""


def named(target: str) -> Any:
    r"""What `script.py:name` or `module:name` names; a function is called, and gives what it returns.

    The script's `if __name__ == "__main__":` part does not run; its folder, or for a module the working folder, is
    where it imports its neighbours from; a script with relative imports is imported as a part of its package. What it
    prints goes to standard error.

    Parameters
    ----------
    target : str
        A path that ends in `.py`, or a module's name; a colon; a name, which may have dots.

    Raises
    ------
    UsageError
        There is no such file, module or name, or a function that needs arguments.
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
    with _importing(Path(place).parent if place.endswith(".py") else Path()), redirect_stdout(sys.stderr):
        names = _names(place)
        try:
            found = reduce(getattr, name.split("."), SimpleNamespace(**names))
        except AttributeError as error:
            part = error.name or name
            raise UsageError(f"no {part!r} in {place}: {_choices(part, names)}") from error
        except Exception as error:
            raise _failed(target, error) from error
        return _called(target, found) if callable(found) and not is_dask_collection(found) else found


def _called(target: str, function: Callable[[], Any]) -> Any:
    if needed := _needed(function):
        raise UsageError(f"{target} needs {', '.join(needed)}: name a function that can be called without")
    try:
        return function()
    except (Exception, SystemExit) as error:
        raise _failed(target, error) from error


def _needed(function: Callable[[], Any]) -> list[str]:
    """Arguments that must be given; of a function that is not written in Python none are known."""
    optional = Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD
    with suppress(TypeError, ValueError):
        parameters = signature(function).parameters.values()
        return [own.name for own in parameters if own.default is Parameter.empty and own.kind not in optional]
    return []


def _names(place: str) -> Mapping[str, Any]:
    try:
        if place.endswith(".py"):
            if root := _package(Path(place)):
                return vars(import_module(".".join(Path(place).absolute().relative_to(root).with_suffix("").parts)))
            # By a name that nothing can be imported by: pickle would run the script again.
            return runpy.run_path(place, run_name=f"<{Path(place).stem}>")
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


def _package(script: Path) -> Path | None:
    """The folder that a script's package lies in, which is where its relative imports begin; None if it has none."""
    if not script.is_file() or not RELATIVE.search(script.read_bytes()):
        return None
    folder = script.absolute().parent
    while (folder / "__init__.py").is_file():
        folder = folder.parent
    if folder == script.absolute().parent:
        return None
    sys.path.insert(0, str(folder))
    return folder


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
    """Let imports find the neighbours of a script, as Python itself would, and let it read no arguments of ours."""
    before, arguments = sys.path.copy(), sys.argv
    sys.path.insert(0, str(folder.absolute()))
    sys.argv = sys.argv[:1]
    try:
        yield
    finally:
        sys.path[:], sys.argv = before, arguments
