"""The value types of the guardrails: what is checked (`Reply`), under which options, and what is found (`Finding`,
`Verdict`)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Literal

from guardrails.grounding.colleague_answers import Answered

Reader = Literal["verified", "known", "unknown", "third_party"]
"""Who will read a reply, to klark's knowledge; see klark.values.requester_trust."""
State = Literal["COPIED", "SUPPORTED", "UNSUPPORTED", "CONTRADICTED", "UNJUDGED"]
"""How well a sentence is supported. COPIED: it repeats a whole line of its sources, or several that follow one another
there. SUPPORTED, UNSUPPORTED, CONTRADICTED: the judge's verdict. UNJUDGED: there is no verdict, or only one from a judge
that is not trusted."""
Word = Literal["supported", "contradicted", "not_stated"]
"""A judge's verdict on one sentence, compared with its sources."""


class Level(IntEnum):
    """How severe a finding is. INFO only informs; HOLD keeps the reply from being sent without a person; BLOCK keeps
    it from being shown to a customer at all."""

    INFO = 10
    HOLD = 20
    BLOCK = 30


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence of the tenant's knowledge that a sentence of the reply cites.

    `article` is the article's id; `title`, `heading` and `url` are shown to people; `around` is the section that
    contains `text`. `personal`: the source is a fact about one customer, meant for that customer only. `answered`:
    set if the source is not an article but a colleague's answer on another ticket.
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
    """One sentence of a reply, with the sources that it cites."""

    text: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """A drafted reply, with the ticket that it answers. `ticket_text` is what the customer wrote; `language` is an ISO
    639-1 code. `sections`: the reply only quotes whole sections, and does not claim that they answer the question."""

    sentences: tuple[Sentence, ...]
    language: str
    ticket_text: str = ""
    sections: bool = False

    @property
    def text(self) -> str:
        """The reply's sentences, joined by spaces."""
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Opinion:
    """A judge's verdict on one sentence; `relevant`: whether the sentence helps to answer the question."""

    word: Word
    relevant: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A judge's verdict on a whole reply.

    `opinions`  one per sentence, in order; `None` where the judge gave none that can be used; () if no judge was queried
    `answered`  for each question of the ticket, whether the reply answers it; () if the judge did not say
    `trusted`   whether the judge has passed its check; "supported" from a judge that has not counts as unjudged
    """

    opinions: tuple[Opinion | None, ...] = ()
    answered: tuple[bool, ...] = ()
    trusted: bool = False

    def of(self, place: int) -> Opinion | None:
        """Returns the opinion that counts for the sentence at index `place` (from 0), or `None`. "supported" from an
        untrusted judge does not count."""
        opinion = self.opinions[place] if place < len(self.opinions) else None
        return None if opinion and opinion.word == "supported" and not self.trusted else opinion

    @property
    def answers_all(self) -> bool:
        """Whether a trusted judge says that every question is answered. False if the judge said nothing about that."""
        return self.trusted and bool(self.answered) and all(self.answered)


UNJUDGED = Judged()
"""No judge was queried, or none gave a usable verdict."""


@dataclass(frozen=True, slots=True)
class Options:
    """The limits that the tenant's policy sets, and what is known about the reader.

    trusted_domains     the only domains that links and e-mail addresses may point to (subdomains included)
    forbidden_phrases   phrases that must not occur in a reply; matched without regard to case and accents
    language            the language that the reply must be in, or "" for the ticket's own
    reader              who will read the reply. Personal data may go to a verified requester only, so the default is "unknown"
    today               today's date where the tenant is; with `None`, nothing that depends on it is derived or refuted
    judged              the judge's verdict on this reply
    """

    trusted_domains: frozenset[str] = frozenset()
    forbidden_phrases: tuple[str, ...] = ()
    language: str = ""
    reader: Reader = "unknown"
    today: date | None = None
    judged: Judged = UNJUDGED


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem that a check found. `id` is stable ("klark.G001"); `why` is one line in English for a person; `words` are
    the exact words that triggered it; `sentence` is the sentence's index in the reply, or `None` for the whole reply.
    `never_alone`: no policy may send a reply with this finding automatically, whatever level the policy tolerates."""

    id: str
    level: Level
    why: str
    sentence: int | None = None
    words: str = ""
    never_alone: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings on a reply, and the support state of each of its sentences."""

    findings: tuple[Finding, ...]
    states: tuple[State, ...]

    @property
    def level(self) -> Level:
        """The highest level among the findings; INFO if there are none."""
        return max((finding.level for finding in self.findings), default=Level.INFO)

    @property
    def never_alone(self) -> bool:
        """Whether a person must see the reply before it is sent, whatever the policy tolerates."""
        return any(finding.never_alone for finding in self.findings)


Check = Callable[[Reply, Options], Sequence[Finding]]
"""A check takes a reply and the options, and returns its findings."""


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A sensitive topic found in a ticket, with the words that triggered it."""

    category: str
    words: str


@dataclass(frozen=True, slots=True)
class Masked:
    """A text whose personal data is replaced by tokens, and the table that maps tokens back to values (kept in memory only)."""

    text: str
    table: Mapping[str, str] = field(default_factory=dict)
