"""HTML as text, and what a mail's writer added."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inscriptis.css_profiles import CSS_PROFILES

from integrations.helpdesks.text import MAX_HTML, html_to_text, plain, written
from tests.letters import ANY

CASES = Path(__file__).resolve().parents[1] / "cases" / "mail"


def cases(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CASES / name).read_text("utf-8").splitlines()]


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(("name", "count"), [("replies.jsonl", 336), ("hard.jsonl", 55)])
def test_of_391_mails_each_keeps_what_its_writer_added_and_nothing_else(name: str, count: int) -> None:
    known = cases(name)
    wrong = [case["id"] for case in known if one_line(written(case["html"], case["text"])) != one_line(case["written"])]
    assert (wrong, len(known)) == ([], count)


def test_the_mails_come_from_24_clients_in_five_languages() -> None:
    known = cases("replies.jsonl")
    assert (len({case["client"] for case in known}), sorted({case["language"] for case in known})) == (
        24,
        ["de", "en", "es", "fr", "it"],
    )


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hello <b>you</b></p>", "Hello you"),
        ("one<br>two", "one\ntwo"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>c", "> a\n> > b\nc"),
        ("<table><tr><td>A</td><td>1</td></tr><tr><td>B</td><td>2</td></tr></table>", "A 1\nB 2"),
        ('<a href="https://example.com/terms">our terms</a>', "our terms (https://example.com/terms)"),
        ('<a href="https://example.com/">example.com</a>', "example.com"),
        ('<a href="mailto:ann@example.com">ann@example.com</a>', "ann@example.com"),
        ('<a href="javascript:alert(1)">press</a>', "press"),
        ('<a href="https://example.com/?a=1&amp;copy=2">here</a>', "here (https://example.com/?a=1&copy=2)"),
        ("1 &lt; 2 &amp;&amp; &amp;lt;b&amp;gt;", "1 < 2 && &lt;b&gt;"),
        ("<head><title>t</title></head><style>p{}</style><script>x()</script><!-- note -->seen", "seen"),
        ('<span style="display:none">no</span><i hidden>no</i><b style="mso-hide:all">no</b>yes', "yes"),
        ('<div style="font-size:0">no</div><td style="font-size:0"><p style="font-size:14px">yes</p></td>', "yes"),
        ("<p>a</p><p></p><p> </p><p>b</p>", "a\n\nb"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("", ""),
    ],
)
def test_html_reads_as_a_person_would_see_it(html: str, text: str) -> None:
    assert html_to_text(html) == text


def test_a_picture_inlined_before_the_words_does_not_push_them_out() -> None:
    picture = f'<img src="data:image/png;base64,{"A" * 2_000_000}">'
    assert html_to_text(f"{picture}<p>Where is it?</p>") == "Where is it?"


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 400_000 + "x",
        ("<div>" * 300 + "x" + "</div>" * 300) * 400,
        "<!--" * 500_000,
        "<style>" * 300_000,
        '<a href="' * 200_000,
        "<" * 2_000_000,
        "<table><tr><td>x<td>y" * 90_000,
        "<blockquote>x" * 100_000,
        "<ul><li>" * 100_000,
        "<p>x" * 500_000,
        "&amp;" * 400_000,
    ],
    ids=lambda html: html[:12],
)
def test_two_megabytes_of_noise_leave_a_text_of_bounded_size(html: str) -> None:
    """What is not linear in its input would never come to its end here."""
    assert len(written(html, "")) <= MAX_HTML * 2
    assert len(html_to_text(html)) <= MAX_HTML * 2


@pytest.mark.parametrize(
    "text",
    [
        "From: x\n" * 40_000,
        "On 3 x:\n> a\n" * 30_000,
        ("On 3 " + "wrote x " * 28 + ":\n") * 1_000,
        "-- \n" * 60_000,
        "Best,\nAnn\n" * 20_000,
        "On " + "a " * 100_000,
        "a@" * 100_000,
        "\n" * 300_000,
    ],
    ids=lambda text: text[:10],
)
def test_text_made_to_look_like_headers_is_read_to_its_end(text: str) -> None:
    """What is not linear in its input would never come to its end here."""
    assert len(written("", text)) <= len(text)


@given(st.text(ANY, max_size=300), st.text(alphabet="<>/abdivp&;=\"' \n>-:", max_size=300))
@settings(max_examples=150, deadline=None)
def test_nothing_makes_it_raise(text: str, html: str) -> None:
    assert isinstance(written(html, text), str)


def test_what_databases_refuse_is_gone() -> None:
    assert (html_to_text("a\0b\ud800c\u200bd"), plain("a\0b\ud800c\r\nd")) == ("ab?cd", "ab?c\nd")


def test_two_texts_read_at_once_do_not_mix() -> None:
    pages = [f"<div><p>{name}</p></div>" * 150 for name in ("ann", "tom", "lucie", "paul")] * 6
    with ThreadPoolExecutor(8) as threads:
        texts = list(threads.map(html_to_text, pages))
    assert [set(text.split()) for text in texts] == [{"ann"}, {"tom"}, {"lucie"}, {"paul"}] * 6


def test_no_text_stays_behind_in_the_profile_that_all_threads_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """inscriptis hangs the text at hand on its profile's "body"; a thread beside it would write into that text."""
    monkeypatch.setattr(CSS_PROFILES["strict"]["body"], "canvas", None)  # whatever others left there
    html_to_text("<p>ann</p>")
    assert CSS_PROFILES["strict"]["body"].canvas is None


def test_a_mail_that_is_only_a_quote_is_kept_whole() -> None:
    assert written("<blockquote type='cite'>Is it new?</blockquote>", "") == "> Is it new?"


def test_the_plain_text_serves_where_there_is_no_html() -> None:
    assert written(" \n", "Where is it?\n\nBest regards,\nAnn") == "Where is it?"
