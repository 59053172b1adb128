"""Checks that each sentence follows from its sources and that every question is answered. A whole copy of a source
counts first, then the judge's verdict.

G150 not stated     hit: a judge finds the sentence in none of its sources. miss: a whole copy of a source.
G151 contradicted   hit: a judge says that the sources contradict it.
G152 beside         hit: supported by its sources, but no answer to the question.
G153 unjudged       hit: no copy, and no verdict from a judge that counts.
G154 open           hit: not every question is answered, or no judge has said so.
G155 uncited        hit: a sentence that names no source.
"""

from collections.abc import Iterator, Mapping

from guardrails.base import Finding, Judged, Level, Opinion, Options, Reply, Sentence, State, Word
from guardrails.grounding.copies import is_copy

NOT_STATED, CONTRADICTED, BESIDE, UNJUDGED, OPEN, UNCITED = (f"klark.G15{number}" for number in range(6))


def support(reply: Reply, options: Options) -> list[Finding]:
    """Returns the findings on support. All are HOLD, since a person can judge what is marked, and none may go out
    automatically."""
    judged = options.judged
    found = [one for place, each in enumerate(reply.sentences) for one in _of(place, each, judged.of(place))]
    if not reply.sections and not judged.answers_all:
        why = "not everything that was asked is answered" if judged.answered else "nobody has said whether it answers"
        found.append(Finding(OPEN, Level.HOLD, why, never_alone=True))
    return found


def state_of(sentence: Sentence, opinion: Opinion | None) -> State:
    """Returns how well a sentence is supported, given the judge's opinion that counts (`None` if there is none)."""
    if is_copy(sentence.text, sentence.sources):
        return "COPIED"
    if opinion is None:
        return "UNJUDGED"
    return _STATES[opinion.word]


_STATES: Mapping[Word, State] = {
    "supported": "SUPPORTED",
    "contradicted": "CONTRADICTED",
    "not_stated": "UNSUPPORTED",
}
_FINDINGS: Mapping[State, tuple[str, str]] = {
    "UNSUPPORTED": (NOT_STATED, "no source says this"),
    "CONTRADICTED": (CONTRADICTED, "its sources say otherwise"),
    "UNJUDGED": (UNJUDGED, "no judge has said whether its sources say this"),
}


def _of(place: int, sentence: Sentence, opinion: Opinion | None) -> Iterator[Finding]:
    state = state_of(sentence, opinion)
    if state in _FINDINGS:
        id_, why = _FINDINGS[state]
        yield Finding(id_, Level.HOLD, why, place, sentence.text, never_alone=True)
    elif opinion is not None and not opinion.relevant:
        yield Finding(BESIDE, Level.HOLD, "it does not answer what was asked", place, sentence.text, never_alone=True)
    if not sentence.sources:
        yield Finding(UNCITED, Level.HOLD, "it names no source", place, sentence.text, never_alone=True)


def is_supported(sentence: Sentence, opinion: Opinion | None) -> bool:
    """Returns whether a sentence is a copy or supported, cites a source, and helps to answer the question."""
    return not any(True for _ in _of(0, sentence, opinion))


def is_fit(reply: Reply, judged: Judged) -> bool:
    """Returns whether `is_supported` holds for every sentence and a trusted judge says that every question is answered."""
    pairs = enumerate(reply.sentences)
    return judged.answers_all and all(is_supported(each, judged.of(place)) for place, each in pairs)
