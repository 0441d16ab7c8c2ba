"""Run a Python program as `python` would, in this process."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import open_code
from pathlib import Path
from types import ModuleType, TracebackType
from zipfile import is_zipfile

from daskcnn.errors import UsageError

OURS = (__file__, runpy.__file__, "<frozen runpy>")
"""Files whose frames are no part of the program."""


def execute(target: str, arguments: Sequence[str] = (), *, module: bool = False) -> int:
    """Run a script, or a module as `python -m` does, as the main program, and say its exit code.

    Parameters
    ----------
    target : str
        Path of a script, or of a folder or archive with `__main__.py`; or a module's name.
    arguments : sequence of str
        What it finds in `sys.argv`, after its own name.
    module : bool
        Whether `target` is a module's name.

    Returns
    -------
    int
        0; what it gave to `sys.exit`; or 1 where it failed: its traceback is on standard error then.

    Raises
    ------
    UsageError
        There is no such script or module.

    Examples
    --------
    >>> execute("this", ["--poem"], module=True)  # doctest: +ELLIPSIS
    The Zen of Python, by Tim Peters
    ...
    0
    """
    if not module and not (target and Path(target).exists()):
        raise UsageError(f"no script {target!r}: give the path of one, or the name of a module after -m")
    path = Path(target).absolute()
    try:
        with _as_python_would([target, *arguments], Path.cwd() if module else path.resolve().parent):
            if module:
                runpy.run_module(target, run_name="__main__", alter_sys=True)
            elif path.is_dir() or is_zipfile(path):
                runpy.run_path(target, run_name="__main__")
            else:
                _run(path)
    except SystemExit as end:
        return _exit_code(end.code)
    except Exception as error:
        error.__traceback__ = own = _own(error.__traceback__)
        if own is None and isinstance(error, ImportError):
            raise UsageError(f"{target!r} cannot be run ({error}): give a script, or a module after -m") from error
        sys.excepthook(type(error), error, own)
        return 1
    return 0


@contextmanager
def _as_python_would(argv: list[str], folder: Path) -> Iterator[None]:
    before = sys.argv, sys.path[:], sys.modules["__main__"]
    sys.argv = argv
    if not sys.flags.safe_path:
        sys.path[0] = str(folder)
    try:
        yield
    finally:
        sys.argv, sys.path[:], sys.modules["__main__"] = before


def _run(script: Path) -> None:
    """As `runpy.run_path`, but for two names: Python has the whole path in `__file__`, and not in `sys.argv`."""
    main = sys.modules["__main__"] = ModuleType("__main__")
    main.__file__ = str(script)
    with open_code(str(script)) as file:
        code = compile(file.read(), str(script), "exec", dont_inherit=True)
    exec(code, vars(main))


def _exit_code(code: object) -> int:
    """What Python makes of the argument of `sys.exit`."""
    if code is None or isinstance(code, int):
        return code or 0
    print(code, file=sys.stderr)
    return 1


def _own(traceback: TracebackType | None) -> TracebackType | None:
    """The traceback without what led to the program."""
    while traceback is not None and traceback.tb_frame.f_code.co_filename in OURS:
        traceback = traceback.tb_next
    return traceback
