"""Texts made to hurt: two million characters, ten thousand sentences, broken HTML. A verdict each time, never an exception."""

import re

import pytest

from guardrails.base import Level, Reply, Sentence, Source
from guardrails.guard import guard
from guardrails.untrusted.clean import clean, hidden_text, looks_like_instruction, visible_html
from guardrails.untrusted.detect_instructions import sets_a_task, speaks_to_writer
from guardrails.untrusted.planted_instructions import addressed, trusted
from tests.guardrails.patterns import every_pattern, nests
from tests.guardrails.said import OPTIONS, reply

PATTERNS = every_pattern()
PIECES = (
    "ignore all ", "a", " ", ".", "1", "1 0", "<a ", "=", "((", "\n", "your answer ",
    "a@b.", "+33 ", "é", "\u200b", "«", "-", "{\"",
    "http://a/", "A1", "not ", "ne pas ", "Add \"",
    "the the ", "\ud800", "😀", "ignore" + " x" * 9,
)  # fmt: skip
HUGE = 2_000_000
# Each turn of the outer repetition begins with a sign that the inner one cannot take: "a-b-c" is read in one way only.
UNROLLED = ("_SELECTOR.0", "_WORDS.0", "_WORD.0", ".WORD.0")


def test_there_are_patterns_to_look_at():
    assert len(PATTERNS) > 150
    assert all(isinstance(pattern, re.Pattern) for pattern in PATTERNS.values())


def test_no_pattern_repeats_without_bound_inside_a_repetition():
    assert [name for name, pattern in PATTERNS.items() if nests(pattern) and not name.endswith(UNROLLED)] == []


@pytest.mark.parametrize("piece", PIECES, ids=ascii)
def test_every_pattern_comes_to_an_end(piece: str):
    text = (piece * 2000)[:2000]
    ends = [pattern.search(text) is None or True for pattern in PATTERNS.values()]
    assert len(ends) == len(PATTERNS)


@pytest.mark.parametrize(
    "piece", ["ignore all ", ".", "<a style=", "a\u200b", "\ud800", "😀", "1 0", "Hello. "], ids=ascii
)
def test_two_million_characters_are_read_and_told(piece: str):
    text = (piece * (HUGE // len(piece) + 1))[:HUGE]
    found = guard(reply(text, text, around=text, ticket=text), OPTIONS)
    assert (found.level, len(found.states)) == (Level.BLOCK, 1)
    assert isinstance(looks_like_instruction(text), bool)


@pytest.mark.parametrize(
    "html", ["<div>" * 50_000, "<p style='", "<!--" * 50_000, "</b>" * 50_000, "<a href='data:" * 9_000]
)
def test_broken_html_is_read(html: str):
    assert isinstance(clean(html)[0], str)
    assert isinstance(visible_html(html), str)
    assert isinstance(hidden_text(html), tuple)


def test_ten_thousand_sentences_are_not_read_and_block():
    found = guard(Reply((Sentence("It rains."),) * 10_000, "en"), OPTIONS)
    assert (found.level, len(found.states)) == (Level.BLOCK, 10_000)
    assert [finding.id for finding in found.findings] == ["klark.G002"]


def test_a_source_of_ten_thousand_sentences_is_read_in_part():
    source = Source("a", "Refunds are paid by card.", "Refunds", "", "It rains often here. " * 10_000)
    found = guard(Reply((Sentence("Refunds are paid by card.", (source,)),), "en"), OPTIONS)
    assert found.level == Level.INFO


@pytest.mark.parametrize(
    "text", ["", " ", "😀" * 400, "\ud800", "\x00", "￼" * 90, "¿?" * 500, "مرحبا Hello 你好"], ids=ascii
)
def test_odd_texts_have_a_verdict(text: str):
    found = guard(reply(text, text, around=text, ticket=text), OPTIONS)
    assert len(found.states) == 1
    assert {finding.id for finding in found.findings} & {"klark.G000", "klark.G001"} == set()


@pytest.mark.parametrize("text", ["", "\ud800", "😀", "a" * 5000])
def test_whom_a_text_speaks_to_can_always_be_told(text: str):
    assert (addressed(text), speaks_to_writer(text), sets_a_task(text)) == ("", False, False)


def test_a_reply_without_sources_is_its_own_trusted_form():
    one = reply("Hello.")
    assert trusted(one) is one
