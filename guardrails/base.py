"""The values that the guardrails speak in: what is checked, what was found, what follows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Literal

from guardrails.answered import Answered

Reader = Literal["verified", "known", "unknown", "third_party"]
"""Who reads a reply, as far as anyone can tell: see klark.steps.trust."""
State = Literal["COURTESY", "QUESTION", "INSTRUCTION", "SUPPORTED", "UNSUPPORTED", "CONTRADICTED"]


class Level(IntEnum):
    """How far a finding holds a reply back. INFO is for the reader; HOLD keeps it from being sent unattended;
    BLOCK keeps it from being shown to a customer at all."""

    INFO = 10
    HOLD = 20
    BLOCK = 30


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence of the tenant's knowledge that a sentence of the reply rests on.

    `article` is the article's id; `title` and `url` are for people; `around` is the passage that `text` stands in.
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


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a reply and the sources it cites."""

    text: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """A drafted reply with what it answers. `ticket_text` is what the customer wrote; `language` an ISO 639-1 code."""

    sentences: tuple[Sentence, ...]
    language: str
    ticket_text: str = ""

    @property
    def text(self) -> str:
        """The reply's sentences as one text."""
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Options:
    """What the tenant's policy lets pass.

    trusted_domains     a link or e-mail address may only point to these (subdomains included)
    forbidden_phrases   words that must not stand in a reply, matched without case and accents
    allowed_promises    classes of promise (see checks.promises) that a source may support
    language            the language the reply must be in, or "" for the ticket's own
    reader              who reads the reply: personal data may be told to a verified requester alone, so nobody is one
                        unless somebody says so
    closing             sentences of the tenant's own (greeting, signature, disclosure) that need no source
    names               what a greeting may call the requester by, word by word, without case and accents
    today               the day that the reply is read, where the tenant is; `None`: no bounds are looked for
    ask                 an optional judge: (claim, sources) -> whether it doubts the claim; it may only add a finding
    """

    trusted_domains: frozenset[str] = frozenset()
    forbidden_phrases: tuple[str, ...] = ()
    allowed_promises: frozenset[str] = frozenset()
    language: str = ""
    closing: tuple[str, ...] = ()
    reader: Reader = "unknown"
    names: frozenset[str] = frozenset()
    max_characters: int = 6000
    today: date | None = None
    ask: Callable[[str, Sequence[str]], bool] | None = None


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
