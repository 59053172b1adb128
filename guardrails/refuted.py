"""Computations and comparisons that a sentence itself states, and that are false. Silent wherever there is doubt.

A weekday that the date does not have; an end that is not the start and the length; a product or a sum that is written out
wrong; a remainder that is not the difference; "still" beyond the limit, or "no longer" within it.
"""

import re
from collections.abc import Mapping, Sequence

from guardrails.known import Known, terms
from guardrails.placed import Placed
from guardrails.refuted_ends import Origins, has_length, wrong_ends
from guardrails.refuted_sums import Said, Wrong, wrong_sums
from guardrails.weekdays import beside, wrong_weekday

_LEFT_BEFORE = re.compile(
    r"\b(?:rest(?:e|ent|era|eront)|left with|leav(?:e|es|ing)|remain(?:s|ing)?|place pour|room for|space for|"
    r"still (?:have|has))\b(?:[ '](?!et\b|and\b)\w{1,12}){0,4} ?$",
    re.IGNORECASE,
)
_LEFT_AFTER = re.compile(
    r" ?(?:\w+ ){0,2}?(?:left|remaining|to go|more|restante?s?|de plus|de reste|autres)\b", re.IGNORECASE
)
_STATE = re.compile(
    r"(?:\bat|à|\bafter|\bafter having it for|depuis|il y a|au bout de)(?: (?:only|exactly|about))? ?$", re.IGNORECASE
)
_AGO = re.compile(r" ago\b", re.IGNORECASE)
_YES = re.compile(
    r"\b(?:still|encore|toujours|in time|dans les temps|dans les délais|within|under warranty)\b", re.IGNORECASE
)
_NO = re.compile(
    r"\b(?:not|no|never|non|ne|pas|plus|jamais|but|mais|however|expired|over|out|too late|trop tard|passé|dépassée?|only|except|"
    r"unless|sauf|if|si|que)\b|n't\b|\bn'",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"\b(?:no longer|n'est plus|n'êtes plus|too late|trop tard|expired|expirée?|out of warranty|hors garantie)\b",
    re.IGNORECASE,
)
_MONTH = 30.4 * 86_400


def refuted(values: Sequence[Placed], text: str, facts: Known, origins: Origins) -> Mapping[int, str]:
    """The values that are wrong by the sentence's own words, by index, with what is right."""
    said = Said(values, text, origins)
    return dict(
        [
            *_compared(said),
            *_remainders(said),
            *wrong_sums(said),
            *wrong_ends(values, text, facts, origins),
            *_weekdays(said, facts),
        ]
    )


def _weekdays(said: Said, facts: Known) -> Wrong:
    for at, one in enumerate(said.values):
        dated = beside(at, said.values, said.text)
        if dated is not None and (why := wrong_weekday(one.value, said.values[dated].value, facts.today)):
            yield at, why


def _remainders(said: Said) -> Wrong:
    """ "Up to 10,000, so with your 7,200 there is room for 3,800 more": one of three, explained by nothing else."""
    for at, one in enumerate(said.values):
        if said.origin(at) or one.start < 0 or not _is_left(one, said.text):
            continue
        for term in terms(one.value):
            others = [
                each
                for other in said.values
                if other is not one
                for each in terms(other.value)
                if each.unit == term.unit
            ]
            if len(others) == 2 and abs(abs(others[0].number - others[1].number) - term.number) > 1e-6:
                big, small = sorted(others, key=lambda each: -each.number)
                yield at, f"{big.words} - {small.words} is not {term.words}"


def _is_left(one: Placed, text: str) -> bool:
    return bool(_LEFT_BEFORE.search(text[max(0, one.start - 60) : one.start]) or _LEFT_AFTER.match(text, one.end))


def _compared(said: Said) -> Wrong:
    """ "At 14 months, still within the 12 months": the customer's length beside the source's limit, and nothing else."""
    lengths = [at for at, one in enumerate(said.values) if has_length(one, said.text)]
    if len(lengths) != 2:
        return
    state = [at for at in lengths if said.origin(at) in ("customer", "derived") and _is_state(said, at)]
    limit = [at for at in lengths if at not in state and said.origin(at) == "source"]
    if len(state) != 1 or len(limit) != 1:
        return
    own, most = (_seconds(said.values[at]) for at in (state[0], limit[0]))
    words = f"{said.values[state[0]].value.text} {{}} {said.values[limit[0]].value.text}"
    if own > most * 1.02 and _YES.search(said.text) and not _NO.search(said.text):
        yield state[0], words.format(">")
    if own < most * 0.98 and _GONE.search(said.text) and len(_NO.findall(_GONE.sub("", said.text))) == 0:
        yield state[0], words.format("<")


def _is_state(said: Said, at: int) -> bool:
    one = said.values[at]
    return bool(_STATE.search(said.text[max(0, one.start - 30) : one.start]) or _AGO.match(said.text, one.end))


def _seconds(one: Placed) -> float:
    scale = {"s": 1.0, "month": _MONTH, "workday": 86_400.0, "day but Sunday": 86_400.0}
    return next(term.number * scale[term.unit] for term in terms(one.value) if term.unit in scale)
