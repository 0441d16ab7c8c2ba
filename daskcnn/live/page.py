"""The page of the tab: drawn for each browser, and brought up to date while it is open."""

from __future__ import annotations

from functools import partial
from typing import Any

from bokeh.document import Document
from bokeh.layouts import column
from bokeh.models import Div
from bokeh.server.tornado import BokehTornado
from distributed import Scheduler
from distributed.dashboard.components.scheduler import env
from distributed.dashboard.core import BokehApplication
from distributed.dashboard.scheduler import template_variables
from tornado.ioloop import IOLoop

from daskcnn.live.view import sections
from daskcnn.markup import element, html

EVERY = 500
"""Milliseconds from one look to the next."""
DARK = "@media (prefers-color-scheme: dark)"
COLOURS = (
    "--ink: #1f2937; --soft: #4b5563; --paper: #fafafa; --raised: #eeeeee; --rule: #d1d5db; --bar: #4477aa;",
    "--ink: #e5e7eb; --soft: #b6bdc8; --paper: #14181f; --raised: #222833; --rule: #3b4250; --bar: #7aa7f7;",
)
TEMPLATE = f"""
{{% extends "simple.html" %}}
{{% block extra_resources %}}<style>
html {{ color-scheme: light dark; {COLOURS[0]} }}
{DARK} {{ html {{ {COLOURS[1]} }} #dask-logo img, #navbar-toggle-icon img {{ filter: invert(1) hue-rotate(180deg); }} }}
html, body {{ background: var(--paper); color: var(--ink); }}
body {{ overflow-y: auto; }}
.navbar ul, .dropdown-content {{ background: var(--raised); }} .navbar li a {{ color: var(--ink); }}
</style>{{% endblock %}}
"""
STYLE = """
:host { font: 14px/1.5 Helvetica, Arial, sans-serif; color: var(--ink); max-width: 100%; }
.bk-clearfix { display: block !important; }
h1 { font-size: 18px; margin: 4px 0; } h2 { font-size: 15px; margin: 14px 0 2px; }
h1, h2, p, dd, th, td { overflow-wrap: anywhere; }
p { margin: 2px 0; color: var(--soft); }
code { background: var(--raised); border-radius: 4px; padding: 1px 5px; }
dl { display: flex; flex-wrap: wrap; gap: 4px 28px; margin: 4px 0; }
dt { font-size: 12px; color: var(--soft); } dd { margin: 0; font-weight: 600; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; max-width: 960px; }
table { font-variant-numeric: tabular-nums; }
th, td { padding: 2px 8px; text-align: right; vertical-align: top; } .left { text-align: left; padding-left: 0; }
th { border-bottom: 1px solid var(--rule); font-weight: 600; vertical-align: bottom; }
progress { display: block; width: 100%; min-width: 48px; height: 6px; accent-color: var(--bar); }
.scroll { overflow-x: auto; } .scroll:focus { outline: 2px solid var(--bar); }
@media (max-width: 600px) { :host { font-size: 12px; } th, td { padding: 2px 4px; } }
"""


def add(scheduler: Scheduler, name: str, beside: str) -> bool:
    """Give a scheduler's dashboard one page more, and a link to it on all of them, if it has a dashboard.

    Parameters
    ----------
    scheduler : Scheduler
    name : str
        Of the page, and of its plugin on the scheduler, which has the `counts` and the `blamer`.
    beside : str
        The page after which the link stands.
    """
    served = [own for own in scheduler.http_application.applications if isinstance(own, BokehTornado)]
    if not served:
        return False
    variables = template_variables(scheduler)
    # The list is the one that all pages have.
    pages = variables["pages"]
    if name not in pages:
        application = BokehApplication(
            {f"/{name}": partial(_open, name)}, scheduler, prefix=served[0].prefix, template_variables=variables
        )
        scheduler.http_application.add_application(application)
        application.initialize(IOLoop.current())
        application.start()
        pages.insert(pages.index(beside) + 1 if beside in pages else len(pages), name)
    return True


def _open(name: str, scheduler: Scheduler, extra: dict[str, Any], document: Document) -> None:
    live: Any = scheduler.plugins[name]
    parts: dict[str, Div] = {}

    def look() -> None:
        try:
            found = sections(scheduler, live.counts, live.blamer)
        except Exception as error:  # it is tried again, and no work is the worse for it
            found = {"run": html(element("p", f"This page cannot be drawn: {type(error).__name__}: {error}"))}
        for part, text in found.items():
            if parts[part].text != text:
                parts[part].text = text

    for part in ("run", "phases", "blame", "layers", "workers", "others"):
        parts[part] = Div(name=part, stylesheets=[STYLE], sizing_mode="stretch_width", disable_math=True)
    look()
    document.add_root(column(list(parts.values()), sizing_mode="stretch_width"))
    document.title = "Dask: daskcnn"
    document.template = env.from_string(TEMPLATE)
    document.template_variables.update(extra)
    document.add_periodic_callback(look, EVERY)
    live.blamer.enter()
    document.on_session_destroyed(lambda context: live.blamer.leave())
