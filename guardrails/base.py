"""The values that the guardrails speak in: what is checked, what was found, what follows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Literal

from guardrails.support.answered import Answered

Reader = Literal["verified", "known", "unknown", "third_party"]
"""Who reads a reply, as far as anyone can tell: see klark.values.requester_trust."""
State = Literal["COPIED", "SUPPORTED", "UNSUPPORTED", "CONTRADICTED", "UNJUDGED"]
"""What is known of a sentence's support. COPIED: it repeats whole lines of its sources. SUPPORTED, UNSUPPORTED, CONTRADICTED: a
judge's words. UNJUDGED: nobody has said, or nobody whose word counts."""
Word = Literal["supported", "contradicted", "not_stated"]
"""What a judge says of a sentence beside its sources."""


class Level(IntEnum):
    """How far a finding holds a reply back. INFO is for the reader; HOLD keeps it from being sent unattended;
    BLOCK keeps it from being shown to a customer at all."""

    INFO = 10
    HOLD = 20
    BLOCK = 30


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence of the tenant's knowledge that a sentence of the reply rests on.

    `article` is the article's id; `title`, `heading` and `url` are for people; `around` is the section that `text` stands in.
    `personal`: it speaks of one customer, and is for that customer alone. `answered`: it is no article, but what a colleague
    answered on another ticket.
    """

    article: str
    text: str
    title: str = ""
    url: str = ""
    around: str = ""
    personal: bool = False
    answered: Answered | None = None
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a reply and the sources it cites."""

    text: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """A drafted reply with what it answers. `ticket_text` is what the customer wrote; `language` an ISO 639-1 code. `sections`:
    it only quotes whole sections, and nobody says that they answer."""

    sentences: tuple[Sentence, ...]
    language: str
    ticket_text: str = ""
    sections: bool = False

    @property
    def text(self) -> str:
        """The reply's sentences as one text."""
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Opinion:
    """A judge's word on one sentence; `relevant`: whether it helps to answer what was asked."""

    word: Word
    relevant: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """What a judge says of a whole reply.

    `opinions`  one for each sentence in order; `None` where it said nothing that can be used. () where it was not asked
    `answered`  for each thing asked, whether the reply answers it; () where it did not say
    `trusted`   whether the judge has passed its check: what others support counts as unjudged
    """

    opinions: tuple[Opinion | None, ...] = ()
    answered: tuple[bool, ...] = ()
    trusted: bool = False

    def of(self, place: int) -> Opinion | None:
        """The opinion on the sentence at `place` (from 0) that counts."""
        opinion = self.opinions[place] if place < len(self.opinions) else None
        return None if opinion and opinion.word == "supported" and not self.trusted else opinion

    @property
    def answers_all(self) -> bool:
        """Whether a judge whose word counts says that each thing asked is answered; no answer is none."""
        return self.trusted and bool(self.answered) and all(self.answered)


UNJUDGED = Judged()
"""Nobody was asked, or nobody has said anything that can be used."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the tenant's policy lets pass.

    trusted_domains     a link or e-mail address may only point to these (subdomains included)
    forbidden_phrases   words that must not stand in a reply, matched without case and accents
    language            the language the reply must be in, or "" for the ticket's own
    reader              who reads the reply: personal data may be told to a verified requester alone, so nobody is one
                        unless somebody says so
    closing             sentences of the tenant's own (greeting, signature, disclosure) that need no source
    names               what a greeting may call the requester by, word by word, without case and accents
    today               the day that the reply is read, where the tenant is; `None`: no bounds are looked for
    judged              what a judge said of this reply
    """

    trusted_domains: frozenset[str] = frozenset()
    forbidden_phrases: tuple[str, ...] = ()
    language: str = ""
    closing: tuple[str, ...] = ()
    reader: Reader = "unknown"
    names: frozenset[str] = frozenset()
    max_characters: int = 6000
    today: date | None = None
    judged: Judged = UNJUDGED


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check noticed. `id` is stable ("klark.G001"); `why` is one line for a person, in English;
    `words` are the exact words that decide; `sentence` is the index in the reply, or `None` for the whole of it.
    `never_alone`: no policy may let a reply with it go out by itself, whatever level it tolerates."""

    id: str
    level: Level
    why: str
    sentence: int | None = None
    words: str = ""
    never_alone: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings on a reply, and the state of each of its sentences."""

    findings: tuple[Finding, ...]
    states: tuple[State, ...]

    @property
    def level(self) -> Level:
        """The highest level found; INFO where nothing was."""
        return max((finding.level for finding in self.findings), default=Level.INFO)

    @property
    def never_alone(self) -> bool:
        """Whether a person must look at the reply before it is sent, whatever the policy tolerates."""
        return any(finding.never_alone for finding in self.findings)


Check = Callable[[Reply, Options], Sequence[Finding]]


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A sensitive topic found in a ticket, with the words that decided."""

    category: str
    words: str


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with its personal data replaced by tokens, and the table that undoes it (kept in memory only)."""

    text: str
    table: Mapping[str, str] = field(default_factory=dict)
