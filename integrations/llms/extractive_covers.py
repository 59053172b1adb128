"""Whether lines speak of all that is asked: of each word that weighs, of each age or time, of what "it" stands for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from integrations.llms.extractive_facts import OFFERED, SOMEWHERE
from integrations.llms.extractive_lines import Line
from integrations.llms.extractive_question import Asked
from integrations.llms.extractive_score import Scored, days_held, left_out
from integrations.llms.extractive_values import speaks
from integrations.llms.extractive_vocabulary import Vocabulary

_SOMEWHERE, _OFFERED = re.compile(SOMEWHERE, re.IGNORECASE), re.compile(OFFERED, re.IGNORECASE)
WEIGHS = 0.55
"""From this weight on a word of the question must be met."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A question with the lines that may answer it, best first, and the words of all passages."""

    asked: Asked
    ranked: Sequence[Scored]
    known: Vocabulary
    language: str


def speaks_of_all(sought: Sought, span: Sequence[Line]) -> bool:
    """Whether every word that weighs in what is asked stands in these lines or in what stands above them."""
    asked = sought.asked
    said = {concept for line in span for concept in line.concepts | line.around.keys()}
    said |= {concept for line in span for concept in left_out(asked, line, sought.known, sought.language)}
    said |= days_held(asked, span)
    if asked.meant and not asked.meant & said:
        return False
    return all(term.word.concept in said or term.weight < WEIGHS or term.also.keys() & said for term in asked.terms)


def bounds_all(asked: Asked, span: Sequence[Line]) -> bool:
    """Whether an age, a time or a length that the customer names is spoken of."""
    return all(any(speaks(line.text, value.kind) for line in span) for value in asked.values)


def says_it_is(asked: Asked, span: Sequence[Line]) -> bool:
    """Whether "where" gets a place or a channel, and "do you run …?" a sentence that says there is such a thing."""
    if asked.want is not None and asked.want.name == "place":
        return any(_SOMEWHERE.search(line.text) for line in span)
    if not asked.offered or any(asked.offered in line.concepts for line in span):
        return True
    return any(_OFFERED.search(line.text) for line in span)


def too_little(asked: Asked, best: Scored) -> bool:
    """Whether one word is all that a line has of the question, and says too little."""
    if asked.values:
        return False
    alone = len(best.met) == 1 and sum(term.weight >= WEIGHS for term in asked.terms) <= 1
    return (len(asked.terms) == 1 or alone) and _vague(asked, best)


def _only_says(asked: Asked) -> bool:
    """Whether a question names only the kind of fact: "How much does it cost?"."""
    return asked.want is not None and all(term.word.folded in asked.want.says for term in asked.terms)


def _vague(asked: Asked, best: Scored) -> bool:
    """One word in common is no answer, unless the title is about it, or the sentence is and holds the kind of fact asked
    for: "Doors open one hour before the show" does not say how long the show is."""
    concept = asked.terms[0].word.concept
    if asked.terms[0].word.named and concept in best.line.concepts:
        return False
    if asked.want is None and best.line.concepts and best.line.concepts <= {term.word.concept for term in asked.terms}:
        return False
    about = concept in {word.concept for word in best.line.words[:2]} and not _only_says(asked)
    fits = asked.want is not None and bool(asked.want.met.search(best.line.text)) and asked.want.without < 0.7 and about
    return not fits and best.line.around.get(concept, 0.0) == 0.0
