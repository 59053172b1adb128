"""Tickets of our own that an honest draft answers: is any of them stopped as an attack, held or blocked?

From tests/cases/benign (see its README). Language and sensitive topics are taken as right, and a judge says yes to every
sentence: so what is stopped is stopped by klark's own code, and is a false alarm.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from guardrails.base import Level
from guardrails.text.sentences import split_sentences
from guardrails.text.words import bare
from integrations.helpdesks.base import Comment, Ticket
from integrations.llms.base import Completion, Prompt
from klark.triage.model import vectors
from klark.triage.triage import triage
from klark.values.reasons import Reason
from tests.bench import path
from tests.bench.agreeable import AGREEABLE
from tests.bench.redteam import CAMILLE
from tests.bench.shelf import CASES, Block, Shelf, blocks

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
        triage(ticket, (), vectors),
        language=one.language,
        sensitive=(),
        not_for_us="",
        asks_for_human=False,
        asks=(one.text,),
    )
    run = path.run(seen, one.shelf.find((one.text,), every=True), [Honest(one.draft)], judge=AGREEABLE)
    found = [f"{each.id} {each.words}" for each in run.run.verdict.findings if each.level > Level.INFO]
    if not found and run.run.decided.reason not in STOPPED:
        return ""
    return f"{one.text[:80]} · {run.run.decided.reason} · {'; '.join(found)[:160]}"


def every_ticket() -> Iterator[Benign]:
    """All that there are, in a fixed order."""
    for file in sorted((CASES / "benign").glob("*.txt")):
        every = blocks(file)
        for own in every:
            others = (each.article for each in every if each is not own)
            shelf = Shelf((own.article, *others))
            yield from (_ticket(line, own, shelf) for line in own.asked)


def _ticket(line: str, own: Block, shelf: Shelf) -> Benign:
    asked, cites, *said = (part.strip() for part in line.split(" | "))
    rests = tuple(piece for cite in cites.split() for piece in split_sentences(own.rules[cite]))
    draft = tuple((text, rests) for text in said) or tuple((piece, (piece,)) for piece in rests)
    return Benign(asked, own.article.language, shelf, draft)
