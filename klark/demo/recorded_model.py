"""A model whose replies and verdicts were written in advance, as values in and values out: no network, no clock.

It reads a prompt as klark writes it (klark.drafting.prompt): blocks between marks; in them `P2.3` before each line that can be
cited, `C1` before each claim, `A1` before each thing asked. The ticket is known again by its words.
"""

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from klark.demo.recordings import (
    Lie,
    RecordedSentence,
    Recording,
    Recordings,
    letters,
    masked_pattern,
    words_of,
)

Content = Mapping[str, Any]
ENOUGH, NEARLY = 0.4, 0.9
"""How much of a ticket's words (by weight) must stand in a prompt; and how near a later turn must come to the best."""
SHORT = 9
"""Letters up to which a quote must be the whole line."""
HARD_KINDS = frozenset({"merge", "scope", "condition", "modality", "subject"})
HARD, EASY = 0.20, 0.02
"""How often a weak judge errs in these, and in the rest."""
_BLOCK = re.compile(r"^<(\S+) ([^<>\n]+)>\n(.*?)\n</\1>$", re.MULTILINE | re.DOTALL)
_LABELLED = re.compile(r"^([A-Z]\d+(?:\.\d+)?) (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Play:
    """How the recordings are played. `lies`: a wrong sentence in each reply that has any, the one with number `turn`. `noise`:
    the share of verdicts that are turned round, the same ones for the same `seed`; "weak" errs in what is hard. `judges`:
    whether it judges at all."""

    lies: bool = False
    turn: int = 0
    noise: float = 0.0
    profile: Literal["even", "weak"] = "even"
    seed: int = 0
    judges: bool = True


@dataclass(frozen=True, slots=True)
class Passages:
    """The lines that can be cited, by passage: (label, letters) in order."""

    lines: tuple[tuple[tuple[str, str], ...], ...]

    def holding(self, quote: str) -> tuple[str, ...]:
        """The labels of the lines that hold the quote: one line, lines in a row, or the row of a table with its cells."""
        whole = letters(quote)
        exact = [label for lines in self.lines for label, text in lines if text == whole]
        if exact or len(whole) <= SHORT:
            return tuple(exact[:1])
        return next(filter(None, (_run(lines, whole) for lines in self.lines)), ()) or self._row(quote)

    def _row(self, quote: str) -> tuple[str, ...]:
        cells = [cell for cell in (letters(part.rpartition(":")[2]) for part in quote.split(";")) if cell]
        if len(cells) < 2:
            return ()
        found = (label for lines in self.lines for label, text in lines if all(cell in text for cell in cells))
        return tuple(label for label, _ in zip(found, range(1), strict=False))


class RecordedModel:
    """Answers drafters' and judges' requests from recordings."""

    def __init__(self, recordings: Recordings, play: Play | None = None) -> None:
        self.recordings, self.play = recordings, play or Play()
        seen_in = Counter(word for each in recordings.replies for word in each.words)
        self.weights = {word: math.log(1 + len(recordings.replies) / count) for word, count in seen_in.items()}

    def answer(self, prompt: str, schema: Mapping[str, Any]) -> Content | None:
        """What it says to a prompt of that shape; None where it refuses. Raises ValueError for a shape that it does not know."""
        wanted = schema.get("properties", {})
        if "sentences" in wanted:
            return self.reply(prompt)
        if "verdicts" in wanted:
            return self.judge(prompt) if self.play.judges else None
        raise ValueError("this model only drafts and judges")

    def reply(self, prompt: str) -> Content:
        """The recorded reply, citing lines of this prompt; nothing where the ticket is not known. What rests on lines that are
        not in the prompt is left out."""
        blocks = blocks_of(prompt)
        known = self.known(blocks)
        if known is None:
            return {"answerable": False, "sentences": []}
        passages, lie = passages_of(blocks), self.lie_for(known)
        said: dict[int, Content] = {}
        for number, sentence in enumerate(known.sentences):
            cites = _cites(sentence, passages)
            if cites or not sentence.quotes:
                text = lie.text if lie and lie.number == number else sentence.text
                said[number] = {"text": text, "cites": cites}
        return {"answerable": known.answered_by(said), "sentences": list(said.values())}

    def judge(self, prompt: str) -> Content:
        """Each claim's recorded verdict; one that nobody wrote down is in no source."""
        blocks = blocks_of(prompt)
        known, passages = self.known(blocks), passages_of(blocks)
        claims = labelled(blocks.get("claims", ""), "C")
        numbers = {self.number_of(claim, known) for _, claim in claims} - {None} if known else set()
        answered = known is not None and known.answered_by(number for number in numbers if number is not None)
        return {
            "verdicts": [{"claim": label, **self._opinion(claim, known, passages)} for label, claim in claims],
            "answers": [{"ask": label, "answered": answered} for label, _ in labelled(blocks.get("asked", ""), "A")],
        }

    def known(self, blocks: Mapping[str, str]) -> Recording | None:
        """The recording of the ticket in the prompt: the one whose words stand there, and of several turns the last."""
        seen = words_of(blocks.get("ticket", ""))
        shares = [(self._share(each, seen), each) for each in self.recordings.replies]
        best, found = max(shares, key=lambda pair: pair[0], default=(0.0, None))
        if found is None or best < ENOUGH:
            return None
        near = [each for share, each in shares if each.id == found.id and share >= NEARLY * best]
        return max(near, key=lambda each: each.turn)

    def lie_for(self, known: Recording) -> Lie | None:
        """The wrong sentence that is played in this reply; None where none is."""
        lies = self.recordings.lies_of(known.id) if self.play.lies else []
        return lies[self.play.turn % len(lies)] if lies else None

    def number_of(self, claim: str, known: Recording) -> int | None:
        """Which sentence of the recording a claim is (from 0), right or made wrong."""
        texts = [*enumerate(each.text for each in known.sentences)]
        texts += [(lie.number, lie.text) for lie in self.recordings.lies_of(known.id)]
        pattern = masked_pattern(claim)
        return next((number for number, text in texts if _is(claim, pattern, letters(text))), None)

    def _share(self, recording: Recording, seen: frozenset[str]) -> float:
        whole = sum(self.weights[word] for word in recording.words)
        return sum(self.weights[word] for word in recording.words & seen) / whole if whole else 0.0

    def _opinion(self, claim: str, known: Recording | None, passages: Passages) -> Content:
        verdict = self.recordings.verdict_of(claim)
        if verdict is None:
            return {"verdict": "not_stated", "relevant": True}
        word = verdict.word if self._has_sources(claim, known, passages) else "not_stated"
        if self._errs(verdict.letters, self.recordings.kind_of(verdict)):
            passed = word == "supported" and verdict.relevant
            return {"verdict": "not_stated" if passed else "supported", "relevant": True}
        return {"verdict": word, "relevant": verdict.relevant}

    def _has_sources(self, claim: str, known: Recording | None, passages: Passages) -> bool:
        """A judge who does not see the lines cannot find the claim in them."""
        number = self.number_of(claim, known) if known else None
        if known is None or number is None or not known.sentences[number].quotes:
            return True
        return any(passages.holding(quote) for quote in known.sentences[number].quotes)

    def _errs(self, text: str, kind: str) -> bool:
        share = (HARD if kind in HARD_KINDS else EASY) if self.play.profile == "weak" else self.play.noise
        drawn = hashlib.sha256(f"{self.play.seed} {text}".encode()).digest()
        return int.from_bytes(drawn[:8]) < share * 2**64


def blocks_of(prompt: str) -> dict[str, str]:
    """What stands between the marks, by its name."""
    return {name: text for _, name, text in _BLOCK.findall(prompt)}


def labelled(block: str, letter: str) -> list[tuple[str, str]]:
    """The lines that begin with a label of that letter: (label, text)."""
    return [(label, text) for label, text in _LABELLED.findall(block) if label.startswith(letter)]


def passages_of(blocks: Mapping[str, str]) -> Passages:
    """The lines that can be cited."""
    named = (labelled(text, f"{name}.") for name, text in blocks.items())
    return Passages(tuple(tuple((label, letters(text)) for label, text in lines) for lines in named if lines))


def _run(lines: Sequence[tuple[str, str]], whole: str) -> tuple[str, ...]:
    """The labels of the lines in a row that hold a text."""
    start = "".join(text for _, text in lines).find(whole)
    return tuple(_overlapping(lines, start, start + len(whole))) if start >= 0 else ()


def _overlapping(lines: Sequence[tuple[str, str]], start: int, end: int) -> Iterator[str]:
    place = 0
    for label, text in lines:
        if place < end and place + len(text) > start:
            yield label
        place += len(text)


def _cites(sentence: RecordedSentence, passages: Passages) -> list[str]:
    found = (label for quote in sentence.quotes for label in passages.holding(quote))
    return list(dict.fromkeys(found))


def _is(claim: str, pattern: re.Pattern[str] | None, text: str) -> bool:
    return letters(claim) == text or (pattern is not None and pattern.fullmatch(text) is not None)
