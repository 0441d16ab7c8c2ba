"""Reports in files: whole, self-contained, of any runs."""

from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import fromstring

import matplotlib as mpl
import pytest
from PIL import Image

from daskcnn.errors import RunError, UsageError
from daskcnn.figures.prints import PRINTS
from daskcnn.metrics import METRICS
from daskcnn.report import report, sections, write
from daskcnn.report.evidence import gather
from daskcnn.store import Store
from daskcnn.tracing import traced_run
from tests.report.hostile import hostile_store
from tests.report.planted import planted
from tests.store.small import small_run
from tests.test_markup import Seen
from tests.traces import make

FEW = {name: PRINTS[name] for name in ("execution_time", "load_imbalance")}
NAMES = ["01_execution_time", "02_load_imbalance"]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two figures of few dots, which are quicker."""
    monkeypatch.setattr(write, "DOTS_PER_INCH", 20)
    for module in (write, sections):
        monkeypatch.setattr(module, "PRINTS", FEW)


@pytest.mark.usefixtures("few")
def test_a_folder_has_pages_and_pictures(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "DOTS_PER_INCH", 300)
    folder = tmp_path / "report"
    report(store, folder)
    assert {file.name for file in folder.iterdir()} == {"report.md", "report.html", "images"}
    assert {file.name for file in (folder / "images").iterdir()} == {f"{n}.{e}" for n in NAMES for e in ("svg", "png")}
    text = (folder / "report.md").read_text()
    for name in NAMES:
        assert f"](images/{name}.png)" in text
        fromstring((folder / "images" / f"{name}.svg").read_text())
        with Image.open(folder / "images" / f"{name}.png") as image:
            assert image.info["dpi"] == pytest.approx((300, 300), abs=1)
            assert image.size == (2520, 1500)
    seen = Seen((folder / "report.html").read_text())
    assert seen.tags.count("img") == len(NAMES)
    for value in store.runs()["speedup"].values:
        assert METRICS["speedup"].text(value) in seen.text and METRICS["speedup"].text(value) in text


@pytest.mark.usefixtures("few")
def test_markdown_has_its_pictures_beside_it(store: Store, tmp_path: Path) -> None:
    report(store, tmp_path / "my report.md", ["workers=1"])
    assert {file.name for file in tmp_path.iterdir()} == {"my report.md", "my report-images"}
    assert "](my%20report-images/01_execution_time.png)" in (tmp_path / "my report.md").read_text()


@pytest.mark.usefixtures("few")
def test_a_page_is_one_file(store: Store, tmp_path: Path) -> None:
    report(store, tmp_path / "a.html", ["workers<=2"])
    assert [file.name for file in tmp_path.iterdir()] == ["a.html"]
    page = (tmp_path / "a.html").read_text()
    assert "batch on 2 workers" in page and "batch on 3 workers" not in page
    assert "http" not in page.replace("http-equiv", "").replace("https://pop-coe.eu", "")


@pytest.mark.usefixtures("few")
def test_a_pdf_is_one_file(store: Store, tmp_path: Path) -> None:
    report(store, tmp_path / "a.pdf", ["workers<=2"])
    assert [file.name for file in tmp_path.iterdir()] == ["a.pdf"]
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("name", ["report.html", "report.md", "report.pdf"])
def test_what_fails_leaves_what_was_there(
    store: Store, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / name
    file.write_text("before")

    def fails(*arguments: object) -> str:
        raise RuntimeError("power is cut")

    for last in ("webpage", "markdown", "pdf"):
        monkeypatch.setattr(write, last, fails)
    with pytest.raises(RuntimeError):
        report(store, file)
    assert file.read_text() == "before"
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.usefixtures("few")
def test_settings_of_ones_own_change_nothing(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report(store, tmp_path / "plain", ["workers=1"])
    with mpl.rc_context({"text.usetex": True, "font.family": "none", "savefig.dpi": 5, "figure.figsize": (1, 1)}):
        report(store, tmp_path / "own", ["workers=1"])
    for name in ("report.md", "images/01_execution_time.png"):
        assert (tmp_path / "plain" / name).read_bytes() == (tmp_path / "own" / name).read_bytes()


def one_repeat(folder: Path) -> Store:
    store = Store(folder)
    for workers in (1, 2, 3, 4):
        store.append(planted("batch", workers, [1 / workers]))
    return store


def other_work(folder: Path) -> Store:
    store = Store(folder)
    for number in (1, 2):
        store.append(traced_run(make([{"start": 0.0, "stop": 1.0 / number}]), "a.py", run_id=f"{number}"))
    return store


def least(folder: Path) -> Store:
    store = Store(folder)
    store.append(small_run("a"))
    return store


def old(folder: Path) -> Store:
    folder.mkdir(exist_ok=True)
    file = Path(__file__).parents[1] / "data" / "run-schema-1.nc"
    (folder / file.name).write_bytes(file.read_bytes())
    return Store(folder)


@pytest.mark.parametrize("stored", [one_repeat, other_work, least, old, hostile_store])
def test_any_store_has_its_report(tmp_path: Path, stored: Callable[[Path], Store]) -> None:
    evidence = gather(stored(tmp_path), ())
    told = {section.title: section for section in sections.document(evidence).sections}
    limits = " ".join(told["What limits this report"].words)
    assert "Too few repeats" in limits or "not of one sweep" in limits
    assert [section.figure for section in told.values() if section.figure] == list(PRINTS)
    for section in told.values():
        assert section.words or section.tables
        assert all(len(row) == len(table.head) for table in section.tables for row in table.rows)
    for draw in PRINTS.values():
        draw(evidence.lines)


@pytest.mark.usefixtures("few")
def test_hostile_names_in_every_file(tmp_path: Path) -> None:
    runs = hostile_store(tmp_path / "runs")
    for name in ("report", "report.pdf"):
        report(runs, tmp_path / name)
    seen = Seen((tmp_path / "report" / "report.html").read_text())
    assert "script" not in seen.tags and seen.tags.count("img") == len(NAMES)


def test_nothing_to_report_on(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no runs in .* to report on"):
        report(Store(tmp_path / "none"), tmp_path / "a.html")
    with pytest.raises(UsageError, match=r"none of 9 runs .* has workers=99"):
        report(store, tmp_path / "a.html", ["workers=99"])
    assert not list(tmp_path.iterdir())


def test_places_that_are_none(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"end it in \.html, \.md, \.pdf, or name a folder"):
        report(store, tmp_path / "a.docx")
    with pytest.raises(UsageError, match="is no folder"):
        report(store, tmp_path / "none" / "a.html")
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="cannot write"):
        report(store, tmp_path / "file")


@pytest.mark.usefixtures("few")
def test_a_folder_may_have_a_point_in_its_name(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "report.v2"
    folder.mkdir(exist_ok=True)
    report(store, folder, ["workers=1"])
    assert (folder / "report.html").exists()
