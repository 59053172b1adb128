"""Everything that an adapter, its installer and its OAuth can ask of a helpdesk, asked once of the stand-ins, and the
requests that it took."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import BaseAdapter

from integrations.errors import Refused, TryLater
from integrations.helpdesks.base import Account, Write
from integrations.helpdesks.freshdesk.client import Freshdesk
from integrations.helpdesks.freshdesk.setup import FreshdeskSetup
from integrations.helpdesks.setup import Extras
from integrations.helpdesks.zendesk.client import Zendesk
from integrations.helpdesks.zendesk.oauth import OAuth
from integrations.helpdesks.zendesk.setup import ZendeskSetup
from integrations.http.transports import Outbound, requests_transport
from integrations.sandbox.client import Sandbox

HOOK = "https://klark.example/webhooks/1/"
EVERYTHING = Write(
    marker="delivery-1", public=True, html="<p>Sorry!</p>", text="Sorry!", tags=("klark",), group_id="7001",
    assignee_id="9001", status="pending", priority="high", custom_fields={"7401": "yes"},
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One request, without its host."""

    method: str
    path: str
    query: dict[str, str]
    body: Any


@dataclass
class Recorder(BaseAdapter):
    """Passes requests on, and keeps them."""

    inner: BaseAdapter
    prefix: str
    asked: list[Asked] = field(default_factory=list)

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        url = urlsplit(request.url or "")
        body = json.loads(request.body) if request.body else None
        path = url.path.removeprefix(f"/{self.prefix}")
        self.asked.append(Asked(str(request.method), path, dict(parse_qsl(url.query, keep_blank_values=True)), body))
        return self.inner.send(request, *args, **options)

    def close(self) -> None:
        pass


def account(sandbox: Sandbox, desk: str, name: str, token: str) -> tuple[Account, Recorder]:
    netloc = urlsplit(sandbox.address).netloc
    recorder = Recorder(requests_transport(Outbound(private=(netloc,))), desk)
    opened = Account(
        name, lambda: token, lambda weight: None, recorder, frozenset({"9001"}), f"{sandbox.address}/{desk}",
        saved_replies=True,
    )  # fmt: skip
    return opened, recorder


def of_zendesk(sandbox: Sandbox) -> list[Asked]:
    """All of it, in any order."""
    ticket = str(_stage(sandbox, "zendesk"))
    sandbox.rows("zendesk", "brands", {"id": 7102, "name": "Second", "subdomain": "second", "active": True,
                                       "has_help_center": True})  # fmt: skip
    sandbox.articles("zendesk", [{"id": "901", "title": "Second", "body_html": "<p>x</p>", "language": "en-us",
                                  "brand": "second"}])  # fmt: skip
    sandbox.rows("zendesk", "ticket_fields", {"id": 7402, "type": "multiselect", "title": "Causes", "custom_field_options": [
        {"name": "A", "value": "a"}, {"name": "B", "value": "b"}]})  # fmt: skip
    opened, recorder = account(sandbox, "zendesk", "acme", "klark@example.com/token:sandbox-token")
    _use(Zendesk(opened), ticket)
    Zendesk(opened).changes("after:" + Zendesk(opened).changes(_hours_ago(1)).cursor.removeprefix("after:"))
    Zendesk(opened).shelf('{"since": 0}')
    setup = ZendeskSetup(opened)
    _set_up(setup)
    setup.session.patch(f"{setup.api}/webhooks/{_only(sandbox, setup)}", json={"webhook": {"status": "inactive"}})
    setup.arrange(HOOK, "", lambda secret: None)
    for raw in setup._triggers():
        setup.session.put(f"{setup.api}/triggers/{raw['id']}.json", json={"trigger": {"active": False}})
    recorder.asked = [each for each in recorder.asked if each.body != {"trigger": {"active": False}}]
    setup.arrange(HOOK, "", lambda secret: None)
    setup.remove(HOOK)
    oauth = OAuth("acme", recorder, f"{sandbox.address}/zendesk")
    tokens = oauth.by_client("klark", "s3cret")
    oauth.by_refresh("klark", "s3cret", tokens.refresh)
    with suppress(Refused):
        oauth.by_code("klark", "s3cret", "none", "verifier", "https://klark.example/back")
    page = urlsplit(OAuth("acme", recorder).page("klark", "https://klark.example/back", "state", "verifier"))
    return [*recorder.asked, Asked("GET", page.path, dict(parse_qsl(page.query)), None)]


def of_freshdesk(sandbox: Sandbox) -> list[Asked]:
    """All of it, in any order."""
    ticket = str(_stage(sandbox, "freshdesk"))
    sandbox.articles("freshdesk", [
        {"id": "902", "title": "Inner", "body_html": "<p>x</p>", "language": "en", "section": "Guides/Inner"},
        {"id": "902", "title": "Dedans", "body_html": "<p>x</p>", "language": "fr", "section": "Guides/Inner"},
    ])  # fmt: skip
    opened, recorder = account(sandbox, "freshdesk", "acme.freshdesk.com", "sandbox-key")
    _use(Freshdesk(opened), ticket)
    setup = FreshdeskSetup(opened)
    sandbox.fault("status", desk="freshdesk", method="POST", path="/automations/1/", status=400, times=2)
    _set_up(setup)
    setup.arrange(HOOK, "another", lambda secret: None)
    setup.remove(HOOK)
    return recorder.asked


def _stage(sandbox: Sandbox, desk: Any) -> int:
    sandbox.settings(incremental_lag_s=0)
    sandbox.articles(desk, [{"id": "900", "title": "Returns", "body_html": "<p>x</p>", "language": "en-us"}])
    asker = {"name": "Camille Durand", "email": "camille.durand@example.org"}
    sandbox.person(desk, asker["email"], {"plan": "gold"}, {"name": "Acme", "fields": {"contract": "2027-01-01"}})
    return sandbox.ticket(desk, subject="Delivery", body="How long?", requester=asker, cc=["otto.lind@example.com"])


def _use(desk: Any, ticket: str) -> None:
    """What the protocol has, reply and note, with everything that a write may carry."""
    desk.whoami()
    desk.groups()
    desk.changes(_hours_ago(1))
    for write in (EVERYTHING, replace(EVERYTHING, public=False, marker="delivery-2", custom_fields={"cf_order": "x"}
                                      if isinstance(desk, Freshdesk) else {"7401": "no", "7402": "a, b"})):  # fmt: skip
        with suppress(Refused, TryLater):
            read = desk.fetch(ticket)
            desk.write(read, write)
            desk.settle(read, write)
    _set_an_own_status(desk, ticket)
    desk.profile(desk.fetch(ticket), with_organization=True)
    desk.satisfaction(desk.fetch(ticket))
    desk.find(desk.fetch(ticket), replace(EVERYTHING, marker="never"), datetime.now(UTC))
    cursor, more = "", True
    while more:
        page = desk.shelf(cursor)
        cursor, more = page.cursor, page.more


def _set_an_own_status(desk: Any, ticket: str) -> None:
    name = "Waiting on parts" if isinstance(desk, Zendesk) else "Waiting on third party"
    read, write = desk.fetch(ticket), Write("delivery-3", public=False, html="<p>x</p>", text="x", status_name=name)
    desk.write(read, write)
    desk.settle(read, write)


def _set_up(setup: Any) -> None:
    setup.seat()
    setup.arrange(HOOK, "s3cret", lambda secret: None)
    setup.furnish(Extras("Level 2", ("klark: decision",)))
    setup.ring(HOOK)


def _only(sandbox: Sandbox, setup: Any) -> str:
    (row,) = setup.session.get(f"{setup.api}/webhooks").json()["webhooks"]
    return str(row["id"])


def _hours_ago(hours: float) -> str:
    return (datetime.now(UTC) - timedelta(hours=hours)).isoformat()


def each_once(asked: list[Asked]) -> Iterator[Asked]:
    """By method, path and the names in it."""
    known = set()
    for one in asked:
        key = (one.method, one.path, tuple(sorted(one.query)), json.dumps(one.body, sort_keys=True))
        if key not in known:
            known.add(key)
            yield one
