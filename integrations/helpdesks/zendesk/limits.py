"""Zendesk's limits on updates of tickets, beside the account's own.

https://developer.zendesk.com/api-reference/introduction/rate-limits/#endpoint-rate-limits
"""

from integrations.helpdesks.pool import Pool

UPDATES = Pool("ticket updates", 100)
OF_ONE_TICKET, TEN_MINUTES_S = 30, 600.0


def pools_of_update(ticket_id: int) -> tuple[Pool, Pool]:
    """Returns the pools that an update counts in: its ticket's, and the account's for updates."""
    return Pool(f"updates of ticket {ticket_id}", OF_ONE_TICKET, TEN_MINUTES_S), UPDATES
