"""What lines need beside them: antecedents, lead-ins, whole lists and steps, the limits that follow."""

from collections.abc import Sequence
from itertools import takewhile

from integrations.llms.extractive_lines import Line
from integrations.llms.extractive_links import BULLET, IMPERATIVE, LIMITS, NEXT_STEP, NUMBERED, ONLY

MOST, _MOST_WITH_LIMITS, _MOST_LISTED = 4, 6, 10

Passage = Sequence[Line]


def whole(places: set[int], passage: Passage, language: str) -> tuple[Line, ...]:
    """With antecedents, lead-ins, lists behind a colon and the limits that follow; none where that grows too long."""
    grown = _grown(places, passage, language)
    while grown != places:
        places, grown = grown, _grown(grown, passage, language)
    chosen = tuple(passage[place] for place in sorted(places))
    listed = any(line.kind in {"item", "lead"} for line in chosen)
    if len(chosen) > (_MOST_LISTED if listed else _MOST_WITH_LIMITS):
        return ()
    stands = all(line.quotable and not _dangling(line, places, passage) for line in chosen)
    return chosen if stands else ()


def _grown(places: set[int], passage: Passage, language: str) -> set[int]:
    needed = {line.needs for line in (passage[place] for place in places) if line.needs is not None}
    items = {item for place in places if passage[place].kind == "lead" for item in _listed(place, places, passage)}
    limits = {
        place + 1
        for place in places
        if place + 1 < len(passage) and _limits(passage[place], passage[place + 1], language)
    }
    return places | needed | items | limits


def _listed(lead: int, places: set[int], passage: Passage) -> list[int]:
    """A colon promises something: the whole list, unless single lines of it were chosen."""
    items = [line.place for line in passage if line.kind == "item" and line.needs == lead]
    if places & set(items):
        return []
    follows = [lead + 1] if lead + 1 < len(passage) and passage[lead + 1].quotable else []
    return items or follows


def _dangling(line: Line, places: set[int], passage: Passage) -> bool:
    """A lead-in with nothing behind it."""
    led = line.place + 1 in places or any(passage[other].needs == line.place for other in places)
    return line.kind == "lead" and not led


def _limits(line: Line, following: Line, language: str) -> bool:
    """Whether the line that follows limits a line; one with "only" does where they have a word in common."""
    if following.kind != "plain" or not LIMITS[language].match(following.text):
        return False
    return bool(line.concepts & following.concepts) or not ONLY.match(following.text)


def steps(line: Line, passage: Passage, language: str) -> list[int]:
    """The steps before and after a step, in one run; what a step brings about may stand before "then"."""
    steps = [_step(other, line, language) for other in passage]
    then = [bool(NEXT_STEP[language].match(_bare(other))) for other in passage]
    belongs = [
        step or (other.quotable and later)
        for step, other, later in zip(steps, passage, [*then[1:], False], strict=True)
    ]
    if not belongs[line.place]:
        return []
    return _run(belongs, line.place)


def _run(belongs: Sequence[bool], place: int) -> list[int]:
    """The places on both sides of `place`, as far as all belong."""
    before = takewhile(lambda other: belongs[other], range(place - 1, -1, -1))
    after = takewhile(lambda other: belongs[other], range(place + 1, len(belongs)))
    return [*before, *after]


def _step(other: Line, line: Line, language: str) -> bool:
    if other.kind == "item":
        return line.kind in {"item", "lead"}
    if other.kind not in {"plain", "reply"} or other.asked != line.asked:
        return False
    return bool(NEXT_STEP[language].match(_bare(other)) or IMPERATIVE.match(_bare(other)))


def _bare(line: Line) -> str:
    return NUMBERED.sub("", BULLET.sub("", line.text))


def whole_reply(line: Line, passage: Passage) -> list[int]:
    """The lines under the same question of the article, where they are few."""
    together = [other.quotable and other.asked == line.asked for other in passage]
    block = [line.place, *_run(together, line.place)]
    return block if len(block) <= MOST else []
