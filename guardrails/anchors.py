"""Does a claim keep on which side of an event its source stands: before it, after it, within so long of it?

"5 days after the parcel has arrived" is not "before the parcel has arrived", and "within 30 days of delivery" not "30 days
after delivery". Words of time are compared where both texts tie them to the same event or the same figure.
"""

import re
from typing import Literal

from guardrails.doubt import Doubt
from guardrails.support import Evidence
from guardrails.values import find_values, stands_in
from guardrails.vocabulary import word_set
from guardrails.words import Reading, fold

Side = Literal["AFTER", "BEFORE", "EARLIER", "OF"]

_AFTER = word_set("after following apres suivant suivants")
_BEFORE = word_set("before preceding prior until till ahead avant precedant precedants jusque")
_OF = word_set("of de du des d")
_BREAKS = word_set(", ; : . ! ? ( ) — and et but mais")
_UNITS = re.compile(
    r"(?:days?|hours?|weeks?|months?|years?|jours?|heures?|h|semaines?|mois|ans?|annees?|ouvres?|ouvrables?)"
)
REACH = 6
"""Tokens between a word of time and the event that it speaks of, at most."""
LAST = "·"
"""Stands for the event where a word of time ends its clause: "a month before"."""

# "Before" with a figure in front measures; without one ("before delivery") it excludes all that comes after.
_AGAINST: frozenset[frozenset[Side]] = frozenset(
    {frozenset({"AFTER", "BEFORE"}), frozenset({"AFTER", "EARLIER"}), frozenset({"OF", "EARLIER"})}
)

_WITHIN = re.compile(
    r"\b(?:within|inside|in|sous|dans les|dans un delai de|endeans)(?: the| les)?(?: first| next| last)? $"
)
_UP_TO = re.compile(r"\b(?:up to|until|jusqu'?a|at least|no later than|au moins|minimum|au plus tard) $")
_TAIL = re.compile(
    r"^ ?(?:calendar |working |business |ouvres? )?(after|following|apres|suivant|before|avant|of|de|du|d)\b"
)
# What makes a span of "30 days after": "you have 30 days after delivery", "the period ends 30 days after".
_WINDOW = re.compile(
    r"\b(?:have|has|gives?|avez|disposez|dispose|aurez|period|window|delai|during|pendant|durant|most|maximum|max|latest|tard|"
    r"ends?|expires?|expire|until|jusqu|limit\w*|deadline|runs?|lasts?|dure|up to|for|over|court|first|premiers?|au plus|"
    r"later|than|within|sous|dans)\b"
)


def misplaced(evidence: Evidence) -> Doubt | None:
    """An event on whose other side the claim stands, or a span that became a moment, or the reverse."""
    if not evidence.pool or any(
        bool(reading.negators) != bool(evidence.claim.negators) for reading in evidence.pool[:1]
    ):
        return None
    return _other_side(evidence) or _other_span(evidence)


def _other_side(evidence: Evidence) -> Doubt | None:
    theirs: dict[str, set[Side]] = {}
    for reading in evidence.pool:
        for event, sides in _sides(reading).items():
            theirs.setdefault(event, set()).update(sides)
    for event, ours in _sides(evidence.claim).items():
        said = theirs.get(event, set())
        if said and all(frozenset((one, other)) in _AGAINST for one in ours for other in said):
            words = "its end" if event == LAST else event
            return Doubt("time", event, f'the reply stands on the other side of "{words}" than the source')
    return None


def _sides(reading: Reading) -> dict[str, set[Side]]:
    """Each event that a word of time speaks of, with its sides."""
    found: dict[str, set[Side]] = {}
    for place, token in enumerate(reading.plain):
        side = _side(reading.plain, place, token)
        event = _event(reading, place) if side else ""
        if side and event:
            found.setdefault(event, set()).add(side)
    return found


def _side(plain: tuple[str, ...], place: int, token: str) -> Side | None:
    measured = place > 0 and bool(_UNITS.fullmatch(plain[place - 1]))
    if token in _AFTER:
        return "AFTER"
    if token in _BEFORE:
        return "BEFORE" if measured else "EARLIER"
    return "OF" if token in _OF and measured else None


def _event(reading: Reading, place: int) -> str:
    """The stem of what comes next; none where a figure or another clause comes first."""
    for at in range(place + 1, min(place + REACH, len(reading.plain))):
        if reading.plain[at] in _BREAKS:
            return LAST if at == place + 1 else ""
        if reading.plain[at][0].isdigit():
            return ""
        if word := next((word for word in reading.words if word.place == at and not word.light), None):
            return word.stem
    return ""


def _other_span(evidence: Evidence) -> Doubt | None:
    theirs = find_values(evidence.pool[0].text, evidence.language)
    for value in find_values(evidence.claim.text, evidence.language):
        other = next((one for one in theirs if value.kind == "duration" and stands_in(value, (one,))), None)
        if other and _differ(
            _span(evidence.claim.text, value.text), _span(evidence.pool[0].text, other.text), evidence
        ):
            return Doubt("time", value.text, f'"{value.text}" is a span in one text, a moment in the other')
    return None


def _span(text: str, words: str) -> tuple[str, str]:
    """How a duration is led in and what follows: ("within", "after")."""
    before, _, after = " ".join(fold(text).split()).partition(fold(words))
    lead = "within" if _WITHIN.search(before) else "up to" if _UP_TO.search(before) else ""
    tail = _TAIL.match(after)
    side = "" if tail is None else "before" if tail[1] in _BEFORE else "of" if tail[1] in _OF else "after"
    return lead, side


def _differ(ours: tuple[str, str], theirs: tuple[str, str], evidence: Evidence) -> bool:
    if theirs[1] == "before":
        return (ours[0] == "within") != (theirs[0] == "within") and (ours[1] == "before" or ours == ("within", "of"))
    spanned = theirs[0] == "within" and theirs[1] in {"after", "of"}
    return spanned and ours == ("", "after") and not _WINDOW.search(fold(evidence.claim.text))
