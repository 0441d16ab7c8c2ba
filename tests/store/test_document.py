"""The documentation names every node, variable and unit of a run, and every change of the schema."""

import re

from daskcnn.exports import TABLES
from daskcnn.trace import SCHEMA
from tests.store.document import PATH, written


def test_the_nodes_and_the_history_are_those_of_the_document() -> None:
    assert PATH.read_text() == written(PATH.read_text()), "run python -m tests.store.document"


def test_every_table_that_is_exported_is_in_the_document() -> None:
    text = PATH.read_text()
    for path, dim in TABLES.values():
        assert re.search(rf"^### `{path}` \(along .*`{dim}`.*\)$", text, re.MULTILINE)


def test_every_column_of_a_trace_is_in_the_document() -> None:
    text = PATH.read_text()
    for columns in SCHEMA.values():
        for name, column in columns.items():
            assert re.search(rf"^\| `{name}` \| [a-z ]+ \| {re.escape(column.units)} \| ", text, re.MULTILINE)
