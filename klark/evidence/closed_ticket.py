"""A closed ticket as it was when the customer first wrote, and apart from it what a person answered."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from guardrails.pii.known import Known
from guardrails.text.language import detect
from guardrails.text.values import find_values
from integrations.helpdesks.base import Comment, Ticket
from integrations.helpdesks.text import written
from klark.models.ticket.staleness import OVER
from klark.values.own_comments import OwnComments
from klark.values.ticket_text import written_by_customer

LeftOut = Literal["deleted", "merged", "open", "nothing_asked"]
Nothing = Literal["", "no_reply", "by_phone", "by_klark", "no_words", "other_language"]
"""Why an agent's reply can be compared with nothing, or "" if it can."""
SHORT, FEW = 25, 5
"""Words below which a reply that speaks of a call says nothing else, and from which its language can be told."""
_CALLED = re.compile(
    r"\b(?:called|phoned|rang|spoke (?:to|with)|on the phone|by phone|telephoned)\b"
    r"|\b(?:appel[ée]e?s?|eu au t[ée]l[ée]phone|par t[ée]l[ée]phone|au t[ée]l[ée]phone|rappel[ée]e?s?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Closed:
    """`asked` is the ticket with nothing that came later; `whole` the ticket as it is, for the names to mask. `answer` is
    what people on our side then wrote in public, up to the customer's next comment. `people`: others whose names are masked."""

    asked: Ticket
    whole: Ticket
    answer: str
    nothing: Nothing
    people: tuple[Known, ...] = ()


def left_out(ticket: Ticket) -> LeftOut | None:
    """Returns why a ticket is no part of the backtest, or `None`."""
    if ticket.merged:
        return "merged"
    if ticket.status == "deleted":
        return "deleted"
    if ticket.status not in OVER:
        return "open"
    return None if _place(ticket) is not None else "nothing_asked"


def closed_of(ticket: Ticket, own: OwnComments) -> Closed:
    """Returns a ticket that `left_out` lets pass in its two parts. `own` tells klark's own comments apart."""
    place = _place(ticket) or 0
    asked = as_first_written(ticket, place)
    replies = list(_first_replies(ticket.comments[place + 1 :]))
    people = [one for one in replies if not own.wrote(one)]
    answer = "\n\n".join(filter(None, (written(one.body_html, one.body_text).strip() for one in people)))
    nothing: Nothing = why_nothing(ticket, asked, answer) if people else _unanswered(ticket, bool(replies))
    return Closed(asked, ticket, answer, nothing)


def as_first_written(ticket: Ticket, place: int) -> Ticket:
    """Returns the ticket without what came after the comment at `place`: no later comment, note, tag, assignment or state,
    and not the raw payload, which has them all. Field values stay, since they are read only to be masked."""
    turn = ticket.comments[place]
    moment = turn.created_at or ticket.created_at
    shown = (*(one for one in ticket.comments[:place] if one.public), replace(turn, created_at=moment))
    return replace(
        ticket, comments=shown, status="open", priority=None, assignee_id=None, group_id=None, tags=(), parent_id=None,
        satisfaction=None, created_at=moment, updated_at=moment, settled=True, stamp="", raw={},
    )  # fmt: skip


def _place(ticket: Ticket) -> int | None:
    return next((at for at, one in enumerate(ticket.comments) if one.from_customer and one.public), None)


def _first_replies(later: Iterable[Comment]) -> Iterable[Comment]:
    begun = False
    for comment in later:
        if comment.public and not comment.from_customer and not comment.automatic:
            begun = True
            yield comment
        elif begun and comment.public and comment.from_customer:
            return


def _unanswered(ticket: Ticket, by_klark: bool) -> Nothing:
    if by_klark:
        return "by_klark"
    notes = (one.body_text for one in ticket.comments if not one.public and not one.from_customer)
    return "by_phone" if ticket.channel == "phone" or any(map(_CALLED.search, notes)) else "no_reply"


def why_nothing(ticket: Ticket, asked: Ticket, answer: str) -> Nothing:
    """Returns why a draft can be compared with nothing in this answer, or ""."""
    if not any(map(str.isalnum, answer)):
        return "no_words"
    if ticket.channel == "phone" or speaks_of_a_call(answer):
        return "by_phone"
    first = asked.last_from_customer() or asked.comments[-1]
    said = " ".join((asked.subject, written_by_customer(first.body_html, first.body_text)))
    asked_in = detect(said)[0]
    spoken = detect(answer, (asked_in,) if asked_in else ())[0]  # a short reply is taken for the ticket's own language
    other = spoken and asked_in and spoken != asked_in and len(answer.split()) >= FEW
    return "other_language" if other else ""


def speaks_of_a_call(answer: str) -> bool:
    """Returns whether a short reply only says that somebody was called."""
    return len(answer.split()) < SHORT and bool(_CALLED.search(answer)) and not find_values(answer)
