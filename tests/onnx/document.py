"""The tables of docs/onnx.md, made of what the code and the tests say: `python -m tests.onnx.document` writes them."""

from __future__ import annotations

import inspect
from collections import defaultdict
from pathlib import Path

from daskcnn.onnx.operators import OPERATORS
from tests.onnx.left_out import LEFT_OUT, reasons
from tests.onnx.nodes import node_tests

PATH = Path(__file__).parents[2] / "docs" / "onnx.md"
END = "<!-- end -->"


def operators() -> str:
    """What is supported of each operator, by its function's docstring."""
    told: defaultdict[str, list[str]] = defaultdict(list)
    for kind, function in OPERATORS.items():
        told[" ".join((inspect.getdoc(function) or "").split())].append(kind)
    rows = sorted((", ".join(sorted(kinds)), text) for text, kinds in told.items())
    return _table(("Operators", "Supported"), rows)


def left_out() -> str:
    """The node tests that are left out, by reason."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    for name in node_tests():
        for reason in reasons(name):
            names[reason].append(f"`{name}`")
    return _table(
        ("Why", "Tests"), [(f"{reason} ({len(names[reason])})", ", ".join(names[reason])) for reason in LEFT_OUT]
    )


def written(text: str) -> str:
    """The document with its tables as they should be."""
    return _filled(_filled(text, "operators", operators()), "left out", left_out())


def _filled(text: str, mark: str, table: str) -> str:
    before, start, rest = text.partition(f"<!-- {mark} -->\n")
    return before + start + table + rest[rest.index(END) :]


def _table(head: tuple[str, str], rows: list[tuple[str, str]]) -> str:
    return "".join(f"| {left} | {right} |\n" for left, right in [head, ("---", "---"), *rows])


if __name__ == "__main__":
    PATH.write_text(written(PATH.read_text()))
