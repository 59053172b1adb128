"""The real adapters, over klark's own transport and real HTTP, at the stand-ins: what both must do together."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from integrations.errors import IntegrationError
from integrations.helpdesks import HELPDESKS
from integrations.helpdesks.base import Account, Helpdesk, Ticket, Write
from integrations.http.transports import Outbound, requests_transport
from integrations.sandbox import records
from integrations.sandbox.client import DeskName, Sandbox

NAMES: Mapping[str, str] = {"zendesk": "acme", "freshdesk": "acme.freshdesk.com"}
KEYS: Mapping[str, str] = {"zendesk": "klark@example.com/token:sandbox-token", "freshdesk": "sandbox-key"}
SEAT = str(records.KLARK_ID)
REPLY = Write(marker="delivery-7", public=True, html="<p>It takes 3 days.</p>", text="It takes 3 days.")
NOTE = replace(REPLY, public=False, marker="delivery-8", html="<p>A draft.</p>", text="A draft.")


@dataclass
class Clock:
    """The stand-ins' clock, an hour behind: no stamp is as young as the second of the answer that carries it."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1))

    def move(self, seconds: float) -> datetime:
        self.at += timedelta(seconds=seconds)
        return self.at


@dataclass
class Given:
    """What an adapter is given from above, and what it did with it."""

    token: str
    permits: list[int] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    renewed: list[str] = field(default_factory=list)

    def renew(self) -> bool:
        """Another token is there, if one waits."""
        if not self.renewed:
            return False
        self.token = self.renewed.pop(0)
        return True


def opened(sandbox: Sandbox, desk: DeskName, given: Given | None = None, **more: Any) -> Helpdesk:
    """The adapter as production builds it; only the address differs."""
    own = given or Given(KEYS[desk])
    limits = {"private": (urlsplit(sandbox.address).netloc,), "read_s": 3.0, **more}
    transport = requests_transport(Outbound(**limits))
    account = Account(NAMES[desk], lambda: own.token, own.permits.append, transport, frozenset({SEAT}),
                      sandbox.base(desk), seen=own.headers.append, renew=own.renew, saved_replies=True)  # fmt: skip
    return HELPDESKS[desk](account)


def asked(sandbox: Sandbox, desk: DeskName, **more: Any) -> tuple[Helpdesk, Ticket]:
    """A customer's question, as the adapter reads it."""
    number = sandbox.ticket(desk, subject="Delivery", body_html="<p>How long?</p>", **more)
    adapter = opened(sandbox, desk)
    return adapter, adapter.fetch(str(number))


def end(call: Callable[[], object]) -> str:
    """How a call ends: the name of klark's error, or "done"; any other error is a failure of the test."""
    try:
        call()
    except IntegrationError as error:
        return type(error).__name__
    return "done"


def said(sandbox: Sandbox, desk: DeskName, ticket: Ticket) -> list[tuple[str, str, bool]]:
    """Who really said what on a ticket, the question left out: (by, text, public)."""
    kept = sandbox.stored(desk, int(ticket.id))["comments"][1:]
    return [(comment["by"], comment["text"], comment["public"]) for comment in kept]


def walked(adapter: Helpdesk, cursor: str) -> Iterator[tuple[str, str]]:
    """(ticket, cursor after its page) of everything that changed since a cursor."""
    more = True
    while more:
        page = adapter.changes(cursor)
        cursor, more = page.cursor, page.more
        yield from ((event.ticket_id, cursor) for event in page.events)
