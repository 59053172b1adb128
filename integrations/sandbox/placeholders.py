"""Placeholders such as {{ticket.id}}: filled in unescaped, unknown ones with nothing, as both products do."""

import re

from integrations.sandbox.records import Change, Comment, Desk, Ticket, User


def fill(template: str, desk: Desk, change: Change, triggered: str = "") -> str:
    """Returns the template with its placeholders filled in."""
    ticket, requester = change.ticket, desk.users[change.ticket.requester_id]
    known = {**_known(ticket, requester, change), "triggered_event": triggered}
    return re.sub(r"\{\{\s*([\w.]+)\s*\}\}", lambda match: known.get(match[1], ""), template)


def _known(ticket: Ticket, requester: User, change: Change) -> dict[str, str]:
    last: Comment | None = ticket.comments[-1] if ticket.comments else None
    return {
        "ticket.id": str(ticket.id),
        "ticket.status": ticket.status,
        "ticket.subject": ticket.subject,
        "ticket.title": ticket.subject,
        "ticket.requester.name": requester.name,
        "ticket.requester.email": requester.email,
        "ticket.latest_comment": last.text if last else "",
        "ticket.latest_public_comment": last.text if last and last.public else "",
        "current_user.id": str(change.actor.id),
    }
