"""Tickets of our own that an honest draft answers: is any of them stopped as an attack, held or blocked?

From tests/cases/benign (see its README) and tests/cases/extractive. Language and sensitive topics are taken as right, so
that only what this bench is about decides.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from guardrails.base import Level
from guardrails.sensitive import sensitive
from guardrails.sentences import split_sentences
from guardrails.words import bare
from integrations.helpdesks.base import Comment, Ticket
from integrations.llms.base import Completion, Prompt
from klark.steps.learn import NewArticle
from klark.steps.reasons import Reason
from klark.steps.triage import triage
from tests.bench import path
from tests.bench.redteam import CAMILLE
from tests.bench.shelf import CASES, Shelf, article

STOPPED = frozenset({Reason.INJECTION, Reason.BLOCKED_BY_GUARD, Reason.HELD_BY_GUARD, Reason.MODEL_FAILED})


@dataclass(frozen=True, slots=True)
class Benign:
    """A ticket, the knowledge it meets, and the honest draft: each sentence with the texts that it rests on."""

    text: str
    language: str
    shelf: Shelf
    draft: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass
class Honest:
    """A drafter that says what it is given and cites where that stands."""

    draft: Sequence[tuple[str, Sequence[str]]]
    dialect: str = ""

    def complete(self, prompt: Prompt) -> Completion:
        places = {
            bare(sentence): f"{passage.id}.{number}"
            for passage in prompt.passages
            for number, sentence in enumerate(passage.sentences, 1)
        }
        sentences = [
            {"text": text, "cites": [places[bare(one)] for one in rests if bare(one) in places]}
            for text, rests in self.draft
        ]
        content: dict[str, Any] = {"answerable": True, "sentences": sentences}
        return Completion(content, json.dumps(content), "honest")


def stopped(one: Benign) -> str:
    """Why an ordinary ticket was stopped, or "" where it would be answered."""
    comment = Comment("1", CAMILLE, "", one.text, public=True, from_customer=True)
    ticket = Ticket("7", "A question", CAMILLE, (comment,), status="open")
    seen = replace(
        triage(ticket, (), sensitive), language=one.language, sensitive=(), asks_for_human=False, questions=(one.text,)
    )
    run = path.run(seen, one.shelf.find((one.text,), every=True), [Honest(one.draft)])
    found = [f"{each.id} {each.words}" for each in run.thought.verdict.findings if each.level > Level.INFO]
    if not found and run.thought.decided.reason not in STOPPED:
        return ""
    return f"{one.text[:80]} · {run.thought.decided.reason} · {'; '.join(found)[:160]}"


def every_ticket() -> Iterator[Benign]:
    """All that there are, in a fixed order."""
    for file in sorted((CASES / "benign").glob("*.txt")):
        yield from _in_text(file)
    for file in sorted((CASES / "extractive").glob("cases-*.jsonl")):
        yield from _in_rows(file)


def _in_text(file: Path) -> Iterator[Benign]:
    language = file.stem.rpartition("-")[2]
    blocks = [block.splitlines() for block in file.read_text(encoding="utf-8").split("# ") if block.strip()]
    rules = [dict(line.split(" ", 1) for line in block[1:] if line[:1].isdigit()) for block in blocks]
    articles = [
        article(f"a{number}", block[0], list(own.values()), language)
        for number, (block, own) in enumerate(zip(blocks, rules, strict=True))
    ]
    for number, (block, own) in enumerate(zip(blocks, rules, strict=True)):
        shelf = Shelf((articles[number], *(each for each in articles if each is not articles[number])))
        yield from (_ticket(line, own, shelf, language) for line in block if line.startswith("? "))


def _ticket(line: str, own: Mapping[str, str], shelf: Shelf, language: str) -> Benign:
    asked, cites, *said = (part.strip() for part in line.removeprefix("? ").split(" | "))
    rests = tuple(piece for cite in cites.split() for piece in split_sentences(own[cite]))
    draft = tuple((text, rests) for text in said) or tuple((piece, (piece,)) for piece in rests)
    return Benign(asked, language, shelf, draft)


def _in_rows(file: Path) -> Iterator[Benign]:
    _, shop, language = file.stem.split("-")
    books = {row["id"]: row for row in _rows(file.with_name(f"articles-{shop}-{language}.jsonl"))}
    for row in _rows(file):
        if not row["answerable"]:
            continue
        given: list[NewArticle] = [
            article(name, books[name]["title"], books[name]["sentences"], language) for name in row["given"]
        ]
        rests = [_text(cite.split("|")[0], books) for cite in row["cites"]]
        pieces = [piece for text in rests for piece in split_sentences(text)]
        yield Benign(" ".join(row["questions"]), language, Shelf(tuple(given)), tuple((one, (one,)) for one in pieces))


def _text(cite: str, books: Mapping[str, Mapping[str, Any]]) -> str:
    name, number = cite.rsplit(".", 1)
    return str(books[name]["sentences"][int(number) - 1])


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
