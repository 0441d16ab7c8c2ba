"""The page's words and numbers."""

from pathlib import Path

import pytest

from daskcnn import explain
from daskcnn.errors import RunError
from daskcnn.walkthrough import page, text
from tests.test_markup import Seen
from tests.walkthrough.plans import letters


@pytest.mark.parametrize("chunks", ["serial", "filter=3", "pipeline=4", "batch=2,channel=2", "spatial=2x2"])
def test_every_word_and_number_of_the_walk_is_there(chunks: str) -> None:
    plan = letters(chunks)
    tree = explain(plan)
    seen = Seen(page.html(plan, tree))
    for own in text.sections(tree):
        assert own.title in seen.text
        for _, fact in own.facts:
            assert fact in seen.text
        for table in own.tables:
            assert table.title in seen.text
            assert all(cell in seen.text for row in table.cells for cell in row)
    links = [value for value in seen.values if str(value).startswith("#layer-")]
    assert [str(link).removeprefix("#") for link in links] == [f"layer-{place}" for place in range(len(plan.stages))]
    assert all(str(link).removeprefix("#") in seen.values for link in links)


def test_a_page_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    plan = letters("serial")
    file = tmp_path / "walk.html"
    page.write(plan, explain(plan), file)
    assert file.read_text() == page.html(plan, explain(plan))
    with pytest.raises(RunError, match=r"cannot write .*choose another file"):
        page.write(plan, explain(plan), tmp_path / "nowhere" / "walk.html")
    assert list(tmp_path.iterdir()) == [file]
