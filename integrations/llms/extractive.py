"""The drafter without a model: it answers with the passages' own sentences, picked and put in order, or not at all.

Deterministic, offline, free, in French and English. Every sentence is quoted as it stands, apart from bullets, a
leading "Yes," and a missing full stop.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from integrations.llms.base import Completion, ModelAccount, Prompt
from integrations.llms.extractive_lexicon import LANGUAGES
from integrations.llms.extractive_lines import Line, lines
from integrations.llms.extractive_links import ANSWERS_YES_NO, BULLET, NUMBERED
from integrations.llms.extractive_parts import MOST_CHARACTERS, parts
from integrations.llms.extractive_pick import pick
from integrations.llms.extractive_question import Asked, read
from integrations.llms.extractive_rows import columns, is_row, sentence
from integrations.llms.extractive_vocabulary import vocabulary
from integrations.llms.extractive_words import fold

_MOST_QUESTIONS = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """A single question, as it is written and as it is read, and the lines that answer it, none where nothing does."""

    part: str
    asked: Asked
    lines: tuple[Line, ...]


class Extractive:
    """Needs no account; one is taken so that every drafter is made alike."""

    def __init__(self, account: ModelAccount | None = None) -> None:
        self.dialect = ""

    def complete(self, prompt: Prompt) -> Completion:
        """A reply for `prompt.questions` from `prompt.passages`; the prose parts of the prompt are not read."""
        language = prompt.language.lower()[:2]
        answers = list(_answers(prompt, language)) if language in LANGUAGES else []
        content = _draft(prompt, answers, language)
        left = tuple(answer.part for answer in answers if not answer.lines)
        return Completion(content, json.dumps(content, ensure_ascii=False), "extractive", open=left)


def _draft(prompt: Prompt, answers: Sequence[Answer], language: str) -> dict[str, Any]:
    chosen = [answer.lines for answer in answers]
    complete = bool(chosen) and all(chosen) and _readable(prompt.questions)
    return {"answerable": complete, "sentences": _sentences(_merged(chosen), _columns(answers, language), language)}


def _columns(answers: Sequence[Answer], language: str) -> dict[str, frozenset[int]]:
    """The columns that all questions together ask of a row, by its reference."""
    found: dict[str, frozenset[int]] = {}
    for answer in answers:
        for line in filter(lambda line: is_row(line.text), answer.lines):
            found[line.ref] = found.get(line.ref, frozenset()) | columns(line.text, answer.asked, language)
    return found


def _readable(questions: Sequence[str]) -> bool:
    return len(questions) <= _MOST_QUESTIONS and all(len(question) <= MOST_CHARACTERS for question in questions)


def _answers(prompt: Prompt, language: str) -> Iterator[Answer]:
    """The lines for each question that asks something ("Can you help me?" does not)."""
    book = lines(prompt.passages, language)
    known = vocabulary(book, language)
    before: Asked | None = None
    for question in prompt.questions[:_MOST_QUESTIONS]:
        for part in parts(question, language):
            asked = read(part, before, known, language)
            if asked.terms or asked.wants_a_fact:
                yield Answer(part, asked, pick(asked, book, known, language))
                before = asked


def _merged(answers: Sequence[tuple[Line, ...]]) -> list[Line]:
    """In the order asked. Lines of one passage that hang together are kept together; none stands twice."""
    groups: list[dict[int, Line]] = []
    for passage in (tuple(some) for answer in answers for _, some in groupby(answer, attrgetter("passage"))):
        fresh = {line.place: line for line in passage}
        home = next((group for group in groups if _touch(group, passage)), None)
        if home is None:
            groups.append(fresh)
        else:
            home.update(fresh)
    return [group[place] for group in groups for place in sorted(group)]


def _touch(group: Mapping[int, Line], some: tuple[Line, ...]) -> bool:
    return next(iter(group.values())).passage == some[0].passage and any(line.place in group for line in some)


def _sentences(chosen: Sequence[Line], wanted: Mapping[str, Collection[int]], language: str) -> list[dict[str, Any]]:
    numbered = sum(bool(NUMBERED.match(line.text)) for line in chosen) > 1
    said: dict[str, dict[str, Any]] = {}
    for line in chosen:
        row = wanted.get(line.ref)
        text = sentence(line.text, row, language) if row else _trimmed(line.text, language, numbered=numbered)
        said.setdefault(fold(text), {"text": text, "cites": [line.ref]})
    return list(said.values())


def _trimmed(text: str, language: str, *, numbered: bool) -> str:
    bare = BULLET.sub("", text).strip()
    bare = " – ".join(cell.strip() for cell in bare.strip("|").split("|")) if bare.startswith("|") else bare
    bare = bare if numbered else NUMBERED.sub("", bare)
    answer = ANSWERS_YES_NO[language].match(bare)
    if answer and len(bare[answer.end() :].split()) >= 4:
        bare = bare[answer.end() :]
        bare = bare[:1].upper() + bare[1:]
    bare = bare.rstrip(" ;,")
    return bare if bare.endswith((".", "!", "?", "…", ":", ")", "»", '"', "”")) else f"{bare}."
