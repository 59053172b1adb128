"""How likely it is that what was found answers what was asked: one figure, for `decide` to hold against a bar.

Two logistic functions, multiplied: is the question of the tenant's subject at all, and if so, is the answer there? Their
signs are read against what is usual for the tenant (klark.steps.usual), since how near a passage is on the whole differs from
one subject to the next. Fitted by `python -m tests.bench.fit`; docs/knowledge.md says how well it tells them apart, on sets
that it was not fitted on. The figures hold for multilingual-e5-small, whose cosines lie between 0.7 and 0.95.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt

from klark.steps.find import Ranked

BEHIND = 10
"""How far behind the first the passage stands that it is compared with."""

Signs = Mapping[str, float]
"""Of one search. `near`: how near in meaning the nearest passage and the first one are, the mean of both; `title`: the
nearest title; `known`: how much of the question any passage holds, by the weight of its words; `lead`: how far the first
passage is ahead of those behind it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What speaks of one question. `usual`: what the tenant's own sentences give while their article is away; `parts`: how
    many parts the ticket has, of which the signs are those of one: the more, the less they say of the rest."""

    signs: Signs
    usual: Signs
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Fit:
    """What a sign counts, once a share of what is usual and its centre are taken off and it is divided by its spread."""

    weight: float
    centre: float
    spread: float
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Logistic:
    """A probability by its signs."""

    bias: float
    fits: Mapping[str, Fit]


OF_THE_SUBJECT = Logistic(1.4558, {"near": Fit(2.5799, 0.0106, 0.0326, 1.0), "known": Fit(0.5688, 0.7984, 0.3116)})
ANSWERED = Logistic(0.5588, {"lead": Fit(1.1983, 5.4168, 7.1885, 0.5), "title": Fit(0.6498, 0.4482, 0.0351, 0.5)})
ELSEWHERE: Signs = {"near": 0.862, "title": 0.875, "lead": 8.2}
"""What is usual on the sets of the fit: until a tenant's own is measured."""


def signs(ranked: Sequence[Ranked], known: float) -> Signs | None:
    """`known`: klark.steps.ask.Asked.known. None where nothing has a vector yet: then nobody can tell."""
    if ranked and all(one.scores["meaning"] is None for one in ranked):
        return None
    nearest = _best(ranked, "meaning")
    return {
        "near": (nearest + _best(ranked[:1], "meaning", nearest)) / 2,
        "title": _best(ranked, "title"),
        "known": known,
        "lead": ranked[0].score - ranked[min(BEHIND, len(ranked) - 1)].score if ranked else 0.0,
    }


def answerable(heard: Heard) -> float:
    """A probability."""
    of_the_subject = logistic(OF_THE_SUBJECT.bias + sum(values(OF_THE_SUBJECT, heard).values()))
    answered = sum(values(ANSWERED, heard).values()) / sqrt(heard.parts)
    return of_the_subject * logistic(ANSWERED.bias + answered)


def values(by: Logistic, heard: Heard) -> dict[str, float]:
    """What each sign adds to the logarithm of the odds, where nothing is shared with other parts."""
    return {name: fit.weight * standing(fit, name, heard) for name, fit in by.fits.items()}


def standing(fit: Fit, name: str, heard: Heard) -> float:
    """A sign in spreads from its centre."""
    return (heard.signs[name] - fit.share * heard.usual.get(name, 0.0) - fit.centre) / fit.spread


def logistic(total: float) -> float:
    """From the logarithm of the odds to a probability."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def _best(ranked: Sequence[Ranked], name: str, otherwise: float = 0.0) -> float:
    return max((score for one in ranked if (score := one.scores[name]) is not None), default=otherwise)
