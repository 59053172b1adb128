"""A book of passages, a question read against it: what the tests of the drafter's parts start from."""

from collections.abc import Sequence

from integrations.llms.extractive import Extractive
from integrations.llms.extractive_covers import Sought
from integrations.llms.extractive_lines import Line, lines
from integrations.llms.extractive_question import Asked, read
from integrations.llms.extractive_score import Scored, best_first, scored
from integrations.llms.extractive_vocabulary import vocabulary

from integrations.llms.base import REPLY_SCHEMA, Completion, NumberedPassage, Prompt

Book = tuple[tuple[Line, ...], ...]


def passage(*sentences: str, title: str = "Help", id: str = "P1", language: str = "en") -> NumberedPassage:
    return NumberedPassage(id, title, sentences, language)


def book(*sentences: str, title: str = "Help", language: str = "en") -> Book:
    return lines((passage(*sentences, title=title, language=language),), language)


def asked(question: str, of: Book = (), before: Asked | None = None, language: str = "en") -> Asked:
    return read(question, before, vocabulary(of, language), language)


def ranked(question: str, of: Book, language: str = "en") -> list[Scored]:
    known, wanted = vocabulary(of, language), asked(question, of, language=language)
    return best_first(
        [one for some in of for line in some if (one := scored(wanted, line, known, language)) is not None]
    )


def sought(question: str, of: Book, language: str = "en") -> Sought:
    return Sought(
        asked(question, of, language=language), ranked(question, of, language), vocabulary(of, language), language
    )


def draft(*questions: str, of: Sequence[NumberedPassage], language: str = "en") -> Completion:
    return Extractive().complete(Prompt("", "", REPLY_SCHEMA, language, questions, tuple(of)))


def cited(*questions: str, of: Sequence[NumberedPassage], language: str = "en") -> list[str]:
    content = draft(*questions, of=of, language=language).content
    return [cite for each in content["sentences"] for cite in each["cites"]] if content["answerable"] else []


def said(*questions: str, of: Sequence[NumberedPassage], language: str = "en") -> list[str]:
    return [each["text"] for each in draft(*questions, of=of, language=language).content["sentences"]]
