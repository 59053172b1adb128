"""What changes at a tenant as a table, for files."""

from collections.abc import Iterator
from typing import Any

from klark.evidence.trends.fisher import Sample
from klark.evidence.trends.trends import Trends
from klark.evidence.trends.uncovered import RECENT


def lines(found: Trends) -> Iterator[tuple[Any, ...]]:
    """Yields what changes, one a line."""
    yield "what", "name", "days", "count", "of", "expected", "threshold", "chance"
    for one in found.signals:
        rise = one.rise
        yield "topic", one.topic, rise.days, rise.count, "", round(rise.expected, 2), round(rise.threshold, 2), ""
    for mood in found.moods:
        shift = mood.shift
        yield "mood", mood.topic, shift.days, *shift.now, _expected(shift.before, shift.now), "", shift.chance
    for article in found.failing:
        yield "article", article.title, "", *article.now, _expected(article.before, article.now), "", article.chance
    for group in found.uncovered:
        yield "no topic", group.name, RECENT.days, group.count, "", "", "", ""


def _expected(before: Sample, now: Sample) -> float:
    """Returns how many there would be now, were they as frequent as before: a spreadsheet takes "3/20" for a day in March."""
    return round(now.of * before.hits / before.of, 2)
