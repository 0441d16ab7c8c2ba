"""What is put into a page is text."""

from html.parser import HTMLParser

from daskcnn.markup import MOST, card, document, element, html, table

HOSTILE = "<script>alert('&amp;')</script>\"]]>"


class Seen(HTMLParser):
    """Tags, texts and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.values: list[str | None] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.values += [value for _, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_names_stay_names() -> None:
    seen = Seen(document(HOSTILE, "p { }", element("p", HOSTILE, element("b", HOSTILE), HOSTILE, id=HOSTILE)))
    assert "script" not in seen.tags
    assert seen.text.count(HOSTILE) == 4
    assert HOSTILE in seen.values


def test_texts_keep_their_order() -> None:
    seen = Seen(document("", "", element("p", "a", "b", element("i", "c"), "d", "e", element("i"), "f")))
    assert seen.text.endswith("abcdef")


def test_a_page_may_ask_for_nothing() -> None:
    page = document("title", "p { }")
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert "default-src 'none'" in page


def test_a_table_has_its_cells_in_their_columns() -> None:
    seen = Seen(html(table(("a", "b"), [(HOSTILE, element("b", HOSTILE)), ("1", "2")], left={"b"})))
    assert (seen.tags.count("th"), seen.tags.count("td"), seen.values.count("left")) == (2, 4, 3)
    assert seen.text == f"ab{HOSTILE}{HOSTILE}12"


def test_what_no_file_can_hold_is_left_out() -> None:
    html(element("p", "\udcff")).encode()


def test_a_card_has_the_first_rows_and_says_how_many_more() -> None:
    rows = [(f"row {number}", HOSTILE) for number in range(MOST + 1)]
    seen = Seen(card(HOSTILE, {HOSTILE: HOSTILE}, ("a", "b"), rows, notes=[HOSTILE]))
    assert "script" not in seen.tags and seen.text.count(HOSTILE) == 4 + MOST
    assert f"row {MOST - 1}" in seen.text and f"row {MOST}" not in seen.text and "and 1 more" in seen.text
