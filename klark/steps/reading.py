"""What of a ticket is looked for, and what of it a model and the checks read."""

from collections.abc import Sequence

from django.conf import settings

from guardrails.base import UNJUDGED, Judged, Options
from guardrails.pii import Known
from guardrails.words import fold
from integrations.helpdesks.base import Comment, Ticket
from klark.models.rules import Rules
from klark.steps.brief import Brief, today_in
from klark.steps.past import Memory, as_context
from klark.steps.people import turn_of
from klark.steps.prompt import Asked, mark_of
from klark.steps.retrieve import Found, Wanted
from klark.steps.triage import Triage, written_by_customer

MOST_COMMENTS, MOST_OF_ONE = 6, 2_000
"""Earlier comments that a model reads, and characters of each."""
MOST_BEFORE = 400
"""Characters of the customer's comment before that a search reads."""
MOST_NAMES = 3
"""Words of the requester's name that a greeting may have; a longer one is a sentence."""


def turn_text(ticket: Ticket, seen: Triage) -> str:
    """What the customer wrote this turn; with the subject, where it is the first."""
    subject = ticket.subject.strip()
    return f"{subject}\n{seen.text}" if not _thread(ticket) and subject != seen.text else seen.text


def whole_of(ticket: Ticket, seen: Triage) -> str:
    """The whole ticket: subject, what was said before, and this turn last."""
    thread = _thread(ticket)
    if not thread:
        return turn_text(ticket, seen)
    said = [f"{'Customer' if each.from_customer else 'Support'}: {text}" for each, text in thread]
    return "\n".join([ticket.subject.strip(), *said, f"Customer, now: {seen.text}"]).strip()


def _thread(ticket: Ticket) -> list[tuple[Comment, str]]:
    """What customer and agents said in public before the turn, with its words; the last few."""
    turn = ticket.last_from_customer()
    before = ticket.comments[: ticket.comments.index(turn)] if turn else ()
    public = [each for each in before if each.public and not each.automatic][-MOST_COMMENTS:]
    read = ((each, written_by_customer(each.body_html, each.body_text)[:MOST_OF_ONE]) for each in public)
    return [(each, text) for each, text in read if text]


def mark_for(ticket: Ticket) -> str:
    """What stands around strangers' text of this turn in a prompt."""
    return mark_of(settings.SECRET_KEY, f"{ticket.id}/{turn_of(ticket)}")


def languages(triage: Triage, rules: Rules) -> tuple[str, ...]:
    """Where to look for articles: the ticket's language first, the tenant's others as a fallback."""
    first = triage.language or "en"
    return (first, *(language for language in rules.languages if language != first))


def wanted_of(ticket: Ticket, seen: Triage, rules: Rules) -> Wanted:
    """What is looked for: this turn, and the beginning of what the customer said before it."""
    before = [text[:MOST_BEFORE] for each, text in _thread(ticket) if each.from_customer][-1:]
    text = "\n".join([turn_text(ticket, seen), *before])
    return Wanted(text, languages(seen, rules), ticket.brand_id or "", rules.source_tokens)


def asked_of(
    ticket: Ticket, seen: Triage, ours: Brief, found: Sequence[Found], people: Sequence[Known], past: tuple[str, Memory]
) -> Asked:
    """What a drafter answers. `past`: what a follow-up goes on from, and what comes to mind."""
    before, recalled = past
    context = "\n\n".join(filter(None, (before, as_context(recalled.before))))
    return Asked(
        whole_of(ticket, seen), seen.asks, seen.language or "en", tuple(found), people, settings.SECRET_KEY,
        f"{ticket.id}/{turn_of(ticket)}", ours.today, ours.instruction, context,
    )  # fmt: skip


def guard_options(rules: Rules, triage: Triage, judged: Judged = UNJUDGED, ticket: Ticket | None = None) -> Options:
    """What the policy lets pass, for the checks. Today counts only where the ticket has a date: one from a file may be of any
    day."""
    turn = ticket.last_from_customer() if ticket else None
    return Options(
        trusted_domains=rules.trusted_domains,
        forbidden_phrases=rules.forbidden_phrases,
        language=triage.language or "",
        closing=tuple(rules.sign_off.values()),
        reader=triage.trust.level,
        names=frozenset(fold(ticket.requester.name if ticket else "").split()[:MOST_NAMES]),
        today=today_in(rules) if turn and turn.created_at else None,
        judged=judged,
    )
