"""What a customer asks: explicit questions and implicit requests, in English and French; others by their marks.

`questions("Bonjour, mon colis n'est pas arrivé. Où est-il ? Merci", "fr")` is
`("mon colis n'est pas arrivé. Où est-il ?",)`. Linear in the text, of which `READ` characters are read.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, auto
from itertools import zip_longest

from guardrails.sentences import split_sentences
from guardrails.words import fold, is_content, stem
from klark.steps.asking import (
    ADDRESSED,
    AFTER_QUESTION,
    ASKING,
    COURTESY,
    EMBEDDED,
    NOT_SPLITTING,
    NUMBER,
    POINTS_BACK,
    PROBLEM,
    REQUEST,
    SPLIT,
)

READ = 12_000
MOST = 5
_TELLING = 3
"""Content words from which on a problem is understood without the sentence before it."""
LONGEST = 400
"""Characters of a question with the statement that goes with it."""


class Part(IntEnum):
    """What a sentence does."""

    COURTESY = auto()
    STATEMENT = auto()
    PROBLEM = auto()
    REQUEST = auto()
    QUESTION = auto()


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and what it does."""

    text: str
    part: Part


def questions(text: str, language: str | None = None) -> tuple[str, ...]:
    """At most `MOST` questions and requests in the order they stand, each with the statement that carries its problem.

    Never empty where there is a sentence with content: then the text itself is what is asked.
    """
    sentences = list(_sentences(text[:READ], language or ""))
    content = [said for said in map(_read, sentences) if said.part is not Part.COURTESY]
    asked = list(_asked(content, language or "")) or _remainder(content, sentences)
    return tuple(dict.fromkeys(each[:LONGEST].strip() for each in asked))[:MOST]


def substance(text: str, language: str | None = None) -> str:
    """The text without greetings, thanks and farewells; all of it where nothing else is there."""
    said = map(_read, _sentences(text[:READ], language or ""))
    return " ".join(each.text for each in said if each.part is not Part.COURTESY) or text


def _sentences(text: str, language: str) -> Iterator[str]:
    """Sentences without list numbers; in quick writing the next one begins small after a question mark."""
    for sentence in split_sentences(text, language):
        for piece in AFTER_QUESTION.split(NUMBER.sub("", sentence)):
            if piece.strip():
                yield piece.strip()


def _has_content(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _remainder(content: Sequence[Said], sentences: Sequence[str]) -> list[str]:
    """Where nothing is asked: what is stated, else the first sentence that has words."""
    stated = [each.text for each in content] or [each for each in sentences if _has_content(each)][:1]
    return [" ".join(stated)] if stated else []


def _read(sentence: str) -> Said:
    text = _ungreeted(sentence)
    words = fold(text)
    part = next((part for part, applies in _KINDS if applies(text, words)), Part.STATEMENT)
    return Said(text, part)


def _ungreeted(sentence: str) -> str:
    """The sentence without its greeting; folding keeps the length of what a greeting is made of."""
    greeting = ADDRESSED.match(_flat(sentence))
    return sentence[greeting.end() :].strip() if greeting else sentence


def _flat(sentence: str) -> str:
    folded = fold(sentence)
    return folded if len(folded) == len(sentence) else sentence.lower()


def _is_courtesy(text: str, words: str) -> bool:
    if not _has_content(text) or COURTESY.match(words):
        return True
    return "?" not in text and len(words.split()) <= 3 and text.istitle() and not PROBLEM.search(words)


def _is_question(text: str, words: str) -> bool:
    return text.rstrip(" \"'»)!").endswith("?") or bool(ASKING.match(words)) or bool(EMBEDDED.search(words))


_KINDS = (
    (Part.COURTESY, _is_courtesy),
    (Part.QUESTION, _is_question),
    (Part.REQUEST, lambda _, words: bool(REQUEST.search(words))),
    (Part.PROBLEM, lambda _, words: bool(PROBLEM.search(words))),
)


def _asked(content: Sequence[Said], language: str) -> Iterator[str]:
    """Each question with the statement before it that it needs; a problem that no question follows is one itself."""
    before: list[Said] = []
    for each, following in zip_longest(content, content[1:]):
        if each.part < Part.REQUEST or _leads_to(each, following, language):
            before.append(each)
            continue
        first, *others = _split(each, language)
        yield _joined(before, first)
        yield from others
        before = []
    yield from _left_over(before)


def _leads_to(request: Said, following: Said | None, language: str) -> bool:
    """Whether a request only says what the question after it is about: "I want to cancel. Until when can I cancel?"."""
    if request.part is not Part.REQUEST or following is None or following.part is not Part.QUESTION:
        return False
    return bool(_stems(request.text, language) & _stems(following.text, language))


def _stems(text: str, language: str) -> frozenset[str]:
    return frozenset(stem(word, language) for word in _content_words(text))


def _content_words(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W_]+", text.lower()) if is_content(word)]


def _split(said: Said, language: str) -> list[str]:
    """The questions within one sentence: "How much is it and when does it come?"."""
    words = _flat(said.text)
    if said.part is not Part.QUESTION or NOT_SPLITTING.search(words):
        return [said.text]
    starts = [match.span() for match in SPLIT.finditer(words)]
    ends = [start for start, _ in starts] + [len(said.text)]
    pieces = [said.text[begin:end].strip() for begin, end in zip([0, *(stop for _, stop in starts)], ends, strict=True)]
    if not all(len(_content_words(piece)) >= 2 for piece in pieces):
        return [said.text]
    mark = " ?" if language == "fr" else "?"
    return [*(piece + mark for piece in pieces[:-1]), pieces[-1]]


def _joined(before: Sequence[Said], question: str) -> str:
    """The question after the statement it rests on: the last problem told, or what its pronoun points to."""
    carrier = next((each.text for each in reversed(before) if each.part in (Part.PROBLEM, Part.REQUEST)), "")
    if not carrier and before and _points_back(question):
        carrier = before[-1].text
    joined = f"{_ended(carrier)} {question}" if carrier else question
    return joined if len(joined) <= LONGEST else question


def _points_back(question: str) -> bool:
    return bool(POINTS_BACK.search(fold(question))) or len(_content_words(question)) < 2


def _ended(sentence: str) -> str:
    return sentence if sentence[-1] in ".!?…:" else f"{sentence}."


def _left_over(before: Sequence[Said]) -> Iterator[str]:
    """The problems told, the first with what it points back to: "I sent it back last week. Still no refund."."""
    problems = [each.text for each in before if each.part is Part.PROBLEM][:3]
    if not problems:
        return
    place = next(place for place, each in enumerate(before) if each.part is Part.PROBLEM)
    if place and (_points_back(problems[0]) or len(_content_words(problems[0])) < _TELLING):
        problems.insert(0, before[place - 1].text)
    yield " ".join(_ended(problem) for problem in problems)[:LONGEST]
