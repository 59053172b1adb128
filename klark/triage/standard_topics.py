"""Topics that most helpdesks have: for trials, and for a new tenant that chooses a policy to begin with."""

import json
from functools import cache
from pathlib import Path

from klark.values.triage import TopicWords

FILE = Path(__file__).with_suffix(".json")


@cache
def standard_topics() -> tuple[TopicWords, ...]:
    """Returns the topics: key, name, description, words, and what each is called in English and in French."""
    rows = json.loads(FILE.read_text(encoding="utf-8"))
    return tuple(
        TopicWords(row["key"], row["name"], row["description"], tuple(row["words"]), names=tuple(row["names"].items()))
        for row in rows
    )
