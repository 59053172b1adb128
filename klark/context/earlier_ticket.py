"""The closed ticket that a follow-up continues, as context for drafter and agent."""

import structlog

from guardrails.untrusted.clean import clean
from integrations.errors import Refused
from integrations.helpdesks.base import Comment, Helpdesk, Ticket
from klark.values.people import same_requester
from klark.values.ticket_text import written_by_customer

log = structlog.get_logger(__name__)

MOST = 2_000  # characters of each text


def parent_of(desk: Helpdesk, ticket: Ticket) -> Ticket | None:
    """Returns the ticket that this one follows up; `None` if there is none or klark may not see it. Raises TryLater."""
    if ticket.parent_id is None or ticket.parent_id == ticket.id:
        return None
    try:
        return desk.fetch(ticket.parent_id)
    except Refused as error:
        log.warning("the ticket that this one follows up gave no context", ticket=ticket.id, why=str(error))
        return None


def earlier(ticket: Ticket, parent: Ticket | None) -> str:
    """Returns what was asked on the parent and what was answered last; "" without a parent. The first line names it.

    What another requester asked is no context: a shared mailbox, a forwarded mail or an agent can make one customer's
    ticket follow another's.
    """
    if parent is None or not same_requester(ticket, parent):
        return ""
    asked = parent.last_from_customer()
    public = [comment for comment in parent.comments if comment.public and not comment.automatic]
    answered = public[-1] if public and public[-1] is not asked else None
    said = [_words(comment) for comment in (asked, answered) if comment is not None]
    return "\n\n".join([clean(f"#{parent.id} {parent.subject}".strip())[0], *filter(None, said)])


def _words(comment: Comment) -> str:
    who = "Customer" if comment.from_customer else "Support"
    text = written_by_customer(comment.body_html, comment.body_text)[:MOST]
    return f"{who}: {text}" if text else ""
