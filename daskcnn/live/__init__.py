"""A tab in Dask's own dashboard: what is planned, how far it is, and why it is not further.

Every run shows itself there. A scheduler that others start has the tab, without any plan, by
`dask scheduler --preload daskcnn.live`.
"""

from daskcnn.live.tab import dask_setup

__all__ = ["dask_setup"]
