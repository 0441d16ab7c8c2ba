"""`daskcnn graph`: questions asked of networks, of other people's collections and of stored runs."""

import json
from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from PIL import Image

from daskcnn import plugins
from daskcnn.cli import call
from daskcnn.cli.graph import graph
from daskcnn.drawing import ENDINGS
from daskcnn.opening import opened
from daskcnn.plan import Plan
from daskcnn.store import Store
from daskcnn.subject import Subject
from tests.commands import ROOT
from tests.planned import planned_run
from tests.runs import make_run

SCRIPT = """
import dask.array as da
import xarray as xr
from dask import delayed
total = (da.ones((40, 40), chunks=10) + 1).sum()
raw = {"a": 1, "b": (abs, "a")}
pieces = [delayed(abs)(1), delayed(abs)(2)]
number = 3
nothing = {}
several = {"sums": [total, da.zeros((4, 4), chunks=4).sum()], "note": "no collection"}
mean = xr.Dataset({"t": ("x", da.ones(40, chunks=10))}).mean()
loaded = xr.Dataset({"t": ("x", [1, 2])})
print("what a script prints")
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


@pytest.mark.parametrize("name", ["total", "raw", "pieces", "several", "mean"])
def test_a_collection_of_a_script(said: Said, script: Path, name: str) -> None:
    found = said(f"{script}:{name}", "--workers", "3", "--json")
    assert found["graph"].startswith(f"{script}:{name}") and found["graph"].endswith("on 3 workers")
    assert sum(found["size"]["tasks"]) >= 2
    if name != "raw":
        data = dict(zip(found["size"]["kind"], found["size"]["kinds"], strict=True))["data"]
        assert data < sum(found["size"]["tasks"])


def test_all_collections_of_a_dict_are_asked_about_together(said: Said, script: Path) -> None:
    leaves = [said(f"{script}:{name}", "--ask", "size", "--json")["size"]["leaves"] for name in ("total", "several")]
    assert leaves == [1, 2]


def test_what_a_script_prints_is_no_part_of_the_answer(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["graph", f"{script}:total", "--ask", "size", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["size"] and err == "what a script prints\n"


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
    lines = {line.strip().split("  ")[0]: line.split()[-4:] for line in text.splitlines() if "  " in line}
    assert lines["Tasks, in all"][0] == "4"
    assert "batch=2+channel=2" in text and not any("Task that runs" in line for line in lines)
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
        (["mnist", "--ask", "sise"], "no 'sise' in graphs: nearest is 'size'"),
        (["mnist", "--ask", "size,"], "take a comma out"),
        (["mnist", "--compare", "batch,,channel"], "take a comma out"),
        (["mnist", "--compare", "batch", "--chunks", "channel"], "give one of them"),
        (["mnits"], "nearest is 'mnist'"),
        (["no/such.nc"], "networks are mnist"),
        (["script.py"], "names no collection"),
        (["mnist", "--as-written"], "--as-written is for a collection"),
        (["dask.array:ones", "--images", "4"], "--images is for a network"),
        (["xarray:Dataset"], "no dask collection, but Dataset"),
        (["mnist", "--rate", "nan"], "--rate"),
        (["mnist", "--images", "4", "--draw", "x.gif"], "end it in .html, .svg or .png"),
        (["nothing"], "no run 'nothing'"),
        (["script.py:nothing"], "no script"),
        (["daskcnn.region:FLOAT"], "collection"),
        (["daskcnn.region:FLOAT", "--compare", "batch"], "--compare is for a network"),
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


def test_records_that_a_run_lacks_are_said(said: Said, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = make_run(1)
    run["records_dropped"] = run["records_dropped"] + 1
    Store(tmp_path).append(run)
    assert call(["graph", Store(tmp_path).ids()[0], "--store", str(tmp_path), "--ask", "size"]) == 0
    assert "records were lost" in capsys.readouterr().err


def test_a_run_of_which_nothing_was_recorded_is_said(said: Said, tmp_path: Path) -> None:
    run = make_run(1)
    run["trace/tasks"] = xr.DataTree(run["trace/tasks"].dataset.isel(task=slice(0)))
    run["trace/edges"] = xr.DataTree(run["trace/edges"].dataset.isel(edge=slice(0)))
    run["trace/transfers"] = xr.DataTree(run["trace/transfers"].dataset.isel(transfer=slice(0)))
    Store(tmp_path).append(run)
    assert "recorded no task" in said(Store(tmp_path).ids()[0], "--store", str(tmp_path), code=1)


def test_words_may_have_blanks_between(said: Said) -> None:
    text = said("mnist", "--images", "8", "--workers", "2", "--ask", "size, balance", "--compare", "batch, channel")
    assert "Size\n  Tasks, in all" in text and "Balance" in text and "channel=2" in text


def test_a_graph_of_nothing(said: Said, script: Path) -> None:
    text = said(f"{script}:nothing")
    assert "0 tasks" in text and "unknown" not in text


def test_a_run_by_its_file_says_what_it_ran(said: Said, tmp_path: Path) -> None:
    Store(tmp_path / "runs").append(planned_run("channel=2", run="planned"))
    found = said(str(tmp_path / "runs" / "planned.nc"), "--store", str(tmp_path / "none"), "--ask", "size", "--json")
    assert found["graph"].startswith("run planned: mnist, channel=2 on 2 workers")
    (tmp_path / "junk.nc").write_bytes(b"junk")
    assert "cannot be read" in said(str(tmp_path / "junk.nc"), code=1)


def test_the_imbalance_and_the_kinds_of_exchange_side_by_side(said: Said) -> None:
    arguments = ("mnist", "--images", "10000", "--workers", "7", "--ask", "balance,communication")
    text = said(*arguments, "--compare", "batch,channel,spatial=2x2")
    uneven = said(*arguments, "--chunks", "batch", "--json")["balance"]["imbalance"]
    [line] = [line for line in text.splitlines() if "Imbalance max/mean - 1: tasks" in line]
    assert uneven[0] == 0 and line.split()[-3:-1] == ["0", "0"]
    [line] = [line for line in text.splitlines() if "Imbalance max/mean - 1: operations" in line]
    assert (
        float(line.split()[-3]) == pytest.approx(uneven[1], rel=1e-2) == pytest.approx(1429 * 7 / 10000 - 1, rel=1e-2)
    )
    [halo] = [line for line in text.splitlines() if "Bytes sent: halo" in line]
    assert halo.split()[-6:-2] == ["0", "B", "0", "B"] and halo.split()[-1] == "MiB"
    assert "unknown" not in text and "cut in 3 ways" in text


@pytest.mark.parametrize("where", ["analyse", "summary"])
def test_a_question_of_ones_own_that_raises_is_told_in_a_line(said: Said, tmp_path: Path, where: str) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text(f"{QUESTION}\ndef {where}(found):\n    return {{}}['planted']\n")
    error = said("mnist", "--images", "10", "--ask", str(mine), code=1)
    assert "mine.py raises KeyError: 'planted'" in error and error.count("\n") == 1


def test_whatever_a_question_answers_is_json(said: Said, tmp_path: Path) -> None:
    mine = tmp_path / "mine.py"
    answer = '{"c": ((), 1j), "t": ((), np.datetime64("2000-01-01")), "n": ("x", [np.nan, np.inf])}'
    mine.write_text(f"import numpy as np, xarray as xr\n\n\ndef analyse(graph):\n    return xr.Dataset({answer})\n")
    found = said("mnist", "--images", "10", "--ask", str(mine), "--json")[str(mine)]
    assert found["c"] == "1j" and found["t"].startswith("2000-01-01") and found["n"] == [None, None]


def test_a_drawing_that_cannot_be_written_is_said_before_anything_is_asked(said: Said, tmp_path: Path) -> None:
    assert "no folder" in said(f"{tmp_path}/nothing.py:x", "--draw", str(tmp_path / "none" / "x.svg"), code=1)


def test_the_help_tells_the_defaults_of_the_questions() -> None:
    helps = {own.name: str(getattr(own, "help", "")) for own in graph.params}
    for name in plugins.names("graphs"):
        for setting, own in signature(plugins.load("graphs", name).analyse).parameters.items():
            if setting in ("overhead", "rate", "bandwidth"):
                assert f"[default: {own.default:g}]" in helps[setting]
