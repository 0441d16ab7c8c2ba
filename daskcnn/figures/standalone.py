"""A document as one HTML file that needs nothing else."""

from bokeh.document import Document
from bokeh.embed import file_html
from bokeh.resources import Resources


class Inline(Resources):  # type: ignore[misc]
    """Bokeh's scripts within the page, and no others.

    Bokeh would link to what every extension that is imported asks for, though the document has none of its models.
    """

    def __init__(self, components: list[str] | None = None) -> None:
        super().__init__(mode="inline", components=components)

    def clone(self, *, components: list[str] | None = None) -> "Inline":
        """The same with other components."""
        return Inline(components)

    @property
    def js_files(self) -> list[str]:
        """None."""
        return []

    @property
    def css_files(self) -> list[str]:
        """None."""
        return []


def standalone(document: Document, title: str) -> str:
    """The text of the file.

    Parameters
    ----------
    document : Document
        With its template and its theme.
    title : str

    Examples
    --------
    >>> from bokeh.models import Div
    >>> document = Document()
    >>> document.add_root(Div(text="here"))
    >>> "here" in standalone(document, "a title")
    True
    """
    return str(file_html(document, Inline(), title, template=document.template))
