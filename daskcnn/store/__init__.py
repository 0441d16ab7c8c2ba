"""Runs in a folder: kept whole, listed quickly, read for as long as there are any."""

from daskcnn.store.folder import Store, default_path, new_id
from daskcnn.store.history import SCHEMA
from daskcnn.store.once import ReadOnce

__all__ = ["SCHEMA", "ReadOnce", "Store", "default_path", "new_id"]
