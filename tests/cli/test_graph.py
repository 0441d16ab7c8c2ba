"""`daskcnn graph`: questions asked of networks, of other people's collections and of stored runs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from PIL import Image

from daskcnn import plugins
from daskcnn.cli import call
from daskcnn.drawing import ENDINGS
from daskcnn.opening import opened
from daskcnn.plan import Plan
from daskcnn.store import Store
from daskcnn.subject import Subject
from tests.commands import ROOT
from tests.runs import make_run

SCRIPT = """
import dask.array as da
from dask import delayed
total = (da.ones((40, 40), chunks=10) + 1).sum()
raw = {"a": 1, "b": (abs, "a")}
pieces = [delayed(abs)(1), delayed(abs)(2)]
number = 3
nothing = {}
"""
QUESTION = '''
"""How many?"""
import xarray as xr

TITLE = "Mine"


def analyse(graph):
    return xr.Dataset({"counted": ((), len(graph), {"long_name": "Tasks that I counted"})})
'''
Said = Callable[..., Any]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """What the command prints, as JSON where that is asked for."""

    def ask(*arguments: str, code: int = 0) -> Any:
        capsys.readouterr()
        assert call(["graph", *arguments]) == code
        out, err = capsys.readouterr()
        if code:
            return err
        return json.loads(out) if "--json" in arguments else out

    return ask


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "script.py"
    path.write_text(SCRIPT)
    return path


def test_every_question_is_asked_by_default(said: Said) -> None:
    text = said("mnist", "--images", "100", "--chunks", "channel=2", "--workers", "2")
    assert all(plugins.load("graphs", name).TITLE in text for name in plugins.names("graphs"))
    document = said("mnist", "--images", "100", "--chunks", "channel=2", "--workers", "2", "--json")
    assert set(plugins.names("graphs")) <= document.keys()


def test_its_bytes_are_the_plans(said: Said) -> None:
    found = said(
        "mnist", "--images", "100", "--chunks", "spatial=2", "--workers", "2", "--ask", "communication", "--json"
    )
    plan = Subject(*opened("mnist", images=100)).plan("spatial=2", 2)
    assert isinstance(plan, Plan)
    assert found["communication"]["bytes_moved"] == plan.bytes_moved > 0
    assert "size" not in found


@pytest.mark.parametrize("name", ["total", "raw", "pieces"])
def test_a_collection_of_a_script(said: Said, script: Path, name: str) -> None:
    found = said(f"{script}:{name}", "--workers", "3", "--json")
    assert found["graph"].startswith(f"{script}:{name}")
    assert sum(found["size"]["tasks"]) >= 2


def test_as_written_has_more_tasks_than_as_optimized(said: Said, script: Path) -> None:
    tasks = [
        said(f"{script}:total", *more, "--ask", "size", "--json")["size"]["tasks"] for more in ([], ["--as-written"])
    ]
    assert tasks[0] < tasks[1]


def test_a_stored_run_answers_as_its_plan(said: Said, tmp_path: Path) -> None:
    store = tmp_path / "store"
    asked = ["mnist", "--images", "60", "--chunks", "channel=2", "--workers", "2"]
    assert call(["run", *asked, "--cluster", "threads", "--repeat", "1", "--store", str(store)]) == 0
    run = said(Store(store).ids()[0], "--store", str(store), "--json", "--ask", "communication,size,memory,balance")
    plan = said(*asked, "--json", "--ask", "communication,size,memory,balance")
    for question in ("communication", "memory", "balance"):
        assert run[question] == plan[question]
    assert run["size"]["tasks"] == plan["size"]["tasks"] and run["size"]["edges"] == plan["size"]["edges"]


def test_cuts_side_by_side(said: Said) -> None:
    cuts = ("batch", "channel", "batch=2+channel=2", "spatial=2x2")
    arguments = ("mnist", "--images", "80", "--workers", "4", "--compare", ",".join(cuts))
    text = said(*arguments)
    assert all(cut in text for cut in ("batch=4", "channel=4", "spatial=2x2"))
    lines = {line.split("  ")[0].strip(): line.split()[-4:] for line in text.splitlines() if ": " in line}
    assert lines["size: Tasks, in all"][0] == "4"
    assert not any("Task that runs" in line for line in lines)
    documents = said(*arguments, "--json", "--ask", "size,communication")
    assert len(documents) == 4
    moved = [document["communication"]["bytes_moved"] for document in documents]
    assert moved[0] == 0 < min(moved[1:])


def test_plan_files_that_are_called_alike(said: Said, tmp_path: Path) -> None:
    files = [tmp_path / folder / "plan.toml" for folder in ("one", "two")]
    for file, cut in zip(files, ("channel=2", "height=2"), strict=True):
        file.parent.mkdir()
        file.write_text(f'chunks = "{cut}"\n')
    documents = said("mnist", "--images", "8", "--workers", "2", "--compare", ",".join(map(str, files)), "--json")
    moved = [document["communication"]["bytes_moved"] for document in documents]
    assert len(set(moved)) == 2


def test_a_question_of_ones_own(said: Said, tmp_path: Path) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text(QUESTION)
    arguments = ("mnist", "--images", "10", "--chunks", "batch=2", "--ask", f"size,{mine}")
    assert "Mine" in (text := said(*arguments)) and "counted" in text
    found = said(*arguments, "--json")
    assert found[str(mine)]["counted"] == sum(found["size"]["tasks"])


def test_the_example_of_ones_own_question(said: Said) -> None:
    file = ROOT / "examples" / "custom_question.py"
    assert len(file.read_text().splitlines()) < 40
    arguments = ("mnist", "--images", "10", "--chunks", "channel=2", "--workers", "2")
    found = said(*arguments, "--ask", f"communication,{file}", "--json")
    assert sum(found[str(file)]["sent"]) == found["communication"]["bytes_moved"] > 0
    assert "B sent" in said(*arguments, "--ask", str(file))


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("colour", ["layer", "owner", "cost"])
def test_drawings(said: Said, tmp_path: Path, ending: str, colour: str) -> None:
    path = tmp_path / f"graph{ending}"
    said("mnist", "--images", "40", "--chunks", "channel=2", "--batch", "1", "--draw", str(path), "--colour", colour)
    if ending == ".png":
        with Image.open(path) as image:
            assert np.asarray(image.convert("L")).std() > 0
    else:
        text = path.read_text()
        assert ("</svg>" if ending == ".svg" else "</html>") in text
        assert "conv1" in text or ending == ".svg"


def test_a_drawing_for_each_cut(said: Said, tmp_path: Path) -> None:
    said("mnist", "--images", "8", "--compare", "batch,channel", "--ask", "size", "--draw", str(tmp_path / "g.svg"))
    assert sorted(path.name for path in tmp_path.glob("*.svg")) == ["g-1.svg", "g-2.svg"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["mnist", "--ask", "nothing"], "no 'nothing' in graphs"),
        (["mnist", "--images", "4", "--draw", "x.gif"], "end it in"),
        (["nothing"], "no run 'nothing'"),
        (["script.py:nothing"], "no script"),
        (["daskcnn.region:FLOAT"], "collection"),
        (["daskcnn.region:FLOAT", "--compare", "batch"], "--compare cuts a network"),
        (["mnist", "--images", "4", "--rate", "0"], "--rate"),
        (["mnist", "--images", "4", "--memory-limit", "0"], "limit is 0.0; give a number above 0"),
        (["mnist", "--images", "4", "--memory-limit=-1GB"], "limit is -1000000000.0"),
    ],
)
def test_what_cannot_be_asked_is_said(said: Said, tmp_path: Path, arguments: list[str], message: str) -> None:
    assert message in said(*arguments, "--store", str(tmp_path), code=2)


def test_a_run_that_keeps_no_graph_is_asked_as_it_ran(said: Said, tmp_path: Path) -> None:
    run = make_run(1)
    Store(tmp_path).append(run)
    found = said(Store(tmp_path).ids()[0], "--store", str(tmp_path), "--json")
    tasks = run["trace/tasks"].dataset
    repeats = [tasks.isel(task=tasks["repeat"].values == repeat) for repeat in range(3)]
    works = [float((own["stop"] - own["start"]).sum()) for own in repeats]
    assert sum(found["size"]["tasks"]) == repeats[0].sizes["task"] > 0
    assert any(found["critical_path"]["work"] == pytest.approx(work) for work in works)


def test_a_run_of_which_nothing_was_recorded_is_said(said: Said, tmp_path: Path) -> None:
    run = make_run(1)
    run["trace/tasks"] = xr.DataTree(run["trace/tasks"].dataset.isel(task=slice(0)))
    run["trace/edges"] = xr.DataTree(run["trace/edges"].dataset.isel(edge=slice(0)))
    run["trace/transfers"] = xr.DataTree(run["trace/transfers"].dataset.isel(transfer=slice(0)))
    Store(tmp_path).append(run)
    assert "recorded no task" in said(Store(tmp_path).ids()[0], "--store", str(tmp_path), code=1)


def test_words_may_have_blanks_between(said: Said) -> None:
    text = said("mnist", "--images", "8", "--workers", "2", "--ask", "size, balance", "--compare", "batch, channel")
    assert "size: Tasks, in all" in text and "balance: " in text and "channel=2" in text


def test_a_graph_of_nothing(said: Said, script: Path) -> None:
    text = said(f"{script}:nothing")
    assert "0 tasks" in text and "unknown" not in text
