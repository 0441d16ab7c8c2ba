"""Pages and the application around them; tests/test_browser.py looks at them in a browser."""

import socket
import urllib.request
from pathlib import Path
from types import ModuleType

import psutil  # type: ignore[import-untyped]
import pytest
from bokeh.document import Document
from bokeh.models import DataTable, Div, GlyphRenderer, HBar, LayoutDOM, Select, Tabs

from daskcnn import dashboard, plugins
from daskcnn.errors import RunError
from daskcnn.store import Store
from tests.runs import make_run
from tests.serving import served

PAGES = [plugins.load("dashboards", name) for name in plugins.names("dashboards")]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs")


def page(name: str, store: Store) -> LayoutDOM:
    layout = plugins.load("dashboards", name).page(store)
    assert isinstance(layout, LayoutDOM)
    return layout


def words(layout: LayoutDOM) -> str:
    return "".join(div.text for div in layout.select({"type": Div}))


@pytest.mark.parametrize("module", PAGES, ids=lambda module: module.__name__)
def test_an_empty_store_says_what_fills_it(module: ModuleType, store: Store) -> None:
    assert "daskcnn run --chunks" in words(module.page(store))
    assert not store.path.exists()


def test_compare_draws_the_newest_and_lists_all(store: Store) -> None:
    for seed in range(3):
        store.append(make_run(seed))
    layout = page("compare", store)
    drawn = [glyph.data_source.data["run"].tolist() for glyph in layout.select({"type": GlyphRenderer})]
    assert drawn == [store.ids()[-1:]] * 6
    (table,) = layout.select({"type": DataTable})
    assert table.source.data["run"].tolist() == store.ids()[::-1]


def test_compare_says_what_it_leaves_out(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugins.load("dashboards", "compare"), "MOST", 2)
    for images in range(1, 6):
        store.append(make_run(1, run=f"r{images}", images=images))
    assert "3 more are in the table only" in words(page("compare", store))


@pytest.mark.parametrize("runs", [0, 1])
def test_what_cannot_be_read_is_named(store: Store, runs: int) -> None:
    for seed in range(runs):
        store.append(make_run(seed))
    store.path.mkdir(exist_ok=True)
    (store.path / "<b>broken.nc").write_bytes(b"")
    found = words(page("compare", store))
    assert "cannot be read" in found
    assert "&lt;b&gt;broken" in found
    assert "<b>broken" not in found


def test_a_doubtful_run_is_named(store: Store) -> None:
    store.append(make_run(1, run="odd", records_dropped=2))
    assert "odd: records were lost" in words(page("compare", store))


def test_stream_offers_the_newest_and_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugins.load("dashboards", "stream"), "NEWEST", 3)
    for seed in range(4):
        store.append(make_run(seed))
    layout = page("stream", store)
    (choose,) = layout.select({"type": Select})
    assert [label.split(" · ")[0] for _, label in choose.options] == store.ids()[:0:-1]
    assert "newest 3 of 4" in words(layout)
    assert [panel.visible for panel in layout.children[2:]] == [True, False, False]


def test_a_run_without_a_trace_leaves_the_others_drawn(store: Store) -> None:
    store.append(make_run(1))
    bad = make_run(2)
    del bad["trace"]
    store.append(bad)
    layout = page("stream", store)
    assert "cannot be drawn" in words(layout)
    (choose,) = layout.select({"type": Select})
    assert len(choose.options) == 2
    assert layout.select({"type": HBar})


def test_each_session_reads_the_store_anew(store: Store) -> None:
    application = dashboard.application(store)
    before = application.create_document()
    store.append(make_run(run="later"))
    after = application.create_document()
    assert not list(before.select({"type": DataTable}))
    (table,) = after.select({"type": DataTable})
    assert table.source.data["run"].tolist() == ["later"]


def test_every_page_is_a_tab_in_the_theme(store: Store) -> None:
    document = dashboard.application(store).create_document()
    assert isinstance(document, Document)
    (tabs,) = document.roots
    assert isinstance(tabs, Tabs)
    assert [tab.title for tab in tabs.tabs] == [module.TITLE for module in PAGES]
    assert document.theme._json["attrs"]["Legend"]["border_line_color"] is None


def test_export_is_one_file_written_whole(store: Store, tmp_path: Path) -> None:
    store.append(make_run(run="a-run"))
    file = tmp_path / "runs.html"
    file.write_text("old")
    dashboard.export(store, file)
    html = file.read_text().strip()
    assert html.startswith("<!DOCTYPE html>")
    assert "a-run" in html
    assert sorted(path.name for path in tmp_path.iterdir()) == ["runs", "runs.html"]


def test_export_to_where_nothing_can_be_written(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file" / "runs.html", tmp_path / "absent" / "runs.html", tmp_path):
        with pytest.raises(RunError, match=r"cannot write .*: choose another file") as error:
            dashboard.export(store, path)
        assert "\n" not in str(error.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


def test_serve_listens_on_loopback_only_and_ends_cleanly(store: Store) -> None:
    with served(store) as (address, process_id):
        with urllib.request.urlopen(address) as answer:
            assert b"<title>daskcnn</title>" in answer.read()
        listening = [
            found.laddr.ip for found in psutil.Process(process_id).net_connections() if found.status == "LISTEN"
        ]
        assert listening == ["127.0.0.1"]


@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket")  # Tornado drops the one it could not bind
def test_a_port_that_is_taken(store: Store) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(RunError, match=f"port {port} cannot be used .*: choose another, or 0 for any"):
            dashboard.serve(store, port)


def test_a_store_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = Store(tmp_path / "file")
    with pytest.raises(RunError, match="cannot read store"):
        dashboard.serve(store, 0)
    with pytest.raises(RunError, match="cannot read store"):
        dashboard.export(store, tmp_path / "runs.html")
