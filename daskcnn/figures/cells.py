"""Tables of words and numbers, a few rows each; a wide one scrolls by itself. What is put in is escaped."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from bokeh.models import Div

STYLE = """
:host { font: 13px/1.45 Helvetica, Arial, sans-serif; color: var(--ink, #1f2937); max-width: 100%; }
.bk-clearfix { display: block !important; }
h2 { font-size: 15px; margin: 10px 0 4px; }
.scroll { overflow-x: auto; max-width: 100%; }
.scroll:focus-visible { outline: 2px solid var(--accent, #2563eb); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 3px 10px; text-align: right; white-space: nowrap; vertical-align: bottom; }
th:first-child { text-align: left; }
thead th { border-bottom: 1px solid var(--edge, #9ca3af); white-space: normal; min-width: 64px; }
tbody th { font-weight: 400; white-space: pre-wrap; overflow-wrap: anywhere; position: sticky; left: 0;
  min-width: min(190px, 38vw); max-width: 240px; background: var(--paper, #ffffff); }
tbody tr:nth-child(even) > * { background: var(--raised, #f3f4f6); }
p { margin: 2px 0; color: var(--soft, #4b5563); }
"""


class Cell(NamedTuple):
    """A text on a colour."""

    text: str
    colour: str = ""
    """Of the background, as `#rrggbb`."""
    ink: str = "#1f2937"


def cells(title: str, head: Sequence[str], rows: Iterable[Sequence[str | Cell]], about: str = "") -> Div:
    """A table: the first column says what each row is, the others are numbers.

    Examples
    --------
    >>> "<td>&lt;1&gt;</td>" in cells("", ["what", "value"], [["a", "<1>"]]).text
    True
    """
    named = f"<h2>{escape(title)}</h2>" if title else ""
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join(f'<tr><th scope="row">{escape(str(first))}</th>{_cells(rest)}</tr>' for first, *rest in rows)
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    more = f"<p>{escape(about)}</p>" if about else ""
    html = f'{named}<div class="scroll" tabindex="0" role="region" aria-label="{escape(title)}">{table}</div>{more}'
    return Div(text=html, stylesheets=[STYLE], sizing_mode="stretch_width", disable_math=True)


def _cells(row: Iterable[str | Cell]) -> str:
    return "".join(
        f'<td style="background:{cell.colour};color:{cell.ink}">{escape(cell.text)}</td>'
        if isinstance(cell, Cell) and cell.colour
        else f"<td>{escape(cell.text if isinstance(cell, Cell) else cell)}</td>"
        for cell in row
    )
