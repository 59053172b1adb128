"""How likely a finished draft is right and complete: a logistic function of a few signs, each of which a person can read.

Where the meaning of a sign demands it, more of it never makes a draft more likely (findings, what is left open), or never
less (what a judge supports); the fit keeps to that. Fitted by scripts/fit_confidence.py on drafts of tenants that may be
tuned on. Beside the weights, confidence.json keeps how many drafts were right that were given about as much: that is what
people are told.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import exp
from pathlib import Path
from typing import Literal

from guardrails.base import UNJUDGED, Judged, Level, Reply, State, Verdict

_TABLE = Path(__file__).with_name("confidence.json")
MOST_FINDINGS = 3
"""Sentences of one kind that count."""

Way = Literal[-1, 0, 1]


@dataclass(frozen=True, slots=True)
class Finished:
    """A draft as it stands before anybody sees it.

    `open`    whether the drafter itself leaves something open
    `first`   where the first of the cited passages stands among those found: 0 is the best
    """

    reply: Reply
    verdict: Verdict
    judged: Judged = UNJUDGED
    open: bool = False
    first: int = 0


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


def _share(*states: State) -> Callable[[Finished], float]:
    def share(draft: Finished) -> float:
        found = draft.verdict.states
        return sum(state in states for state in found) / len(found) if found else 0.0

    return share


def _count(*ids: str) -> Callable[[Finished], float]:
    def count(draft: Finished) -> float:
        return float(min(MOST_FINDINGS, sum(one.id in ids for one in draft.verdict.findings)))

    return count


def _hard(draft: Finished) -> float:
    """What a check of klark's own holds or blocks, which no judge clears."""
    own = [one for one in draft.verdict.findings if one.level > Level.INFO and not one.id.startswith("klark.G15")]
    return float(min(MOST_FINDINGS, len(own)))


SIGNS: Mapping[str, Sign] = {
    "supported": Sign(_share("SUPPORTED", "COPIED"), 1, 1.0),
    "denied": Sign(_share("CONTRADICTED", "UNSUPPORTED"), -1, 0.0),
    "beside": Sign(_count("klark.G152"), -1, 0.0),
    "answered": Sign(lambda draft: float(draft.judged.answers_all), 1, 1.0),
    "open": Sign(lambda draft: float(draft.open), -1, 0.0),
    "first": Sign(lambda draft: 1 / (1 + draft.first), 1, 1.0),
    "hard": Sign(_hard, -1, 0.0),
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
    """The probability that the draft is right and complete. Never raises."""
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
