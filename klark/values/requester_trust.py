"""How sure it is that the reader of a reply is the one whose data it may hold.

A reply goes to the requester and to everyone in copy. So it may hold what only the requester may know if the writer is
the requester by the helpdesk's own id, if the helpdesk has proof that the requester's address is theirs, if it has no
doubts about who wrote, and if nobody else is in copy. An address in a header proves nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from guardrails.base import Reader
from integrations.helpdesks.base import Comment, Doubt, Person, Ticket

Why = Literal[
    "proven", "not_told", "nobody", "not_the_requester", "not_in_conversation", "in_copy", "other_account", "suspended",
    "on_behalf", "not_signed_in", "unsure", "unverified",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trust:
    """The level and what decided it."""

    level: Reader
    why: Why


ASKED_FOR: frozenset[Reader] = frozenset({"verified", "known"})
"""Levels at which the requester's own data is looked up. A reply tells it to the verified only; a person may tell it to
the known."""
NOT_TOLD = Trust("known", "not_told")
"""The level if the helpdesk says nothing."""


@dataclass(frozen=True, slots=True)
class Signs:
    """Everything that the level depends on. `writer`: who wrote the turn; `verified`: what the helpdesk says of the
    requester's address."""

    writer: Literal["requester", "same_address", "other", "nobody"] = "requester"
    in_copy: bool = False
    doubts: frozenset[Doubt] = frozenset()
    suspended: bool = False
    verified: bool | None = None


# From the top: what concerns others first, then what speaks against the writer, then what speaks for them.
TABLE: tuple[tuple[Callable[[Signs], bool], Trust], ...] = (
    (lambda signs: signs.writer == "other", Trust("third_party", "not_the_requester")),
    (lambda signs: "not_in_conversation" in signs.doubts, Trust("third_party", "not_in_conversation")),
    (lambda signs: signs.in_copy, Trust("third_party", "in_copy")),
    (lambda signs: signs.writer == "nobody", Trust("unknown", "nobody")),
    (lambda signs: signs.writer == "same_address", Trust("unknown", "other_account")),
    (lambda signs: signs.suspended, Trust("unknown", "suspended")),
    (lambda signs: "on_behalf" in signs.doubts, Trust("unknown", "on_behalf")),
    (lambda signs: "not_signed_in" in signs.doubts, Trust("unknown", "not_signed_in")),
    (lambda signs: "unsure" in signs.doubts, Trust("unknown", "unsure")),
    (lambda signs: signs.verified is False, Trust("unknown", "unverified")),
    (lambda signs: signs.verified is None, NOT_TOLD),
)


def judged(signs: Signs) -> Trust:
    """Returns the trust of the first row that applies; if none does, the requester is verified."""
    return next((trust for applies, trust in TABLE if applies(signs)), Trust("verified", "proven"))


def trust(ticket: Ticket) -> Trust:
    """Returns how much the requester of a ticket is trusted, for a reply to its turn."""
    return judged(signs_of(ticket))


def is_asked_for(ticket: Ticket) -> bool:
    """Returns whether the CRM may be queried for the requester, and their earlier tickets recalled."""
    return trust(ticket).level in ASKED_FOR


def signs_of(ticket: Ticket) -> Signs:
    """Returns what a ticket says of who wrote, and who will read."""
    turn, requester = ticket.last_from_customer(), ticket.requester
    doubts = frozenset(turn.doubts) if turn else frozenset[Doubt]()
    return Signs(_writer(turn, requester), bool(ticket.cc), doubts, requester.suspended, requester.verified)


def _writer(turn: Comment | None, requester: Person) -> Literal["requester", "same_address", "other", "nobody"]:
    if turn is None or not (requester.id or turn.author.id):
        return "nobody"
    if turn.author.id == requester.id:
        return "requester"
    same = bool(requester.email) and turn.author.email.casefold() == requester.email.casefold()
    return "same_address" if same else "other"


LEVELS: Mapping[Reader, tuple[str, str]] = {
    "verified": ("verified requester", "demandeur vérifié"),
    "known": ("known requester, not verified", "demandeur connu, non vérifié"),
    "unknown": ("unknown requester", "demandeur inconnu"),
    "third_party": ("a third party reads along", "un tiers lit aussi"),
}
WHYS: Mapping[Why, tuple[str, str]] = {
    "proven": ("the helpdesk has proof of the address", "le helpdesk a vérifié l'adresse"),
    "not_told": ("the helpdesk does not say whether the address is theirs", "le helpdesk ne dit pas si l'adresse est la sienne"),
    "nobody": ("nobody knows who asks", "on ne sait pas qui demande"),
    "not_the_requester": ("the one who wrote is not the requester", "la personne qui a écrit n'est pas le demandeur"),
    "not_in_conversation": ("the one who wrote was not part of the conversation",
                            "la personne qui a écrit ne participait pas à la conversation"),
    "in_copy": ("somebody else is in copy", "quelqu'un d'autre est en copie"),
    "other_account": ("written from another account with the same address", "écrit depuis un autre compte, avec la même adresse"),
    "suspended": ("the requester is suspended at the helpdesk", "le demandeur est suspendu dans le helpdesk"),
    "on_behalf": ("sent in by somebody else in the requester's name", "envoyé par une autre personne au nom du demandeur"),
    "not_signed_in": ("written without signing in", "écrit sans être connecté"),
    "unsure": ("the sender of the mail could not be confirmed", "l'expéditeur du mail n'a pas pu être confirmé"),
    "unverified": ("the address was never confirmed", "l'adresse n'a jamais été confirmée"),
}  # fmt: skip


def level_words(level: Reader, language: str) -> str:
    """Returns a level in words, in the reader's language."""
    return LEVELS[level][language.startswith("fr")]


def why_words(why: Why, language: str) -> str:
    """Returns what decided the level in words, in the reader's language."""
    return WHYS[why][language.startswith("fr")]


def trust_words(found: Trust, language: str) -> str:
    """Returns the level and what decided it, on one line."""
    return f"{level_words(found.level, language)} ({why_words(found.why, language)})"
