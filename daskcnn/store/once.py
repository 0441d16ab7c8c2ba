"""A store for who looks at the same runs again and again."""

from dataclasses import dataclass, field

import xarray as xr

from daskcnn.store.folder import Store


@dataclass(frozen=True)
class ReadOnce(Store):
    """A store that keeps what it has opened: nobody may change it.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> ReadOnce(Path(tempfile.mkdtemp())).ids()
    []
    """

    opened: dict[str, xr.DataTree] = field(default_factory=dict, repr=False, compare=False)
    """By what they were asked for."""

    def open(self, run_id: str) -> xr.DataTree:
        """As of `Store`, the first time; then the same again."""
        if run_id not in self.opened:
            self.opened[run_id] = super().open(run_id)
        return self.opened[run_id]
