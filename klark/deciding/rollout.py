"""On which tickets klark writes while it is rolled out: by channel, brand, office hours and share. On the others it only
watches, as in shadow mode: everything is done and kept, and nothing is written."""

import hashlib
from datetime import datetime
from uuid import UUID

from integrations.helpdesks.base import Ticket
from klark.values.office_hours import is_open
from klark.values.policy import Rules


def watched_for(ticket: Ticket, connection_id: UUID, rules: Rules, now: datetime) -> str:
    """Returns the field of the policy that leaves this ticket out of the roll-out, or "" if klark writes on it."""
    if rules.rollout_channels and ticket.channel not in rules.rollout_channels:
        return "rollout_channels"
    if rules.rollout_brands and ticket.brand_id not in rules.rollout_brands:
        return "rollout_brands"
    if rules.rollout_hours != "always":
        opened = is_open(rules.office_hours, rules.time_zone, now)
        if opened != (rules.rollout_hours == "open"):
            return "rollout_hours"
    return "" if share_of(connection_id, ticket.id) < rules.rollout_percent else "rollout_percent"


def share_of(connection_id: UUID, ticket_id: str) -> int:
    """Returns the ticket's place among a hundred (0 to 99), the same for good: a greater share takes in the tickets of a
    smaller one."""
    digest = hashlib.sha256(f"{connection_id} {ticket_id}".encode()).digest()
    return int.from_bytes(digest[:8]) * 100 >> 64
