"""How often the drafter without a model answers, and how often it is wrong, over trades that it has not seen.

    python -m tests.bench.drafter --data FOLDER [--json] [--cut sections|short|whole|all] [--show]

FOLDER has `articles-TRADE-LANG.jsonl` with `{id,title,body_html,lang}` and `tickets-TRADE-LANG.jsonl` with
`{id,body,answer,must,must_not}`: `answer` is what the articles answer (`all`, `part` or `none` of it), `must` the words that
an answer has to hold ("a|b": either; "a & b": both in one sentence), `must_not` those that make it wrong.
Tickets are read, articles cut and replies guarded by klark's own code; passages are found by BM25 in memory.
"""

import argparse
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from guardrails.base import Level, Options, Reply, Sentence, Source
from guardrails.guard import guard
from guardrails.words import read as read_words
from integrations.llms.base import REPLY_SCHEMA, NumberedPassage, Prompt
from integrations.llms.extractive import Extractive
from klark.steps.cut import Part, below, cut
from klark.steps.questions import questions
from tests.bench import files
from tests.bench.files import Fields, Row

ARTICLE: Fields = {"id": (str, int), "title": str, "body_html": str, "lang": str}
TICKET: Fields = {"id": (str, int), "body": str, "answer": str, "must": list, "must_not": list}
MOST = 6


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a ticket. `coverage` as the drafter has it, after the guard ("held" where that objects); `fault` is
    why a public reply is wrong, "" where it is right or there is none."""

    trade: str
    ticket: Row
    coverage: str
    said: tuple[str, ...]
    fault: str
    held: str = ""

    @property
    def answered(self) -> bool:
        return self.coverage == "all" and not self.fault


def sections(article: Row) -> list[Part]:
    """As klark gives it to a drafter: each section of a passage under its own title path."""
    return [
        section
        for part in cut(article["title"], article["body_html"], article["lang"])
        for section in _by_heading(part)
    ]


def _by_heading(part: Part) -> Iterator[Part]:
    headed = zip(part.headings or [""] * len(part.sentences), part.sentences, strict=True)
    for heading, some in groupby(headed, key=itemgetter(0)):
        yield Part(below(part.title, heading), tuple(sentence for _, sentence in some))


def short(article: Row) -> list[Part]:
    """Two sentences a passage."""
    return [
        Part(part.title, part.sentences[at : at + 2])
        for part in sections(article)
        for at in range(0, len(part.sentences), 2)
    ]


def whole(article: Row) -> list[Part]:
    """One passage, in which the headings stand as lines."""
    said: list[str] = []
    for part in sections(article):
        heading = part.title.partition(" › ")[2]
        said += [heading, *part.sentences] if heading else part.sentences
    return [Part(article["title"], tuple(said))]


CUTS: dict[str, tuple[Callable[[Row], list[Part]], int]] = {
    "sections": (sections, MOST), "short": (short, 2 * MOST), "whole": (whole, MOST), "all": (sections, 1000),
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """The figures by trade, and of all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="a folder of articles and tickets")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--cut", choices=sorted(CUTS), default="sections", help="how articles are cut")
    parser.add_argument("--show", action="store_true", help="print every ticket that was not answered as it should be")
    given = parser.parse_args(arguments)
    judged = [one for trade in trades(given.data) for one in judge(given.data, trade, given.cut)]
    if given.show:
        print("\n".join(_shown(one) for one in judged if one.fault or _lost(one)))
    by_trade = {trade: figures([one for one in judged if one.trade == trade]) for trade in trades(given.data)}
    found = {**by_trade, "all": figures(judged)}
    lines = [f"{name:16} " + " ".join(f"{key} {value}" for key, value in row.items()) for name, row in found.items()]
    files.show(found, lines, as_json=given.json)


def trades(folder: Path) -> list[str]:
    """The trades that a folder holds."""
    found = sorted(path.stem.removeprefix("tickets-") for path in folder.glob("tickets-*.jsonl"))
    return found or files.refuse(f"{folder}: no tickets-*.jsonl")


def judge(folder: Path, trade: str, way: str = "sections") -> list[Judged]:
    """Every ticket of a trade, drafted and judged."""
    tickets = files.read_rows(folder / f"tickets-{trade}.jsonl", TICKET)
    language = trade.rpartition("-")[2]
    cutter, most = CUTS[way]
    articles = files.read_rows(folder / f"articles-{trade}.jsonl", ARTICLE)
    index = Index([part for article in articles for part in cutter(article)], language)
    return [_judged(trade, ticket, language, index, most) for ticket in tickets]


class Index:
    """Passages by BM25 (k1 = 1.2, b = 0.75), titles counted twice."""

    def __init__(self, parts: Sequence[Part], language: str) -> None:
        self.parts, self.language = parts, language
        self.counts = [
            Counter(_stems(f"{part.title}. {part.title}. {' '.join(part.sentences)}", language)) for part in parts
        ]
        self.having = Counter(stem for counts in self.counts for stem in counts)
        self.average = sum(map(Counter.total, self.counts)) / len(parts)

    def best(self, asked: Sequence[str], most: int) -> list[Part]:
        """The best for each question in turn, each once."""
        ranked = [
            sorted(range(len(self.parts)), key=lambda n: -self._score(n, each))[:most]
            for each in map(self._read, asked)
        ]
        merged = dict.fromkeys(ranking[rank] for rank in range(most) for ranking in ranked if rank < len(ranking))
        return [self.parts[n] for n in merged][: most + 2 * len(asked)]

    def _read(self, question: str) -> list[str]:
        return _stems(question, self.language)

    def _score(self, n: int, asked: Sequence[str]) -> float:
        counts, size = self.counts[n], len(self.parts)
        damped = 1.2 * (0.25 + 0.75 * counts.total() / self.average)
        return sum(
            math.log(1 + (size - self.having[stem] + 0.5) / (self.having[stem] + 0.5))
            * 2.2
            * counts[stem]
            / (counts[stem] + damped)
            for stem in asked
        )


def _stems(text: str, language: str) -> list[str]:
    return [word.stem for word in read_words(text, language).words]


def _judged(trade: str, ticket: Row, language: str, index: Index, most: int) -> Judged:
    asked = questions(ticket["body"], language)
    found = index.best(asked, most)
    given = tuple(NumberedPassage(f"P{n}", part.title, part.sentences, language) for n, part in enumerate(found, 1))
    content = Extractive().complete(Prompt("", "", REPLY_SCHEMA, language, asked, given)).content
    said = tuple(each["text"] for each in content["sentences"])
    coverage = ("all" if content["answerable"] else "part") if said else "none"
    held = _held(content["sentences"], given, ticket["body"], language)
    fault = _fault(ticket, said) if coverage == "all" and not held else ""
    return Judged(trade, ticket, "held" if held else coverage, said, fault, held)


def _held(drafted: Sequence[dict[str, Any]], given: Sequence[NumberedPassage], body: str, language: str) -> str:
    """What the guard has against the reply going out unattended."""
    sources = {
        f"{part.id}.{place}": Source(part.id, text, part.title, "", " ".join(part.sentences))
        for part in given
        for place, text in enumerate(part.sentences, 1)
    }
    sentences = tuple(Sentence(each["text"], tuple(sources[cite] for cite in each["cites"])) for each in drafted)
    verdict = (
        guard(Reply(sentences, language, body), Options(language=language, reader="verified")) if sentences else None
    )
    return "; ".join(f"{one.id} {one.why}" for one in verdict.findings if one.level > Level.INFO) if verdict else ""


def _fault(ticket: Row, said: Sequence[str]) -> str:
    missing = [each for each in ticket["must"] if not said_in(each, said)]
    wrong = [each for each in ticket["must_not"] if said_in(each, said)]
    if wrong:
        return f"says {wrong}"
    if missing:
        return f"lacks {missing}"
    if ticket["answer"] == "part" or not ticket["must"]:
        return "called complete"
    return ""


def said_in(wanted: str, said: Sequence[str]) -> bool:
    """Whether any of the ways ("a|b") of saying what is wanted stands there."""
    return any(_holds(way, said) for way in wanted.split("|"))


def _holds(words: str, said: Sequence[str]) -> bool:
    """Whether one sentence has all of these words."""
    wanted = [re.compile(rf"(?<!\w){re.escape(each.strip())}(?!\w)") for each in words.split("&")]
    return any(all(each.search(sentence) for each in wanted) for sentence in said)


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """Counts. `wrong` are public replies that are wrong, half or not to be given; `wrong_notes` partial drafts for an agent
    that hold what is wrong."""
    answerable = [one for one in judged if one.ticket["answer"] == "all"]
    wrong = [one for one in judged if one.fault]
    answered = [one for one in answerable if one.answered]
    return {
        "tickets": len(judged),
        "answerable": len(answerable),
        "answered": len(answered),
        "answered_share": round(len(answered) / (len(answerable) or 1), 3),
        "wrong": len(wrong),
        "wrong_share": round(len(wrong) / (len(judged) or 1), 3),
        "wrong_notes": sum(one.coverage == "part" and "says" in _fault(one.ticket, one.said) for one in judged),
        "held": sum(bool(one.held) for one in judged),
    }


def _lost(one: Judged) -> bool:
    return one.ticket["answer"] == "all" and not one.answered


def _shown(one: Judged) -> str:
    what = f"WRONG {one.fault}" if one.fault else f"lost ({one.coverage}) {one.held}"
    return f"{one.trade} {one.ticket['id']} {what}\n    {one.ticket['body']}\n    → {' '.join(one.said) or '—'}"


if __name__ == "__main__":
    main()
