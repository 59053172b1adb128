"""The ladder note, queue, reply: what the labels weigh, and whether they lead a step up or down. Values in, values out."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from klark.autonomy.sequential_tests import ENOUGH, WORSE_QUEUED, WORSE_SENT, WORTH_QUEUEING, WORTH_SENDING, Cusum

Rung = Literal["note", "queue", "reply"]
RUNGS: tuple[Rung, ...] = ("note", "queue", "reply")
Verdict = Literal["right", "wrong", "serious"]
FEWEST = 12
"""Labels on a rung before the next step up; what `WORTH_QUEUEING` needs at least."""


class Why(StrEnum):
    """Why a topic stands where it stands. A value is stored, so none is ever renamed."""

    NEW = "new"
    EARNED = "earned"
    OPENED = "opened"
    CLOSED = "closed"
    SERIOUS = "serious"
    DROP = "drop"
    ARTICLE = "article"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Label:
    """A person's judgement of one draft. `stands`: every article that it rests on is still as it was; a wrong draft counts
    whatever became of its articles. `here`: it was given since the topic came to its rung. `draft`: the draft's id."""

    verdict: Verdict
    stands: bool = True
    here: bool = True
    draft: int | None = None


@dataclass(slots=True)
class Tally:
    """What the labels of one topic and language weigh. `carried` is the evidence, never above 0, that was lost before they
    were counted. `here` counts those since the last step. `serious_ones`, `wrong_ones`: ids of the drafts that cause a step down;
    of the wrong ones those since `drop` was last at 0."""

    rung: Rung
    carried: float = 0.0
    right: int = 0
    wrong: int = 0
    serious: int = 0
    here: int = 0
    right_here: int = 0
    drop: Cusum = field(init=False)
    serious_ones: list[int] = field(default_factory=list)
    wrong_ones: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.drop = Cusum(WORSE_SENT if self.rung == "reply" else WORSE_QUEUED)

    def add(self, label: Label) -> None:
        """Counts one label."""
        right = label.verdict == "right"
        counts = label.stands or not right
        self.right += right and counts
        self.wrong += not right
        if label.verdict == "serious":
            self.serious += 1
            if label.draft:
                self.serious_ones.append(label.draft)
        if label.here and counts:
            self.here += 1
            self.right_here += right
            self._watch(label)

    def _watch(self, label: Label) -> None:
        self.drop.add(label.verdict == "right")
        if label.verdict != "right" and label.draft:
            self.wrong_ones.append(label.draft)
        elif self.drop.now == 0 and not self.drop.alarmed:
            self.wrong_ones.clear()

    @property
    def judged(self) -> int:
        """How many labels count."""
        return self.right + self.wrong

    @property
    def share(self) -> float:
        """The share of right drafts; 0 where nothing was judged."""
        return self.right / self.judged if self.judged else 0.0

    @property
    def evidence(self) -> float:
        """The logarithm of the evidence for the next step up."""
        if self.rung == "note":
            return WORTH_QUEUEING.log(self.right_here, self.here - self.right_here)
        return self.carried + WORTH_SENDING.log(self.right, self.wrong)

    @property
    def kept(self) -> float:
        """What is carried over a step down: what was gained is lost, what was lost stays. So a new attempt gains nothing
        by the old one's failing, and Ville's bound holds over all of them."""
        return min(0.0, self.carried + WORTH_SENDING.log(self.right, self.wrong))

    def climbs(self, bar: float) -> bool:
        """Returns whether the evidence is enough for the next step up; for replies their share must also reach `bar`."""
        enough = self.evidence >= ENOUGH and self.here >= FEWEST and not self.serious
        return enough and (self.rung == "note" or (self.rung == "queue" and self.share >= bar))

    def falls(self) -> Why | None:
        """Returns why the labels lead a step down or make the evidence begin anew (see `down`), or None if they do not."""
        if self.serious:
            return Why.SERIOUS
        return Why.DROP if self.rung != "note" and self.drop.alarmed else None

    def missing(self, bar: float) -> int:
        """Returns how many right drafts in a row would be enough for the next step up."""
        test = WORTH_QUEUEING if self.rung == "note" else WORTH_SENDING
        short = math.ceil((ENOUGH - self.evidence) / test.log(1, 0))
        under = 0 if self.rung == "note" else math.ceil((bar * self.judged - self.right) / (1 - bar) - 1e-9)
        return max(short, under, FEWEST - self.here, 0)


def tally(rung: Rung, labels: Iterable[Label], carried: float = 0.0) -> Tally:
    """Returns what the labels weigh, in the order in which they were given."""
    weighed = Tally(rung, carried)
    for label in labels:
        weighed.add(label)
    return weighed


def up(rung: Rung) -> Rung:
    """Returns the next rung up."""
    return RUNGS[min(RUNGS.index(rung) + 1, len(RUNGS) - 1)]


def down(rung: Rung, why: Why) -> Rung:
    """Returns where a topic stands after it fell. In the queue only a drop leads to notes: whatever else happened, a person
    reads each draft before it is sent."""
    return "queue" if rung == "reply" or (rung == "queue" and why != Why.DROP) else "note"
