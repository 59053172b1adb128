"""Finds what a sentence itself gets wrong: weekdays that do not match their date, ends that do not match start and length.
Reports nothing where there is doubt."""

from collections.abc import Iterator, Mapping, Sequence

from guardrails.grounding.known_facts import Known
from guardrails.grounding.refuted_end_dates import Origins, wrong_ends
from guardrails.text.value_positions import Placed
from guardrails.text.weekdays import beside, wrong_weekday
from guardrails.text.words import fold


def refuted(said: Sequence[Placed], text: str, facts: Known, origins: Origins) -> Mapping[int, str]:
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
