"""How well a line answers a question: what share of the question it covers, and what speaks against it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from integrations.llms.extractive_facts import CONDITION, TIME
from integrations.llms.extractive_lexicon import COUNTRIES
from integrations.llms.extractive_lines import Line
from integrations.llms.extractive_links import ANSWERS_YES_NO, COVERS_ALL, EXCLUSIVE, IMPERATIVE
from integrations.llms.extractive_question import TOLD, Asked, Term
from integrations.llms.extractive_values import holds, speaks
from integrations.llms.extractive_vocabulary import Vocabulary
from integrations.llms.extractive_words import fold

_SYNONYM = 0.85
_TIGHT = 0.75
_ABOVE = 0.7
_NO_CONDITION = 0.5
_CONDITION = re.compile(CONDITION, re.IGNORECASE)
_STORY = 0.15
_ALL_SAID = 0.97
_VALUE = 1.0


@dataclass(frozen=True, slots=True)
class Scored:
    """`covers` is the share of the question met (0 to 1) by what the line says; `score` counts all else too."""

    line: Line
    covers: float
    score: float
    met: frozenset[str]


def scored(asked: Asked, line: Line, known: Vocabulary, language: str) -> Scored | None:
    """`None` for a line that must not answer this question."""
    same = same_question(asked, line)
    if (
        not line.quotable
        or not asked.weight
        or _about_another(asked, line, known, language)
        or (line.kind == "reply" and not same)
    ):
        return None
    if ANSWERS_YES_NO[language].fullmatch(line.text):
        return None
    shares = {term.word.concept: _share(term, line) for term in asked.terms}
    got = sum(term.weight * shares[term.word.concept] for term in asked.terms)
    got += _VALUE * sum(speaks(line.text, value.kind) for value in asked.values)
    covers = got / (_whole(asked, line, known, language) + _VALUE * len(asked.values))
    if not (
        line.concepts & shares.keys()
        or same
        or days_held(asked, [line])
        or _bounds(asked, line)
        or _goes_on(asked, line)
    ):
        return None
    score = covers * _fit(asked, line) + _extras(asked, line, known) - _other_dealing(asked, line, known, covers)
    return Scored(line, covers, score, frozenset(concept for concept, share in shares.items() if share))


def _bounds(asked: Asked, line: Line) -> bool:
    return any(speaks(line.text, value.kind) for value in asked.values)


def _goes_on(asked: Asked, line: Line) -> bool:
    """Whether a line gives the fact asked for about what the line before it names."""
    heavy = [term for term in asked.terms if term.weight > TOLD]
    covered = all(line.around.get(term.word.concept, 0.0) >= _ABOVE for term in heavy)
    if asked.want is not None and asked.want.met.search(line.text) and _names_the_fact(asked, line):
        return covered
    fits = (
        asked.want.met.search(line.text)
        if asked.want is not None
        else asked.asks_who_may and _CONDITION.search(line.text)
    )
    return line.needs is not None and bool(fits) and len(heavy) > 1 and covered


def _fit(asked: Asked, line: Line) -> float:
    if asked.asks_who_may and not asked.values and not _CONDITION.search(line.text):
        return _NO_CONDITION
    return 1.0 if asked.want is None or asked.want.met.search(line.text) else asked.want.without


def _names_the_fact(asked: Asked, line: Line) -> bool:
    """Whether a line calls the fact by the name that the question has for it: "Le délai est de 3 jours."."""
    return bool(asked.fact_nouns) and bool(asked.fact_nouns & set(re.findall(r"\w+", fold(line.text))))


def same_question(asked: Asked, line: Line) -> bool:
    """Whether the article's own question above this line is the customer's."""
    if not line.asked:
        return False
    concepts = {term.word.concept: term.weight for term in asked.terms}
    theirs = sum(concepts.get(concept, 0.0) for concept in line.asked | line.around.keys()) / (asked.weight or 1)
    return theirs >= _TIGHT and len(line.asked & concepts.keys()) / len(line.asked) >= _TIGHT


def alike(left: Line, right: Line) -> float:
    """Share of words two lines have in common: the same sentence about something else scores high."""
    one, two = left.concepts, right.concepts
    return len(one & two) / (len(one | two) or 1)


def _share(term: Term, line: Line) -> float:
    if term.word.stem in line.stems or (term.day is not None and holds(line.text, term.day)):
        return term.share
    if term.word.concept in line.concepts:
        return term.share * _SYNONYM
    around = term.share * line.around.get(term.word.concept, 0.0)
    return max(around, *(worth for other, worth in term.also.items() if other in line.concepts), 0.0)


def _whole(asked: Asked, line: Line, known: Vocabulary, language: str) -> float:
    """The question's weight; what "any item" covers need not be named, what nobody knows of the story weighs little."""
    slack = 0.4 if COVERS_ALL[language].search(line.text) else 1.0
    without = left_out(asked, line, known, language)
    return sum(term.weight * _weighed(term, line, slack) for term in asked.terms if term.word.concept not in without)


def _weighed(term: Term, line: Line, slack: float) -> float:
    if not term.met:
        return slack if term.weight == 1.0 else _STORY
    return 1.0 if term.weight > TOLD or _share(term, line) else _STORY


def left_out(asked: Asked, line: Line, known: Vocabulary, language: str) -> frozenset[str]:
    """Names asked about that a line leaves out by naming the only ones: "only in the Unlimited plan"."""
    named = {word.concept for word in line.words if word.named}
    if asked.want is not None or not named or not EXCLUSIVE[language].search(line.text):
        return frozenset()
    names = {
        term.word.concept for term in asked.terms if term.word.concept in known.names and not _is_when_or_where(term)
    }
    return (
        frozenset(names - line.concepts) if line.concepts & {term.word.concept for term in asked.terms} else frozenset()
    )


def days_held(asked: Asked, lines: Sequence[Line]) -> frozenset[str]:
    """The days of the week asked about that lie within what the lines say: a Tuesday in "Monday to Friday"."""
    days = ((term.word.concept, term.day) for term in asked.terms if term.day is not None)
    return frozenset(concept for concept, day in days if any(holds(line.text, day) for line in lines))


def _is_when_or_where(term: Term) -> bool:
    return term.word.folded in COUNTRIES or bool(re.search(TIME, term.word.folded))


def _about_another(asked: Asked, line: Line, known: Vocabulary, language: str) -> bool:
    """A name that was asked for is missing, and counts; or another name stands in its place."""
    said = line.concepts.union(line.around)
    said |= left_out(asked, line, known, language) | days_held(asked, [line])
    missing = [term for term in asked.terms if term.word.concept not in said]
    foreign = (known.names & said) - {term.word.concept for term in asked.terms}
    return any(
        _decides(term, said, known) if term.must else foreign and term.word.concept in known.names for term in missing
    )


def _decides(term: Term, said: frozenset[str], known: Vocabulary) -> bool:
    return term.weight >= 0.4 or bool(said & known.countries)


def _extras(asked: Asked, line: Line, known: Vocabulary) -> float:
    wanted = {term.word.concept for term in asked.terms}
    said = line.concepts | line.around.keys()
    elsewhere = sum(term.weight for term in asked.terms if term.met and term.word.concept not in said)
    foreign = {word.concept for word in line.words if word.folded in COUNTRIES or word.concept in known.names} - wanted
    return (
        0.03 * _pairs(asked, line)
        + 0.05 / (1 + line.passage)
        + (0.04 if same_question(asked, line) else 0.0)
        + (0.35 if _names_the_fact(asked, line) else 0.0)
        + (0.15 if asked.want is not None and asked.want.name == "steps" and IMPERATIVE.match(line.text) else 0.0)
        - 0.15 * elsewhere / asked.weight
        - min(0.12, 0.04 * len(foreign))
        - (0.05 if len(line.words) > 40 else 0.0)
        - (0.08 if asked.want is None and line.kind == "item" else 0.0)
    )


def _other_dealing(asked: Asked, line: Line, known: Vocabulary, covers: float) -> float:
    """A line about a return does not answer a question about an order, unless it says all that is asked as well."""
    wanted = {term.word.concept for term in asked.terms}
    if not (line.concepts & known.dealings) - wanted:
        return 0.0
    return 0.45 if covers < _ALL_SAID else 0.06


def _pairs(asked: Asked, line: Line) -> int:
    """Neighbouring words of the question that are neighbours in the line too (3 at most)."""
    order = [word.concept for word in line.words]
    mine = set(pairwise(order))
    theirs = [term.word.concept for term in asked.terms]
    return min(3, sum(pair in mine for pair in pairwise(theirs)))


def best_first(found: Sequence[Scored]) -> list[Scored]:
    """By score; the earlier line where two are equal."""
    return sorted(found, key=lambda one: (-one.score, one.line.passage, one.line.place))
