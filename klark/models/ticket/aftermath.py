"""Notes what became of a ticket after klark drafted for it, from the ticket as it was just read."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models.functions import Now

from integrations.helpdesks.base import Comment, Ticket
from integrations.helpdesks.text import written
from klark.models import Aftermath, Connection, Delivery
from klark.models.delivery import NO_COMMENT
from klark.models.ticket.corrections import note_corrections, note_language
from klark.values.own_comments import OwnComments
from klark.values.words_kept import words_kept

ENDED = frozenset({"solved", "closed"})
FOLLOWED = timedelta(days=7)
"""How long what happens on a ticket is laid to a draft; klark.evidence.outcomes says what follows from it."""


READ = ("tenant", "seen", "draft__tenant", "draft__topic", "draft__language", "draft__reply_text")
"""What is read of a draft and its first comment: a dozen columns more take Django as long as all else here."""
BLANKED: Mapping[str, object] = {"draft__record": {}, "draft__reply_text": ""}
"""A draft whose content was deleted: nothing new is kept of its ticket."""


def note_aftermath(connection: Connection, ticket: Ticket, own: OwnComments) -> None:
    """Notes for each draft of the ticket what people did afterwards, and what they corrected. Comments are compared by their
    ids, never by clocks, and `own` tells klark's own apart. Call inside `within(tenant_id)`."""
    rows = _first_deliveries(connection, ticket.id)
    if rows:
        note_corrections(connection, ticket)
    for row in rows:
        fresh = [each for each in ticket.comments if each.public and each.id not in row.seen and not own.wrote(each)]
        _note(row, ticket, [each for each in fresh if each.from_customer or not each.automatic])


def note_gone(connection: Connection, ticket_id: str) -> None:
    """Notes that the ticket can be read no more, so that nobody knows how it ended. Call inside `within(tenant_id)`."""
    for row in _first_deliveries(connection, ticket_id):
        found, _ = Aftermath.objects.get_or_create(tenant_id=row.tenant_id, draft=row.draft)
        Aftermath.of(row.tenant_id).filter(pk=found.pk).update(read_at=Now(), is_over=None)


def _first_deliveries(connection: Connection, ticket_id: str) -> list[Delivery]:
    """Returns the first comment of each draft: it says which comments were there when the draft was made."""
    rows = Delivery.of(connection.tenant_id).filter(connection=connection, ticket_id=ticket_id)
    comments = rows.exclude(kind__in=NO_COMMENT).exclude(**BLANKED).select_related("draft").only(*READ)
    return list(comments.order_by("draft_id", "pk").distinct("draft_id"))


def _note(row: Delivery, ticket: Ticket, fresh: list[Comment]) -> None:
    kept, _ = Aftermath.objects.get_or_create(tenant_id=row.tenant_id, draft=row.draft)
    ours = next((each for each in fresh if not each.from_customer), None)
    if ours and kept.agent_at is None:
        note_language(row.draft, written(ours.body_html, ours.body_text))
    is_over = None if ticket.merged or ticket.status == "deleted" else ticket.status in ENDED
    Aftermath.of(row.tenant_id).filter(pk=kept.pk).update(
        agent_at=kept.agent_at or _when(ours),
        agent_kept=_kept(row.draft.reply_text, ours) if kept.agent_at is None else kept.agent_kept,
        reopened_at=kept.reopened_at or (Now() if kept.is_over and is_over is False else None),
        is_over=is_over, satisfaction=ticket.satisfaction or kept.satisfaction, read_at=Now(),
    )  # fmt: skip


def _when(comment: Comment | None) -> datetime | Now | None:
    """Returns when a comment was written; now, if the helpdesk does not say."""
    return (comment.created_at or Now()) if comment else None


def _kept(draft: str, comment: Comment | None) -> float | None:
    return words_kept(draft, written(comment.body_html, comment.body_text)) if comment else None
