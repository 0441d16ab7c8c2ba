"""POP's tree as a table: every number with its shade."""

import re
from itertools import takewhile
from pathlib import Path

import numpy as np
import pytest

from daskcnn.figures import labelled
from daskcnn.figures.efficiencies import SHADES, STEPS, efficiency_key, efficiency_tree, efficiency_words
from daskcnn.metrics import METRICS, metrics
from daskcnn.metrics.efficiency import TREE
from daskcnn.store import Store
from tests.planned import planned_run
from tests.runs import keep_run


def table(tmp_path: Path, **numbers: object) -> str:
    keep_run(Store(tmp_path), run="one", chunks="<b>cut", **numbers)  # type: ignore[arg-type]
    return str(efficiency_tree(labelled(Store(tmp_path).runs())).text)


def test_a_row_a_factor_and_a_column_a_run(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for seed, chunks in enumerate(("batch=2", "channel=2")):
        keep_run(store, seed, chunks=chunks)
    runs = labelled(store.runs())
    text = str(efficiency_tree(runs).text)
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', text)
    found = {name.strip(" =×"): re.findall(r">([^<>]*)</td>", cells) for name, cells in rows}
    assert found["Run"] == runs["run"].values.tolist()
    for name, _ in TREE:
        assert found[METRICS[name].label] == [METRICS[name].text(value) for value in runs[name].values]


def test_shades_go_with_the_number(tmp_path: Path) -> None:
    text = table(tmp_path, load_balance=0.499, transfer_efficiency=0.5, orchestration_efficiency=0.97)
    for number, shade in (("49.9 %", SHADES[0]), ("50.0 %", SHADES[1]), ("97.0 %", SHADES[-1])):
        assert re.search(f'style="background:{shade};[^"]*">{number}', text)
    assert len(SHADES) == len(set(SHADES)) == len(STEPS) + 1
    assert all(shade in efficiency_key().text for shade in SHADES)


def test_dark_letters_can_be_read_on_every_shade() -> None:
    def luminance(colour: str) -> float:
        parts = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    for shade in SHADES:
        assert (luminance(shade) + 0.05) / (luminance("#1f2937") + 0.05) > 4.5  # WCAG 2.1, AA


def test_what_is_not_known_is_a_dash_without_a_shade(tmp_path: Path) -> None:
    text = table(tmp_path, load_balance=np.nan)
    assert re.search(r"Load balance</th><td>–</td>", text)
    assert "<b>cut" not in text
    assert "&lt;b&gt;cut" in text


def test_factors_that_no_run_has_are_left_out(tmp_path: Path) -> None:
    keep_run(Store(tmp_path), run="one")
    runs = labelled(Store(tmp_path).runs()).drop_vars([name for name, _ in TREE])
    assert "Load balance" not in efficiency_tree(runs).text


def test_every_factor_is_defined() -> None:
    assert all(METRICS[name].label in efficiency_words().text for name, _ in TREE)


def test_each_factor_is_the_product_of_those_further_in() -> None:
    found = metrics(planned_run("channel=2")).isel(repeat=0)
    numbers = [float(found[name]) for name, _ in TREE]
    depth = [len(sign) - len(sign.lstrip()) + bool(sign) for _, sign in TREE]
    for place, own in enumerate(depth):
        below = list(takewhile(lambda other: depth[other] > own, range(place + 1, len(TREE))))  # noqa: B023
        children = [other for other in below if depth[other] == min(depth[each] for each in below)]
        if children:
            assert numbers[place] == pytest.approx(np.prod([numbers[child] for child in children]))
    assert 0 < numbers[0] < 1
