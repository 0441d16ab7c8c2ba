"""All pages over one store: served on loopback, or written as files that need nothing else."""

from daskcnn.dashboard.export import export
from daskcnn.dashboard.server import application, serve

__all__ = ["application", "export", "serve"]
