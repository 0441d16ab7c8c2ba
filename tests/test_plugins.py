"""Rooms are found in a checkout; tests/test_wheel.py finds them in a wheel."""

from pathlib import Path

import pytest

from daskcnn import plugins
from daskcnn.errors import RunError, UsageError


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "daskcnn").mkdir()
    (tmp_path / "graphs").mkdir()
    monkeypatch.setattr(plugins, "PACKAGE", tmp_path / "daskcnn")
    return tmp_path


def test_names_are_sorted_and_whole(house: Path) -> None:
    for name in ("zz.py", "aa.py", "_private.py", "__init__.py", "theme.yaml"):
        (house / "graphs" / name).write_text("")
    assert plugins.names("graphs") == ["aa", "zz"]


def test_inside_the_package_comes_first(house: Path) -> None:
    assert plugins.room("graphs") == house / "graphs"
    (house / "daskcnn" / "graphs").mkdir()
    assert plugins.room("graphs") == house / "daskcnn" / "graphs"


def test_the_same_module_each_time() -> None:
    module = plugins.load("dashboards", "stream")
    assert module is plugins.load("dashboards", "stream")
    assert module.__name__ == "daskcnn.dashboards.stream"


@pytest.mark.parametrize("name", ["no-such", "../daskcnn/store", "", "__init__"])
def test_an_unknown_name(name: str) -> None:
    with pytest.raises(UsageError, match=r"in dashboards: choose from communication, compare, .*, stream") as error:
        plugins.load("dashboards", name)
    assert repr(name) in str(error.value)


def test_a_file_that_fails_is_tried_again(house: Path) -> None:
    file = house / "graphs" / "once.py"
    file.write_text("1 / 0")
    with pytest.raises(ZeroDivisionError):
        plugins.load("graphs", "once")
    file.write_text("TITLE = 'whole at last'")
    assert plugins.load("graphs", "once").TITLE == "whole at last"


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("TITLE = 'Mine'")
    assert plugins.load("graphs", str(file)).TITLE == "Mine"
    assert plugins.load("graphs", str(file)) is plugins.load("graphs", str(file))
    with pytest.raises(UsageError, match="no file"):
        plugins.load("graphs", str(tmp_path / "not-there.py"))
    broken = tmp_path / "broken.py"
    broken.write_text("1 / 0")
    with pytest.raises(RunError, match="ZeroDivisionError"):
        plugins.load("graphs", str(broken))
