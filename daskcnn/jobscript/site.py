"""What all jobs of a site have in common, from a small TOML file."""

import os
import tomllib
from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from daskcnn.errors import UsageError, telling


def default_site() -> Path:
    """The file that is read where none is named: `daskcnn/site.toml` where a user's settings lie."""
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home) / "daskcnn" / "site.toml"


def site_choices(file: Path, known: Collection[str], lists: Collection[str] = ()) -> dict[str, Any]:
    """What a file says, by name: texts and numbers, and lists of texts for the names in `lists`.

    Raises
    ------
    UsageError
        The file cannot be read, or says what is not known.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "site.toml"
    >>> _ = file.write_text('partition = "long"')
    >>> site_choices(file, ["partition", "account"])
    {'partition': 'long'}
    >>> _ = file.write_text('acount = "physics"')
    >>> site_choices(file, ["partition", "account"])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    daskcnn.errors.UsageError: .../site.toml: no choice is called 'acount'; nearest is 'account'
    """
    with telling(UsageError, f"{file}: cannot be read", "give a TOML file, as docs/hpc.md shows"):
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    for name, value in found.items():
        if name not in known:
            (near,) = get_close_matches(name, list(known), 1, cutoff=0.0)
            raise UsageError(f"{file}: no choice is called {name!r}; nearest is {near!r}")
        if name in lists and isinstance(value, str):
            found[name] = [value]
        elif name in lists and not (isinstance(value, list) and all(isinstance(one, str) for one in value)):
            raise UsageError(f"{file}: {name} = {value!r}: give a text, or a list of them")
        elif name not in lists and (isinstance(value, bool) or not isinstance(value, str | int)):
            raise UsageError(f"{file}: {name} = {value!r}: give a text or a whole number")
    return found
