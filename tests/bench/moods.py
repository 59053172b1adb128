"""Simulated years of customers' moods: how often klark tells of a shift where there is none, and how soon of one that is there.
tests.bench.trends runs it, and says what its figures mean."""

from collections.abc import Collection
from typing import Any

import numpy as np

from klark.evidence.trends.moods import BEFORE, DAYS, SPANS, shift, strictness
from klark.evidence.trends.rising import FEWEST

SHARES = (0.04, 0.2)
"""Unhappy customers, of all, of the quiet tenant's topics."""
DOUBLED, OF_DOUBLED = (5.0, 15.0, 30.0, 60.0), (0.05, 0.1, 0.2)
"""Tickets a day, and the share of unhappy customers before it doubles."""
SWING, BAD_DAYS = 0.25, 0.6
WATCHED = 56
PROBABLE = 2.0
"""Standard deviations below which a shift is not looked at: none is that small."""


def drawn(chance: np.random.Generator, tickets: Any, share: Any, without: Collection[str] = ()) -> Any:
    """Draws how many of the tickets are of unhappy customers. `tickets`: days, years, topics; `share`: of years and topics.
    `without`: "season", by which the share swings by a quarter in a year, or "noise", which makes some days bad ones."""
    days, years, topics = tickets.shape
    season = SWING * np.sin(2 * np.pi * (np.arange(days)[:, None, None] / 365.25 + chance.random((1, years, topics))))
    noise = np.exp(chance.normal(0, 1, tickets.shape) * chance.uniform(0, BAD_DAYS, (1, years, 1)))
    share = share * (1 if "season" in without else 1 + season) * (1 if "noise" in without else noise)
    return chance.binomial(tickets.astype(np.int64), np.clip(share, 0, 0.95))


def shifted(unhappy: Any, tickets: Any, topics: int) -> Any:
    """Returns by day, from the DAYS-th on, and by year and topic whether a shift is told of."""
    least = strictness(topics)
    told = np.zeros((len(tickets) - DAYS + 1, *tickets.shape[1:]), dtype=bool)
    for day in range(len(told)):
        part = slice(day, day + DAYS)
        for year, topic in np.argwhere(_probable(unhappy[part], tickets[part])):
            counts = unhappy[part, year, topic].tolist(), tickets[part, year, topic].tolist()
            told[day, year, topic] = shift(*counts, least) is not None
    return told


def _probable(unhappy: Any, tickets: Any) -> Any:
    """Returns which are so far from their past that the exact test, which takes longer, is worth a look."""
    found = False
    for days in SPANS:
        then, late = slice(-days - BEFORE, -days), slice(-days, None)
        hits, of = unhappy[late].sum(axis=0), np.maximum(tickets[late].sum(axis=0), 1)
        before, of_before = unhappy[then].sum(axis=0), np.maximum(tickets[then].sum(axis=0), 1)
        share = (hits + before) / (of + of_before)
        spread = np.sqrt(share * (1 - share) * (1 / of + 1 / of_before)) + 1e-9
        found = found | ((hits >= FEWEST) & ((hits / of - before / of_before) / spread > PROBABLE))
    return found


def with_all(counts: Any) -> Any:
    """Returns the counts with those of all topics together."""
    return np.concatenate([counts, counts.sum(axis=2, keepdims=True)], axis=2)
