"""Finds comparisons that a sentence states and that are false: "at 14 months, still within the 12 months", "6 days
exceed 10 days"."""

import re

from guardrails.grounding.known_facts import Term, terms
from guardrails.grounding.refuted_end_dates import has_length
from guardrails.grounding.refuted_sums import Said, Wrong
from guardrails.text.value_positions import Placed

AGO = re.compile(r" ago\b", re.IGNORECASE)
_STATE = re.compile(
    r"(?:\bat|à|\bafter|\bhad it for|depuis|il y a|au bout de)(?: (?:only|exactly|about))? ?$", re.IGNORECASE
)
_YES = re.compile(
    r"\b(?:still|encore|toujours|in time|dans les temps|dans les délais|within|under warranty)\b", re.IGNORECASE
)
_GONE = re.compile(
    r"\b(?:no longer|n'est plus|n'êtes plus|too late|trop tard|expired|expirée?|out of warranty|hors garantie|(?:run|ran) out|"
    r"elapsed|écoulée?s?)\b",
    re.IGNORECASE,
)
_NO = re.compile(
    r"\b(?:not|no|never|non|ne|pas|plus|jamais|but|mais|however|expired|over|out|too late|trop tard|passé|dépassée?|only|except|"
    r"unless|sauf|if|si|que)\b|n't\b|\bn'",
    re.IGNORECASE,
)
_MORE = re.compile(
    r" (?:(?:\w+ ){0,2}(?:exceeds?|is (?:more|greater|higher|longer|larger|older|heavier) than|are more than|is over|is above|"
    r"dépasse(?:nt)?|est supérieure? à|excède|>)) ?(?:the |your |les? |la |limite de |limit of |maximum of |maximum de ){0,3}",
    re.IGNORECASE,
)
_LESS = re.compile(
    r" (?:(?:\w+ ){0,2}(?:is (?:less|lower|shorter|smaller|younger|lighter) than|are fewer than|is under|is below|"
    r"est inférieure? à|reste sous|tient dans|fits within|<)) ?(?:the |your |les? |la |limite de |limit of ){0,3}",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:not|no|never|ne|pas|n)\b", re.IGNORECASE)
_SCALES = {"s": 1.0, "month": 30.4 * 86_400, "workday": 86_400.0, "day but Sunday": 86_400.0}
_SLACK = 0.02
"""Relative tolerance, since months differ in length."""


def wrong_limits(said: Said) -> Wrong:
    """Yields the index of each wrongly compared value, with the actual comparison."""
    lengths = [at for at, one in enumerate(said.values) if has_length(one, said.text)]
    if len(lengths) == 2:
        yield from _held_against(said, lengths)
    if len(lengths) == 1:
        yield from _clocked(said, lengths[0])
    for at in range(len(said.values) - 1):
        yield from _side_by_side(said, at)


def _held_against(said: Said, lengths: list[int]) -> Wrong:
    """Compares the customer's length with the source's limit, if the sentence has no other lengths."""
    state = [at for at in lengths if said.origin(at) in ("customer", "derived") and _is_state(said, at)]
    limit = [at for at in lengths if at not in state and said.origin(at) == "source"]
    if len(state) != 1 or len(limit) != 1:
        return
    one, most = said.values[state[0]], said.values[limit[0]]
    if why := _judged(seconds(one), seconds(most), said.text, (one.value.text, most.value.text)):
        yield state[0], why


def _clocked(said: Said, length: int) -> Wrong:
    """Compares the time between two times of day with one length: "At 9:25 the 30 minutes of your 9:10 request had run out"."""
    times = [
        (at, key[1])
        for at, one in enumerate(said.values)
        for key in one.value.keys
        if key[0] == "time" and at != length
    ]
    if len(times) != 2 or not all(isinstance(minutes, (int, float)) for _, minutes in times):
        return
    gone = abs(float(times[0][1] or 0) - float(times[1][1] or 0)) * 60
    words = f"from {said.values[times[0][0]].value.text} to {said.values[times[1][0]].value.text}"
    most = said.values[length]
    if why := _judged(gone, seconds(most), said.text, (words, most.value.text)):
        yield length, why


def _judged(own: float, most: float, text: str, words: tuple[str, str]) -> str:
    if own > most * (1 + _SLACK) and _YES.search(text) and not _NO.search(text):
        return f"{words[0]} > {words[1]}"
    if own < most * (1 - _SLACK) and _GONE.search(text) and not _NO.search(_GONE.sub("", text)):
        return f"{words[0]} < {words[1]}"
    return ""


def _is_state(said: Said, at: int) -> bool:
    one = said.values[at]
    return bool(_STATE.search(said.text[max(0, one.start - 30) : one.start]) or AGO.match(said.text, one.end))


def _side_by_side(said: Said, at: int) -> Wrong:
    """Checks two values with only a comparison between them: "430 € is less than 400 €"."""
    between = said.between(at)
    sign = 1 if _MORE.fullmatch(between) else -1 if _LESS.fullmatch(between) else 0
    if not sign or _DENIED.search(between):
        return
    pairs = [_comparable(a, b) for a in terms(said.values[at].value) for b in terms(said.values[at + 1].value)]
    found = [pair for pair in pairs if pair is not None]
    if found and all((one - other) * sign < -_SLACK * max(one, other) for one, other in found):
        mark = "<" if sign > 0 else ">"
        yield at, f"{said.values[at].value.text} {mark} {said.values[at + 1].value.text}"


def _comparable(one: Term, other: Term) -> tuple[float, float] | None:
    if one.unit == other.unit:
        return one.number, other.number
    if one.unit in _SCALES and other.unit in _SCALES:
        return one.number * _SCALES[one.unit], other.number * _SCALES[other.unit]
    return None


def seconds(one: Placed) -> float:
    """Returns a length in seconds, with months of 30.4 days; 0 for what is no length."""
    return next((term.number * _SCALES[term.unit] for term in terms(one.value) if term.unit in _SCALES), 0.0)
