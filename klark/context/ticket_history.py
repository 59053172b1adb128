"""Memory: what the same requester asked and was told before, and how agents answered similar tickets.

A requester is known by the helpdesk's own id on the same connection, and only at the levels of trust at which the CRM is
queried too (klark.values.requester_trust): nothing is recalled for a writer who is in copy, in doubt, or at another address.
"""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from guardrails.grounding.claimed_actions import committing
from guardrails.pii.mask import mask_all
from guardrails.text.language import detect
from guardrails.text.sentences import split_sentences
from integrations.helpdesks.base import Comment, Ticket
from integrations.helpdesks.text import written
from klark.knowledge.similarity import likeness, stems_of, weights_of
from klark.models import Connection, Decision, PastTicket, WebhookEvent, within
from klark.models.knowledge.past_tickets import REMEMBERED
from klark.models.ticket.staleness import OVER
from klark.values.own_comments import OwnComments
from klark.values.people import known
from klark.values.recalled_tickets import Alike, Before, Memory
from klark.values.requester_trust import is_asked_for
from klark.values.storable_text import clip

MOST = 2_000
"""Characters kept of each text."""
MOST_TICKETS = 5
LOOKED_AT = 400
"""How many answered tickets of a language are compared, the newest first."""
LEAST_ALIKE = 0.35
MOST_ALIKE = 3


def keep_history(connection: Connection, ticket: Ticket, own: OwnComments) -> None:
    """Stores what was said on a ticket, in place of what was stored before. `own` tells klark's own comments apart."""
    asked, answered = _first(ticket), _answer(ticket, own)
    if asked is None or not ticket.requester.id:
        return
    texts = [_said(ticket.subject, asked)[:MOST], _words(answered)[:MOST] if answered else ""]
    masked, _ = mask_all(texts, known(ticket))
    language = detect(texts[0])[0] or ""
    values = {
        "requester_id": ticket.requester.id[:60],
        "requester_email": clip(ticket.requester.email.strip().lower(), 254),
        "brand": _brand(ticket), "subject": clip(ticket.subject, 500),
        "language": language, "open": ticket.status not in OVER,
        "asked": clip(texts[0], MOST), "answered": clip(texts[1], MOST),
        "masked_asked": clip(masked[0], 2 * MOST), "masked_answered": clip(masked[1], 2 * MOST),
        "stems": sorted(stems_of(masked[0], language)), "asked_at": asked.created_at or ticket.created_at,
        "answered_at": answered.created_at if answered else None,
    }  # fmt: skip
    row = PastTicket(tenant_id=connection.tenant_id, connection=connection, ticket_id=ticket.id[:40], **values)
    with within(connection.tenant_id):
        PastTicket.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=("connection", "ticket_id"), update_fields=[*values, "seen_at"]
        )


def forget_history(connection: Connection, ticket: Ticket) -> None:
    """Deletes what is recalled of a ticket that the policy excludes by now, and what may quote it: its webhooks' bytes, and
    what triage read for its decisions."""
    about: dict[str, Any] = {"connection": connection, "ticket_id": ticket.id[:40]}
    with within(connection.tenant_id):
        PastTicket.of(connection.tenant_id).filter(**about).delete()
        WebhookEvent.of(connection.tenant_id).filter(**about).exclude(raw=b"").update(raw=b"")
        Decision.of(connection.tenant_id).filter(**about).exclude(record={}).update(record={})


def memory(connection: Connection, ticket: Ticket, text: str, language: str, as_of: datetime | None = None) -> Memory:
    """Returns what is recalled on a ticket, where `text` is what is asked now, or was at `as_of`: nothing that was asked or
    answered later. Opens its own transaction."""
    with within(connection.tenant_id):
        past = PastTicket.of(connection.tenant_id).filter(_by(as_of))
        before = _before(connection, ticket, past) if is_asked_for(ticket) else ()
        ended = past.filter(language=language, open=False).exclude(masked_answered="")
        # A brand's id means nothing at another account, and what holds for one brand may be wrong for the next.
        rows = ended.filter(connection=connection, brand=_brand(ticket)).exclude(ticket_id=ticket.id)
        return Memory(before, _alike(rows, stems_of(text, language)))


def _by(as_of: datetime | None) -> Q:
    """Selects the tickets of which everything that is kept had been said by then; one whose answer has no date is none."""
    if as_of is None:
        return Q()
    return Q(asked_at__lt=as_of) & (Q(answered_at__lt=as_of) | Q(answered_at=None, answered=""))


def _before(connection: Connection, ticket: Ticket, past: QuerySet[PastTicket]) -> tuple[Before, ...]:
    own = past.filter(
        connection=connection, requester_id=ticket.requester.id[:60], seen_at__gte=timezone.now() - REMEMBERED
    )
    rows = own.exclude(ticket_id=ticket.id).order_by("-asked_at", "-pk")[:MOST_TICKETS]
    return tuple(
        Before(row.ticket_id, row.subject, row.asked_at, row.open, row.asked, row.answered,
               promises_in(row.answered, row.language), row.language)
        for row in rows
    )  # fmt: skip


def promises_in(text: str, language: str) -> tuple[str, ...]:
    """Returns the sentences that commit us to something."""
    sentences = split_sentences(text, language or "en")
    return tuple(sentence for sentence in sentences if committing(sentence, language or "en"))


def _alike(rows: QuerySet[PastTicket], stems: frozenset[str]) -> tuple[Alike, ...]:
    """Compares the stems of the newest tickets; the texts, a hundred times as long, are read for the few that are similar."""
    newest = list(rows.order_by("-answered_at").values_list("pk", "stems")[:LOOKED_AT])
    weights = weights_of([held for _, held in newest])
    scored = [(likeness(stems, held, weights), pk) for pk, held in newest]
    near = sorted((pair for pair in scored if pair[0] >= LEAST_ALIKE), key=lambda pair: -pair[0])[:MOST_ALIKE]
    whole = rows.in_bulk([pk for _, pk in near])
    return tuple(
        Alike(whole[pk].ticket_id, whole[pk].masked_asked, whole[pk].masked_answered, whole[pk].answered_at)
        for _, pk in near
    )


def _brand(ticket: Ticket) -> str:
    return clip(ticket.brand_id or "", 40)


def _first(ticket: Ticket) -> Comment | None:
    return next((one for one in ticket.comments if one.from_customer and one.public), None)


def _answer(ticket: Ticket, own: OwnComments) -> Comment | None:
    """Returns the last public reply of a person on our side."""
    ours = (one for one in reversed(ticket.comments) if one.public and not one.from_customer and not one.automatic)
    return next((one for one in ours if not own.wrote(one)), None)


def _said(subject: str, comment: Comment) -> str:
    return f"{subject}\n{_words(comment)}".strip()


def _words(comment: Comment) -> str:
    return written(comment.body_html, comment.body_text).strip()
