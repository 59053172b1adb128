"""Make the labelled drafts of tests/cases/confidence/ from the trades of tests/cases/extractive/.

    python -m tests.bench.labelling --data tests/cases/extractive/trades --out tests/cases/confidence [--only TRADE-LANG …]

Every ticket is searched for and drafted by klark's own code, vectors included; its `must` and `must_not` say whether a
draft is right. A careful drafter is hardly ever wrong, so others stand beside it:

    strict    the drafter without a model
    hasty     the sentence that shares most words with each question, and never a doubt: a model that answers too readily
    gone      the same with the articles taken away that the first two cite
    half      two tickets in one, and only the first one answered
    open      the same, where the drafter says that something is left open
    reworded  the strict or the hasty draft in other words, as right or wrong as before
    forged    a right draft with one thing changed in it
"""

import argparse
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench import ready  # noqa: F401

# isort: split

from django.db import transaction
from django.test import override_settings

from guardrails.base import Source
from guardrails.words import read
from integrations.llms.base import REPLY_SCHEMA, NumberedPassage, Prompt
from integrations.llms.extractive import Extractive
from klark.models import EVERY_TENANT, Article, Tenant, within
from klark.steps.learn import NewArticle, learn
from klark.steps.meaning import embed_all
from klark.steps.questions import questions
from klark.steps.retrieve import Found, search
from klark.steps.weigh import agreement
from tests.bench.confidence import LABELS
from tests.bench.drafter import ARTICLE, TICKET, said_in, trades
from tests.bench.faithful import Faithful
from tests.bench.files import Row, read_rows
from tests.bench.forging import FORGERS
from tests.bench.knowledge import database
from tests.bench.rewording import reworded

Cited = tuple[str, tuple[str, ...]]  # what a sentence says, and the passage sentences it rests on, as "P1.2"
HASTY_READS = 3  # passages
REWORDED_EVERY, FORGED_EVERY, HALF_EVERY, GONE_EVERY, OPEN_EVERY = 1, 3, 3, 2, 2


@dataclass(frozen=True)
class Asked:
    """A ticket with what was found for it."""

    trade: str
    body: str
    questions: tuple[str, ...]
    found: tuple[Found, ...]

    @property
    def language(self) -> str:
        return self.trade.rpartition("-")[2]

    @property
    def passages(self) -> tuple[NumberedPassage, ...]:
        return tuple(
            NumberedPassage(f"P{n}", one.title, one.sentences, self.language) for n, one in enumerate(self.found, 1)
        )

    @property
    def prompt(self) -> Prompt:
        return Prompt("", "", REPLY_SCHEMA, self.language, self.questions, self.passages)


def strict(asked: Asked) -> tuple[list[Cited], list[str]]:
    """The drafter without a model: its sentences, and what it leaves open."""
    done = Extractive().complete(asked.prompt)
    said = [(each["text"], tuple(each["cites"])) for each in done.content["sentences"]]
    return said, list(done.open) or ([] if done.content["answerable"] else ["?"])


def hasty(asked: Asked) -> list[Cited]:
    """For each question the sentence, among the first passages, that shares most words with it."""
    return list(dict.fromkeys(_hasty(question, asked) for question in asked.questions)) if asked.found else []


def _hasty(question: str, asked: Asked) -> Cited:
    wanted = read(question, asked.language).stems
    near = [
        (_shared(wanted, f"{passage.title}. {text}", asked.language), text, f"{passage.id}.{place}")
        for passage in asked.passages[:HASTY_READS]
        for place, text in enumerate(passage.sentences, 1)
    ]
    _, text, cite = max(near, key=lambda one: one[0])
    return text, (cite,)


def _shared(wanted: frozenset[str], text: str, language: str) -> float:
    stems = read(text, language).stems
    return len(wanted & stems) / (3 + len(stems)) ** 0.3


def label(ticket: Row, said: Sequence[str]) -> str:
    """right: all that was asked, and nothing false; partly: some of it; wrong: none, or something false."""
    held = [said_in(each, said) for each in ticket["must"]]
    if any(said_in(each, said) for each in ticket["must_not"]) or not any(held):
        return "wrong"
    return "right" if all(held) and ticket["answer"] != "part" else "partly"


def agreed(asked: Asked, said: Sequence[Cited]) -> float:
    """As the pipeline has it."""
    return agreement(Extractive().complete(asked.prompt), frozenset(cite for _, cites in said for cite in cites))


def as_row(name: str, asked: Asked, said: Sequence[Cited], left: Sequence[str], judged: str) -> Row:
    """A labelled draft as it stands in the file: the cited passages only, `first` the place of the best of them."""
    used = sorted({int(cite.partition(".")[0][1:]) for _, cites in said for cite in cites})
    places = {f"P{n}": place for place, n in enumerate(used)}
    sentences = [
        {"text": text, "cites": [f"{places[cite.partition('.')[0]]}.{cite.partition('.')[2]}" for cite in cites]}
        for text, cites in said
    ]
    return {
        "id": name, "label": judged, "questions": list(asked.questions), "open": len(left),
        "first": used[0] - 1, "agreed": round(agreed(asked, said), 3), "sentences": sentences,
        "passages": [{"title": asked.found[n - 1].title, "sentences": list(asked.found[n - 1].sentences)} for n in used],
    }  # fmt: skip


def drafted(ticket: Row, asked: Asked, without: Asked | None, both: Asked | None, draw: random.Random) -> Iterator[Row]:
    """All labelled drafts for a ticket; `without` the articles that answer it, `both` with another ticket after it."""
    name = str(ticket["id"])
    careful, left = strict(asked)
    ready_ = hasty(asked)
    for kind, said, open_ in (("strict", careful, left), ("hasty", ready_, [])):
        if said and not (kind == "hasty" and said == careful):
            yield as_row(f"{name} {kind}", asked, said, open_, _judged(ticket, said))
    if without and (bare := hasty(without)):
        yield as_row(f"{name} gone", without, bare, [], _judged(ticket, bare))
    right = next((said for said in (careful, ready_) if said and _judged(ticket, said) == "right"), None)
    if right and both:
        yield from _half(name, both, right, asked)
    yield from _reworded(name, asked, careful if careful and not left else ready_, ticket, draw)
    if right and _number(name) % FORGED_EVERY == 0 and (false := _forged(asked, right, draw)):
        yield as_row(f"{name} forged", asked, false, [], "wrong")


def _judged(ticket: Row, said: Sequence[Cited]) -> str:
    return label(ticket, [text for text, _ in said])


def _half(name: str, both: Asked, right: Sequence[Cited], asked: Asked) -> Iterator[Row]:
    """The right draft for the first of two tickets, its passages where they stand for both."""
    by_words = {one.sentences: f"P{n}" for n, one in enumerate(both.found, 1)}
    moved = {f"P{n}": by_words.get(one.sentences, "") for n, one in enumerate(asked.found, 1)}
    said = [(text, tuple(cite.replace(cite.partition(".")[0], moved[cite.partition(".")[0]], 1) for cite in cites))
            for text, cites in right]  # fmt: skip
    if all(cite.startswith("P") for _, cites in said for cite in cites):
        admits = _number(name) % OPEN_EVERY == 0
        yield as_row(f"{name} {'open' if admits else 'half'}", both, said, ["?"] if admits else [], "partly")


def _number(name: str) -> int:
    return sum(map(ord, name))


def _reworded(name: str, asked: Asked, said: Sequence[Cited], ticket: Row, draw: random.Random) -> Iterator[Row]:
    """A draft in other words; it is judged by its own, since the others may lack what the ticket must have."""
    others = [reworded(text, asked.language, draw) for text, _ in said]
    anew = [(other.text if other else text, cites) for other, (text, cites) in zip(others, said, strict=True)]
    if any(others) and _number(name) % REWORDED_EVERY == 0:
        yield as_row(f"{name} reworded", asked, anew, [], _judged(ticket, said))


def _forged(asked: Asked, right: Sequence[Cited], draw: random.Random) -> list[Cited]:
    (text, cites), *rest = right
    passage, place = cites[0][1:].split(".")
    found = asked.found[int(passage) - 1]
    source = Source(found.article, found.sentences[int(place) - 1], found.title, around="\n".join(found.sentences))
    other = reworded(text, asked.language, draw)
    one = Faithful(other.text if other else text, source, asked.language)
    names = draw.sample(list(FORGERS), len(FORGERS))
    false = next((new for name in names if (new := FORGERS[name](one, draw))), None)
    return [(false, cites), *rest] if false else []


def searched(tenant_id: int, trade: str, body: str) -> Asked:
    """As klark's pipeline searches."""
    language = trade.rpartition("-")[2]
    asked = questions(body, language)
    return Asked(trade, body, asked, search(tenant_id, asked, (language,), body).found)


def without_answers(tenant_id: int, ticket: Row, asked: Asked) -> Asked:
    """Searched again while the articles are away that a draft would cite."""
    cites = {cite for said in (strict(asked)[0], hasty(asked)) for _, some in said for cite in some}
    keys = {asked.found[int(cite.partition(".")[0][1:]) - 1].article for cite in cites}
    with within(tenant_id):
        Article.of(tenant_id).filter(key__in=keys).update(current=False)
    bare = searched(tenant_id, asked.trade, ticket["body"])
    with within(tenant_id):
        Article.of(tenant_id).filter(key__in=keys).update(current=True)
    return bare


def labelled(folder: Path, trade: str) -> Iterator[Row]:
    """All drafts of a trade."""
    draw = random.Random(trade)
    tickets = read_rows(folder / f"tickets-{trade}.jsonl", TICKET)
    tenant_id = _taken_in(trade, read_rows(folder / f"articles-{trade}.jsonl", ARTICLE))
    for place, ticket in enumerate(tickets):
        asked = searched(tenant_id, trade, ticket["body"])
        bare = without_answers(tenant_id, ticket, asked) if place % GONE_EVERY == 0 else None
        other = tickets[(place + 1) % len(tickets)]["body"]
        both = searched(tenant_id, trade, f"{ticket['body']}\n{other}") if place % HALF_EVERY == 0 else None
        yield from drafted(ticket, asked, bare, both, draw)


def _taken_in(trade: str, articles: Iterable[Row]) -> int:
    with within(EVERY_TENANT):
        tenant = Tenant.objects.create(slug=trade, name=trade)
    for one in articles:
        with within(tenant.pk), transaction.atomic():
            learn(tenant.pk, "bench", NewArticle(str(one["id"]), one["title"], one["body_html"], one["lang"]))
    embed_all()
    return tenant.pk


def main(arguments: Sequence[str] | None = None) -> None:
    """Write one file a trade, and say what is in it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="a folder of articles and tickets")
    parser.add_argument("--out", type=Path, required=True, help="the folder for the drafts")
    parser.add_argument("--only", nargs="*", help="trades; all where none is named")
    given = parser.parse_args(arguments)
    with database("labels"), override_settings(KLARK_EMBEDDINGS=("nano",)):  # benches go by words alone otherwise
        for trade in given.only or trades(given.data):
            rows = list(labelled(given.data, trade))
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            (given.out / f"drafts-{trade}.jsonl").write_text(text, encoding="utf-8")
            print(trade, len(rows), {kind: sum(row["label"] == kind for row in rows) for kind in LABELS})


if __name__ == "__main__":
    main()
