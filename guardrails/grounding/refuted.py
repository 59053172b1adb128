"""Finds computations and comparisons that a sentence states and that are false. Reports nothing where there is doubt.

It covers weekdays that do not match their date, ends that do not match start and length, wrong products, sums and
remainders, "still" beyond a limit, and "no longer" within it.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import product

from guardrails.grounding.known_facts import Known, days, terms
from guardrails.grounding.refuted_end_dates import Origins, wrong_ends
from guardrails.grounding.refuted_limits import AGO, seconds, wrong_limits
from guardrails.grounding.refuted_sums import Said, Wrong, wrong_sums
from guardrails.text.value_positions import Placed
from guardrails.text.weekdays import beside, wrong_weekday
from guardrails.text.words import fold

_LEFT_BEFORE = re.compile(
    r"\b(?:rest(?:e|ent|era|eront)|left with|leav(?:e|es|ing)|remain(?:s|ing)?|place pour|room for|space for|"
    r"still (?:have|has))\b(?:[ '](?!et\b|and\b)\w{1,12}){0,4} ?$",
    re.IGNORECASE,
)
_LEFT_AFTER = re.compile(
    r" ?(?:\w+ ){0,2}?(?:left|remaining|to go|more|restante?s?|de plus|de reste|autres)\b", re.IGNORECASE
)
_WEEK = re.compile("week|semaine", re.IGNORECASE)
_DAY = 86_400
_NEAR = re.compile(r"[ ,(]{1,3}")
_IL_Y_A = re.compile(r"[ ,(]{1,3}(?:il y a|soit il y a|donc il y a) ", re.IGNORECASE)
_AGO_ON = re.compile(r" ago[ ,(]{1,3}(?:on )?", re.IGNORECASE)


def refuted(values: Sequence[Placed], text: str, facts: Known, origins: Origins) -> Mapping[int, str]:
    """Returns the values that the sentence's own words prove wrong: their index, and an explanation with the right result."""
    said = Said(values, text, origins)
    return dict(
        [
            *wrong_limits(said),
            *_remainders(said),
            *wrong_sums(said),
            *wrong_ends(values, text, facts, origins),
            *_elapsed(said, facts),
            *_weekdays(said, facts),
        ]
    )


def _weekdays(said: Said, facts: Known) -> Wrong:
    for at, one in enumerate(said.values):
        dated = beside(at, said.values, said.text)
        if dated is None or _echoed(said, at, dated, facts):
            continue
        if why := wrong_weekday(one.value, said.values[dated].value, facts.today):
            yield at, why


def _echoed(said: Said, at: int, dated: int, facts: Known) -> bool:
    """Returns whether the customer or a source has the day in the same words: then the mistake is not the reply's own."""
    first, last = sorted((at, dated))
    words = fold(said.text[said.values[first].start : said.values[last].end])
    return words in facts.ticket or facts.text.count(words) > 1


def _elapsed(said: Said, facts: Known) -> Wrong:
    """Checks a date beside how long ago it was: "On 3 November, 30 days ago"."""
    for at in range(1, len(said.values) if facts.today else 0):
        date_at, span_at = (at - 1, at) if said.values[at].value.kind == "duration" else (at, at - 1)
        span, dated = said.values[span_at], said.values[date_at]
        if not said.origin(span_at) and dated.value.kind == "date" and _is_ago(said, at, span):
            gone = [abs((one.day - facts.today).days) for one in days(dated.value, facts.today) if facts.today]
            if gone and all(abs(seconds(span) / _DAY - each) > _slack(span) for each in gone):
                yield span_at, f"{dated.value.text} is {min(gone)} days away, not {span.value.text}"


def _slack(span: Placed) -> float:
    """The tolerance in days: "three weeks" is rounded, "22 days" is not."""
    if any(term.unit == "month" for term in terms(span.value)):
        return 16
    return 4 if _WEEK.search(span.value.text) else 1


def _is_ago(said: Said, at: int, span: Placed) -> bool:
    near = said.between(at - 1)
    if span is said.values[at]:
        return bool(_NEAR.fullmatch(near) and AGO.match(said.text, span.end)) or bool(_IL_Y_A.fullmatch(near))
    return bool(_AGO_ON.fullmatch(near))


def _remainders(said: Said) -> Wrong:
    """Checks a remainder of exactly two other values that nothing else explains: "Up to 10,000, so with your 7,200
    there is room for 3,800 more"."""
    for at, one in enumerate(said.values):
        if said.origin(at) or one.start < 0 or not _is_left(one, said.text):
            continue
        for unit in {term.unit for term in terms(one.value)}:
            others = [other for other in said.values if other is not one and _in(unit, other)]
            if len(others) == 2 and not _is_difference(*(_in(unit, each) for each in (one, *others))):
                big, small = sorted(others, key=lambda each: -max(_in(unit, each)))
                yield at, f"{big.value.text} - {small.value.text} is not {one.value.text}"


def _in(unit: str, one: Placed) -> list[float]:
    return [term.number for term in terms(one.value) if term.unit == unit]


def _is_difference(left: list[float], ones: list[float], others: list[float]) -> bool:
    return any(abs(abs(one - other) - rest) < 1e-6 for one, other, rest in product(ones, others, left))


def _is_left(one: Placed, text: str) -> bool:
    return bool(_LEFT_BEFORE.search(text[max(0, one.start - 60) : one.start]) or _LEFT_AFTER.match(text, one.end))
