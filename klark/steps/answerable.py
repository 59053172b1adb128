"""How likely it is that what was found answers what was asked: one figure, for `decide` to hold against a bar.

A logistic function of three signs, none of which knows the subject: how near the nearest passage and the nearest title
are by meaning, and what share of the question's words any passage holds. Fitted on questions with their answers among
the documents, with their answers taken out, and with another subject's documents; docs/knowledge.md says how well, and
where it falls short. The figures hold for multilingual-e5-small, whose cosines lie between 0.7 and 0.95.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from klark.steps.find import Ranked


@dataclass(frozen=True, slots=True)
class Signs:
    """Of one search: two cosines and a share."""

    nearest: float
    title: float
    known: float


@dataclass(frozen=True, slots=True)
class Fit:
    """What a sign counts, once its centre is taken off and it is divided by its spread."""

    weight: float
    centre: float
    spread: float


NEAREST = Fit(1.2882, 0.8546, 0.0369)
TITLE = Fit(0.2372, 0.8672, 0.0404)
KNOWN = Fit(0.2683, 0.5913, 0.3704)
BIAS = -0.9162


def signs(ranked: Sequence[Ranked], known: float) -> Signs | None:
    """`known`: klark.steps.ask.Asked.known. None where nothing has a vector yet: then nobody can tell."""
    near = [one.scores["meaning"] for one in ranked]
    titles = [one.scores["title"] for one in ranked]
    there = [score for score in near if score is not None]
    if ranked and not there:
        return None
    return Signs(max(there, default=0.0), max((score for score in titles if score is not None), default=0.0), known)


def answerable(read: Signs) -> float:
    """A probability."""
    pairs = ((NEAREST, read.nearest), (TITLE, read.title), (KNOWN, read.known))
    total = BIAS + sum(fit.weight * (value - fit.centre) / fit.spread for fit, value in pairs)
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))
