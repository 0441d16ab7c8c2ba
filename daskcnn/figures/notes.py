"""Words on a page. What comes from files is escaped: a Div renders HTML."""

from collections.abc import Iterable
from html import escape

import xarray as xr
from bokeh.models import Div

from daskcnn.metrics import HEADLINES

STYLE = """
:host { font: 14px/1.5 Helvetica, Arial, sans-serif; color: var(--ink, #1f2937); overflow-wrap: anywhere; }
h1 { font-size: 18px; margin: 0; }
p { margin: 2px 0; color: var(--soft, #4b5563); }
ul { margin: 4px 0; padding-left: 20px; }
a { color: var(--accent, #2563eb); }
code { background: var(--raised, #f3f4f6); border-radius: 4px; padding: 2px 6px; }
.warning { background: var(--alarm, #fef3c7); border-left: 4px solid var(--alarm-edge, #d97706); padding: 6px 12px; }
.key { display: flex; flex-wrap: wrap; gap: 2px 22px; list-style: none; padding: 0; }
dl { display: flex; flex-wrap: wrap; gap: 4px 28px; margin: 4px 0; }
dt { font-size: 12px; color: var(--faint, #6b7280); }
dd { margin: 0; font-weight: 600; }
"""
WITHIN = """
.bk-clearfix { display: block !important; }
iframe { width: 100%; height: 90vh; border: 0; }
"""


def note(title: str, *lines: str) -> Div:
    """A title, and lines beneath it; empty ones are left out.

    Examples
    --------
    >>> note("Runs", "of <me>").text
    '<h1>Runs</h1><p>of &lt;me&gt;</p>'
    """
    head = f"<h1>{escape(title)}</h1>" if title else ""
    return _div(head + "".join(f"<p>{escape(line)}</p>" for line in lines if line))


def warning(title: str, lines: Iterable[str]) -> Div:
    """A list that is not to be overlooked."""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return _div(f'<div class="warning">{escape(title)}<ul>{items}</ul></div>')


def links(entries: Iterable[tuple[str, str]]) -> Div:
    """Where else one may go: addresses and what lies there.

    Examples
    --------
    >>> links([("a.html", "<A>")]).text
    '<nav><a href="a.html">&lt;A&gt;</a></nav>'
    """
    items = " · ".join(f'<a href="{escape(address)}">{escape(name)}</a>' for address, name in entries)
    return _div(f"<nav>{items}</nav>")


def within(address: str, title: str) -> Div:
    """A page of the same server within this one, as high as the window."""
    frame = f'<iframe src="{escape(address)}" title="{escape(title)}"></iframe>'
    return Div(text=frame, stylesheets=[WITHIN], sizing_mode="stretch_width", disable_math=True)


def empty(where: str) -> Div:
    """What to do about a store without runs."""
    command = "<code>daskcnn run --chunks batch</code>"
    return _div(f"<h1>No runs yet</h1><p>Store {escape(where)} is empty. To fill it: {command}</p>")


def facts(row: xr.Dataset) -> Div:
    """The headline metrics of one run, with their units.

    Parameters
    ----------
    row : xarray.Dataset
        0-d variables, as in the root of a run.
    """
    known = [metric for name, metric in HEADLINES.items() if name in row]
    pairs = "".join(f"<div><dt>{m.label}</dt><dd>{m.text(row[m.name].item())}</dd></div>" for m in known)
    return _div(f"<dl>{pairs}</dl>")


def key(entries: Iterable[tuple[str, str, str]]) -> Div:
    """What marks mean: each a sign, its colour and its name.

    Examples
    --------
    >>> "●</b> &lt;a&gt;</li>" in key([("●", "#000000", "<a>")]).text
    True
    """
    items = "".join(f'<li><b style="color:{colour}">{sign}</b> {escape(name)}</li>' for sign, colour, name in entries)
    return _div(f'<ul class="key">{items}</ul>')


def _div(html: str) -> Div:
    return Div(text=html, stylesheets=[STYLE], sizing_mode="stretch_width", disable_math=True)
