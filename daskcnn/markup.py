"""HTML and SVG as trees: what is put in is text, whatever it looks like."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from xml.etree.ElementTree import Element, tostring

Child = Element | str
MOST = 20
"""Rows of a table in a notebook."""
NOTEBOOK = """
.daskcnn dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1em; margin: .3em 0; }
.daskcnn dt { font-weight: 600; } .daskcnn dd { margin: 0; } .daskcnn .scroll { overflow-x: auto; }
.daskcnn table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.daskcnn th, .daskcnn td { padding: .1em .7em; text-align: right; white-space: nowrap; }
.daskcnn .left { text-align: left; white-space: normal; } .daskcnn .left, .daskcnn dd { overflow-wrap: break-word; }
"""


def element(tag: str, *children: Child, **attributes: object) -> Element:
    """An element with its children and attributes; `class_` stands for class, `font_size` for font-size.

    Examples
    --------
    >>> tostring(element("p", "a < b ", element("b", "c"), " d", class_='"'))
    b'<p class="&quot;">a &lt; b <b>c</b> d</p>'
    """
    names = {name.rstrip("_").replace("_", "-"): str(value) for name, value in attributes.items()}
    own = Element(tag, names)
    last: Element | None = None
    for child in children:
        if isinstance(child, Element):
            own.append(child)
            last = child
        elif last is None:
            own.text = (own.text or "") + child
        else:
            last.tail = (last.tail or "") + child
    return own


def pairs(rows: Iterable[tuple[str, Child]]) -> Element:
    """Names and what they stand for."""
    return element("dl", *(child for name, value in rows for child in (element("dt", name), element("dd", value))))


def table(titles: Sequence[str], rows: Iterable[Sequence[Child]], left: Container[str] = ()) -> Element:
    """A table; columns whose titles are in `left` have the class of that name.

    Examples
    --------
    >>> html(table(("Layer", "Tasks"), [("conv<1>", "12")], left=("Layer",))).partition("<tbody>")[2]
    '<tr><td class="left">conv&lt;1&gt;</td><td>12</td></tr></tbody></table>'
    """
    sides = [{"class_": "left"} if title in left else {} for title in titles]
    heads = (element("th", title, scope="col", **side) for title, side in zip(titles, sides, strict=True))
    lines = (
        element("tr", *(element("td", cell, **side) for cell, side in zip(row, sides, strict=True))) for row in rows
    )
    return element("table", element("thead", element("tr", *heads)), element("tbody", *lines))


def html(*parts: Element) -> str:
    """The text of elements; letters that no file can hold are question marks.

    >>> html(element("p", "a"), element("br"))
    '<p>a</p><br>'
    """
    text = "".join(tostring(part, encoding="unicode", method="html") for part in parts)
    return text.encode("utf-8", "replace").decode("utf-8")


def document(title: str, style: str, *body: Child) -> str:
    """A page that needs nothing else, and may not ask for anything."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element(
            "meta",
            http_equiv="Content-Security-Policy",
            content="default-src 'none'; style-src 'unsafe-inline'; img-src data:",
        ),
        element("title", title),
        element("style", style),
    )
    return "<!doctype html>\n" + html(element("html", head, element("body", *body), lang="en"))


def card(
    title: str,
    facts: Mapping[str, str],
    titles: Sequence[str] = (),
    rows: Sequence[Sequence[str]] = (),
    left: Container[str] = (),
    notes: Iterable[str] = (),
) -> str:
    """What an object shows of itself in a notebook: a title, facts, and the first rows of a table.

    Parameters
    ----------
    title : str
    facts : mapping of str to str
    titles : sequence of str
        Of the table's columns.
    rows : sequence of sequence of str
        As many cells each.
    left : container of str
        Titles of columns of words.
    notes : iterable of str
        What is said beneath.

    Examples
    --------
    >>> "<strong>A &lt;plan&gt;</strong><dl><dt>Images</dt><dd>10</dd></dl>" in card("A <plan>", {"Images": "10"})
    True
    """
    parts = [element("style", NOTEBOOK), element("strong", title), pairs(facts.items())]
    if rows:
        parts.append(element("div", table(titles, rows[:MOST], left), class_="scroll"))
    if len(rows) > MOST:
        parts.append(element("div", f"and {len(rows) - MOST:,} more"))
    return html(element("div", *parts, *(element("div", text) for text in notes), class_="daskcnn"))
