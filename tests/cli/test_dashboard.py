"""`daskcnn dashboard`: pages in one file, or served until Ctrl-C."""

import re
import signal
import urllib.request
from pathlib import Path

from daskcnn.store import Store
from tests.commands import Command, shell
from tests.runs import keep_run


def test_export_writes_one_file_and_says_so(command: Command, store: Store, tmp_path: Path) -> None:
    name = keep_run(store, seed=5)
    page = tmp_path / "page.html"
    done = command("dashboard", "--export", str(page))
    assert (done.code, done.err) == (0, "") and str(page) in done.out
    assert name in page.read_text()
    assert [path.name for path in tmp_path.iterdir() if path != store.path] == ["page.html"]


def test_a_page_of_an_empty_store_says_how_to_fill_it(command: Command, store: Store, tmp_path: Path) -> None:
    done = command("dashboard", "--export", str(tmp_path / "page.html"))
    assert done.code == 0 and "daskcnn run" in (tmp_path / "page.html").read_text()
    assert not store.path.exists()


def test_pages_are_served_until_ctrl_c(tmp_path: Path) -> None:
    store = Store(tmp_path)
    keep_run(store)
    with shell("dashboard", "--port", "0", store=store.path) as process:
        assert process.stderr
        (address,) = re.findall(r"http://localhost:\d+/", process.stderr.readline())
        with urllib.request.urlopen(address, timeout=60) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, "", "")
