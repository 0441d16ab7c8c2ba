"""A browser session: what is drawn when, and what follows the store and the address."""

import gc
import weakref
from pathlib import Path

import pytest
from bokeh.document import Document
from bokeh.models import DataTable, LayoutDOM, Select

from daskcnn import plugins
from daskcnn.dashboard.frame import pages
from daskcnn.dashboard.reader import Reader
from daskcnn.dashboard.watch import Watch
from daskcnn.store import Store
from tests.runs import make_run


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs")


@pytest.fixture
def reader(store: Store) -> Reader:
    store.append(make_run(run="first"))
    return Reader(Document(), store, Watch(store))


def seen(reader: Reader) -> LayoutDOM:
    """The page that is seen."""
    (layout,) = reader.frame.rooms[reader.frame.choose.active].children
    return layout


def listed(reader: Reader) -> list[str]:
    """The runs in the table of the page that is seen."""
    (table,) = seen(reader).select({"type": DataTable})
    return [str(run) for run in table.source.data["run"]]


def drawn(reader: Reader) -> list[str]:
    """The pages that have more than a placeholder."""
    rooms = zip(reader.frame.names, reader.frame.rooms, strict=True)
    return [name for name, room in rooms if "Drawing …" not in getattr(room.children[0], "text", "")]


def see(reader: Reader, name: str) -> None:
    reader.frame.choose.active = reader.frame.names.index(name)


def test_every_page_has_its_name_and_only_the_first_is_drawn(reader: Reader) -> None:
    assert sorted(pages()) == plugins.names("dashboards")
    assert reader.frame.choose.labels == [plugins.load("dashboards", name).TITLE for name in pages()]
    assert pages()[reader.frame.choose.active] == "compare"
    assert drawn(reader) == ["compare"]
    see(reader, "stream")
    assert drawn(reader) == ["compare", "stream"]


def test_a_page_that_raises_leaves_the_others(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(store: Store) -> None:
        raise ValueError("<b>no")

    monkeypatch.setattr(plugins.load("dashboards", "stream"), "page", broken)
    see(reader, "stream")
    assert "ValueError: &lt;b&gt;no" in seen(reader).text
    see(reader, "compare")
    assert listed(reader) == ["first"]


def test_runs_that_land_are_drawn_where_they_are_seen(reader: Reader, store: Store) -> None:
    see(reader, "stream")
    see(reader, "compare")
    store.append(make_run(2, run="second"))
    reader.landed()
    assert listed(reader) == ["second", "first"]


def test_a_run_that_is_chosen_stays_when_others_land(reader: Reader, store: Store) -> None:
    see(reader, "stream")
    before = seen(reader)
    store.append(make_run(2, run="second"))
    reader.landed()
    assert seen(reader) is before
    (menu,) = before.select({"type": Select, "name": "run"})
    assert menu.value == "first"
    assert [run for run, _ in menu.options] == ["second", "first"]


def test_nothing_is_kept_of_who_has_left(store: Store) -> None:
    store.append(make_run(tasks=6, repeats=1))
    watch, document = Watch(store), Document()
    reader = Reader(document, store, watch)
    assert len(watch.readers) == 1
    (leave,) = document.session_destroyed_callbacks
    leave(None)
    assert not watch.readers
    left = weakref.ref(reader)
    document.clear()
    del reader, document, leave
    gc.collect()
    assert left() is None
