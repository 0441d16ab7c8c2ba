"""Sentences for cases that no plan of a test has."""

from daskcnn.walkthrough.sentences import computed, favours, memory, notes

PLAN = {"rate": 1e9, "bandwidth": 1e9, "latency": 1e-3, "line": 64, "bytes_moved": 5, "pipeline": 1, "bubble": 0.0}


def test_what_is_done_twice_is_said() -> None:
    layer = {"operations": 100, "multiply_adds": 0, "outputs": 50}
    text = computed(layer, [{"operations": 70}, {"operations": 50}])
    assert text == "100 FLOP; 2 FLOP for each of 50 outputs; 20 FLOP more are done twice"


def test_fractions_of_an_operation() -> None:
    assert computed({"operations": 10, "multiply_adds": 0, "outputs": 4}, []).startswith("10 FLOP; 2.5 FLOP for each")


def test_a_small_gain_is_called_small() -> None:
    rows = [
        {"partition": name, "operations": operations, "bytes_worker": 0, "messages": 0, "seconds": operations / 1e9}
        for name, operations in (("batch=2", 5), ("serial", 10))
    ]
    assert "That saves less than a message takes: none should be sent for it." in favours(rows, PLAN)
    assert "less than a message" not in favours(rows, PLAN | {"latency": 1e-12})


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
