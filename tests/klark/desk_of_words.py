"""A third helpdesk for tests of the steps: no network, it answers what each test scripts and remembers what it was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.errors import BadSignature
from integrations.helpdesks import HELPDESKS
from integrations.helpdesks.base import Account, Arrival, Changes, Person, Ticket, TicketEvent, Write
from integrations.helpdesks.help_centre_page import HelpArticle, HelpCentrePage
from integrations.helpdesks.requester_fields import Profile
from klark.models import Connection
from tests.klark import rows
from tests.klark.said import KLARK, comment, ticket

Step = Ticket | Exception
START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Script:
    """`tickets` are what each look at a ticket finds, the last one for ever; an exception is raised instead."""

    safe_resend: bool = True
    tickets: list[Step] = field(default_factory=lambda: [ticket(comment(1))])
    written: str | Exception = "900"
    found: list[str | Exception | None] = field(default_factory=list)
    settled: BaseException | None = None
    profile: Profile | Exception = field(default_factory=lambda: Profile("words.example"))
    groups: Mapping[str, str] = field(default_factory=dict)
    pages: list[Changes | Exception] = field(default_factory=list)
    articles: Sequence[HelpArticle] | Exception = ()
    asked: list[str] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    settles: list[Write] = field(default_factory=list)
    cursors: list[str] = field(default_factory=list)


def _given(step: Any) -> Any:
    if isinstance(step, BaseException):
        raise step
    return step


def desk_of(script: Script) -> type[Any]:
    """A class as the HELPDESKS table holds it."""

    class DeskOfWords:
        safe_resend = script.safe_resend
        tells_who = False

        def __init__(self, account: Account) -> None:
            self.account = account

        @staticmethod
        def verify(raw: bytes, headers: Mapping[str, str], secrets: Sequence[str], now: datetime) -> Arrival:
            raise BadSignature("nobody signs here")

        @staticmethod
        def parse(raw: bytes, headers: Mapping[str, str]) -> TicketEvent | None:
            return None

        def fetch(self, ticket_id: str) -> Ticket:
            script.asked.append("fetch")
            step = script.tickets.pop(0) if len(script.tickets) > 1 else script.tickets[0]
            return replace(_given(step), id=ticket_id)

        def write(self, about: Ticket, write: Write) -> str:
            script.asked.append("write")
            script.writes.append(write)
            return str(_given(script.written))

        def find(self, about: Ticket, write: Write, since: datetime) -> str | None:
            script.asked.append("find")
            return None if not script.found else _given(script.found.pop(0))

        def tag(self, about: Ticket, name: str, on: bool) -> None:
            """Does nothing: nobody looks at these tickets."""

        def tagged_by(self, about: Ticket, name: str) -> tuple[Person, datetime | None] | None:
            return None

        def settle(self, about: Ticket, write: Write) -> None:
            script.settles.append(write)
            _given(script.settled)

        def profile(self, about: Ticket, with_organization: bool) -> Profile:
            script.asked.append("profile")
            return _given(script.profile)

        def groups(self) -> Mapping[str, str]:
            script.asked.append("groups")
            return script.groups

        def changes(self, cursor: str) -> Changes:
            script.cursors.append(cursor)
            return _given(script.pages.pop(0)) if script.pages else Changes((), cursor, more=False)

        def shelf(self, cursor: str = "") -> HelpCentrePage:
            return HelpCentrePage(tuple(_given(script.articles)))

        def satisfaction(self, ticket: Ticket) -> None:
            return None

        def whoami(self) -> Person:
            script.asked.append("whoami")
            return KLARK

    return DeskOfWords


def connected(patch: pytest.MonkeyPatch, script: Script, slug: str = "acme", **more: Any) -> Connection:
    """An account at this helpdesk."""
    patch.setitem(HELPDESKS, "words", desk_of(script))
    values = {"helpdesk": "words", "account": f"{slug}-words", "own_user_id": KLARK.id, "start_mark": START, **more}
    return rows.connection(rows.tenant(slug), **values)
