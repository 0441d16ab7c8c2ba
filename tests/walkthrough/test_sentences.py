"""Sentences for cases that no plan of a test has."""

import pytest

from daskcnn.walkthrough.sentences import computed, favoured, favours, memory, notes

RATES = {"rate": 1e9, "memory": 2e9, "bandwidth": 1e9, "latency": 1e-3}
PLAN = {**RATES, "line": 64, "bytes_moved": 5, "pipeline": 1, "bubble": 0.0}


UNSENT = {"bytes_worker": 0, "messages": 0}


def test_what_is_done_twice_is_said() -> None:
    layer = {"operations": 100, "multiply_adds": 0, "outputs": 50, "intensity": 1234.5}
    text = computed(layer, [{"operations": 70}, {"operations": 50}])
    assert text == "100 FLOP; 2 FLOP for each of 50 outputs; 1,234 FLOP/B; 20 FLOP more are done twice"


def test_fractions_of_an_operation() -> None:
    text = computed({"operations": 10, "multiply_adds": 0, "outputs": 4, "intensity": 0.25}, [])
    assert text == "10 FLOP; 2.5 FLOP for each of 4 outputs; 0.25 FLOP/B"
    assert "for each of 1 output;" in computed({"operations": 1, "multiply_adds": 0, "outputs": 1, "intensity": 9}, [])


def test_a_small_gain_is_called_small() -> None:
    rows = [
        {"partition": name, "operations": work, "bytes_touched": work, **UNSENT, "seconds": work / 1e9}
        for name, work in (("batch=2", 5), ("serial", 10))
    ]
    assert "Less is gained than one message takes: no relayout for it pays." in favours(rows, PLAN)
    assert "less" not in favours(rows, PLAN | {"latency": 1e-12}).lower()


def test_what_the_model_cannot_tell_apart_is_as_good() -> None:
    rows = [
        {"partition": name, "operations": 1, "bytes_touched": 0, **UNSENT, "messages": sent, "seconds": seconds}
        for name, sent, seconds in (("a", 0, 1.0), ("b", 0, 1.04), ("c", 1, 1.04), ("d", 0, 1.06), ("serial", 0, 4.0))
    ]
    assert favoured(rows) == "a or b"
    assert favours(rows, PLAN).startswith("a or b, 1.00 s: ") and "Next c, 1.04 s" in favours(rows, PLAN)
    none = [{**row, "seconds": 0.0, "messages": 0} for row in rows]
    assert favoured(none) == "a or b or c or d or serial"


@pytest.mark.parametrize(
    ("operations", "touched", "said"),
    [(5_000, 9_999, "5,000 FLOP on the busiest worker"), (5_000, 10_001, "10,001 B touched on the busiest worker")],
)
def test_what_takes_longest_is_said(operations: int, touched: int, said: str) -> None:
    row = {"partition": "serial", "operations": operations, "bytes_touched": touched, **UNSENT, "seconds": 5e-6}
    assert f"serial, 5.00 us: {said}, nothing is sent." in favours([row], PLAN)


def test_an_input_without_rows() -> None:
    row = {"input": "x", "shape": "20×30", "elements": 30, "image_bytes": 120, "image_lines": 2}
    rows = [{**row, "input": name, "readers": 1, "bytes_read": 1200} for name in "xy"]
    said = "1,200 B of it are read by 1 worker, 0.5 times its size."
    assert notes(PLAN, rows[:1])["Input"] == f"x 20×30: 30 elements, 120 B and 2 cache lines an image. {said}"
    once = notes(PLAN, [{**rows[0], "bytes_read": 2400}])["Input"]
    assert once.endswith("2,400 B of it are read by 1 worker, just its size.")
    assert list(notes(PLAN, rows))[:2] == ["Input x", "Input y"]


def test_a_pipeline_says_how_long_it_idles() -> None:
    assert "the pipeline idles 25.0 % of its workers' time" in notes(PLAN | {"pipeline": 2, "bubble": 0.25})["Moved"]
    assert "idles" not in notes(PLAN)["Moved"]


def test_axes_beyond_four_are_named_too() -> None:
    layer = {"axes": "batch, axis4", "strides": "8, 4", "row_lines_fewest": 1, "row_lines_most": 2, "column_lines": 3}
    text = memory(layer, [{"runs": 2, "run_bytes": 4}, {"runs": 3, "run_bytes": 8}])
    assert text == (
        "from one to the next image 8 B, axis4 4 B; a run along the last axis lies in 1 or 2 cache lines, one along "
        "the axis before in 3; of each image a block has 2 to 3 contiguous runs of 4 to 8 B"
    )
