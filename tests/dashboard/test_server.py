"""The server: on loopback, ended cleanly, with runs that land while pages are read."""

import gc
import socket
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest
from bokeh.client import ClientSession, pull_session
from bokeh.models import Div

from daskcnn import dashboard
from daskcnn.errors import RunError
from daskcnn.store import Store
from tests.runs import make_run
from tests.serving import served


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs")


def test_serve_listens_on_loopback_only_and_ends_cleanly(store: Store) -> None:
    with served(store) as (address, process_id):
        with urllib.request.urlopen(address) as answer:
            assert b"<title>daskcnn</title>" in answer.read()
        listening = [
            found.laddr.ip for found in psutil.Process(process_id).net_connections() if found.status == "LISTEN"
        ]
        assert listening == ["127.0.0.1"]


def test_ten_readers_at_once_while_runs_land(store: Store) -> None:
    store.append(make_run(0, tasks=6, repeats=1))
    with served(store) as (address, process_id):
        sessions = [pull_session(url=address, arguments={"page": "scaling"}) for _ in range(10)]
        for seed in range(1, 4):
            store.append(make_run(seed, tasks=6, repeats=1))
        for session in sessions:
            wait_for(session, address, "4 runs")
        before = psutil.Process(process_id).memory_info().rss
        for session in sessions:
            session.close()
        for _ in range(10):
            pull_session(url=address, arguments={"page": "scaling"}).close()
        assert psutil.Process(process_id).memory_info().rss < 1.5 * before


def wait_for(session: ClientSession, address: str, text: str) -> None:
    """Look into a session until some Div has a text: Bokeh's client drops what comes while it waits for an answer."""
    until = time.monotonic() + 60
    while not _has(session, address, text):
        assert time.monotonic() < until, f"{text!r} did not come"


def _has(session: ClientSession, address: str, text: str) -> bool:
    with closing(pull_session(session.id, address)) as look:
        return any(text in div.text for div in look.document.select({"type": Div}))


@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket")  # Tornado drops the one it could not bind
def test_a_port_that_is_taken(store: Store) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(RunError, match=f"port {port} cannot be used .*: choose another, or 0 for any"):
            dashboard.serve(store, port)
    gc.collect()  # here, where its warning is expected


def test_a_store_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = Store(tmp_path / "file")
    with pytest.raises(RunError, match="cannot read store"):
        dashboard.serve(store, 0)
    with pytest.raises(RunError, match="cannot read store"):
        dashboard.export(store, tmp_path / "runs.html")
