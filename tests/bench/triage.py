"""What triage makes of tickets: topic and language, not for us, injection, mood, and what is asked.

    python -m tests.bench.triage --data FILE_OR_FOLDER [--topics FILE] [--examples FILE] [--most N] [--json]

Lines are `{id,text}` with `lang` (or `language`). Further keys say what is known, and only that is judged:

- `intent` and `set`: TOPICS has lines `{set,name,description,intents}`, and a ticket's topic is the one that lists its intent,
  chosen among the topics of its set by name and description, and by N tickets of each topic in EXAMPLES, taken by their ids'
  hashes. `topic` instead: klark's standard topics.
- `kind` with `label`: "not_for_us" (of whatever kind), "injection", or a customer's ticket.
- `mood`: calm, worried, upset, angry; or `moods`, one by each labeller, each of which is judged. `asks`: quotes of `text`, one
  for each thing asked, and `perhaps` those that one labeller gave and another did not (tickets of kind "ordinary" only).

Figures: `not_for_us` the share of these left alone, `customers_dropped` of all others; `injection` found, `injection_false` among
customers' tickets; `sentiment` agreement, `distress_as_calm` the share of worried and upset ones that read as calm; `asks_found`
the share of quotes that an ask of klark's overlaps, `asks_invented` the share of klark's asks that overlap no quote; `language`.
`intervals` are 95 % (Wilson); `failed` names the tickets behind not_for_us, customers_dropped, injection, injection_false and
distress_as_calm. Shares with four digits, `null` where there is nothing to judge. The tenant's languages are
English and French. Time is processor time of this process and, beside it, waiting for the model's.
"""

import hashlib
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tests.bench.ready  # noqa: F401  # isort: skip

from integrations.helpdesks.base import Comment, Person, Ticket
from klark.evidence.intervals import wilson
from klark.knowledge.embedding import topic_vectors
from klark.triage.model import vectors
from klark.triage.standard_topics import standard_topics
from klark.triage.triage import triage
from klark.values.triage import TopicWords, Triage
from tests.bench import files
from tests.bench.files import Fields, Row

FIELDS: Fields = {"id": (str, int), "text": str}
TOPIC_FIELDS: Fields = {"set": str, "name": str, "description": str, "intents": list}
OURS = Path(__file__).with_name("triage_topics.jsonl")
LANGUAGES = ("en", "fr")
SOMEBODY = Person("1", "", "somebody@example.com", "customer")
DISTRESS = frozenset({"worried", "upset"})
Known = dict[str, tuple[TopicWords, ...]]
Truths = dict[str, list[bool]]
Homes = Mapping[tuple[str, str], str]
"""The topic of each set and intent."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One line: the topics to choose among, and the right one; `None` where it is not judged."""

    row: Row
    topics: tuple[TopicWords, ...]
    topic: str | None


def main(arguments: Sequence[str] | None = None) -> None:
    """The figures for one file or folder."""
    parser = files.parser(__doc__.split("\n", 1)[0], "a file of tickets, or a folder of such files")
    parser.add_argument("--topics", type=Path, default=OURS, help="a file of topics with descriptions")
    parser.add_argument("--examples", type=Path, help="a file of tickets that are examples of their topics")
    parser.add_argument("--most", type=int, default=20, help="of each topic (default: %(default)s)")
    given = parser.parse_args(arguments)
    rows, topics = files.read_all(given.data, FIELDS), files.read_rows(given.topics, TOPIC_FIELDS)
    shown = files.read_all(given.examples, FIELDS) if given.examples else []
    figures = measured(rows, topics, shown, given.most)
    files.show(
        figures, [f"{name:18} {figure}" for name, figure in figures.items() if name != "failed"], as_json=given.json
    )


def measured(
    rows: Sequence[Row], topics: Sequence[Row], examples: Sequence[Row] = (), most: int = 20
) -> dict[str, Any]:
    """The figures over all rows; each topic is given `most` of its examples."""
    homes = {(row["set"], intent): row["name"] for row in topics for intent in row["intents"]}
    shown = _shown(examples, homes, most)
    groups = {row["set"] for row in topics}
    known = {
        name: tuple(_words(row, shown.get((name, row["name"]), ())) for row in topics if row["set"] == name)
        for name in groups
    }
    vectors(["Warm up."])
    start, truths, failed = time.perf_counter(), Truths(), defaultdict[str, list[str]](list)
    for each in (_asked(row, known, homes) for row in rows):
        for name, truth in _judged(each, _read(each)):
            truths.setdefault(name, []).append(truth)
            if WANTED.get(name, truth) != truth:
                failed[name].append(str(each.row["id"]))
    return {
        "n": len(rows),
        **{name: _share(truths.get(name, ())) for name in NAMES},
        "intervals": {name: wilson(sum(own), len(own)) for name, own in truths.items()},
        "failed": failed,
        "ms_per_ticket": round(1000 * (time.perf_counter() - start) / max(1, len(rows)), 2),
    }


NAMES = (
    "topic_accuracy", "language_accuracy", "language", "not_for_us", "customers_dropped", "injection", "injection_false",
    "sentiment", "distress_as_calm", "asks_found", "asks_invented",
)  # fmt: skip
WANTED = {
    "not_for_us": True, "customers_dropped": False, "injection": True, "injection_false": False, "distress_as_calm": False,
}  # fmt: skip
"""The figures whose failures are named, and what should hold of every ticket."""


def _shown(examples: Sequence[Row], homes: Homes, most: int) -> Mapping[tuple[str, str], list[str]]:
    """The texts of `most` examples of each topic by set and topic: any of them, since a file has those of one intent together,
    and people's corrections come mixed."""
    shown = defaultdict[tuple[str, str], list[str]](list)
    for row in sorted(examples, key=lambda row: hashlib.sha256(str(row["id"]).encode()).digest()):
        group = str(row.get("set", ""))
        if name := homes.get((group, str(row.get("intent")))):
            shown[group, name].append(row["text"])
    return {topic: texts[:most] for topic, texts in shown.items()}


def _words(row: Row, examples: Sequence[str]) -> TopicWords:
    return TopicWords(row["name"], row["name"], row["description"], (), tuple(examples))


def _asked(row: Row, known: Known, homes: Homes) -> Asked:
    if "topic" in row:
        return Asked(row, standard_topics(), row["topic"])
    group = str(row.get("set", ""))
    return Asked(row, known.get(group, ()), homes.get((group, str(row.get("intent")))))


def _read(asked: Asked) -> Triage:
    comment = Comment("1", SOMEBODY, "", asked.row["text"], public=True, from_customer=True)
    ticket = Ticket("1", "", SOMEBODY, (comment,), status="open")
    return triage(ticket, asked.topics, vectors, LANGUAGES, topic_vectors=topic_vectors)


def _judged(asked: Asked, seen: Triage) -> Iterable[tuple[str, bool]]:
    """Each figure that this line counts for, with whether it counts."""
    row, kind = asked.row, asked.row.get("kind", "")
    if asked.topic is not None:
        yield "topic_accuracy", seen.topic == asked.topic
    if language := row.get("lang") or row.get("language"):
        yield from ((name, seen.language == language) for name in ("language_accuracy", "language"))
    if kind:
        yield ("not_for_us" if kind == "not_for_us" else "customers_dropped"), _left_alone(seen)
        if kind not in ("injection", "not_for_us"):
            yield "injection_false", seen.injection
    if kind == "injection":
        yield "injection", seen.injection
    yield from _of_mood(row, seen)
    yield from _of_asks(row, seen)


def _left_alone(seen: Triage) -> bool:
    """Whether nobody looks at the ticket: neither sensitive nor an attack, and surely nothing to answer."""
    return bool(seen.not_for_us) and seen.leave_alone and not seen.sensitive and not seen.injection


def _of_mood(row: Mapping[str, Any], seen: Triage) -> Iterable[tuple[str, bool]]:
    for mood in filter(None, row.get("moods", [row.get("mood")]) if row.get("kind") != "not_for_us" else ()):
        yield "sentiment", seen.mood == mood
        if mood in DISTRESS:
            yield "distress_as_calm", seen.mood == "calm"


def _of_asks(row: Mapping[str, Any], seen: Triage) -> Iterable[tuple[str, bool]]:
    if row.get("kind") == "ordinary" and "asks" in row:
        truth, ours = [_flat(each) for each in row["asks"]], [_flat(each) for each in seen.asks]
        some = [*truth, *(_flat(each) for each in row.get("perhaps", ()))]
        yield from (("asks_found", any(_overlap(quote, one) for one in ours)) for quote in truth)
        yield from (("asks_invented", not any(_overlap(quote, one) for quote in some)) for one in ours)


def _flat(text: str) -> str:
    return " ".join(text.lower().split())


def _overlap(one: str, other: str) -> bool:
    """Whether one holds the other, or they share most of their words in a row."""
    if one in other or other in one:
        return True
    words, run = one.split(), 0
    for start in range(len(words)):
        for end in range(len(words), start + run, -1):
            if " ".join(words[start:end]) in other:
                run = end - start
                break
    return 2 * run >= min(len(words), len(other.split()))


def _share(truths: Iterable[bool]) -> float | None:
    kept = list(truths)
    return round(sum(kept) / len(kept), 4) if kept else None


if __name__ == "__main__":
    main()
