"""`daskcnn report`."""

from pathlib import Path

from daskcnn.store import Store
from tests.commands import Command
from tests.report.planted import planted, repeats


def test_it_writes_what_is_asked_for(command: Command, store: Store, tmp_path: Path) -> None:
    for workers in (1, 2):
        store.append(planted("batch", workers, repeats(1 / workers)))
    (store.path / "broken.nc").write_text("")
    file = tmp_path / "report.html"
    done = command("report", "--where", "workers=2", "--to", str(file))
    assert (done.code, done.out) == (0, f"wrote {file}\n")
    assert "'broken' is left out" in done.err
    assert "batch on 2 workers" in file.read_text() and "batch on 1 worker" not in file.read_text()


def test_what_cannot_be_reported_is_a_line(command: Command, store: Store, tmp_path: Path) -> None:
    done = command("report", "--to", str(tmp_path / "report.html"))
    assert done.code == 2 and done.err.startswith("daskcnn: no runs in") and done.err.count("\n") == 1
    store.append(planted("batch", 1, repeats(1)))
    done = command("report", "--where", "workers=9", "--to", str(tmp_path / "report.html"))
    assert done.code == 2 and "none of 1 runs" in done.err
    assert command("report").code == 2
