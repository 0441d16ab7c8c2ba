"""What a store shows of itself."""

from pathlib import Path

import pytest

from daskcnn import markup
from daskcnn.metrics import HEADLINES
from daskcnn.store import Store
from tests.runs import make_run
from tests.test_browser import HOSTILE
from tests.test_markup import Seen


def test_the_newest_runs_with_their_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "MOST", 4)
    store = Store(tmp_path)
    for seed, name in enumerate(HOSTILE):
        store.append(make_run(seed, tasks=4, repeats=1, network=name))
    (tmp_path / "<i>.nc").write_bytes(b"")
    seen, runs = Seen(store._repr_html_()), store.runs()
    assert "Runs6" in seen.text and "and 2 more" in seen.text
    for place, run in enumerate(runs["run"].values.tolist()):
        row = runs.isel(run=place)
        cells = [row["network"].item(), row["chunks"].item(), str(row["workers"].item())]
        cells += [metric.text(row[name].item()) for name, metric in HEADLINES.items()]
        assert (run + "".join(cells) in seen.text) == (place >= 2)
    assert "<i> cannot be read as a run" in seen.text
    assert not {"script", "img", "i"} & set(seen.tags)


def test_a_store_that_is_empty_or_none(tmp_path: Path) -> None:
    assert "Runs0" in Seen(Store(tmp_path / "none")._repr_html_()).text
    (tmp_path / "file").write_text("")
    assert "choose another folder" in Seen(Store(tmp_path / "file")._repr_html_()).text
