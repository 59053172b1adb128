"""Faithful replies made from a folder of documents: each sentence cites the one that it copies or says in other words."""

import random
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guardrails.base import Reply, Sentence, Source
from guardrails.kinds import kind_of
from guardrails.sentences import split_sentences
from tests.bench.files import Row
from tests.bench.rewording import reworded

_GLUED = re.compile(r"(?<=[a-zà-ÿ)»0-9])([.;:!?])(?=[A-ZÀ-Ý«])")
_MARKUP = re.compile(r"[{}<>|=`\\_#\[\]*~]|https?:|\.\.\.|…")
_OPENS = {"en": "Hello,", "fr": "Bonjour,"}
_CLOSES = {"en": "Kind regards,", "fr": "Cordialement,"}
SHORT, LONG = 6, 40
"""Words of a sentence that may stand in a reply."""
AGAIN = 3
"""How many other wordings of one sentence are made."""


@dataclass(frozen=True, slots=True)
class Faithful:
    """A reply that says what it cites. `claim` is the sentence that a forger works on, `source` what it cites, `ways` how it
    was reworded: empty for a copy."""

    claim: str
    source: Source
    language: str
    ways: tuple[str, ...] = ()

    def reply(self, claim: str | None = None, *more: str) -> Reply:
        """The reply with its claim, or with another in its place, and further sentences that cite the same."""
        said = tuple(Sentence(text, (self.source,)) for text in (claim or self.claim, *more))
        opens, closes = (Sentence(table[self.language]) for table in (_OPENS, _CLOSES))
        return Reply((opens, *said, closes), self.language)


def made(rows: Sequence[Row], draw: random.Random) -> Iterator[Faithful]:
    """Copies and rewordings of every sentence that a reply could have, in the order of the documents."""
    for row in rows:
        language = row["lang"] if row["lang"] in _OPENS else "en"
        body = _GLUED.sub(r"\1 ", "".join(sign for sign in row["body"] if unicodedata.category(sign) != "Cf"))
        for text in dict.fromkeys(split_sentences(body)):
            if not is_prose(text):
                continue
            source = Source(row["id"], text, row["title"], around=body)
            yield Faithful(text, source, language)
            yield from _again(text, source, language, draw)


def _again(text: str, source: Source, language: str, draw: random.Random) -> Iterator[Faithful]:
    said = {other.text: other for _ in range(AGAIN) if (other := reworded(text, language, draw)) is not None}
    for other in said.values():
        yield Faithful(other.text, source, language, other.ways)


def is_prose(text: str) -> bool:
    """A whole sentence in plain words that states or instructs: what a person would take over into a reply."""
    words = text.split()
    if not SHORT <= len(words) <= LONG or not text.endswith(".") or not text[0].isupper() or _MARKUP.search(text):
        return False
    lower = sum(word[:1].islower() for word in words)
    return lower * 2 >= len(words) and kind_of(text) in ("STATEMENT", "INSTRUCTION")
