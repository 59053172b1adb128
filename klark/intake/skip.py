"""Which tickets are not for klark: the first of a fixed list of rules that applies, with the words that decided.

There are no loops: only a customer's public comment that nobody has answered yet starts a run.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from integrations.helpdesks.base import Comment, Ticket
from integrations.helpdesks.text import written
from klark.intake.automatic_mail import machine
from klark.intake.spam import spam
from klark.intake.thanks import only_thanks
from klark.values.people import excluded_among
from klark.values.reasons import Reason


class SkipRules(Protocol):
    """The part of a tenant's policy that is about skipping (`klark.values.policy.rules.Rules` has it)."""

    @property
    def excluded_channels(self) -> frozenset[str]:
        """Channels whose tickets are skipped."""
        ...

    @property
    def excluded_tags(self) -> frozenset[str]:
        """Tags whose tickets are skipped."""
        ...

    @property
    def excluded_senders(self) -> frozenset[str]:
        """Addresses, or domains with or without "@"."""

    @property
    def runs_per_ticket(self) -> int:
        """The number of recent runs from which a ticket is skipped."""
        ...

    @property
    def runs_per_requester(self) -> int:
        """The number of recent runs from which a requester's tickets are skipped."""
        ...


@dataclass(frozen=True, slots=True)
class Skipping:
    """What the rules need to know besides the ticket.

    wrote              tells whether a comment is klark's own
    answered_turns     ids of the customer comments that klark has dealt with
    connected_at       the start mark: what was written before it is not answered
    runs_of_*          how many runs there have been lately, without this one
    """

    rules: SkipRules
    wrote: Callable[[Comment], bool]
    answered_turns: Container[str] = ()
    connected_at: datetime | None = None
    runs_of_ticket: int = 0
    runs_of_requester: int = 0


@dataclass(frozen=True, slots=True)
class Skip:
    """Why a ticket is left alone. `words`: what exactly decided, for the log."""

    reason: Reason
    words: str = ""


def skip(ticket: Ticket, known: Skipping) -> Skip | None:
    """Returns why this ticket is not for klark now, or `None` if it is."""
    if found := _by_status(ticket) or _by_author(ticket, known):
        return found
    turn = ticket.last_from_customer()
    if turn is None:
        return Skip(Reason.NO_CUSTOMER_COMMENT)
    rules = (_by_time, _by_policy, _by_machine, _by_words, _by_flood)
    return next((found for rule in rules if (found := rule(ticket, turn, known))), None)


_ENDED = {"deleted": Reason.GONE, "closed": Reason.CLOSED, "solved": Reason.SOLVED}


def _by_status(ticket: Ticket) -> Skip | None:
    reason = Reason.GONE if ticket.merged else _ENDED.get(ticket.status or "")
    return Skip(reason, ticket.status or "") if reason else None


def _by_author(ticket: Ticket, known: Skipping) -> Skip | None:
    """Checks who wrote last in public; what rules and the system add is passed over."""
    if not ticket.comments:
        return Skip(Reason.EMPTY)
    last = next((comment for comment in reversed(ticket.comments) if comment.public and _is_someones(comment)), None)
    if last is None:
        return Skip(Reason.NO_CUSTOMER_COMMENT)
    if last.marker or (known.wrote(last) and not _unseen(ticket, known)):
        return Skip(Reason.OWN_COMMENT, last.id)
    if known.wrote(last):
        return None
    if last.from_customer:
        return None
    return Skip(Reason.AGENT_WROTE_LAST if ticket.last_from_customer() else Reason.AGENT_OPENED, last.id)


def _unseen(ticket: Ticket, known: Skipping) -> bool:
    """Returns whether klark's own reply landed after a customer's comment that it had not read, which is possible where
    no write is conditional. The comment is then answered as if the reply were not there."""
    turn = ticket.last_from_customer()
    return turn is not None and turn.id not in known.answered_turns


def _is_someones(comment: Comment) -> bool:
    return comment.from_customer or not comment.automatic


def _by_time(_: Ticket, turn: Comment, known: Skipping) -> Skip | None:
    if turn.id in known.answered_turns:
        return Skip(Reason.ALREADY_ANSWERED, turn.id)
    if known.connected_at and turn.created_at and turn.created_at < known.connected_at:
        return Skip(Reason.OLDER_THAN_CONNECTION, turn.created_at.isoformat())
    return None


def _by_policy(ticket: Ticket, turn: Comment, known: Skipping) -> Skip | None:
    return excluded(ticket, turn, known.rules)


def excluded(ticket: Ticket, turn: Comment | None, rules: SkipRules) -> Skip | None:
    """Returns which exclusion of the policy applies, or `None`, whatever else may be true of the ticket. `turn`: the
    customer's last comment; without one the requester alone counts as the sender."""
    if ticket.channel in rules.excluded_channels:
        return Skip(Reason.EXCLUDED_CHANNEL, ticket.channel or "")
    if tags := rules.excluded_tags.intersection(ticket.tags):
        return Skip(Reason.EXCLUDED_TAG, min(tags))
    people = (turn.author, ticket.requester) if turn else (ticket.requester,)
    sender = excluded_among(people, rules.excluded_senders)
    # Of an excluded sender nothing is kept but the domain, which tells which line of the policy it was.
    return Skip(Reason.EXCLUDED_SENDER, sender.rpartition("@")[2]) if sender else None


def _by_machine(ticket: Ticket, turn: Comment, _: Skipping) -> Skip | None:
    if turn.automatic:
        return Skip(Reason.AUTO_REPLY, turn.id)
    # The subject is the first mail's; on a later turn it says nothing about who wrote.
    subject = ticket.subject if turn is ticket.comments[0] else ""
    sender = turn.author.email or ticket.requester.email
    text = written(turn.body_html, turn.body_text)
    if found := machine(sender, subject, text, turn.headers):
        return Skip(*found)
    words = spam(subject, text)
    return Skip(Reason.SPAM, words) if words else None


def _by_words(ticket: Ticket, turn: Comment, _: Skipping) -> Skip | None:
    text = written(turn.body_html, turn.body_text)
    if turn.attachments:
        return None
    if not text.strip() and (turn is not ticket.comments[0] or not ticket.subject.strip()):
        return Skip(Reason.EMPTY)
    return Skip(Reason.THANKS_ONLY, text[:200]) if only_thanks(text) else None


def _by_flood(_: Ticket, __: Comment, known: Skipping) -> Skip | None:
    if known.runs_of_ticket >= known.rules.runs_per_ticket:
        return Skip(Reason.FLOOD_TICKET, str(known.runs_of_ticket))
    if known.runs_of_requester >= known.rules.runs_per_requester:
        return Skip(Reason.FLOOD_REQUESTER, str(known.runs_of_requester))
    return None
