"""Which lines answer where an age, a time or a length is named: those that hold it, and the rule beside its exception."""

from collections.abc import Sequence

from integrations.llms.extractive_covers import Sought, speaks_of_all
from integrations.llms.extractive_lines import Line
from integrations.llms.extractive_question import Asked
from integrations.llms.extractive_rows import is_row
from integrations.llms.extractive_score import Scored
from integrations.llms.extractive_values import holds, speaks

_NEAR, _MOST = 0.3, 3


def holding_first(sought: Sought) -> Sequence[Scored]:
    """All lines, those first whose bounds hold the value: "from 12 to 17" before "from 18" for one of 14."""
    if not sought.asked.values or not sought.ranked:
        return sought.ranked
    first = [one for one in _near(sought, sought.ranked[0]) if _holds(sought.asked, one.line)]
    return [*first, *(one for one in sought.ranked if one not in first)]


def bounded(sought: Sought, best: Scored) -> list[Line]:
    """The lines on this, of any passage, that speak of such a value: the rule and its exception. Of a list or table, and
    where they are many, those that hold it. Outside the passage only where a yes or no is asked."""
    asked = sought.asked
    near = [one.line for one in _near(sought, best) if asked.want is None or one.line.passage == best.line.passage]
    about = {term.word.concept for term in asked.terms}
    near = [line for line in near if line.concepts & about] or near
    if len(near) > _MOST or any(line.kind == "item" or is_row(line.text) for line in near):
        near = [line for line in near if _holds(asked, line)]
    return near if len(near) <= _MOST else []


def _near(sought: Sought, best: Scored) -> list[Scored]:
    return [
        one
        for one in sought.ranked
        if one.score >= best.score - _NEAR
        and any(speaks(one.line.text, value.kind) for value in sought.asked.values)
        and speaks_of_all(sought, [one.line, *_led_on(sought, one.line)])
    ]


def _led_on(sought: Sought, line: Line) -> list[Line]:
    """What goes on from a line: "Above that, …"."""
    others = (one.line for one in sought.ranked)
    return [other for other in others if other.passage == line.passage and other.needs == line.place]


def _holds(asked: Asked, line: Line) -> bool:
    return any(holds(line.text, value) for value in asked.values)
