"""Recordings as files: what stands in a folder, and the demo's own."""

import json
from pathlib import Path
from typing import Any

import pytest

from klark.demo import shop
from klark.demo.model_server import CLAIMS, RECORDED
from klark.demo.recordings import Lie, RecordedSentence, Verdict, letters, load, rows, words_of


def written(folder: Path, name: str, *lines: Any) -> None:
    (folder / name).write_text("".join(f"{json.dumps(line)}\n\n" for line in lines))


REPLY = {"id": 7, "answerable": True, "sentences": [{"text": "Yes.", "quotes": ["We do."]}]}


def test_a_folder_is_read_with_its_tickets_lies_and_verdicts(tmp_path: Path) -> None:
    history = [{"from": "customer", "body_html": "<p>Fresh figs?</p>"}]
    written(
        tmp_path,
        "tickets.jsonl",
        {"id": 7, "subject": "Fruit", "body_html": "<b>Or &eacute;clairs</b>", "history": history},
    )
    written(tmp_path, "replies.jsonl", REPLY)
    written(tmp_path, "lies.jsonl", {"id": 7, "n": 1, "kind": "negation", "text": "No."})
    written(tmp_path, "verdicts.jsonl", {"claim": "Yes.", "verdict": "supported", "relevant": True})
    found = load([tmp_path])
    (reply,) = found.replies
    assert (reply.id, reply.turn, reply.asks, reply.answerable) == ("7", 0, 0, True)
    assert reply.words == {"fruit", "fresh", "figs", "or", "éclairs"}
    assert reply.sentences == (RecordedSentence("Yes.", ("We do.",), None),)
    assert found.lies_of("7") == [Lie("7", 0, "negation", "No.")]
    assert found.verdict_of(" YES!") == Verdict("yes", "supported", relevant=True)
    assert (found.kinds, found.lies_of("8"), found.verdict_of("Perhaps.")) == ({"no": "negation"}, [], None)


def test_a_reply_may_bring_the_words_of_its_ticket(tmp_path: Path) -> None:
    answered = [{"text": "Yes.", "quotes": [], "answers": [1]}]
    written(
        tmp_path, "replies.jsonl", {**REPLY, "turn": 1, "words": "Ripe pears", "asks": ["pears"], "sentences": answered}
    )
    (reply,) = load([tmp_path]).replies
    assert (reply.words, reply.turn, reply.asks, reply.sentences[0].answers) == ({"ripe", "pears"}, 1, 1, (1,))


def test_an_empty_folder_holds_nothing_and_a_line_that_is_no_reply_is_told(tmp_path: Path) -> None:
    assert load([tmp_path]).replies == ()
    written(tmp_path, "replies.jsonl", {"id": "x"})
    with pytest.raises(KeyError, match="sentences"):
        load([tmp_path])


def test_signs_and_masked_words_make_no_difference() -> None:
    assert letters("L’été — 6,90 € !") == letters("L'ÉTÉ - 6,90&nbsp;€") == "lété690"
    assert words_of("Dear [NAME_1], a [PHONE_2] No. 12") == {"dear", "no", "12"}


# The demo's own recordings


def test_the_demos_recordings_are_of_its_own_tickets_and_every_sentence_has_a_verdict() -> None:
    found = load([RECORDED], CLAIMS)
    assert {each.id for each in found.replies} <= {ticket.id for ticket in shop.tickets()}
    said = [each.text for reply in found.replies for each in reply.sentences]
    assert [text for text in said if found.verdict_of(text) is None] == []


def test_klarks_own_claims_are_among_the_verdicts() -> None:
    found = load([RECORDED], CLAIMS)
    claims = [claim for group in rows(CLAIMS) for claim in group["claims"]]
    said = [found.verdict_of(claim["text"]) for claim in claims]
    assert [(each.word, each.relevant) for each in said if each] == [(c["verdict"], c["relevant"]) for c in claims]
