"""Reports: what anyone's runs show, in the figures, tables and words of a performance analysis."""

from daskcnn.report.write import report

__all__ = ["report"]
