"""Which lines answer a question: the best one, what it cannot stand without, and what it must not stand without."""

from collections.abc import Sequence

from integrations.llms.extractive_bounds import bounded, holding_first
from integrations.llms.extractive_covers import WEIGHS, Sought, bounds_all, says_it_is, speaks_of_all, too_little
from integrations.llms.extractive_figures import figures_of, told
from integrations.llms.extractive_lines import Line
from integrations.llms.extractive_links import ONE_CASE
from integrations.llms.extractive_question import Asked
from integrations.llms.extractive_score import Scored, alike, best_first, same_question, scored
from integrations.llms.extractive_values import holds
from integrations.llms.extractive_vocabulary import Vocabulary
from integrations.llms.extractive_whole import MOST, Passage, steps, whole, whole_reply

# Set by tests/cases/extractive: below these, silence is better.
_COVERS, _SCORE = 0.67, 0.56
_ALIKE, _EQUAL = 0.25, 0.045
_TRIED = 3
CLOSE = 2


def pick(asked: Asked, book: Sequence[Passage], known: Vocabulary, language: str) -> tuple[Line, ...]:
    """The lines of one answer in reading order; none where nothing answers well enough."""
    every = [scored(asked, line, known, language) for passage in book for line in passage]
    sought = Sought(asked, best_first([one for one in every if one is not None]), known, language)
    for best in holding_first(sought)[:_TRIED]:
        span = _span(sought, best, book[best.line.passage])
        if span:
            return _with_bounds(sought, best, span, book)
    return ()


def _with_bounds(sought: Sought, best: Scored, span: tuple[Line, ...], book: Sequence[Passage]) -> tuple[Line, ...]:
    """With what other passages say of the age or time that is named; none where they say too much."""
    others: dict[int, set[int]] = {}
    for line in bounded(sought, best):
        if line.passage != best.line.passage:
            others.setdefault(line.passage, set()).add(line.place)
    more = [line for passage, places in others.items() for line in whole(places, book[passage], sought.language)]
    return (*span, *more) if not more or len(span) + len(more) <= MOST else ()


def _span(sought: Sought, best: Scored, passage: Passage) -> tuple[Line, ...]:
    if best.covers < _COVERS or best.score < _SCORE or too_little(sought.asked, best):
        return ()
    span = whole(_places(sought, best, passage), passage, sought.language)
    answers = speaks_of_all(sought, span) and bounds_all(sought.asked, span) and says_it_is(sought.asked, span)
    return span if span and answers else ()


def _places(sought: Sought, best: Scored, passage: Passage) -> set[int]:
    asked = sought.asked
    if asked.values:
        near = {line.place for line in bounded(sought, best) if line.passage == best.line.passage}
        return near | _cases(sought, best) | _otherwise(sought, near, passage) if near else near
    places = {best.line.place, *_likes(sought, best), *_cases(sought, best), *_other_price(sought, best, passage)}
    if asked.want is not None and asked.want.name == "steps":
        places |= set(steps(best.line, passage, sought.language))
    if same_question(asked, best.line):
        places |= set(whole_reply(best.line, passage))
    return places | _figures(sought.asked, best, passage)


def _figures(asked: Asked, best: Scored, passage: Passage) -> set[int]:
    """The lines close by that give the very figure that the customer names, as in "16 amps" and "16 A": without them the
    answer is about another case."""
    figures = figures_of(asked.text)
    if not figures or any(told(best.line.text, figure) for figure in figures):
        return set()
    close = passage[max(best.line.place - CLOSE, 0) : best.line.place + CLOSE + 1]
    return {line.place for line in close if line.quotable and any(told(line.text, figure) for figure in figures)}


def _otherwise(sought: Sought, near: set[int], passage: Passage) -> set[int]:
    """What follows a bound that does not hold the value: "Above that, …"."""
    held = any(holds(passage[place].text, value) for place in near for value in sought.asked.values)
    return set() if held else {line.place for line in passage if line.needs in near}


def _other_price(sought: Sought, best: Scored, passage: Passage) -> set[int]:
    """The line that follows, where it gives the price of one case: "If it is lost, it costs 25 €."."""
    want, place = sought.asked.want, best.line.place + 1
    if want is None or want.name != "money" or place >= len(passage):
        return set()
    line = passage[place]
    goes_on = line.needs == best.line.place or bool(ONE_CASE[sought.language].match(line.text))
    return {place} if goes_on and line.quotable and want.met.search(line.text) else set()


def _cases(sought: Sought, best: Scored) -> set[int]:
    """The lines on single cases that say by themselves all that is asked: "If you move, you can cancel earlier"."""
    heavy = {term.word.concept for term in sought.asked.terms if term.weight >= WEIGHS}
    if sought.asked.want is not None or len(heavy) < 2:
        return set()
    case = ONE_CASE[sought.language]
    return {line.place for line in _beside(sought, best) if heavy <= line.concepts and case.match(line.text)}


def _beside(sought: Sought, best: Scored) -> list[Line]:
    return [one.line for one in sought.ranked if one.line.passage == best.line.passage]


def _likes(sought: Sought, best: Scored) -> list[int]:
    """Neighbours that say the same of something else, where the question does not say which is meant."""
    same = [
        one.line.place
        for one in sought.ranked
        if one.line.passage == best.line.passage
        and one.score >= best.score - _EQUAL
        and alike(one.line, best.line) >= _ALIKE
        and one.met == best.met
        and one.line.kind == best.line.kind
    ]
    near = sorted(place for place in same if abs(place - best.line.place) < MOST)
    return near if len(near) <= MOST else []
