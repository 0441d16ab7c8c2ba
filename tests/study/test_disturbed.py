"""A turn in which workers are lost is no measurement: it is taken again, and nothing of it is kept."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from daskcnn.errors import RunError
from daskcnn.experiment import Watch
from daskcnn.measurement import measure
from daskcnn.placement import Losses
from daskcnn.runs import Measured
from daskcnn.store import Store
from daskcnn.study import trial
from daskcnn.study.sweep import sweep

ASKED: dict[str, Any] = {"chunks": "batch", "workers": 2, "cluster": "threads", "images": 20, "repeat": 2}


def losing(monkeypatch: pytest.MonkeyPatch, *turns: int) -> None:
    """Let workers have been lost in some turns."""
    count = iter(range(100))

    def measured(*args: Any) -> Measured:
        found = measure(*args)
        return replace(found, losses=Losses(1, 1, 5)) if next(count) in turns else found

    monkeypatch.setattr(trial, "measure", measured)


def test_a_turn_with_a_loss_is_taken_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    losing(monkeypatch, 1, 2)
    store, heard = Store(tmp_path), list[str]()
    found = sweep(**ASKED, store=store, watch=Watch(warning=heard.append))
    assert heard == [
        f"batch on 2 workers: workers were lost, so this turn does not count ({chance} of 3)" for chance in (1, 2)
    ]
    assert found["repeats"].values.tolist() == [2, 2] and found.attrs["failed"] == []
    for name in store.ids():
        tree = store.open(name)
        assert tree["workers_lost"] == tree["tasks_recomputed"] == 0
        assert tree["metrics"].to_dataset()["tasks_recorded"].values.tolist() == [tree["graph"].sizes["task"]] * 2


def test_a_configuration_that_loses_workers_again_and_again_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    losing(monkeypatch, *range(100))
    with pytest.raises(RunError, match=r"workers were lost in 3 turns, killed or out of memory: raise --memory-limit"):
        sweep(**ASKED, store=tmp_path, watch=Watch(warning=list[str]().append))
    assert Store(tmp_path).ids() == []
