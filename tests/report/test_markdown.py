"""Reports as Markdown: text stays text."""

import re

import pytest

from daskcnn.report.document import Document, Section, Table
from daskcnn.report.markdown import escaped, markdown, paragraph
from tests.report.hostile import HOSTILE

TABLE = Table(("Way", "Time"), (("batch", "1 s"), (HOSTILE[5], "2 s")), about="Medians.")
REPORT = Document("Title", "About.", (Section("1. First", "speedup", ("One.", "- two"), (TABLE,)), Section("Second")))


def test_every_part_is_there_in_its_order() -> None:
    lines = [line for line in markdown(REPORT, lambda name: f"images/{name}.png").splitlines() if line]
    assert lines == [
        "# Title",
        "About.",
        "## 1. First",
        "![1. First](images/speedup.png)",
        "- One.",
        r"- \- two",
        "| Way | Time |",
        "| :-- | --: |",
        "| batch | 1 s |",
        rf"| {escaped(HOSTILE[5])} | 2 s |",
        "Medians.",
        "## Second",
    ]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_mark_is_left_without_a_backslash(name: str) -> None:
    text = escaped(name)
    assert "\n" not in text
    assert not re.search(r"(?<!\\)(\\\\)*[<>|`*_\[\]$#~]", text)
    assert re.sub(r"\\(.)", r"\1", text) == " ".join(name.split())


@pytest.mark.parametrize("text", ["1. a", "- a", "+ a", "12) a", "=== a"])
def test_a_paragraph_begins_no_list(text: str) -> None:
    assert re.match(r"\d*\\", paragraph(text))
    assert paragraph("a - b 1.") == "a - b 1."
