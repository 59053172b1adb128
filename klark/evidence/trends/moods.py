"""Are a topic's customers upset or angry more often than they were? Fisher's exact test of the last days against the eight weeks
before them, at a stated rate of false alarms. docs/trends.md has formulas and figures. Only arithmetic.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from klark.evidence.trends.fisher import Sample, by_chance
from klark.evidence.trends.rising import DOUBT, FEWEST, PER_YEAR

UNHAPPY = frozenset({"upset", "angry"})
"""Moods, as triage names them. Worry is none of them: who waits for a parcel may worry and be content with the shop."""
SPANS, BEFORE = (7, 28), 56
"""The days that are looked at together, and the days before them with which they are compared."""
DAYS = max(SPANS) + BEFORE


@dataclass(frozen=True, slots=True)
class Shift:
    """What a number of days came to: unhappy customers' tickets, of all tickets, before and now, and the chance of that if
    nothing had changed."""

    days: int
    before: Sample
    now: Sample
    chance: float


def strictness(topics: int) -> float:
    """Returns the chance at which PER_YEAR is kept for so many topics, each looked at every day for all SPANS: by Boole's
    inequality, however dependent they are."""
    return PER_YEAR / (365 * len(SPANS) * topics)


def shift(unhappy: Sequence[int], tickets: Sequence[int], least: float) -> Shift | None:
    """Returns the least likely shift, if chance makes it with probability `least` at most. Both are counts of DAYS days, the
    newest last."""
    found = min((_shift(unhappy, tickets, days) for days in SPANS), key=lambda one: one.chance)
    return found if found.chance <= least else None


def _shift(unhappy: Sequence[int], tickets: Sequence[int], days: int) -> Shift:
    then, late = slice(-days - BEFORE, -days), slice(-days, None)
    before, now = (Sample(sum(unhappy[part]), sum(tickets[part])) for part in (then, late))
    if now.hits < FEWEST or now.hits * before.of <= before.hits * now.of:
        return Shift(days, before, now, 1.0)
    noise = dispersion(unhappy[then], tickets[then])
    return Shift(days, before, now, by_chance(_independent(before, noise), _independent(now, noise)))


def dispersion(unhappy: Sequence[int], tickets: Sequence[int]) -> float:
    """Returns how much more the days differ than those of independent tickets do: chi-squared over its degrees of freedom, never
    below 1, and what is beyond it times DOUBT."""
    days = [(hits, of) for hits, of in zip(unhappy, tickets, strict=True) if of]
    share = sum(unhappy) / max(sum(tickets), 1)
    if not 0 < share < 1 or len(days) == 1:
        return 1.0
    squares = sum((hits - share * of) ** 2 / (share * (1 - share) * of) for hits, of in days)
    return 1 + DOUBT * max(squares / (len(days) - 1) - 1, 0.0)


def _independent(sample: Sample, noise: float) -> Sample:
    """Returns how many independent tickets say as much as these (J. N. K. Rao and A. J. Scott 1992)."""
    return Sample(round(sample.hits / noise), round(sample.of / noise))
