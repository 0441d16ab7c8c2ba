"""Questions and pages, found by name: one file each in `graphs/` and `dashboards/`."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from daskcnn.errors import UsageError

PACKAGE = Path(__file__).parent


def room(name: str) -> Path:
    """The folder `graphs` or `dashboards`: inside the package once installed, beside it in a checkout."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def names(of: str) -> list[str]:
    """What there is in a room, sorted.

    Examples
    --------
    >>> names("dashboards")
    ['compare', 'stream']
    """
    return sorted(file.stem for file in room(of).glob("*.py") if not file.stem.startswith("_"))


def load(of: str, name: str) -> ModuleType:
    """The module of that name, the same one each time.

    Raises
    ------
    UsageError
        There is no such file.

    Examples
    --------
    >>> load("dashboards", "compare").TITLE
    'Compare'
    """
    if name not in names(of):
        raise UsageError(f"no {name!r} in {of}: choose from {', '.join(names(of)) or 'nothing yet'}")
    full = f"daskcnn.{of}.{name}"
    if full not in sys.modules:
        spec = importlib.util.spec_from_file_location(full, room(of) / f"{name}.py")
        assert spec and spec.loader
        module = sys.modules[full] = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[full]  # as import does: no half-made module stays
            raise
    return sys.modules[full]
