"""Tables that fit, and documents that any reader of JSON takes."""

import json

import numpy as np
import pytest
from rich.console import Console

from daskcnn.cli import show

ROWS = [("first-run", "batch=2", "0.5 s", "10 %"), ("next-run", "spatial=2x2", "1.25 s", "100 %")]
TITLES = ("Run", "Chunks", "Time", "Load imbalance")


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


def test_a_row_is_a_line_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    show.table(TITLES, [("x" * 300, *ROWS[0][1:]), *ROWS], texts=("Run", "Chunks"))
    assert sum("x" * 300 + "  batch=2" in line for line in lines(capsys)) == 1


def test_columns_that_do_not_fit_follow_below(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(show, "console", lambda: Console(width=30))
    show.table(TITLES, ROWS, texts=("Run", "Chunks"))
    assert lines(capsys) == [
        "Run        Chunks         Time",
        "──────────────────────────────",
        "first-run  batch=2       0.5 s",
        "next-run   spatial=2x2  1.25 s",
        "",
        "                Load",
        "Run        imbalance",
        "────────────────────",
        "first-run       10 %",
        "next-run       100 %",
    ]


def test_a_cell_may_have_several_lines(capsys: pytest.CaptureFixture[str]) -> None:
    show.table(("Layer", "Blocks", "FLOP"), [("conv", "1 of 4\n1 of 3", "8\n6"), ("dense", "2", "1")], texts=("Layer",))
    assert lines(capsys)[2:] == ["conv   1 of 4     8", "       1 of 3     6", "dense       2     1"]


def test_pairs_end_where_their_words_end(capsys: pytest.CaptureFixture[str]) -> None:
    show.pairs([("Time", "a long text"), ("Tasks", "1")])
    assert capsys.readouterr().out == "Time   a long text\nTasks  1\n"


def test_what_comes_from_files_does_not_style_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    show.table(("Run",), [("[red]a[/red]\x1b[31m",)])
    show.pairs([("[blue]", "\x1b]0;title\x07")])
    out = capsys.readouterr().out
    assert "[red]a[/red]" in out and "[blue]" in out
    assert "\x1b" not in out and "\x07" not in out


def test_a_document_has_no_numbers_that_json_lacks(capsys: pytest.CaptureFixture[str]) -> None:
    show.document({"a": np.float64("nan"), "b": [np.inf, np.int64(3)], "c": np.array([1.5]), "d": np.bool_(True)})
    assert json.loads(capsys.readouterr().out) == {"a": None, "b": [None, 3], "c": [1.5], "d": True}
