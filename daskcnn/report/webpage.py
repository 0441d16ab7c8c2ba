"""A report as one HTML page that needs nothing else: its pictures are in it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from daskcnn.markup import document, element, table
from daskcnn.report.document import Document, Section, Table

STYLE = """
:root { font: 15px/1.5 system-ui, sans-serif; color: #1c1e21; background: #fff; }
body { max-width: 68rem; margin: 0 auto; padding: 0 1rem 4rem; }
h1, h2, p, li, td.left { overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; }
h2 { font-size: 1.25rem; margin-top: 2.5rem; border-top: 1px solid #d5d8dd; padding-top: 1rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1rem; padding: 0; list-style: none; }
figure { margin: 1rem 0; } img { width: 100%; height: auto; background: #fff; }
.scroll { overflow-x: auto; margin: .8rem 0 .2rem; } .about { color: #4a4f57; font-size: .9rem; margin: 0 0 1rem; }
a:focus, .scroll:focus { outline: 2px solid #4477aa; outline-offset: 2px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem; }
th, td { padding: .2rem .6rem; text-align: right; white-space: nowrap; }
th { border-bottom: 1px solid #8a8f98; vertical-align: bottom; white-space: normal; }
.left { text-align: left; } td.left { white-space: normal; min-width: 11rem; max-width: 22rem; }
tbody tr:nth-child(even) { background: #f4f5f7; }
@media (prefers-color-scheme: dark) {
  :root { color: #e4e6eb; background: #18191b; } tbody tr:nth-child(even) { background: #232528; }
  .about { color: #aab0b9; } a { color: #8ab4f8; } h2 { border-color: #3a3d42; }
}
"""


def webpage(report: Document, pictures: Mapping[str, bytes]) -> str:
    """The text of the page.

    Parameters
    ----------
    report : Document
    pictures : mapping of str to bytes
        SVG of each figure by its name.
    """
    places = {section.title: f"s{place}" for place, section in enumerate(report.sections)}
    items = (element("li", element("a", title, href=f"#{place}")) for title, place in places.items())
    body = [
        element("h1", report.title),
        element("p", report.about),
        element("nav", element("ul", *items), aria_label="Sections"),
    ]
    for section in report.sections:
        body.append(element("section", *_section(section, pictures), id=places[section.title]))
    return document(report.title, STYLE, *body)


def _section(section: Section, pictures: Mapping[str, bytes]) -> Iterator[Element]:
    yield element("h2", section.title)
    if section.figure:
        source = f"data:image/svg+xml;base64,{b64encode(pictures[section.figure]).decode()}"
        yield element("figure", element("img", src=source, alt=f"{section.title}: {' '.join(section.words[:1])}"))
    if section.words:
        yield element("ul", *(element("li", line) for line in section.words))
    for own in section.tables:
        yield from _table(own)


def _table(own: Table) -> Iterator[Element]:
    drawn = table(own.head, own.rows, left=own.head[: own.names])
    yield element("div", drawn, class_="scroll", tabindex="0", role="region", aria_label=own.about or own.head[0])
    if own.about:
        yield element("p", own.about, class_="about")
