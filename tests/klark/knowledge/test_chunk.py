"""Passages that stand on their own, cut by an article's structure."""

import pytest

from klark.knowledge.chunk import MOST_WORDS, Chunk, chunk


def of(html: str, title: str = "Delivery") -> list[tuple[str, tuple[str, ...]]]:
    return [(part.title, part.sentences) for part in chunk(title, html, "en")]


def test_a_paragraph_is_a_passage_under_its_title() -> None:
    assert of("<p>It takes 3 days. It is free.</p>") == [("Delivery", ("It takes 3 days.", "It is free."))]


def test_headings_begin_passages_and_stand_in_their_titles() -> None:
    long = "It takes three days. " * 40
    html = f"<p>First.</p><h2>Belgium</h2><p>{long}</p><h3>By bike</h3><p>{long}</p>"
    assert list(dict(of(html))) == ["Delivery", "Delivery › Belgium", "Delivery › By bike"]


def test_each_section_is_a_passage_of_its_own_however_short() -> None:
    html = "<p>First.</p><h2>Belgium</h2><p>3 days. Free.</p><h3>By bike:</h3><p>1 day.</p>"
    assert of(html) == [
        ("Delivery", ("First.",)), ("Delivery › Belgium", ("3 days.", "Free.")), ("Delivery › By bike:", ("1 day.",)),
    ]  # fmt: skip


def test_a_heading_without_text_makes_no_passage() -> None:
    assert of("<h2>Belgium</h2><h2>France</h2><p>2 days.</p>") == [("Delivery › France", ("2 days.",))]


def test_a_heading_like_the_title_is_not_said_twice() -> None:
    assert of("<h1>Delivery</h1><p>3 days.</p>") == [("Delivery", ("3 days.",))]


def test_list_items_are_sentences_of_their_own() -> None:
    assert of("<ul><li>Red</li><li>Blue <b>light</b></li></ul>") == [("Delivery", ("Red", "Blue light"))]


def test_a_table_row_carries_its_header() -> None:
    html = "<table><tr><th>Country</th><th>Price</th></tr><tr><td>Belgium</td><td>6.90 €</td></tr></table>"
    assert of(html) == [("Delivery", ("Country: Belgium; Price: 6.90 €.",))]


@pytest.mark.parametrize(("row", "said"), [
    ("<td>Belgium</td><td></td>", "Belgium."), ("<td>Belgium</td><td>2</td><td>3</td>", "Belgium; 2; 3."),
])  # fmt: skip
def test_a_table_without_header_is_said_as_it_is(row: str, said: str) -> None:
    assert of(f"<table><tr>{row}</tr></table>") == [("Delivery", (said,))]


def test_a_row_longer_than_its_header_does_not_lose_what_is_known() -> None:
    html = "<table><tr><th>Country</th></tr><tr><td>Belgium</td><td>6.90 €</td></tr></table>"
    assert of(html)[0][1][0].startswith("Country: Belgium")


def test_text_between_blocks_is_not_lost() -> None:
    assert of("Before. <p>Inside.</p> After. <div>Deep <div><p>down.</p></div></div>") == [
        ("Delivery", ("Before.", "Inside.", "After.", "Deep", "down."))]  # fmt: skip


def test_line_breaks_end_a_line() -> None:
    assert of("One<br>Two<br/>Three") == [("Delivery", ("One", "Two", "Three"))]


def test_a_long_text_is_cut_between_sentences() -> None:
    parts = chunk(
        "Long", "".join(f"<p>This is the sentence number {number} of many.</p>" for number in range(100)), "en"
    )
    assert len(parts) > 1
    assert sum(len(part.sentences) for part in parts) == 100
    assert all(len(" ".join(part.sentences).split()) <= MOST_WORDS + 20 for part in parts)


@pytest.mark.parametrize("html", ["", "   ", "<p></p>", "<!-- x -->", "<br>", "<table></table>", "&nbsp;"])
def test_an_article_without_text_has_no_passage(html: str) -> None:
    assert of(html) == []


@pytest.mark.parametrize("html", ["<p>Unclosed", "<b><i>Crossed</b></i>", "<p>" * 3000 + "Deep", "<div>" * 3000 + "Deep",
                                  "\x01 Control", "<p>a<![CDATA[b]]></p>", "<" * 20_000, "x" * 1_200_000])  # fmt: skip
def test_bad_html_is_read_as_well_as_it_can_be(html: str) -> None:
    assert all(isinstance(part, Chunk) for part in chunk("T", html, "en"))


def test_comments_and_scripts_are_no_sentences() -> None:
    said = " ".join(sentence for _, sentences in of("<p>Hello.<!-- secret --></p>") for sentence in sentences)
    assert said == "Hello."
