"""Words on a page. What comes from files is escaped: a Div renders HTML."""

from collections.abc import Iterable
from html import escape

import xarray as xr
from bokeh.models import Div

from daskcnn.metrics import METRICS

STYLE = """
:host { font: 14px/1.5 Helvetica, Arial, sans-serif; color: #1f2937; overflow-wrap: anywhere; }
h1 { font-size: 18px; margin: 0; }
p { margin: 2px 0; color: #4b5563; }
ul { margin: 4px 0; padding-left: 20px; }
code { background: #f3f4f6; border-radius: 4px; padding: 2px 6px; }
.warning { background: #fef3c7; border-left: 4px solid #d97706; padding: 6px 12px; }
dl { display: flex; flex-wrap: wrap; gap: 4px 28px; margin: 4px 0; }
dt { font-size: 12px; color: #6b7280; }
dd { margin: 0; font-weight: 600; }
"""


def note(title: str, *lines: str) -> Div:
    """A title, and lines beneath it; empty ones are left out.

    Examples
    --------
    >>> note("Runs", "of <me>").text
    '<h1>Runs</h1><p>of &lt;me&gt;</p>'
    """
    return _div(f"<h1>{escape(title)}</h1>" + "".join(f"<p>{escape(line)}</p>" for line in lines if line))


def warning(title: str, lines: Iterable[str]) -> Div:
    """A list that is not to be overlooked."""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return _div(f'<div class="warning">{escape(title)}<ul>{items}</ul></div>')


def empty(where: str) -> Div:
    """What to do about a store without runs."""
    command = "<code>daskcnn run --chunks batch</code>"
    return _div(f"<h1>No runs yet</h1><p>Store {escape(where)} is empty. To fill it: {command}</p>")


def facts(row: xr.Dataset) -> Div:
    """Every metric of one run, with its unit.

    Parameters
    ----------
    row : xarray.Dataset
        0-d variables, as in the root of a run.
    """
    known = [metric for name, metric in METRICS.items() if name in row]
    pairs = "".join(f"<div><dt>{m.label}</dt><dd>{m.text(row[m.name].item())}</dd></div>" for m in known)
    return _div(f"<dl>{pairs}</dl>")


def _div(html: str) -> Div:
    return Div(text=html, stylesheets=[STYLE], sizing_mode="stretch_width", disable_math=True)
