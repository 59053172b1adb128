"""How likely a finished draft is right and complete: a logistic function of eight signs, each of which a person can read.

Where the meaning of a sign demands it, more of it never makes a draft more likely (findings, what is left open), or
never less (words of the question, agreement); the fit keeps to that. Fitted by scripts/fit_confidence.py on the labelled
drafts of tests/cases/confidence/. Beside the weights, confidence.json keeps how many drafts were right that were given
about as much by a fit without their own trade: that is what people are told.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice
from math import exp, log1p
from pathlib import Path
from typing import Literal

from guardrails.base import Level, Reply, Verdict
from guardrails.synonyms import widened
from guardrails.vocabulary import word_set
from guardrails.words import fold, read

_TABLE = Path(__file__).with_name("confidence.json")
MOST_FINDINGS = 3
"""Findings of one level that count."""
MOST_QUESTIONS = 5
MOST_TITLES = 40
"""Titles of sources that are read; a reply that quotes more is held anyway."""

ASKING = word_set("combien comment pourquoi temps ok much many long often far")
"""Words that ask, and stand in no answer: "how long", "combien de temps"."""

Way = Literal[-1, 0, 1]


@dataclass(frozen=True, slots=True)
class Finished:
    """A draft as it stands before anybody sees it.

    `open`    whether the drafter itself leaves something open
    `first`   where the first of the cited passages stands among those found: 0 is the best
    `agreed`  the share of what a strict second drafter cites that this draft cites too; 0 where that one is silent
    """

    reply: Reply
    verdict: Verdict
    questions: tuple[str, ...]
    open: bool = False
    first: int = 0
    agreed: float = 0.0


@dataclass(frozen=True, slots=True)
class Sign:
    """What is seen of a draft, and which way it may count: up (1), down (-1) or either (0). `best`: what speaks for a draft
    most; None where nothing does by itself."""

    seen: Callable[[Finished], float]
    way: Way
    best: float | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A sign of one draft. `otherwise`: the confidence if this one were at its best and the others as they are."""

    name: str
    value: float
    otherwise: float


@dataclass(frozen=True, slots=True)
class Band:
    """Labelled drafts that were given between `low` and `high`, and how many of them were right."""

    low: float
    high: float
    drafts: int
    right: int

    @property
    def of_hundred(self) -> int:
        """How many of a hundred such drafts were right."""
        return round(100 * self.right / self.drafts)


@dataclass(frozen=True, slots=True)
class Fitted:
    """The shipped table: a weight for each sign and the constant; what was measured, on which day, on how many drafts."""

    bias: float
    weights: Mapping[str, float]
    on: date
    drafts: int
    bands: tuple[Band, ...]


def _asked(draft: Finished) -> float:
    """The least that the draft and the titles it quotes from hold of the words of any question."""
    language = draft.reply.language
    titles = dict.fromkeys(source.title for each in draft.reply.sentences for source in each.sources)
    said = " . ".join((draft.reply.text, *islice(titles, MOST_TITLES)))
    held = widened(read(said, language).stems, language)
    return min((_share(question, held, language) for question in draft.questions), default=0.0)


def _share(question: str, held: frozenset[str], language: str) -> float:
    words = read(question, language).words
    wanted = {word.stem for word in words if not word.light and fold(word.text) not in ASKING}
    return (len(wanted & held) + 1) / (len(wanted) + 1)  # one word that lacks is less telling in a question of one word


def _found(level: Level) -> Callable[[Finished], float]:
    def count(draft: Finished) -> float:
        return float(min(MOST_FINDINGS, sum(one.level == level for one in draft.verdict.findings)))

    return count


SIGNS: Mapping[str, Sign] = {
    "asked": Sign(_asked, 1, 1.0),
    "agreed": Sign(lambda draft: draft.agreed, 1, 1.0),
    "first": Sign(lambda draft: 1 / (1 + draft.first), 1, 1.0),
    "open": Sign(lambda draft: float(draft.open), -1, 0.0),
    "questions": Sign(lambda draft: float(min(MOST_QUESTIONS, len(draft.questions))), -1, 1.0),
    "holds": Sign(_found(Level.HOLD), -1, 0.0),
    "blocks": Sign(_found(Level.BLOCK), -1, 0.0),
    "length": Sign(lambda draft: log1p(len(draft.reply.text)), 0),
}


def signs(draft: Finished) -> dict[str, float]:
    """What is seen of a draft, by name."""
    return {name: sign.seen(draft) for name, sign in SIGNS.items()}


@cache
def fitted() -> Fitted:
    """The shipped table."""
    table = json.loads(_TABLE.read_text(encoding="utf-8"))
    weights = {name: float(table["weights"][name]) for name in SIGNS}
    bands = tuple(Band(**row) for row in table["bands"])
    return Fitted(table["bias"], weights, date.fromisoformat(table["on"]), table["drafts"], bands)


def confidence(draft: Finished) -> float:
    """The probability that the draft is right and complete. Reads 20,000 characters at most; never raises."""
    return probability(signs(draft), fitted())


def explained(draft: Finished) -> tuple[Seen, ...]:
    """Each sign of a draft, first those that cost it most."""
    seen, table = signs(draft), fitted()
    told = (Seen(name, value, probability({**seen, name: _best(name, value)}, table)) for name, value in seen.items())
    return tuple(sorted(told, key=lambda one: -one.otherwise))


def _best(name: str, value: float) -> float:
    best = SIGNS[name].best
    return value if best is None else best


def probability(seen: Mapping[str, float], table: Fitted) -> float:
    """The same of what was seen, by any table."""
    total = table.bias + sum(table.weights[name] * value for name, value in seen.items())
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def band_of(likely: float) -> Band:
    """The labelled drafts that were given about as much."""
    return next((one for one in fitted().bands if likely < one.high), fitted().bands[-1])
