"""Markdown as an article: what a reader sees of it, as CommonMark with tables says; settings at its start are not read."""

import pytest

from klark.knowledge.chunk import chunk
from klark.sources.base import BadDocument, Sheet
from klark.sources.kinds import KINDS, kind_of
from klark.sources.markdown import as_html, read


def sheet(text: str, encoding: str = "utf-8") -> Sheet:
    (one,) = read(text.encode(encoding))
    return one


def said(text: str) -> list[str]:
    """The sentences that it gives to quote."""
    one = sheet(text)
    return [sentence for part in chunk(one.title, one.html, "en") for sentence in part.sentences]


def test_the_first_heading_is_the_title_and_without_one_the_file_names_it() -> None:
    titles = {
        "# Delivery\n\nThree days.": "Delivery", "Delivery\n========\nThree days.": "Delivery", "Three days.": "",
        "## Delivery\n\n# Returns": "Returns", "# *Fast* `delivery`": "Fast delivery", "#Delivery": "", "\n\n# Late\n": "Late",
        "    # code": "", "# A & B <c>": "A & B <c>", "# Délai – 3 à 5 jours": "Délai – 3 à 5 jours",
    }  # fmt: skip
    assert {text: sheet(text).title for text in titles} == titles


def test_what_is_written_becomes_what_a_reader_sees() -> None:
    made = {
        "a **b** _c_": "<p>a <strong>b</strong> <em>c</em></p>\n",
        "a\nb": "<p>a<br>\nb</p>\n",
        "- a\n- b": "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n",
        "3. a\n4. b": '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n',
        "[a](https://shop.example/a)": '<p><a href="https://shop.example/a">a</a></p>\n',
        "[a](javascript:alert(1))": "<p>[a](javascript:alert(1))</p>\n",
        "> a": "<blockquote>\n<p>a</p>\n</blockquote>\n",
        "<b>a</b> & <script>x</script>": "<p>&lt;b&gt;a&lt;/b&gt; &amp; &lt;script&gt;x&lt;/script&gt;</p>\n",
        "<!-- hidden -->": "<p>&lt;!-- hidden --&gt;</p>\n",
        "": "",
    }
    assert {text: as_html(text).replace("<br />", "<br>") for text in made} == made


def test_a_table_is_a_row_of_facts_to_quote() -> None:
    table = "# Postage\n\n| Country | Price |\n|---|--:|\n| Belgium | 6.90 € |\n| Spain | 8 € |\n"
    assert said(table) == ["Country: Belgium; Price: 6.90 €.", "Country: Spain; Price: 8 €."]


def test_what_stands_in_an_article_can_be_quoted_sentence_by_sentence() -> None:
    text = "# Returns\n\nReturns are free. They take 3 days.\n\n1. Print the label.\n2. Send the parcel.\n"
    assert said(text) == ["Returns are free.", "They take 3 days.", "Print the label.", "Send the parcel."]


def test_settings_at_the_start_are_no_text_and_a_line_elsewhere_is_only_a_line() -> None:
    settings = "---\ntitle: Secret\ndraft: false\n---\n"
    shown = {
        f"{settings}# A\n\nText.": ["Text."],
        f"{settings}\nText.": ["Text."],
        "---\n---\nText.": ["Text."],
        "---\ntitle: Secret\n---  \nText.": ["Text."],
        "---\ntitle: Secret\n---": [],
        "---\nText that never closes.": ["Text that never closes."],
        "---- \nText.": ["Text."],
        "Text.\n\n---\n\nMore.\n\n---\n": ["Text.", "More."],
    }
    assert {text: said(text) for text in shown} == shown
    assert sheet(f"{settings}# A\n").title == "A"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_settings_are_left_out_however_the_file_was_saved(encoding: str) -> None:
    one = sheet("---\r\ntitle: Secret\r\n---\r\n# Délai\r\n\r\nTrois à cinq jours.\r\n", encoding)
    assert (one.title, "Secret" in one.html, "Trois à cinq jours." in one.html) == ("Délai", False, True)


def test_what_nobody_can_read_is_refused_and_what_is_endless_is_not() -> None:
    for raw in (b"a\0b", b"\xff\xfea", "Délai".encode() + b"\n" + "Été".encode("cp1252")):
        with pytest.raises(BadDocument):
            list(read(raw))
    assert as_html("[" * 5_000).count("[") == 5_000
    assert as_html(">" * 5_000 + "a").count("<blockquote>") < 5_000
    assert len(as_html("*a " * 5_000)) > 10_000


def test_a_source_is_a_site_by_its_scheme_and_a_folder_else() -> None:
    kinds = {
        "https://shop.example/": "site", "http://shop.example": "site", "/srv/articles": "folder", "articles": "folder",
        "shop.example": "folder", "ftp://shop.example": "folder", "HTTPS://shop.example": "site", "": "folder",
    }  # fmt: skip
    assert {address: kind_of(address) for address in kinds} == kinds
    assert {name: kind.everywhere for name, kind in KINDS.items()} == {
        "folder": False, "site": True, "website": True, "upload": True,
    }  # fmt: skip
