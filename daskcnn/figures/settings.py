"""Settings that the reader of a page chooses: each has a name, and the page's address says its value.

A page that is served draws what is chosen once it is chosen; a page in a file holds all that can be chosen in it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import TypeVar
from weakref import WeakKeyDictionary

import xarray as xr
from bokeh.document import Document
from bokeh.io import curdoc
from bokeh.layouts import column
from bokeh.models import CustomJS, LayoutDOM, Model, Select, Toggle

from daskcnn.figures.comparison import line, setting
from daskcnn.figures.labels import short
from daskcnn.figures.notes import note, warning

RUN = "run"
"""The name of the setting that says which run is drawn: its options follow the store while a page is served."""
STAYS = "stays"
"""The name of a model that says of its page that it stays as it is when runs land."""
MOST = 20
"""Panels that a page in a file holds."""
FITS = {"max-width": "min(100%, 94vw)"}
"""No menu is wider than a phone."""
KEEP = """
const url = new URL(location)
url.searchParams.set(this.name, "value" in this ? this.value : +this.active)
history.replaceState(history.state, "", url)
"""
ALIKE = """
const what = "value" in this ? "value" : "active"
const fits = (model) => !model.options || model.options.some(([option]) => option === this.value)
for (const model of this.document.all_models)
  if (model.name === this.name && model !== this && fits(model)) model[what] = this[what]
"""
"""Without a server, what comes to be seen must be as it is chosen already."""
SWITCH = """
const chosen = JSON.stringify(menus.map((menu) => menu.value))
const found = keys.findIndex((key) => JSON.stringify(key) === chosen)
const panel = panels[found < 0 ? panels.length - 1 : found]
if (!place.children.includes(panel)) place.children = [...place.children, panel]
for (const child of place.children) child.visible = child === panel
"""

Control = TypeVar("Control", Select, Toggle)

_settings: WeakKeyDictionary[Document, dict[str, str]] = WeakKeyDictionary()


def serve(document: Document, settings: Mapping[str, str]) -> dict[str, str]:
    """Let the pages of a document be drawn as the reader chooses; the settings as they are at any time.

    Parameters
    ----------
    document : Document
        Of one browser session.
    settings : mapping of str to str
        Those that the address had.
    """
    return _settings.setdefault(document, dict(settings))


def served() -> bool:
    """Whether there is a server behind the page that is made: what is not drawn now can be drawn later."""
    return curdoc() in _settings


def asked(name: str, default: str = "") -> str:
    """The value that a setting has been given, in the address or since."""
    return _settings.get(curdoc(), {}).get(name, default)


def menu(name: str, title: str, options: Iterable[tuple[str, str]], default: str = "", width: int = 200) -> Select:
    """A menu, whose value is in the page's address.

    Parameters
    ----------
    name : str
        Of the setting: on all pages that have it, the same is chosen.
    title : str
    options : iterable of (str, str)
        Values and what they are called; never empty.
    default : str
        The value unless the address has one; the first by default.
    """
    known = {value: short(label, 90) for value, label in options}
    value = asked(name)
    if name == RUN and value:
        # A link may lead to a run that is not there: whatever draws it says so.
        known.setdefault(value, short(value, 90))
    value = next((one for one in (value, default) if one in known), next(iter(known)))
    made = Select(name=name, title=title, value=value, options=list(known.items()), width=width, styles=FITS)
    return _kept(made, "value")


def run_menu(runs: xr.Dataset) -> Select:
    """A menu of the store's runs, the newest first; a run that lands while the page is served is put into it."""
    return menu(RUN, "Run", run_options(runs), width=420)


def run_options(runs: xr.Dataset) -> list[tuple[str, str]]:
    """Ids of the runs of the store's table, the newest first, and what they are called; the unreadable among them.

    Examples
    --------
    >>> texts = {"network": ("run", ["mnist"]), "chunks": ("run", ["batch=2"]), "workers": ("run", [2])}
    >>> run_options(xr.Dataset(texts, {"run": ["a"]}, {"unreadable": ["b"]}))
    [('b', 'b · cannot be read'), ('a', 'a · mnist · batch=2 · 2 workers')]
    """
    columns = [setting(runs, name) for name in ("network", "chunks", "workers") if name in runs]
    names = [line((run, *texts)) for run, *texts in zip(runs["run"].values.tolist(), *columns, strict=True)]
    found = dict(zip(runs["run"].values.tolist(), names, strict=True))
    found |= {run: f"{run} · cannot be read" for run in runs.attrs.get("unreadable", ())}
    return sorted(found.items(), reverse=True)


def toggle(name: str, label: str, on: bool = False) -> Toggle:
    """A button that is pressed or not, which is in the page's address as 1 or 0."""
    return _kept(Toggle(name=name, label=label, active=asked(name, str(int(on))) == "1"), "active")


def on_demand(button: Toggle, draw: Callable[[], Sequence[Model]]) -> None:
    """Let what is drawn be seen while a button is pressed; with a server it is drawn when it first is.

    Parameters
    ----------
    button : Toggle
    draw : callable
        Gives models that have `visible`.
    """
    models: list[Model] = []

    def show(on: bool) -> None:
        if on and not models:
            models.extend(draw())
        for model in models:
            model.visible = on

    if served():
        button.on_change("active", lambda attr, old, new: show(new))
        show(button.active)
        return
    show(True)
    for model in models:
        model.visible = button.active
        button.js_link("active", model, "visible")


def shown(
    menus: Sequence[Select],
    draw: Callable[..., LayoutDOM],
    among: Iterable[tuple[str, ...]] | None = None,
    most: int = MOST,
) -> LayoutDOM:
    """What is drawn of what is chosen, and drawn anew with each choice.

    Parameters
    ----------
    menus : sequence of Select
    draw : callable
        Of a value for each menu. What it raises is shown in its place.
    among : iterable of tuple of str, optional
        In a file, the choices that are worth drawing, the first ones first; by default all there are.
    most : int
        In a file, how many choices are drawn at most.
    """
    if served():
        return _served(menus, draw)
    choices = list(among or product(*([value for value, _ in menu.options] for menu in menus)))
    panels = {values: _drawn(draw, values) for values in choices[:most]}
    panels |= {(): note("", f"Not in this file, which has {len(panels)} of {len(choices)} choices: daskcnn dashboard")}
    first = tuple(menu.value for menu in menus)
    # The others become part of the page when they are first seen: a browser draws what is hidden, too.
    place = column(panels[first if first in panels else ()], sizing_mode="stretch_width")
    args = {"panels": list(panels.values()), "keys": [list(values) for values in panels], "menus": list(menus)}
    args |= {"place": place}
    for menu in menus:
        menu.js_on_change("value", CustomJS(args=args, code=SWITCH))
    return place


def _served(menus: Sequence[Select], draw: Callable[..., LayoutDOM]) -> LayoutDOM:
    place = column(sizing_mode="stretch_width")

    def fill(*_: object) -> None:
        place.children = [_drawn(draw, [menu.value for menu in menus])]

    for menu in menus:
        menu.on_change("value", lambda attr, old, new: fill())
    fill()
    return place


def _drawn(draw: Callable[..., LayoutDOM], values: Sequence[str]) -> LayoutDOM:
    try:
        return draw(*values)
    except Exception as error:  # one bad run must not take the page away
        return warning("This cannot be drawn:", [f"{type(error).__name__}: {error}"])


def _kept(control: Control, what: str) -> Control:
    """The control, whose value is kept in the address, and for all of that name."""
    control.js_on_change(what, CustomJS(code=KEEP))
    if served():
        settings = _settings[curdoc()]
        control.on_change(what, lambda attr, old, new: settings.update({control.name: _text(new)}))
    else:
        control.js_on_change(what, CustomJS(code=ALIKE))
    return control


def _text(value: str | bool) -> str:
    return value if isinstance(value, str) else str(int(value))
