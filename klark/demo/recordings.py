"""Reads recorded replies and verdicts, which were written in advance, from folders of JSON lines.

replies.jsonl   {"id", "turn"?, "words"?, "answerable", "asks"?, "sentences": [{"text", "quotes", "answers"?}]}
verdicts.jsonl  {"claim", "verdict", "relevant"}: a judge's verdict on each sentence, right or wrong
tickets.jsonl   {"id", "subject", "body_html", "history"?}: the tickets of replies that have no "words"
lies.jsonl      {"id", "n", "kind", "text"}: a wrong version of sentence n (from 1) of a reply
wordings.jsonl  {"id", "wish", "sentences"}: another wording of a whole reply, right, for a wish that stands in the system prompt
translations.jsonl  {"original", "translation"}: a line in two languages, with "*" for each placeholder
"""

import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HONEST = "honest"
TOKEN = re.compile(r"\[[A-Z_]+_\d+\]")
"""The placeholder of a masked span, such as a name or a number."""
LONGEST_MASKED, FEWEST_LETTERS = 40, 20
"""The most letters that one placeholder may stand for, and the fewest unmasked letters that identify a sentence."""
_WORD = re.compile(r"\w\w+")
_TAG = re.compile(r"<[^>]+>")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RecordedSentence:
    """One sentence of a reply.

    `quotes` are the lines of articles that it rests on. `answers` are the numbers (from 1) of the customer's questions that
    it answers, or None if that was not recorded.
    """

    text: str
    quotes: tuple[str, ...]
    answers: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """The reply to one turn of a ticket. `words` identify the ticket; `asks` is the number of its questions."""

    id: str
    turn: int
    words: frozenset[str]
    answerable: bool
    asks: int
    sentences: tuple[RecordedSentence, ...]

    def answered_by(self, numbers: Iterable[int]) -> bool:
        """Returns whether the sentences with these numbers (from 0) together answer all of the ticket's questions."""
        given = set(numbers)
        if not given:
            return False
        told = [each.answers for number, each in enumerate(self.sentences) if number in given]
        if not self.asks or None in [each.answers for each in self.sentences]:
            return self.answerable and len(given) == len(self.sentences)
        answered = {ask for answers in told for ask in answers or ()}
        return set(range(1, self.asks + 1)) <= answered


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judge's verdict (`word`) on a sentence, which is identified by its letters (see the function `letters`)."""

    letters: str
    word: str
    relevant: bool


@dataclass(frozen=True, slots=True)
class Lie:
    """A wrong version of a reply's sentence (`number` from 0); `kind` is the kind of error."""

    id: str
    number: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Wording:
    """Another wording of the reply to a ticket. `wish`: the words of a system prompt that ask for it."""

    id: str
    wish: str
    sentences: tuple[RecordedSentence, ...]


@dataclass(frozen=True, slots=True)
class Recordings:
    """Everything recorded. `translations` is keyed by a line's letters and number of placeholders, `verdicts` and `kinds` (of
    error) by a sentence's letters, `complete` (whether everything asked is answered) by the letters of a reply's sentences."""

    replies: tuple[Recording, ...] = ()
    lies: tuple[Lie, ...] = ()
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    complete: Mapping[frozenset[str], bool] = field(default_factory=dict)
    wordings: tuple[Wording, ...] = ()
    translations: Mapping[tuple[str, int], str] = field(default_factory=dict)

    def lies_of(self, ticket_id: str) -> list[Lie]:
        """Returns the wrong sentences that were written for this ticket's reply."""
        return [lie for lie in self.lies if lie.id == ticket_id]

    def verdict_of(self, claim: str) -> Verdict | None:
        """Returns the verdict on a sentence, which may contain masked spans, or None if none was recorded."""
        return self.verdicts.get(letters(claim)) or self._masked(claim)

    def kind_of(self, verdict: Verdict) -> str:
        """Returns the kind of error in the sentence, or "honest" if it has none."""
        return self.kinds.get(verdict.letters, HONEST)

    def _masked(self, claim: str) -> Verdict | None:
        pattern = masked_pattern(claim)
        fits = [each for text, each in self.verdicts.items() if pattern.fullmatch(text)] if pattern else []
        return fits[0] if len(fits) == 1 else None


def load(folders: Sequence[Path], claims: Path | None = None) -> Recordings:
    """Loads the recordings in the folders, and klark's own claims for checking judges (klark/drafting/judge_claims.jsonl).

    Raises OSError, and ValueError or KeyError if a line does not have the form above.
    """
    found = [_folder(folder) for folder in folders]
    groups = [*rows(claims)] if claims else []
    of_claims = [claim for group in groups for claim in group["claims"]]
    lies = tuple(lie for _, some, _ in found for lie in some)
    said = [row for _, _, some in found for row in some]
    verdicts = [_verdict(row["claim"], row) for row in said] + [_verdict(row["text"], row) for row in of_claims]
    kinds = {letters(lie.text): lie.kind for lie in lies} | {letters(row["text"]): row["kind"] for row in of_claims}
    replies = tuple(reply for some, _, _ in found for reply in some)
    complete = {
        frozenset(letters(claim["text"]) for claim in group["claims"]): group["complete"]
        for group in groups if "complete" in group
    }  # fmt: skip
    wordings = tuple(_wording(row) for folder in folders for row in rows(folder / "wordings.jsonl"))
    worded = [frozenset(letters(each.text) for each in wording.sentences) for wording in wordings]
    known = {each.letters: each for each in verdicts}
    known |= {text: Verdict(text, "supported", relevant=True) for texts in worded for text in texts}
    lines = (row for folder in folders for row in rows(folder / "translations.jsonl"))
    pairs = {(letters(row["original"]), row["original"].count("*")): row["translation"] for row in lines}
    return Recordings(replies, lies, known, kinds, complete | dict.fromkeys(worded, True), wordings, pairs)


def letters(text: str) -> str:
    """Returns the text's letters and digits only, case-folded, so that quotes, dashes and spaces make no difference."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", html.unescape(text)).casefold())


def words_of(text: str) -> frozenset[str]:
    """Returns the distinct words of a text, case-folded, without the placeholders of masked spans."""
    return frozenset(_WORD.findall(unicodedata.normalize("NFKC", TOKEN.sub(" ", text)).casefold()))


def masked_pattern(text: str) -> re.Pattern[str] | None:
    """Returns a pattern for the letters of the same sentence unmasked, or None if nothing is masked or too little is left."""
    parts = [letters(part) for part in TOKEN.split(text)]
    if len(parts) < 2 or sum(map(len, parts)) < FEWEST_LETTERS:
        return None
    return re.compile(f".{{1,{LONGEST_MASKED}}}".join(map(re.escape, parts)))


def rows(path: Path) -> Iterator[Row]:
    """Yields the objects of a file of JSON lines; none if there is no such file."""
    if path.exists():
        yield from (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def _folder(folder: Path) -> tuple[list[Recording], list[Lie], list[Row]]:
    tickets = {str(row["id"]): _ticket_text(row) for row in rows(folder / "tickets.jsonl")}
    replies = [_recording(row, tickets.get(str(row["id"]), "")) for row in rows(folder / "replies.jsonl")]
    lies = [Lie(str(row["id"]), row["n"] - 1, row["kind"], row["text"]) for row in rows(folder / "lies.jsonl")]
    return replies, lies, list(rows(folder / "verdicts.jsonl"))


def _sentences(row: Row) -> tuple[RecordedSentence, ...]:
    return tuple(
        RecordedSentence(each["text"], tuple(each["quotes"]), tuple(each["answers"]) if "answers" in each else None)
        for each in row["sentences"]
    )


def _wording(row: Row) -> Wording:
    return Wording(row["id"], row["wish"], _sentences(row))


def _recording(row: Row, ticket: str) -> Recording:
    sentences, words = _sentences(row), words_of(row.get("words") or ticket)
    return Recording(str(row["id"]), row.get("turn", 0), words, row["answerable"], len(row.get("asks", ())), sentences)


def _ticket_text(row: Row) -> str:
    bodies = [each["body_html"] for each in row.get("history", [])]
    parts = [row.get("subject") or "", *bodies, row.get("body_html") or ""]
    return html.unescape(_TAG.sub(" ", "\n".join(parts)))


def _verdict(text: str, row: Row) -> Verdict:
    return Verdict(letters(text), row["verdict"], row["relevant"])
