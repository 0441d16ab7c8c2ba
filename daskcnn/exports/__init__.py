"""Runs as files that other programs read."""

from daskcnn.exports.file import ENDINGS, export
from daskcnn.exports.table import TABLES, table
from daskcnn.exports.timeline import timeline

__all__ = ["ENDINGS", "TABLES", "export", "table", "timeline"]
