"""The house holds: imports point left, no cycles, small modules; pages and questions see only what is theirs."""

import ast
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import daskcnn

ROOT = Path(__file__).parents[1]

PLACES = (
    "errors region nodes files netcdf process provenance noise collector signals ranks named quantity markup",
    "idx data seeded sources",
    "layers network partition chunks",
    "layout exchange assignment degrees stage plan plan_tables segment",
    "kernels sink blocks forward taskgraph memory",
    "apply functional model residual networks onnx opening answer",
    "cluster trace placement recorder execution",
    "blame metrics figures plots live locate store exports",
    "calibration runs merge subject measurement experiment study tracing",
    "plugins asking walkthrough report dashboard drawing jobscript",
    "daskcnn cli __main__",
)
"""Modules and packages of the house: each imports only those to its left; `daskcnn` is what it shows of itself."""
ORDER = " ".join(PLACES).split()

LINES = 250
FIGURES = {"bokeh", "holoviews", "hvplot", "matplotlib", "numpy", "pandas", "panel", "xarray"}


def name_of(path: Path) -> str:
    """The module's name in the source tree, `daskcnn.layers.conv`."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def sources(folder: str) -> dict[str, Path]:
    """The modules of a folder by name."""
    return {name_of(path): path for path in sorted((ROOT / folder).rglob("*.py"))}


HOUSE = sources("daskcnn")
PLUGINS = sources("graphs") | sources("dashboards")
EXAMPLES = sources("examples")


def imports(path: Path) -> set[str]:
    """What a module imports, wherever in it: the module where one is named, else what it is taken from."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports relatively"
            names = {f"{node.module}.{name.name}" for name in node.names}
            found |= {name if name in HOUSE else str(node.module) for name in names}
    return found


def room(module: str) -> str:
    """The module or package of the house that a module is or lies in; of others the package they come from."""
    first, _, rest = module.partition(".")
    return rest.partition(".")[0] if first == "daskcnn" and rest else first


IMPORTS = {module: imports(path) for module, path in (HOUSE | PLUGINS).items()}
PAIRS = [(module, other) for module, others in IMPORTS.items() for other in sorted(others)]
WITHIN = [(module, other) for module, other in PAIRS if other.partition(".")[0] == "daskcnn"]


def test_every_module_has_its_place() -> None:
    rooms = {room(module) for module in HOUSE}
    assert rooms <= set(ORDER), f"put {rooms - set(ORDER)} into PLACES, right of all that it imports"
    assert len(ORDER) == len(set(ORDER))


def test_imports_point_left() -> None:
    place = {name: number for number, name in enumerate(ORDER)}
    house = [(module, other) for module, other in WITHIN if module in HOUSE and room(module) != room(other)]
    assert house
    assert [pair for pair in house if place[room(pair[1])] >= place[room(pair[0])]] == []


def test_no_imports_go_round() -> None:
    try:
        TopologicalSorter({module: IMPORTS[module] & HOUSE.keys() for module in HOUSE}).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_figures_see_data_and_the_table_of_metrics_alone() -> None:
    allowed = {*FIGURES, *sys.stdlib_module_names, "quantity", "metrics", "figures"}
    assert [pair for pair in PAIRS if room(pair[0]) == "figures" and room(pair[1]) not in allowed] == []


def test_a_question_sees_the_task_graph_and_a_page_what_is_measured() -> None:
    of_a_page = {"figures", "store", "metrics", "calibration", "taskgraph", "blame", "noise"}
    seen = {"graphs": {"taskgraph"}, "dashboards": of_a_page}
    assert [pair for pair in WITHIN if pair[0] in PLUGINS and room(pair[1]) not in seen[room(pair[0])]] == []


def test_nothing_imports_a_question_or_a_page_by_name() -> None:
    assert [pair for pair in PAIRS if room(pair[1]) in ("graphs", "dashboards")] == []


def test_no_module_is_long() -> None:
    lengths = {module: len(path.read_text().splitlines()) for module, path in (HOUSE | PLUGINS | EXAMPLES).items()}
    assert {module: lines for module, lines in lengths.items() if lines > LINES} == {}


def test_what_is_shown_is_there() -> None:
    assert [name for name in daskcnn.__all__ if not hasattr(daskcnn, name)] == []
