"""Sentences are read from three sorts of paths, each with what a check may see."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.bench import sentences

LINE = "Kettles: 14 days."
ARTICLE = {
    "id": "a",
    "title": "Returns",
    "lang": "en",
    "url": "https://help.shop.example/returns",
    "body_html": "<h2>Time</h2><p>Kettles: 14 days.</p><p>Lamps never.</p>",
}
TICKET = {
    "id": "t1",
    "subject": "Kettle",
    "body_html": "<p>It came on 3 November.</p>",
    "requester": {"name": "Anna Lund"},
    "history": [{"public": True, "body_html": "<p>Hello</p>"}, {"public": False, "body_html": "<p>unseen</p>"}],
    "expect": {"lang": "en"},
}
REPLY = {"id": "t1", "sentences": [{"text": "You have 14 days.", "quotes": [LINE, "Said nowhere."]}]}
LIE = {"id": "t1", "n": 1, "kind": "number", "text": "You have 40 days."}


def write(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, row in {"articles": ARTICLE, "tickets": TICKET, "replies": REPLY, "lies": LIE}.items():
        write(tmp_path / f"{name}.jsonl", [row])
    return tmp_path


def test_a_folder_has_its_honest_sentences_and_then_its_lies(folder: Path):
    assert [(each.kind, each.reply.text) for each in sentences.read(folder)] == [
        ("", "You have 14 days."),
        ("number", "You have 40 days."),
    ]


def test_a_quote_brings_its_section_title_and_address(folder: Path):
    source, unknown = next(iter(sentences.read(folder))).reply.sentences[0].sources
    assert (source.text, source.title, source.url, source.around) == (
        LINE,
        "Returns › Time",
        "https://help.shop.example/returns",
        "Kettles: 14 days.\nLamps never.",
    )
    assert (unknown.text, unknown.around) == ("Said nowhere.", "")


def test_a_sentence_comes_with_its_ticket_and_the_articles_domain(folder: Path):
    case = next(iter(sentences.read(folder)))
    assert case.reply.ticket_text == "Kettle\nHello\nIt came on 3 November."
    assert (case.options.trusted_domains, case.options.reader) == (frozenset({"shop.example"}), "verified")
    assert case.options.today == date(2026, 11, 25)


def test_a_folder_may_lack_its_lies(folder: Path):
    (folder / "lies.jsonl").unlink()
    assert [each.kind for each in sentences.read(folder)] == [""]
    assert list(sentences.judged(folder)) == []


def test_groups_cite_whole_sections(tmp_path: Path):
    group = {
        "lang": "fr",
        "today": "2026-07-20",
        "ticket": "Combien ?",
        "sources": [{"title": "A", "lines": ["Un."]}, {"title": "B", "lines": ["Deux sur gare.example.", "Trois."]}],
        "claims": [
            {"text": "Deux.", "cites": [2], "right": True, "kind": "honest"},
            {"text": "Dix.", "cites": [1, 2], "right": False, "kind": "number"},
        ],
    }
    right, wrong = sentences.read(write(tmp_path / "groups.jsonl", [group]))
    assert [source.text for source in right.reply.sentences[0].sources] == ["Deux sur gare.example.", "Trois."]
    assert [source.title for source in wrong.reply.sentences[0].sources] == ["A", "B", "B"]
    assert (right.kind, wrong.kind, right.options.today) == ("", "number", date(2026, 7, 20))
    assert right.options.trusted_domains == frozenset({"gare.example"})


def test_claims_stand_beside_their_context(tmp_path: Path):
    row = {"set": "s", "lang": "en", "context": "It is red. It is big.", "claim": "It is blue.", "supported": False}
    (case,) = sentences.read(write(tmp_path / "claims.jsonl", [row]))
    assert (case.writer, case.kind, case.reply.text) == ("s", "unsupported", "It is blue.")
    assert [source.text for source in case.reply.sentences[0].sources] == ["It is red.", "It is big."]


def test_a_judge_that_was_recorded_is_asked_of_each_lie(folder: Path):
    write(folder / "verdicts.jsonl", [{"claim": LIE["text"], "verdict": "supported", "relevant": True}])
    assert list(sentences.judged(folder)) == [("number", True)]


def test_a_beside_verdict_lets_nothing_pass(folder: Path):
    write(folder / "verdicts.jsonl", [{"claim": LIE["text"], "verdict": "supported", "relevant": False}])
    assert list(sentences.judged(folder)) == [("number", False)]


def test_a_path_without_anything_is_refused(tmp_path: Path):
    with pytest.raises(SystemExit) as stop:
        list(sentences.read(tmp_path / "none.jsonl"))
    assert stop.value.code == 2
