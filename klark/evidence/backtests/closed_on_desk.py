"""Reads the tickets of a connected helpdesk that changed since a day, through an adapter that cannot write."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from integrations.errors import Gone, Refused
from integrations.helpdesks.base import Changes, Helpdesk, Ticket
from integrations.llms.base import BudgetSpent, ModelAccount
from klark.connections.open_helpdesk import open_for_reading
from klark.connections.rate_limit import background
from klark.drafting.tenant_settings import settings_of
from klark.evidence.backtests.backtest import Opened, Past
from klark.models import Connection, within
from klark.models.ticket.loaded_event import NOTHING_WRITTEN
from klark.models.ticket.own_comments import own_comments
from klark.values.own_comments import OwnComments
from klark.values.policy.rules import Rules
from klark.values.tenant_settings import TenantSettings

PATIENCE_S = 120.0  # nobody waits for these reads, so they may wait for their share of the rate limit
MOST_PAGES = 20_000
FIRST_DAY = date(1970, 1, 1)
"""Helpdesks count from it: they list nothing that changed since an earlier one."""


def reader(connection: Connection) -> Helpdesk:
    """Returns the connection's helpdesk, for reading alone."""
    return open_for_reading(connection, background(connection, PATIENCE_S))


def changed_since(desk: Helpdesk, since: datetime) -> Iterator[Ticket | None]:
    """Yields each ticket that changed since then, as it is now, in the helpdesk's order; None for one that is gone. Raises what
    adapters raise."""
    seen = set[str]()
    for page in pages(desk, since.isoformat()):
        for event in page.events:
            if event.ticket_id not in seen:
                seen.add(event.ticket_id)
                yield fetched(desk, event.ticket_id)


def pages(desk: Helpdesk, cursor: str) -> Iterator[Changes]:
    """Yields the pages of changes from a cursor on, or from a time in ISO 8601. Raises what adapters raise."""
    for _ in range(MOST_PAGES):
        page = desk.changes(cursor)
        yield page
        if not page.more:
            return
        cursor = page.cursor
    raise Refused("The list of changes does not end: klark stopped reading it.")


def fetched(desk: Helpdesk, ticket_id: str) -> Ticket | None:
    """Returns a ticket as it is now; None if it is gone. Raises what adapters raise."""
    try:
        return desk.fetch(ticket_id)
    except Gone:
        return None


def opener(
    past: Past, over: Callable[[TenantSettings], TenantSettings], rules: Rules | None = None,
    instead: ModelAccount | None = None,
) -> Opened:  # fmt: skip
    """Returns what reads the settings for a ticket, those of a trial if `rules` are given or a model `instead` of the tenant's:
    anew for each ticket, since the budget may be spent meanwhile. `over` puts its models behind what they answered before."""

    def opened(ticket: Ticket) -> tuple[TenantSettings, Past]:
        about = (past.connection.pk, ticket.id[:40])
        ours = over(settings_of(past.connection.tenant_id, rules=rules, about=about, instead=instead))
        if ours.budget_spent:
            raise BudgetSpent
        return ours, past

    return opened


def written_by_klark(connection: Connection, ticket: Ticket | None) -> OwnComments:
    """Returns what tells klark's own comments on a ticket apart."""
    if ticket is None:
        return NOTHING_WRITTEN
    with within(connection.tenant_id):
        return own_comments(connection, ticket.id)
