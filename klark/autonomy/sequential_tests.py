"""The tests behind the ladder: values in, values out. docs/autonomy.md gives formulas, literature and figures.

Both add up the logarithm of a likelihood ratio, label by label, so they may be looked at after every label.
"""

import math
from dataclasses import dataclass
from functools import cached_property

ODDS = 20.0
"""The evidence that both tests ask for. By Ville's inequality a likelihood ratio ever comes to 20 with a probability of at
most 1/20 if the hypothesis is true, however often one looks."""
ENOUGH = math.log(ODDS)


@dataclass(frozen=True)
class LikelihoodRatio:
    """How much likelier labels are if the share `then` of all drafts is right than if the share `now` is."""

    now: float
    then: float

    @cached_property
    def _steps(self) -> tuple[float, float]:
        return math.log(self.then / self.now), math.log((1 - self.then) / (1 - self.now))

    def log(self, right: int, wrong: int) -> float:
        """Returns the logarithm of the ratio for so many labels."""
        per_right, per_wrong = self._steps
        return right * per_right + wrong * per_wrong


WORTH_QUEUEING = LikelihoodRatio(now=0.70, then=0.90)
"""Wald's test of "at most 70 % are right", for what a person reads before it is sent."""
WORTH_SENDING = LikelihoodRatio(now=0.95, then=0.985)
"""Wald's test of "at most 95 % are right", for what is sent unread. Against 98.5 %, which finds 99 % as fast as 99 % itself
would, and finds 98 % sooner."""
WORSE_QUEUED = LikelihoodRatio(now=0.90, then=0.70)
WORSE_SENT = LikelihoodRatio(now=0.99, then=0.90)
"""Page's CUSUM: has the share fallen, at whatever label, from 99 to 90 %?"""


@dataclass(slots=True)
class Cusum:
    """Page's cumulative sum: the evidence that quality has fallen since the most likely moment. `alarmed` stays."""

    ratio: LikelihoodRatio
    now: float = 0.0
    alarmed: bool = False

    def add(self, right: bool) -> None:
        """Counts one label."""
        self.now = max(0.0, self.now + self.ratio.log(right, not right))
        self.alarmed |= self.now >= ENOUGH


def lowest_share(right: int, wrong: int, carried: float = 0.0) -> float:
    """Returns the share of right drafts that `WORTH_SENDING` would still rule out, and all below it: a lower bound of 95 %
    confidence that holds at every label. `carried`: as in `klark.autonomy.ladder.Tally`."""
    low, high = 0.0, WORTH_SENDING.then
    for _ in range(40):
        middle = (low + high) / 2
        ruled_out = carried + LikelihoodRatio(middle, WORTH_SENDING.then).log(right, wrong) >= ENOUGH
        low, high = (middle, high) if ruled_out else (low, middle)
    return low
