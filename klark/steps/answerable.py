"""How likely it is that what was found answers what was asked: one figure, for `decide` to hold against a bar.

A logistic function of a few signs, none of which knows the subject. Fitted by `python -m tests.bench.fit` on questions with
their answers among the documents, with their answers taken out, and with another subject's documents; docs/knowledge.md
says how well it tells them apart, on sets that it was not fitted on. The figures hold for multilingual-e5-small, whose
cosines lie between 0.7 and 0.95.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

from klark.steps.ask import Asked
from klark.steps.features import K1, Features
from klark.steps.find import Ranked

BEHIND = 10
"""How far behind the first the passage stands that it is compared with."""

Signs = Mapping[str, float]
"""Of one search. `meaning`, `title`: the nearest passage and title, as cosines; `stems`, `grams`, `title_grams`: how much
of the question, by the weight of its words and of its 4-grams, the best passage (or title) holds, at most about 1; `known`:
how much of it any passage holds; `lead`: how far the first is ahead of those behind it."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What a sign counts, once its centre is taken off and it is divided by its spread."""

    weight: float
    centre: float
    spread: float


BIAS = -0.9162
FITS: Mapping[str, Fit] = {
    "meaning": Fit(1.2882, 0.8546, 0.0369),
    "title": Fit(0.2372, 0.8672, 0.0404),
    "known": Fit(0.2683, 0.5913, 0.3704),
}


def signs(ranked: Sequence[Ranked], asked: Asked) -> Signs | None:
    """None where nothing has a vector yet: then nobody can tell."""
    if ranked and all(one.scores["meaning"] is None for one in ranked):
        return None
    return {
        "meaning": _best(ranked, "meaning"),
        "title": _best(ranked, "title"),
        "stems": _share(_best(ranked, "stems"), asked.stems),
        "grams": _share(_best(ranked, "grams"), asked.grams),
        "title_grams": _share(_best(ranked, "title_grams"), asked.grams),
        "known": asked.known,
        "lead": ranked[0].score - ranked[min(BEHIND, len(ranked) - 1)].score if ranked else 0.0,
    }


def answerable(read: Signs) -> float:
    """A probability."""
    total = BIAS + sum(fit.weight * (read[name] - fit.centre) / fit.spread for name, fit in FITS.items())
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def _best(ranked: Sequence[Ranked], name: str) -> float:
    return max((score for one in ranked if (score := one.scores[name]) is not None), default=0.0)


def _share(score: float, asked: Features) -> float:
    """Of what a passage would score that holds all that is asked many times over."""
    whole = (K1 + 1) * sum(asked.values())
    return score / whole if whole > 0 else 0.0
