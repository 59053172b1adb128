"""How likely it is that what was found answers what was asked: one figure, for `decide` to hold against a bar.

A logistic function of a few signs, none of which knows the subject. Fitted by `python -m tests.bench.fit` on questions with
their answers among the documents, with their answers taken out, and with another subject's documents; docs/knowledge.md
says how well it tells them apart, on sets that it was not fitted on. The figures hold for multilingual-e5-small, whose
cosines lie between 0.7 and 0.95.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

from klark.steps.find import Ranked

BEHIND = 10
"""How far behind the first the passage stands that it is compared with."""

Signs = Mapping[str, float]
"""Of one search. `meaning`, `title`: the nearest passage and title, as cosines; `known`: how much of the question any
passage holds, by the weight of its words; `lead`: how far the first passage is ahead of those behind it."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What a sign counts, once its centre is taken off and it is divided by its spread."""

    weight: float
    centre: float
    spread: float


BIAS = 0.0641
FITS: Mapping[str, Fit] = {
    "meaning": Fit(0.4935, 0.8835, 0.0271),
    "title": Fit(0.4590, 0.9013, 0.0325),
    "known": Fit(0.5557, 0.7992, 0.2745),
    "lead": Fit(0.6836, 7.5245, 5.2638),
}


def signs(ranked: Sequence[Ranked], known: float) -> Signs | None:
    """`known`: klark.steps.ask.Asked.known. None where nothing has a vector yet: then nobody can tell."""
    if ranked and all(one.scores["meaning"] is None for one in ranked):
        return None
    return {
        "meaning": _best(ranked, "meaning"),
        "title": _best(ranked, "title"),
        "known": known,
        "lead": ranked[0].score - ranked[min(BEHIND, len(ranked) - 1)].score if ranked else 0.0,
    }


def answerable(read: Signs) -> float:
    """A probability."""
    total = BIAS + sum(fit.weight * (read[name] - fit.centre) / fit.spread for name, fit in FITS.items())
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def _best(ranked: Sequence[Ranked], name: str) -> float:
    return max((score for one in ranked if (score := one.scores[name]) is not None), default=0.0)
