"""How many values of honest replies are traced, and how many false reckonings are refuted.

    python -m tests.bench.provenance --data FOLDER… [--json] [--show]

Each FOLDER is a tenant: `articles.jsonl`, `tickets.jsonl`, `replies.jsonl` (`{id, sentences: [{text, quotes}]}`) and
`lies.jsonl` (`{id, n, kind, text}`: sentence n of a reply made wrong). Articles are cut by klark's own code; a quote's passage
is what stands around it. The tenants' today is 25 November 2026.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from guardrails.base import Sentence, Source
from guardrails.grounding.provenance import Traced, trace
from integrations.helpdesks.text import html_to_text
from klark.knowledge.chunk import Chunk, chunk
from tests.bench import files
from tests.bench.files import Fields, Row

ARTICLE: Fields = {"id": str, "title": str, "body_html": str, "lang": str}
TICKET: Fields = {"id": str, "subject": str, "body_html": str, "history": list, "expect": dict}
REPLY: Fields = {"id": str, "sentences": list}
LIE: Fields = {"id": str, "n": int, "kind": str, "text": str}
TODAY = date(2026, 11, 25)
RECKONED = ("applied", "number")
TRACED = ("source", "customer", "derived")


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence, honest or wrong, with all that it may use. `kind` is the lie's, or "" for an honest one."""

    name: str
    kind: str
    sentence: Sentence
    ticket: str
    language: str

    def traced(self) -> tuple[Traced, ...]:
        """The values of the sentence with their origins."""
        return trace(self.sentence, self.ticket, self.language, TODAY)


def main(arguments: Sequence[str] | None = None) -> None:
    """The figures over all folders given."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="folders of tenants")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--show", action="store_true", help="list what is not explained, derived or refuted")
    given = parser.parse_args(arguments)
    cases = [(case, case.traced()) for folder in given.data for case in read(folder)]
    figures = measured(cases)
    shown = [line for case, traced in cases for line in _told(case, traced)] if given.show else []
    files.show(figures, [*shown, *(f"{name:24} {figure}" for name, figure in figures.items())], as_json=given.json)


def read(folder: Path) -> Iterator[Case]:
    """The honest sentences of a tenant's replies, then the wrong ones."""
    articles = files.read_rows(folder / "articles.jsonl", ARTICLE)
    parts = [part for row in articles for part in chunk(row["title"], row["body_html"], row["lang"])]
    holders: dict[str, list[Chunk]] = {}
    for part in parts:
        for text in part.sentences:
            holders.setdefault(text, []).append(part)
    tickets = {row["id"]: row for row in files.read_rows(folder / "tickets.jsonl", TICKET)}
    replies = {row["id"]: row for row in files.read_rows(folder / "replies.jsonl", REPLY)}
    for row in replies.values():
        for place, said in enumerate(row["sentences"], 1):
            yield _case(tickets[row["id"]], place, said, holders)
    for lie in files.read_rows(folder / "lies.jsonl", LIE):
        honest = replies[lie["id"]]["sentences"][lie["n"] - 1]
        yield _case(tickets[lie["id"]], lie["n"], {**honest, "text": lie["text"]}, holders, lie["kind"])


def _case(ticket: Row, place: int, said: Row, holders: dict[str, list[Chunk]], kind: str = "") -> Case:
    sources = tuple(_source(quote, holders) for quote in said["quotes"])
    return Case(
        f"{ticket['id']} {place}", kind, Sentence(said["text"], sources), written(ticket), ticket["expect"]["lang"]
    )


def _source(quote: str, holders: dict[str, list[Chunk]]) -> Source:
    part = next(iter(holders.get(quote, ())), Chunk("", ()))
    return Source(part.title, quote, part.title, around="\n".join(part.sentences))


def written(ticket: Row) -> str:
    """What stands on a ticket: the subject, the public turns, the newest."""
    turns = [turn.get("body_html", "") for turn in ticket["history"] if turn.get("public", True)]
    return "\n".join((ticket["subject"], *map(html_to_text, (*turns, ticket["body_html"]))))


def measured(cases: Sequence[tuple[Case, Sequence[Traced]]]) -> dict[str, Any]:
    """Shares of honest values by origin; how many honest and wrong sentences have a refuted value."""
    origins = Counter(one.origin for case, traced in cases if not case.kind for one in traced)
    values, held = sum(origins.values()), sum(origins[origin] for origin in TRACED)
    lies = [(case, traced) for case, traced in cases if case.kind in RECKONED]
    return {
        "values": values,
        "with_provenance": held,
        "share": round(held / values, 4) if values else 0.0,
        "by_origin": {origin: origins[origin] for origin in (*TRACED, "refuted", "none")},
        "refuted_honest": sum(_has(traced, "refuted") for case, traced in cases if not case.kind),
        "honest_held": sum(_has(traced, "refuted", "none") for case, traced in cases if not case.kind),
        "refuted_lies": sum(_has(traced, "refuted") for _, traced in lies),
        "lies_held": sum(_has(traced, "refuted", "none") for _, traced in lies),
        "lies": len(lies),
        "refuted_other_lies": sum(
            _has(traced, "refuted") for case, traced in cases if case.kind and case.kind not in RECKONED
        ),
    }


def _has(traced: Sequence[Traced], *origins: str) -> bool:
    return any(one.origin in origins for one in traced)


def _told(case: Case, traced: Sequence[Traced]) -> Iterator[str]:
    open_ones = [one for one in traced if one.origin in ("derived", "refuted", "none")]
    if open_ones or case.kind in RECKONED:
        shown = json.dumps([(one.origin, one.text, one.how) for one in open_ones], ensure_ascii=False)
        yield f"{case.kind or 'honest'} {case.name} | {case.sentence.text} | {shown}"


if __name__ == "__main__":
    main()
