"""How often plain code names the right topic and the right language of a ticket.

    python -m tests.bench.triage --data FILE_OR_FOLDER [--topics FILE] [--json]

Lines are `{id,text}` with `lang` (or `language`), and `intent` and `set` where a topic is to be named. TOPICS has lines
`{set,name,description,intents}`: a ticket's topic is the one that lists its intent, chosen among the topics of its set by name
and description alone. Lines with `topic` instead are judged by klark's standard topics. `null` where a file has nothing to
judge. The tenant's languages are English and French.
Time is processor time of this process.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guardrails.language import detect
from klark.steps.questions import questions
from klark.steps.standard_topics import standard_topics
from klark.steps.topic import TopicWords, topic_of
from tests.bench import files
from tests.bench.files import Fields, Row

FIELDS: Fields = {"id": (str, int), "text": str}
TOPIC_FIELDS: Fields = {"set": str, "name": str, "description": str, "intents": list}
OURS = Path(__file__).with_name("triage_topics.jsonl")
LANGUAGES = ("en", "fr")
Known = dict[str, tuple[TopicWords, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One line: the topics to choose among, and what is right; `None` where it is not judged."""

    text: str
    topics: tuple[TopicWords, ...]
    topic: str | None
    language: str | None


def main(arguments: Sequence[str] | None = None) -> None:
    """The figures for one file or folder."""
    given, topics = _options(arguments)
    figures = measured(files.read_all(given.data, FIELDS), files.read_rows(topics, TOPIC_FIELDS))
    files.show(figures, [f"{name:18} {figure}" for name, figure in figures.items()], as_json=given.json)


def _options(arguments: Sequence[str] | None) -> tuple[Any, Path]:
    parser = files.parser(__doc__.split("\n", 1)[0], "a file of tickets, or a folder of such files")
    parser.add_argument("--topics", type=Path, default=OURS, help="a file of topics with descriptions")
    given = parser.parse_args(arguments)
    return given, given.topics


def measured(rows: Sequence[Row], topics: Sequence[Row]) -> dict[str, Any]:
    """Shares from 0 to 1 with four digits."""
    known = {
        name: tuple(_words(row) for row in topics if row["set"] == name) for name in {row["set"] for row in topics}
    }
    homes = {(row["set"], intent): row["name"] for row in topics for intent in row["intents"]}
    asked = [_asked(row, known, homes) for row in rows]
    _judge(Asked("Warm up.", standard_topics(), None, None))
    judged = [(each, *_judge(each)) for each in asked]
    return {
        "n": len(judged),
        "topic_accuracy": _share(each.topic == topic for each, topic, _, _ in judged if each.topic is not None),
        "language_accuracy": _share(each.language == code for each, _, code, _ in judged if each.language is not None),
        "ms_per_ticket": round(1000 * sum(spent for *_, spent in judged) / len(judged), 2),
    }


def _words(row: Row) -> TopicWords:
    return TopicWords(row["name"], row["name"], row["description"])


def _asked(row: Row, known: Known, homes: dict[tuple[str, str], str]) -> Asked:
    language, group = row.get("lang") or row.get("language"), str(row.get("set", ""))
    if "topic" in row:
        return Asked(row["text"], standard_topics(), row["topic"], language)
    return Asked(row["text"], known.get(group, ()), homes.get((group, str(row.get("intent")))), language)


def _judge(asked: Asked) -> tuple[str, str | None, float]:
    start = time.process_time()
    language = detect(asked.text, likely=LANGUAGES)[0]
    wanted = questions(asked.text, language)
    topic = topic_of(asked.topics, "", asked.text, wanted, language or "")
    return topic, language, time.process_time() - start


def _share(truths: Iterable[bool]) -> float | None:
    kept = list(truths)
    return round(sum(kept) / len(kept), 4) if kept else None


if __name__ == "__main__":
    main()
