"""A page in a file asks for nothing, whatever else is imported."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from bokeh.core.has_props import _default_resolver
from bokeh.document import Document
from bokeh.models import DataTable, Div, Model
from bokeh.plotting import figure

from daskcnn.figures.standalone import standalone


@pytest.fixture
def elsewhere() -> Iterator[None]:
    """A model that nothing here uses, with a script and a style of its own; Bokeh forgets it afterwards."""

    class Elsewhere(Model):  # type: ignore[misc]
        __javascript__ = "https://elsewhere.invalid/script.js"
        __css__ = "https://elsewhere.invalid/style.css"

    yield
    resolver: Any = _default_resolver
    resolver.remove(Elsewhere)


@pytest.mark.usefixtures("elsewhere")
def test_nothing_is_linked_to() -> None:
    document = Document()
    for root in (Div(text="words"), figure(), DataTable()):
        document.add_root(root)
    page = standalone(document, "<title>")
    assert "elsewhere.invalid" not in page
    markup = re.sub(r"<script[^>]*>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.findall(r"<[^>]*(?:src|href)=", markup)
    assert not re.findall(r"<script[^>]*src=", page[: page.index("<body")])
    assert "&lt;title&gt;" in page
    assert "words" in page
