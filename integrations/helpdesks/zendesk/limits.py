"""Zendesk's limits on updates of tickets, beside the account's own.

The account's is 100 a minute, 300 with the High Volume add-on, 20 or 100 for a trial or a sandbox. The header
Zendesk-RateLimit-tickets-update of an update's response tells which of them, if it does not tell the ticket's own limit.
https://developer.zendesk.com/api-reference/introduction/rate-limits/#endpoint-rate-limits
https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#update-ticket
"""

from integrations.helpdesks.pool import Pool

OF_ONE_TICKET, TEN_MINUTES_S = 30, 600.0
UPDATES = Pool("ticket updates", 100, endpoint="ticketsupdate", another=OF_ONE_TICKET)


def pools_of_update(ticket_id: int) -> tuple[Pool, Pool]:
    """Returns the pools that an update counts in: its ticket's, and the account's for updates."""
    return Pool(f"updates of ticket {ticket_id}", OF_ONE_TICKET, TEN_MINUTES_S), UPDATES
