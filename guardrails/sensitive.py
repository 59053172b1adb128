"""Sensitive topics in a ticket, seen by plain rules before any model reads it; English and French.

Each topic's rules are phrases with a weight and with their innocent readings (`sensitive_patterns`). A topic is found
where the weights of its different rules reach 1; the words of the heaviest one are given as the reason. Typing errors in
the words that matter are mended first. A small trained model hears the rest (`sensitive_model`): where it is sure, its topic
is found too, and where it only suspects, a rule that needs company has it. It may add a topic, never take one away.
"""

from collections.abc import Iterable, Iterator
from functools import cache

from guardrails.base import Sensitive
from guardrails.sensitive_categories import CATEGORIES, Category
from guardrails.sensitive_help import HELP_LINES
from guardrails.sensitive_model import HINT, TUNING, Heard, Meaning, Meanings, heard
from guardrails.sensitive_patterns.base import Block, blocks
from guardrails.sensitive_text import plain

__all__ = ["CATEGORIES", "HELP_LINES", "READ", "TUNING", "Category", "Meaning", "Meanings", "sensitive"]

READ = 20_000
"""How many characters are looked at: three quarters of them from the start, the rest from the end."""


def sensitive(text: str, meanings: Meanings | None = None) -> tuple[Sensitive, ...]:
    """The sensitive topics of a ticket, the critical ones first, each with the words that decided.

    `meanings` lets the model hear what is meant (`sensitive_model`); without them it hears words only.
    """
    ends = _ends(text)
    seen, said = plain(ends), heard(ends, meanings)
    found = (_judge(topic, seen, said) for topic in CATEGORIES)
    return tuple(topic for topic in found if topic is not None)


def _ends(text: str) -> str:
    if len(text) <= READ:
        return text
    return f"{text[: READ * 3 // 4]}\n{text[-READ // 4 :]}"


def _judge(topic: str, seen: str, said: Heard | None) -> Sensitive | None:
    """Whether the rules of a topic reach 1 together, or with what the model says; and the words that did."""
    hits = sorted(_hits(_rules(topic), seen), key=lambda hit: -hit[0])
    weight = sum(weight for weight, _ in hits)
    words = " … ".join(words for weight, words in hits[:3] if weight >= 1 or hits[0][0] < 1)
    if weight >= 1:
        return Sensitive(topic, words)
    if said is None or not (_names(said, topic) or weight >= HINT):
        return None
    return Sensitive(topic, f"{words} … {said.words}".strip(" …") if words else said.words)


def _names(said: Heard, topic: str) -> bool:
    """Whether the model alone is sure enough, and of this topic."""
    return said.weight >= 1 and said.topic == topic


def _hits(rules: Iterable[Block], seen: str) -> Iterator[tuple[float, str]]:
    """The weight and words of each rule that has a hit without an innocent reading beside it."""
    for block in rules:
        for match in block.phrases.finditer(seen):
            start, end = _sentence(seen, match.start(), match.end())
            if block.innocent is None or not block.innocent.search(seen, start, end):
                yield block.weight, match[0].strip()
                break


def _sentence(seen: str, start: int, end: int) -> tuple[int, int]:
    before = seen.rfind(" . ", 0, start + 1)
    after = seen.find(" . ", max(start, end - 1))
    return max(0, before), len(seen) if after < 0 else after


@cache
def _rules(topic: str) -> tuple[Block, ...]:
    return blocks(topic)
