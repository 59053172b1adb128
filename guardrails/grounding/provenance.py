"""Finds the origin of each value in a drafted sentence: a source, the customer, or a computation that code can
repeat.

`trace` reads one sentence with its sources, what the customer wrote, and today's date. A value that nothing explains
has the origin "none"; one in a computation or comparison that the sentence itself gets wrong is "refuted".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from guardrails.base import Sentence
from guardrails.grounding.derived_amounts import derived_amount
from guardrails.grounding.derived_days import derived_day, spans_between
from guardrails.grounding.known_facts import Ground, Known, given, ground, known, month_ranges, terms
from guardrails.grounding.refuted_end_dates import Origins, wrong_ends
from guardrails.grounding.stated_values import stated
from guardrails.text.value_positions import Placed, placed
from guardrails.text.values import READ, plain
from guardrails.text.weekdays import beside, weekday_of, wrong_weekday
from guardrails.text.words import fold

Origin = Literal["source", "customer", "derived", "refuted", "none"]
_Origin = tuple[Literal["source", "customer", "derived"], str] | None
MOST = 60
"""Maximum number of values of one sentence that are examined; those after it stay unexplained."""
MOST_DERIVED = 16
"""Maximum number of values of one sentence that are derived."""
_LENGTHS = frozenset({"duration", "number", "date"})


@dataclass(frozen=True, slots=True)
class Traced:
    """A value as written, its kind (see `find_values`), its origin, and the explanation in words for people."""

    text: str
    kind: str
    origin: Origin
    how: str = ""

    @property
    def is_unexplained(self) -> bool:
        """Whether nothing explains the value, or the sentence itself gets it wrong."""
        return self.origin in ("none", "refuted")


def trace(sentence: Sentence, ticket_text: str, language: str, today: date | None) -> tuple[Traced, ...]:
    """Returns each value of a sentence with its origin, in the order of the sentence."""
    said = placed(sentence.text, language)
    facts = known(sentence, ticket_text, language, today)
    units = frozenset(term.unit for one in said[:MOST] for term in terms(one.value))
    found: dict[int, _Origin] = {at: stated(one.value, facts, units) for at, one in enumerate(said[:MOST])}
    text = plain(sentence.text[:READ])
    _derive(said, text, facts, found)
    wrong = _refuted(said[:MOST], text, facts, found)
    return tuple(_traced(one, wrong.get(at), found.get(at)) for at, one in enumerate(said))


def _traced(one: Placed, wrong: str | None, found: _Origin) -> Traced:
    if wrong:
        return Traced(one.value.text, one.value.kind, "refuted", wrong)
    origin, how = found or ("none", "")
    return Traced(one.value.text, one.value.kind, origin, how)


def _derive(said: Sequence[Placed], text: str, facts: Known, found: dict[int, _Origin]) -> None:
    """Derives the unexplained values from explained ones; a derived value helps to derive others."""
    left = [at for at, origin in found.items() if origin is None][:MOST_DERIVED]
    base, again = given(facts) if left else Ground(), True
    while again:
        again = False
        for at in (at for at in left if found[at] is None):
            explained = [said[other].value for other, origin in found.items() if origin]
            if how := _derivation(at, said, text, ground(base, explained)):
                found[at], again = ("derived", how), True


def _derivation(at: int, said: Sequence[Placed], text: str, base: Ground) -> str:
    value = said[at].value
    if value.kind == "date":
        if (dated := beside(at, said, text)) is not None:
            return weekday_of(value, said[dated].value, base.today)
        how = derived_day(value.keys, base)
        if how or value.text.isalpha():
            return how
    lengths = (*month_ranges(text), *spans_between(base)) if value.kind in _LENGTHS else ()
    return next(filter(None, (derived_amount(term, base.terms, lengths) for term in terms(value))), "")


def _refuted(said: Sequence[Placed], text: str, facts: Known, origins: Origins) -> Mapping[int, str]:
    """Returns the values that the sentence's own words prove wrong: their index, and an explanation with the right result."""
    return dict([*wrong_ends(said, text, facts, origins), *_weekdays(said, text, facts)])


def _weekdays(said: Sequence[Placed], text: str, facts: Known) -> Iterator[tuple[int, str]]:
    for at, one in enumerate(said):
        dated = beside(at, said, text)
        if dated is None or _echoed(said, text, facts, *sorted((at, dated))):
            continue
        if why := wrong_weekday(one.value, said[dated].value, facts.today):
            yield at, why


def _echoed(said: Sequence[Placed], text: str, facts: Known, first: int, last: int) -> bool:
    """Returns whether the customer or a source has the day in the same words: then the mistake is not the reply's own."""
    words = fold(text[said[first].start : said[last].end])
    return words in facts.ticket or facts.text.count(words) > 1
