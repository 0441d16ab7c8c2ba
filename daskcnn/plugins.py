"""Questions and pages, found by name: one file each in `graphs/` and `dashboards/`."""

import importlib.util
import sys
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType

from daskcnn.errors import RunError, UsageError

PACKAGE = Path(__file__).parent


def room(name: str) -> Path:
    """The folder `graphs` or `dashboards`: inside the package once installed, beside it in a checkout."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def names(of: str) -> list[str]:
    """What there is in a room, sorted.

    Examples
    --------
    >>> names("dashboards")[:2]
    ['communication', 'compare']
    """
    return sorted(file.stem for file in room(of).glob("*.py") if not file.stem.startswith("_"))


def load(of: str, name: str) -> ModuleType:
    """The module of that name, the same one each time; or of one's own, by the path of its file.

    Raises
    ------
    UsageError
        There is no such file.
    RunError
        A file of one's own raises.

    Examples
    --------
    >>> load("dashboards", "compare").TITLE
    'Compare'
    """
    if name.endswith(".py"):
        return _own(Path(name))
    if name not in names(of):
        near = [f"nearest is {own!r}; " for own in get_close_matches(name, names(of), 1)]
        raise UsageError(
            f"no {name!r} in {of}: {''.join(near)}choose from {', '.join(names(of)) or 'nothing yet'}, or give the "
            "path of a file, NAME.py"
        )
    return _module(f"daskcnn.{of}.{name}", room(of) / f"{name}.py")


def _own(file: Path) -> ModuleType:
    if not file.is_file():
        raise UsageError(f"no file {str(file)!r}: give the path of a file that is there")
    try:
        # A file that was changed since, as in a notebook, is another module.
        return _module(f"daskcnn.own.{file.absolute()}@{file.stat().st_mtime_ns}", file)
    except Exception as error:
        raise RunError(f"{file} raises {type(error).__name__}: {error}; run it by itself to see where") from error


def _module(full: str, file: Path) -> ModuleType:
    if full not in sys.modules:
        spec = importlib.util.spec_from_file_location(full, file)
        assert spec and spec.loader
        module = sys.modules[full] = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[full]  # as import does: no half-made module stays
            raise
    return sys.modules[full]
