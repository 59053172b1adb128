"""Estimates how likely a finished draft is to be right and complete: a logistic function of a few signals that people
can read.

Where a signal's meaning demands it, more of it never raises the confidence (findings, open questions) or never lowers
it (sentences that a judge supports); the fit respects that. scripts/fit_confidence.py fits the weights on drafts of
tenants whose data may be used for tuning. confidence.json holds the weights and, for each band of confidence, how
many labelled drafts were right; the latter is what people are shown.
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
"""Maximum number of findings of one kind that count."""
OF_SUPPORT = frozenset(f"klark.G15{number}" for number in range(6))
"""Findings that say what the judge said, which other signs count."""

Way = Literal[-1, 0, 1]


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished draft, before anyone sees it.

    `open`    whether the drafter itself says that something is left open
    `repaired` whether sentences that the judge denied were left out
    `first`   the rank of the best cited passage among the passages retrieved; 0 is the top one
    """

    reply: Reply
    verdict: Verdict
    judged: Judged = UNJUDGED
    open: bool = False
    repaired: bool = False
    first: int = 0


@dataclass(frozen=True, slots=True)
class Sign:
    """A signal of a draft: how it is measured, and whether it may raise the confidence (1), lower it (-1) or either
    (0). `best` is its most favourable value; `None` if no value is favourable by itself."""

    seen: Callable[[Finished], float]
    way: Way
    best: float | None = None


@dataclass(frozen=True, slots=True)
class SignValue:
    """A signal's value for one draft. `otherwise`: what the confidence would be with this signal at its best, the
    others unchanged."""

    name: str
    value: float
    otherwise: float


@dataclass(frozen=True, slots=True)
class Band:
    """The labelled drafts whose confidence was between `low` and `high`, and how many of them were right."""

    low: float
    high: float
    drafts: int
    right: int

    @property
    def of_hundred(self) -> int:
        """The percentage of these drafts that were right, rounded."""
        return round(100 * self.right / self.drafts)


@dataclass(frozen=True, slots=True)
class Fitted:
    """The shipped table: the bias, one weight per signal, the bands, the day of the fit, and the number of drafts it used."""

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


def _hard(draft: Finished) -> float:
    """Counts the findings above INFO from klark's own checks, which no judge clears."""
    own = [one for one in draft.verdict.findings if one.level > Level.INFO and one.id not in OF_SUPPORT]
    return float(min(MOST_FINDINGS, len(own)))


SIGNS: Mapping[str, Sign] = {
    "supported": Sign(_share("SUPPORTED", "COPIED"), 1, 1.0),
    "denied": Sign(_share("CONTRADICTED", "UNSUPPORTED"), -1, 0.0),
    "repaired": Sign(lambda draft: float(draft.repaired), -1, 0.0),
    "answered": Sign(lambda draft: float(draft.judged.answers_all), 1, 1.0),
    "open": Sign(lambda draft: float(draft.open), -1, 0.0),
    "first": Sign(lambda draft: 1 / (1 + draft.first), 1, 1.0),
    "hard": Sign(_hard, -1, 0.0),
}


def signs(draft: Finished) -> dict[str, float]:
    """Returns the signals of a draft, by name."""
    return {name: sign.seen(draft) for name, sign in SIGNS.items()}


@cache
def fitted() -> Fitted:
    """Returns the shipped table, read once from confidence.json."""
    table = json.loads(_TABLE.read_text(encoding="utf-8"))
    weights = {name: float(table["weights"][name]) for name in SIGNS}
    bands = tuple(Band(**row) for row in table["bands"])
    return Fitted(table["bias"], weights, date.fromisoformat(table["on"]), table["drafts"], bands)


def confidence(draft: Finished) -> float:
    """Returns the probability (0 to 1) that the draft is right and complete. Never raises."""
    return probability(signs(draft), fitted())


def explained(draft: Finished) -> tuple[SignValue, ...]:
    """Returns the signals of a draft, the one that lowers the confidence most first."""
    seen, table = signs(draft), fitted()
    told = (
        SignValue(name, value, probability({**seen, name: _best(name, value)}, table)) for name, value in seen.items()
    )
    return tuple(sorted(told, key=lambda one: -one.otherwise))


def _best(name: str, value: float) -> float:
    best = SIGNS[name].best
    return value if best is None else best


def probability(seen: Mapping[str, float], table: Fitted) -> float:
    """Returns the confidence (0 to 1) that `table` gives to the signals in `seen`."""
    total = table.bias + sum(table.weights[name] * value for name, value in seen.items())
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def band_of(likely: float) -> Band:
    """Returns the band that a confidence (0 to 1) falls into."""
    return next((one for one in fitted().bands if likely < one.high), fitted().bands[-1])
