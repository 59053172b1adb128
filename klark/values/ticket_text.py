"""What a ticket says, as the search, a model and the checks read it."""

from guardrails.untrusted.clean import clean
from integrations.helpdesks.base import Comment, Ticket
from integrations.helpdesks.text import tidy, written
from klark.values.triage import Triage


def written_by_customer(body_html: str, body_text: str) -> str:
    """Returns a comment without quotes, signature, and what nobody can see."""
    # Lines that held only what nobody can see are empty now.
    return tidy(clean(written(body_html, body_text))[0]).strip()


MOST_COMMENTS, MOST_OF_ONE = 6, 2_000
"""Earlier comments that a model reads, and characters of each."""


def turn_text(ticket: Ticket, seen: Triage) -> str:
    """Returns what the customer wrote this turn, with the subject if it is the first turn."""
    subject = ticket.subject.strip()
    return f"{subject}\n{seen.text}" if not public_thread(ticket) and subject != seen.text else seen.text


def whole_of(ticket: Ticket, seen: Triage) -> str:
    """Returns the whole ticket: subject, what was said before, and this turn last."""
    thread = public_thread(ticket)
    if not thread:
        return turn_text(ticket, seen)
    said = [f"{'Customer' if each.from_customer else 'Support'}: {text}" for each, text in thread]
    return "\n".join([ticket.subject.strip(), *said, f"Customer, now: {seen.text}"]).strip()


def public_thread(ticket: Ticket) -> list[tuple[Comment, str]]:
    """Returns the last few comments that customer and agents made in public before the turn, each with its words."""
    turn = ticket.last_from_customer()
    before = ticket.comments[: ticket.comments.index(turn)] if turn else ()
    public = [each for each in before if each.public and not each.automatic][-MOST_COMMENTS:]
    read = ((each, written_by_customer(each.body_html, each.body_text)[:MOST_OF_ONE]) for each in public)
    return [(each, text) for each, text in read if text]
