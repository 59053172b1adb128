"""Which lines answer where an age, a time or a length is named: those that hold it, and the rule beside its exception."""

from collections.abc import Sequence

from integrations.llms.extractive_covers import speaks_of_all
from integrations.llms.extractive_lines import Line
from integrations.llms.extractive_question import Asked, Vocabulary
from integrations.llms.extractive_rows import is_row
from integrations.llms.extractive_score import Scored
from integrations.llms.extractive_values import holds, speaks

_NEAR, MOST_BOUNDS = 0.3, 3


def holding_first(asked: Asked, ranked: Sequence[Scored], known: Vocabulary, language: str) -> Sequence[Scored]:
    """All lines, those first whose bounds hold the value: "from 12 to 17" before "from 18" for one of 14."""
    if not asked.values or not ranked:
        return ranked
    first = [one for one in _near(asked, ranked[0], ranked, known, language) if _holds(asked, one.line)]
    return [*first, *(one for one in ranked if one not in first)]


def bounded(asked: Asked, best: Scored, ranked: Sequence[Scored], known: Vocabulary, language: str) -> list[Line]:
    """The lines on this, of any passage, that speak of such a value: the rule and its exception. Of a list or table, and
    where they are many, those that hold it. Outside the passage only where a yes or no is asked."""
    near = [one.line for one in _near(asked, best, ranked, known, language)]
    if asked.want is not None:
        near = [line for line in near if line.passage == best.line.passage]
    about = {term.word.concept for term in asked.terms}
    near = [line for line in near if line.concepts & about] or near
    if len(near) > MOST_BOUNDS or any(line.kind == "item" or is_row(line.text) for line in near):
        near = [line for line in near if _holds(asked, line)]
    return near if len(near) <= MOST_BOUNDS else []


def _near(asked: Asked, best: Scored, ranked: Sequence[Scored], known: Vocabulary, language: str) -> list[Scored]:
    return [
        one
        for one in ranked
        if one.score >= best.score - _NEAR
        and any(speaks(one.line.text, value.kind) for value in asked.values)
        and speaks_of_all(asked, [one.line], known, language)
    ]


def _holds(asked: Asked, line: Line) -> bool:
    return any(holds(line.text, value) for value in asked.values)
