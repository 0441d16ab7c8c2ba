"""Reports as a page that needs nothing else."""

from base64 import b64encode

from daskcnn.report.document import Document, Section, Table
from daskcnn.report.webpage import webpage
from tests.report.hostile import HOSTILE
from tests.test_markup import Seen

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'/>"


def test_every_part_is_there() -> None:
    table = Table(("Way", "Time"), (("batch", "1 s"),), about="Medians.")
    page = webpage(Document("Title", "About.", (Section("1. First", "a", ("One.",), (table,)),)), {"a": SVG})
    seen = Seen(page)
    assert seen.text.endswith("TitleAbout.1. First1. FirstOne.WayTimebatch1 sMedians.")
    assert f"data:image/svg+xml;base64,{b64encode(SVG).decode()}" in seen.values
    assert "1. First: One." in seen.values  # what the picture shows, for those who do not see it
    assert seen.tags.count("img") == 1
    assert "#s0" in seen.values and "s0" in seen.values


def test_names_are_text() -> None:
    table = Table(HOSTILE, (HOSTILE,), about=HOSTILE[0])
    sections = tuple(Section(name, "a", HOSTILE, (table,)) for name in HOSTILE)
    seen = Seen(webpage(Document(HOSTILE[0], HOSTILE[1], sections), {"a": SVG}))
    assert "script" not in seen.tags
    assert seen.tags.count("img") == len(HOSTILE)
    assert HOSTILE[0] in seen.text and HOSTILE[2] in seen.text
