"""Builds the request for a drafter, and the options for the checks."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings

from guardrails.base import UNJUDGED, Judged, Options
from guardrails.pii.mask import Known
from guardrails.untrusted.clean import looks_like_instruction
from integrations.helpdesks.base import Ticket
from integrations.llms.delimiters import mark_of
from klark.drafting.prompt import SYSTEM, DraftRequest, Material, material
from klark.drafting.tenant_settings import today_in
from klark.values.passages import FoundArticle
from klark.values.people import turn_of
from klark.values.policy import Rules
from klark.values.recalled_tickets import Memory, as_context
from klark.values.tenant_settings import TenantSettings
from klark.values.ticket_text import customers_words, unread_attachments, whole_of
from klark.values.triage import Triage


def mark_for(ticket: Ticket) -> str:
    """Returns the mark that surrounds strangers' text of this turn in a prompt."""
    return mark_of(settings.SECRET_KEY, f"{ticket.id}/{turn_of(ticket)}")


def requested(
    ticket: Ticket,
    seen: Triage,
    ours: TenantSettings,
    found: Sequence[FoundArticle],
    people: Sequence[Known],
    past: tuple[str, Memory],
) -> tuple[DraftRequest, Material]:
    """Returns the request for a drafter, and its masked form that models read. `past`: the ticket that a follow-up continues
    ("" if none), and the memory; what gives orders to a machine is left out of both."""
    before, recalled = past
    heard = "" if looks_like_instruction(before) else before
    context = "\n\n".join(filter(None, (heard, as_context(recalled.before))))
    asked = DraftRequest(
        customers_words(ticket), seen.asks, seen.language or "en", tuple(found), people, settings.SECRET_KEY,
        f"{ticket.id}/{turn_of(ticket)}", ours.today, ours.instruction, context, whole_of(ticket),
        unread_attachments(ticket), ours.prompt or SYSTEM,
    )  # fmt: skip
    return asked, material(asked)


def guard_options(
    rules: Rules, triage: Triage, judged: Judged = UNJUDGED, ticket: Ticket | None = None, today: date | None = None
) -> Options:  # fmt: skip
    """Returns the options for the checks: what the policy lets pass, and what is known of the ticket.

    Today (`today`, or else the date where the tenant is) counts only if the ticket has a date: one from a file may be of
    any day.
    """
    turn = ticket.last_from_customer() if ticket else None
    return Options(
        trusted_domains=rules.trusted_domains,
        forbidden_phrases=rules.forbidden_phrases,
        language=triage.language or "",
        reader=triage.trust.level,
        today=(today or today_in(rules)) if turn and turn.created_at else None,
        judged=judged,
    )
