"""What the search reads of a ticket."""

from collections.abc import Sequence
from datetime import datetime

from guardrails.pii.known import Known
from integrations.helpdesks.base import Ticket
from klark.values.passages import SearchRequest
from klark.values.policy.rules import Rules
from klark.values.ticket_text import answered_thread, unanswered
from klark.values.triage import Triage

MOST_BEFORE = 400
"""Characters of the customer's last answered comment that the search reads."""


def languages(triage: Triage, rules: Rules) -> tuple[str, ...]:
    """Returns the languages to search in: the ticket's first, then the tenant's others as a fallback."""
    first = triage.language or "en"
    return (first, *(language for language in rules.languages if language != first))


def wanted_of(
    ticket: Ticket, seen: Triage, rules: Rules, people: Sequence[Known], as_of: datetime | None = None
) -> SearchRequest:  # fmt: skip
    """Returns the search request: what nobody has answered yet, the newest comment first because a long text is cut, and
    the beginning of the customer's comment before it. `people` are masked where the query leaves this machine."""
    before = [text[:MOST_BEFORE] for each, text in answered_thread(ticket) if each.from_customer][-1:]
    text = "\n".join([unanswered(ticket).newest_first.whole, *before])
    spoken, brand = languages(seen, rules), ticket.brand_id or ""
    return SearchRequest(text, spoken, brand, rules.source_tokens, tuple(people), as_of)
