"""One row, one fact sheet; a broken row is named and costs no other."""

import pytest

from klark.knowledge.chunk import chunk
from klark.sources.base import BadDocument, Sheet, Unreadable
from klark.sources.table import read


def sheets(text: str) -> list[Sheet]:
    return [one for one in read(text.encode()) if isinstance(one, Sheet)]


def left(text: str) -> list[tuple[str, str]]:
    return [(one.key, one.why) for one in read(text.encode()) if isinstance(one, Unreadable)]


def said(sheet: Sheet) -> list[str]:
    return [sentence for part in chunk(sheet.title, sheet.html, "en") for sentence in part.sentences]


def test_a_row_of_facts_is_a_sentence_that_says_of_what_it_speaks() -> None:
    (kite,) = sheets("Product;Price;Weight\nRed kite;12.50 €;0.30 kg\n")
    assert (kite.title, kite.part) == ("Red kite", "Red kite")
    assert said(kite) == ["Product: Red kite; Price: 12.50 €; Weight: 0.30 kg."]


@pytest.mark.parametrize(
    "figure", ["007", "1 234,50 €", "12.500", "1e5", "3/4", "+33 1 23 45 67 89", "0.1000", "1,234"]
)
def test_figures_stay_as_they_stand(figure: str) -> None:
    (one,) = sheets(f'name;value\nKite;"{figure}"\n')
    assert f"value: {figure}" in said(one)[0]


def test_a_question_is_answered_by_its_answer_alone() -> None:
    (one,) = sheets('Question,Réponse\nWhen do you ship?,"We ship on Monday.\nNever on Sunday."\n')
    assert (one.title, said(one)) == ("When do you ship?", ["We ship on Monday.", "Never on Sunday."])


def test_columns_are_taken_for_what_they_say() -> None:
    (one,) = sheets("sku\ttitle\tlang\turl\tSize\nK-1\tKite\ten\thttps://shop.example/k\tL\n")
    assert (one.title, one.part, one.language, one.url) == ("Kite", "K-1", "en", "https://shop.example/k")
    assert said(one) == ["title: Kite; Size: L."]


def test_long_cells_stand_under_their_name() -> None:
    story = "The kite flies well. " * 6
    (one,) = sheets(f"name,Care\nKite,{story}\n")
    assert "<h3>Care</h3>" in one.html


def test_many_columns_make_several_sentences_each_with_the_name() -> None:
    (one,) = sheets("name," + ",".join(f"c{n}" for n in range(7)) + "\nKite," + ",".join(map(str, range(7))) + "\n")
    assert [sentence.startswith("name: Kite; c") for sentence in said(one)] == [True, True]


def test_mark_up_in_a_cell_is_text() -> None:
    (one,) = sheets("name,text\nKite,<b>big</b> & red\n")
    assert said(one) == ["<b>big</b> & red"]


def test_a_broken_row_is_named_and_the_rest_goes_on() -> None:
    text = "name;price\nRed;1\nbroken\nBlue;2;3\n;4\nGreen;5\n"
    assert [one.title for one in sheets(text)] == ["Red", "Green"]
    assert left(text) == [
        ("line 3", "has 1 columns, not 2"),
        ("line 4", "has 3 columns, not 2"),
        ("line 5", "has no name"),
    ]


def test_a_quote_that_never_closes_costs_its_own_line_only() -> None:
    text = 'name;price\n"Red;1\nBlue;2\nGreen;3\n'
    assert [one.title for one in sheets(text)] == ["Blue", "Green"]
    assert left(text) == [("line 2", "cannot be read: unexpected end of data")]


def test_a_quote_that_another_row_closes_swallows_nothing() -> None:
    text = 'name;price\n"Red;1\nBlue;2\n"Green";3\nGrey;4\n'
    assert [one.title for one in sheets(text)] == ["Blue", "Green", "Grey"]
    assert [place for place, _ in left(text)] == ["line 2"]


def test_a_line_in_a_wrong_encoding_is_named() -> None:
    raw = "nom;prix\nThé;1\n".encode() + "Café;2\n".encode("cp1252") + b"Lait;3\n"
    found = list(read(raw))
    assert [one.title for one in found if isinstance(one, Sheet)] == ["Thé", "Lait"]
    assert [one.key for one in found if isinstance(one, Unreadable)] == ["line 3"]


def test_rows_of_one_name_are_different_articles() -> None:
    assert [one.part for one in sheets("name;size\nKite;S\nKite;L\n")] == ["Kite", "Kite (2)"]


def test_an_empty_table_is_refused_and_a_header_alone_has_no_article() -> None:
    with pytest.raises(BadDocument, match="is empty"):
        list(read(b"\n\n"))
    assert sheets("name;price\n") == []


def test_lines_may_end_as_on_any_machine() -> None:
    assert [one.title for one in read(b"name;price\r\nRed;1\r\n") if isinstance(one, Sheet)] == ["Red"]
