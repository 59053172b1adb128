"""The language that a reviewer has said a customer writes in, where klark had taken it for another."""

from guardrails.text.language import detect
from integrations.helpdesks.base import Ticket
from klark.knowledge.ingest import PLAIN, PLAIN_WORDS
from klark.values.own_comments import History
from klark.values.ticket_text import unanswered


def corrected_language(history: History, ticket: Ticket) -> str:
    """Returns what was said of this ticket last, or else of the requester's last one, unless this ticket is plainly written in
    another language; "" where nothing was said."""
    theirs = history.corrected_for_requester
    if history.corrected_here or not theirs:
        return history.corrected_here or ""
    text = unanswered(ticket).whole
    found, sure = detect(text)
    is_another = found not in (None, theirs) and sure >= PLAIN and len(text.split()) >= PLAIN_WORDS
    return "" if is_another else theirs
