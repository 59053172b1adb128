"""What a reply looks like on the ticket: lists, links to trusted domains alone, no images, each block in its own direction."""

import re

import pytest
from lxml import html as lxml_html

from integrations.helpdesks.text import html_to_text
from klark.delivery.rich_text import TAGS, render_text, sanitize

TRUSTED = ("shop.example", "WWW.Help.Example")


def shown(text: str) -> str:
    return render_text(text, TRUSTED).html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One.\nTwo.", '<p dir="auto">One.<br>Two.</p>'),
        ("One.\n\nTwo.", '<p dir="auto">One.</p><p dir="auto">Two.</p>'),
        ("One.\r\n\r\n \r\n\r\nTwo.", '<p dir="auto">One.</p><p dir="auto">Two.</p>'),
        ("- one\n- two", '<ul dir="auto"><li>one</li><li>two</li></ul>'),
        ("• un\n• deux", '<ul dir="auto"><li>un</li><li>deux</li></ul>'),
        ("1. one\n2) two", '<ol dir="auto"><li>one</li><li>two</li></ol>'),
        ("3. three\n4. four", '<ol dir="auto" start="3"><li>three</li><li>four</li></ol>'),
        ("You need:\n- a box\n- tape\nThen write.",
         '<p dir="auto">You need:</p><ul dir="auto"><li>a box</li><li>tape</li></ul><p dir="auto">Then write.</p>'),
        ("- not a list of one word-with-dashes", '<ul dir="auto"><li>not a list of one word-with-dashes</li></ul>'),
        ("-5 degrees", '<p dir="auto">-5 degrees</p>'),
        ("2026 was good.", '<p dir="auto">2026 was good.</p>'),
        ("3.50 EUR", '<p dir="auto">3.50 EUR</p>'),
        ("  ", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_paragraphs_and_lists(text: str, html: str) -> None:
    assert shown(text) == html


LINK = '<a href="{0}">{0}</a>'


@pytest.mark.parametrize(
    "address",
    ["https://shop.example", "https://shop.example/returns", "https://www.shop.example/a?b=1#c", "https://de.shop.example/x",
     "https://help.example/a_(b)"],
)  # fmt: skip
def test_an_address_of_a_trusted_domain_is_a_link(address: str) -> None:
    assert shown(f"See {address}.") == f'<p dir="auto">See {LINK.format(address)}.</p>'


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example/returns", "http://shop.example/plain", "https://shop.example.elsewhere.example/",
     "https://shop.example@elsewhere.example/", "https://notshop.example", "https://xn--shp-0na.example", "https://127.0.0.1/",
     "javascript:alert(1)", "data:text/html,x", "ftp://shop.example", "mailto:a@shop.example", "shop.example/returns"],
)  # fmt: skip
def test_any_other_address_stays_words(address: str) -> None:
    assert "<a" not in shown(f"See {address} now")


def test_several_links_in_a_line_stay_in_order_and_an_ampersand_is_escaped_once() -> None:
    text = "Both https://shop.example/a?x=1&y=2 and https://evil.example/b and https://help.example/c"
    links = [link.get("href") for link in lxml_html.fromstring(shown(text)).iter("a")]
    assert links == ["https://shop.example/a?x=1&y=2", "https://help.example/c"]
    assert "https://evil.example/b" in shown(text)


def test_without_trusted_domains_nothing_is_a_link() -> None:
    assert "<a" not in render_text("See https://shop.example/").html


HOSTILE = [
    "<script>alert(1)</script>", '<img src="https://elsewhere.example/pixel.gif">', '<a href="javascript:alert(1)">x</a>',
    "<p onclick=alert(1)>x</p>", "<style>*{}</style>", "</p><iframe src=x></iframe>", "&lt;b&gt;",
    '- <img src=x onerror=alert(1)>\n- "><script>', "1. </li></ol><form action=x>", '"><svg/onload=alert(1)>',
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_the_text_is_shown_and_not_carried_out(text: str) -> None:
    html = shown(text)
    tree = lxml_html.fromstring(f"<div>{html}</div>")
    assert {element.tag for element in tree.iterdescendants()} <= TAGS
    assert [name for element in tree.iterdescendants() for name in element.attrib if name not in {"dir", "start"}] == []
    assert "".join(tree.text_content().split()) == "".join(re.sub(r"^(?:- |1\. )", "", text, flags=re.M).split())


@pytest.mark.parametrize("mark", ["\u202e", "\u202d", "\u202a", "\u202b", "\u202c", "\u2066", "\u2067", "\u2068", "\u2069",
                                  "\u200e", "\u200f", "\u061c"])  # fmt: skip
def test_a_mark_that_turns_the_reading_direction_is_left_out_of_both_twins(mark: str) -> None:
    rendered = render_text(f"Refund: {mark}09{mark} EUR, see https://shop.example/{mark}gpj.exe", TRUSTED)
    assert (mark in rendered.html, mark in rendered.text) == (False, False)


@pytest.mark.parametrize("text", ["مرحبا، طلبك في الطريق.", "שלום, ההזמנה בדרך.", "Hello مرحبا 12", "- عنصر\n- item"])
def test_each_block_finds_its_own_direction(text: str) -> None:
    blocks = lxml_html.fromstring(f"<div>{shown(text)}</div>")
    assert {block.get("dir") for block in blocks} == {"auto"}
    assert [line.removeprefix("- ") for line in html_to_text(shown(text)).split("\n") if line.strip()] == [
        line.removeprefix("- ") for line in text.split("\n")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "One.\n\nTwo.\nThree.",
        "- one\n- two",
        "You need:\n- a box\n- tape",
        "1. one\n2. two",
        "See https://shop.example/a.",
    ],
)
def test_the_twin_in_plain_text_says_the_same(text: str) -> None:
    """Freshdesk's read-back compares letters and digits of either."""
    rendered = render_text(text, TRUSTED)
    folded = ["".join(filter(str.isalnum, said)) for said in (html_to_text(rendered.html), rendered.text)]
    assert folded[0] == folded[1]


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ('<p dir="rtl" style="x" class="y">a</p>', '<p dir="rtl">a</p>'),
        ('<ol start="3" reversed><li value="9">a</li></ol>', '<ol start="3"><li>a</li></ol>'),
        ('<a href="http://a.example">a</a>', "<a>a</a>"),
        ('<a href="https://a.example" target="_blank" onclick="x">a</a>', '<a href="https://a.example">a</a>'),
        ("<img src=x><video></video><h1>a</h1>", "a"),
        ("<table><tr><td>a</td></tr></table>", "a"),
        ("<script>a</script><style>b</style>c", "c"),
    ],
)
def test_what_is_allowed_on_a_ticket(raw: str, kept: str) -> None:
    assert sanitize(raw) == kept
