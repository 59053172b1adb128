"""A model whose replies and verdicts were written in advance. Pure functions of their input: no network, no clock.

It parses prompts as klark writes them (klark.drafting.prompt): blocks between marks, with a label before each line that can
be cited (`P2.3`), each claim (`C1`) and each question of the customer (`A1`). It recognizes a ticket by its words.
"""

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from klark.demo.recorded_help import comparison, translation, wished, wording_of
from klark.demo.recordings import (
    Lie,
    RecordedSentence,
    Recording,
    Recordings,
    Wording,
    letters,
    masked_pattern,
    words_of,
)
from klark.intake.thanks import only_thanks

Content = Mapping[str, Any]
ENOUGH, NEARLY = 0.4, 0.9
"""Shares from 0 to 1: of a recording's words (by weight) that a prompt must contain, and of the best match's share that a
later turn must reach to be preferred."""
FEWEST = 4
"""Different words of a question that is recognized by itself, as a part of one recorded ticket's words."""
SHORT = 9
"""A quote of at most this many letters must be a whole line."""
COURTESY = 4
"""Words that a greeting or a line of a signature has at most."""
HARD_KINDS = frozenset({"merge", "scope", "condition", "modality", "subject"})
HARD, EASY = 0.20, 0.02
"""The error rates (0 to 1) of a weak judge in HARD_KINDS and in all other kinds."""
_BLOCK = re.compile(r"^<(\S+) ([^<>\n]+)>\n(.*?)\n</\1>$", re.MULTILINE | re.DOTALL)
_LABELLED = re.compile(r"^([A-Z]\d+(?:\.\d+)?) (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Play:
    """How the recordings are played.

    `lies`     plays a wrong sentence in each reply that has any recorded: the one with number `turn`
    `noise`    the share of verdicts that are inverted (0 to 1), the same ones for the same `seed`
    `profile`  "weak" uses the error rates HARD and EASY in place of `noise`
    `judges`   False refuses requests for a judge
    """

    lies: bool = False
    turn: int = 0
    noise: float = 0.0
    profile: Literal["even", "weak"] = "even"
    seed: int = 0
    judges: bool = True


@dataclass(frozen=True, slots=True)
class Passages:
    """The lines of a prompt that can be cited, one group per passage: (label, letters of the line) in order."""

    lines: tuple[tuple[tuple[str, str], ...], ...]

    def holding(self, quote: str) -> tuple[str, ...]:
        """Returns the labels of the lines that contain the quote: one line, consecutive lines, or a table row by its cells."""
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
    """Answers requests for drafts and for verdicts from recordings."""

    def __init__(self, recordings: Recordings, play: Play | None = None) -> None:
        self.recordings, self.play = recordings, play or Play()
        seen_in = Counter(word for each in recordings.replies for word in each.words)
        self.weights = {word: math.log(1 + len(recordings.replies) / count) for word, count in seen_in.items()}

    def answer(self, prompt: str, schema: Mapping[str, Any], system: str = "") -> Content | None:
        """Returns the completion for a prompt with this JSON schema, or None if it refuses (see `Play.judges`).

        Raises ValueError for another schema than that of a draft, verdicts or a translation, and for help that was not written in
        advance.
        """
        wanted, blocks = schema.get("properties", {}), blocks_of(prompt)
        if "lines" in wanted:
            return translation(self.recordings, labelled(blocks.get("original", ""), "L"))
        if "sentences" in wanted and "draft" in blocks:
            return self.reworded(blocks, system)
        if "verdicts" in wanted and "original" in blocks and self.play.judges:
            originals, claims = labelled(blocks["original"], "A"), labelled(blocks.get("claims", ""), "C")
            return comparison(self.recordings, originals, claims)
        if "sentences" in wanted:
            return self.reply(prompt, system)
        if "verdicts" in wanted:
            return self.judge(prompt) if self.play.judges else None
        raise ValueError("this model only drafts and judges")

    def reply(self, prompt: str, system: str = "") -> Content:
        """Returns the recorded reply, which cites lines of this prompt, in the wording that a reviewer wishes for if that was
        written; an empty one if the ticket is not known.

        Sentences that rest on lines missing from the prompt are left out.
        """
        blocks = blocks_of(prompt)
        known = self.known(blocks)
        if known is None:
            return {"answerable": False, "sentences": []}
        if worded := wished(self.recordings, known.id, system):
            return _worded(worded, passages_of(blocks))
        passages, lie = passages_of(blocks), self.lie_for(known)
        said: dict[int, Content] = {}
        for number, sentence in enumerate(known.sentences):
            cites = _cites(sentence, passages)
            if cites or not sentence.quotes:
                text = lie.text if lie and lie.number == number else sentence.text
                said[number] = {"text": text, "cites": cites}
        return {"answerable": known.answered_by(said), "sentences": list(said.values())}

    def reworded(self, blocks: Mapping[str, str], system: str) -> Content:
        """Returns the reply as the system prompt wishes it worded. Raises ValueError where that was not written in advance."""
        known = self.known(blocks)
        return _worded(wording_of(self.recordings, known.id if known else "", system), passages_of(blocks))

    def judge(self, prompt: str) -> Content:
        """Returns each claim's recorded verdict; a claim without one is "not_stated"."""
        blocks = blocks_of(prompt)
        known, passages = self.known(blocks), passages_of(blocks)
        claims = labelled(blocks.get("claims", ""), "C")
        answered = self.recordings.complete.get(frozenset(letters(claim) for _, claim in claims))
        if answered is None:
            answered = known is not None and known.answered_by(self._numbers(claims, known))
        return {
            "verdicts": [{"claim": label, **self._opinion(claim, known, passages)} for label, claim in claims],
            "answers": [{"ask": label, "answered": answered} for label, _ in labelled(blocks.get("asked", ""), "A")],
        }

    def known(self, blocks: Mapping[str, str]) -> Recording | None:
        """Returns the recording whose words match the ticket in the prompt best (of several turns the last), or None. A question
        taken out of a ticket matches by having no other words."""
        seen = words_of(blocks.get("ticket", ""))
        shares = [(self._share(each, seen), each) for each in self.recordings.replies]
        best, found = max(shares, key=lambda pair: pair[0], default=(0.0, None))
        if found is None or best < ENOUGH:
            return next((each for _, each in shares if len(seen) >= FEWEST and seen <= each.words), None)
        near = [each for share, each in shares if each.id == found.id and share >= NEARLY * best]
        return max(near, key=lambda each: each.turn)

    def _numbers(self, claims: Sequence[tuple[str, str]], known: Recording) -> set[int]:
        found = {self.number_of(claim, known) for _, claim in claims}
        return {number for number in found if number is not None}

    def lie_for(self, known: Recording) -> Lie | None:
        """Returns the wrong sentence to play in this reply, or None."""
        lies = self.recordings.lies_of(known.id) if self.play.lies else []
        return lies[self.play.turn % len(lies)] if lies else None

    def number_of(self, claim: str, known: Recording) -> int | None:
        """Returns the number (from 0) of the recorded sentence that a claim is, in its right or wrong form, or None."""
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
            return {"verdict": "not_stated", "relevant": _tells_something(claim)}
        word = verdict.word if self._has_sources(claim, known, passages) else "not_stated"
        if self._errs(verdict.letters, self.recordings.kind_of(verdict)):
            passed = word == "supported" and verdict.relevant
            return {"verdict": "not_stated" if passed else "supported", "relevant": True}
        return {"verdict": word, "relevant": verdict.relevant}

    def _has_sources(self, claim: str, known: Recording | None, passages: Passages) -> bool:
        """Returns whether the prompt has lines that the claim rests on; without them, no judge could find it supported."""
        number = self.number_of(claim, known) if known else None
        if known is None or number is None or not known.sentences[number].quotes:
            return True
        return any(passages.holding(quote) for quote in known.sentences[number].quotes)

    def _errs(self, text: str, kind: str) -> bool:
        share = (HARD if kind in HARD_KINDS else EASY) if self.play.profile == "weak" else self.play.noise
        drawn = hashlib.sha256(f"{self.play.seed} {text}".encode()).digest()
        return int.from_bytes(drawn[:8]) < share * 2**64


def _tells_something(claim: str) -> bool:
    """Returns whether a claim that was not recorded is more than a greeting, thanks or a signature, as a judge sees at once."""
    return not only_thanks(claim) and (claim.rstrip().endswith((".", "!", "?")) or len(claim.split()) > COURTESY)


def blocks_of(prompt: str) -> dict[str, str]:
    """Returns the text of each marked block in a prompt, by the block's name."""
    return {name: text for _, name, text in _BLOCK.findall(prompt)}


def labelled(block: str, letter: str) -> list[tuple[str, str]]:
    """Returns the lines whose label begins with `letter`, as (label, text)."""
    return [(label, text) for label, text in _LABELLED.findall(block) if label.startswith(letter)]


def passages_of(blocks: Mapping[str, str]) -> Passages:
    """Returns the lines that can be cited, from the blocks of a prompt."""
    named = (labelled(text, f"{name}.") for name, text in blocks.items())
    return Passages(tuple(tuple((label, letters(text)) for label, text in lines) for lines in named if lines))


def _run(lines: Sequence[tuple[str, str]], whole: str) -> tuple[str, ...]:
    """Returns the labels of the consecutive lines that contain a text."""
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


def _worded(wording: Wording, passages: Passages) -> Content:
    said = [{"text": each.text, "cites": _cites(each, passages)} for each in wording.sentences]
    return {"answerable": True, "sentences": said}


def _is(claim: str, pattern: re.Pattern[str] | None, text: str) -> bool:
    return letters(claim) == text or (pattern is not None and pattern.fullmatch(text) is not None)
