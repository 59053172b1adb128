"""The drafter without a model: it quotes the best sections whole, so that exceptions stay beside their rule, and adds
nothing of its own. It does not claim that they answer the question."""

from collections.abc import Iterator, Sequence
from operator import itemgetter

from integrations.llms.base import Completion, ModelAccount, NumberedPassage, NumberedSection, Prompt

MOST_SECTIONS, MOST_WORDS = 3, 360
NAME = "sections"


class Sections:
    """Drafts without cost and without any request."""

    dialect = ""

    def __init__(self, account: ModelAccount) -> None:
        self.account = account

    def complete(self, prompt: Prompt) -> Completion:
        """Returns one to three sections, best first; each line is a sentence that cites itself."""
        chosen = best(prompt.passages)
        sentences = [
            {"text": passage.sentences[number - 1], "cites": [f"{passage.id}.{number}"]}
            for passage, section in chosen
            for number in range(section.first, section.first + section.count)
        ]
        return Completion({"answerable": False, "sentences": sentences}, "", NAME, sections=True)


def best(passages: Sequence[NumberedPassage]) -> list[tuple[NumberedPassage, NumberedSection]]:
    """Returns the sections with the best scores that fit together into `MOST_WORDS`; the first is taken whatever its length."""
    chosen: list[tuple[NumberedPassage, NumberedSection]] = []
    room = MOST_WORDS
    for _, passage, section in _by_worth(passages):
        words = sum(len(line.split()) for line in _lines(passage, section))
        if chosen and words > room:
            continue
        chosen.append((passage, section))
        room -= words
        if len(chosen) == MOST_SECTIONS:
            break
    return chosen


def _by_worth(passages: Sequence[NumberedPassage]) -> list[tuple[float, NumberedPassage, NumberedSection]]:
    found = [(section.score, passage, section) for passage in passages for section in passage.sections if section.count]
    return sorted(found, key=itemgetter(0), reverse=True)


def _lines(passage: NumberedPassage, section: NumberedSection) -> Iterator[str]:
    yield from passage.sentences[section.first - 1 : section.first - 1 + section.count]
