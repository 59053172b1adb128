"""Which lines answer a question: the best one, what it cannot stand without, and what it must not stand without."""

from collections.abc import Sequence
from itertools import takewhile

from integrations.llms.extractive_bounds import bounded, holding_first
from integrations.llms.extractive_covers import WEIGHS, bounds_all, speaks_of_all, too_little
from integrations.llms.extractive_lines import Line
from integrations.llms.extractive_links import BULLET, IMPERATIVE, LIMITS, NEXT_STEP, NUMBERED, ONE_CASE, ONLY
from integrations.llms.extractive_question import Asked, Vocabulary
from integrations.llms.extractive_score import Scored, alike, best_first, same_question, scored

# Set by tests/cases/extractive: below these, silence is better.
_COVERS, _SCORE = 0.67, 0.56
_ALIKE = 0.25
_MOST, _MOST_WITH_LIMITS, _MOST_LISTED = 4, 6, 10

Passage = Sequence[Line]


def pick(asked: Asked, book: Sequence[Passage], known: Vocabulary, language: str) -> tuple[Line, ...]:
    """The lines of one answer in reading order; none where nothing answers well enough."""
    every = [scored(asked, line, known, language) for passage in book for line in passage]
    ranked = best_first([one for one in every if one is not None])
    for best in holding_first(asked, ranked, known, language)[:3]:
        span = _span(asked, best, ranked, book[best.line.passage], known, language)
        if span:
            return _with_bounds(asked, best, span, ranked, book, known, language)
    return ()


def _with_bounds(
    asked: Asked, best: Scored, span: tuple[Line, ...], ranked: Sequence[Scored], book: Sequence[Passage],
    known: Vocabulary, language: str,
) -> tuple[Line, ...]:  # fmt: skip
    """With what other passages say of the age or time that is named; none where they say too much."""
    others: dict[int, set[int]] = {}
    for line in bounded(asked, best, ranked, known, language) if asked.values else ():
        if line.passage != best.line.passage:
            others.setdefault(line.passage, set()).add(line.place)
    more = [line for passage, places in others.items() for line in _whole(places, book[passage], language)]
    return (*span, *more) if not more or len(span) + len(more) <= _MOST else ()


def _span(
    asked: Asked, best: Scored, ranked: Sequence[Scored], passage: Passage, known: Vocabulary, language: str
) -> tuple[Line, ...]:
    if best.covers < _COVERS or best.score < _SCORE or too_little(asked, best):
        return ()
    places = {best.line.place} | set(_likes(asked, best, ranked))
    if asked.want is not None and asked.want.name == "steps":
        places |= set(_steps(best.line, passage, language))
    if same_question(asked, best.line):
        places |= set(_whole_reply(best.line, passage))
    if asked.values:
        near = bounded(asked, best, ranked, known, language)
        places = {line.place for line in near if line.passage == best.line.passage} or places
    places |= _cases(asked, best, ranked, language)
    span = _whole(places, passage, language)
    return span if span and speaks_of_all(asked, span, known, language) and bounds_all(asked, span) else ()


def _cases(asked: Asked, best: Scored, ranked: Sequence[Scored], language: str) -> set[int]:
    """The lines on single cases that say by themselves all that is asked: "If you move, you can cancel earlier"."""
    heavy = {term.word.concept for term in asked.terms if term.weight >= WEIGHS}
    return {
        one.line.place
        for one in ranked
        if asked.want is None
        and len(heavy) > 1
        and one.line.passage == best.line.passage
        and heavy <= one.line.concepts
        and ONE_CASE[language].match(one.line.text)
    }


def _likes(asked: Asked, best: Scored, ranked: Sequence[Scored]) -> list[int]:
    """Neighbours that say the same of something else, where the question does not say which is meant."""
    same = [
        one.line.place
        for one in ranked
        if one.line.passage == best.line.passage
        and one.score >= best.score - 0.045
        and alike(one.line, best.line) >= _ALIKE
        and one.met == best.met
        and one.line.kind == best.line.kind
    ]
    near = sorted(place for place in same if abs(place - best.line.place) < _MOST)
    return near if len(near) <= _MOST else []


def _steps(line: Line, passage: Passage, language: str) -> list[int]:
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


def _whole_reply(line: Line, passage: Passage) -> list[int]:
    """The lines under the same question of the article, where they are few."""
    together = [other.quotable and other.asked == line.asked for other in passage]
    block = [line.place, *_run(together, line.place)]
    return block if len(block) <= _MOST else []


def _whole(places: set[int], passage: Passage, language: str) -> tuple[Line, ...]:
    """With antecedents, lead-ins, lists behind a colon and the limits that follow; none where that grows too long."""
    grown = _grown(places, passage, language)
    while grown != places:
        places, grown = grown, _grown(grown, passage, language)
    chosen = tuple(passage[place] for place in sorted(places))
    listed = any(line.kind in {"item", "lead"} for line in chosen)
    if len(chosen) > (_MOST_LISTED if listed else _MOST_WITH_LIMITS):
        return ()
    whole = all(line.quotable and not _dangling(line, places, passage) for line in chosen)
    return chosen if whole else ()


def _grown(places: set[int], passage: Passage, language: str) -> set[int]:
    needed = {line.needs for line in (passage[place] for place in places) if line.needs is not None}
    items = {item for place in places if passage[place].kind == "lead" for item in _listed(place, places, passage)}
    limits = {place + 1 for place in places if place + 1 < len(passage) and _limits(passage[place], passage[place + 1], language)}
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
