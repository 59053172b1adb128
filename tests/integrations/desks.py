"""Both adapters over a stub transport that answers from a table: the only thing replaced is the network."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from requests.adapters import BaseAdapter

from integrations.helpdesks.base import Account, Helpdesk, Write
from integrations.helpdesks.freshdesk.client import Freshdesk
from integrations.helpdesks.help_centre_page import HelpArticle
from integrations.helpdesks.zendesk.client import Zendesk

PAYLOADS = Path(__file__).resolve().parents[1] / "payloads"
DATE = "Mon, 05 Oct 2026 09:30:00 GMT"
NOW = datetime(2026, 10, 5, 9, 30, tzinfo=UTC)
REPLY = Write(marker="delivery-18", public=True, html="<p>Sorry!</p>", text="Sorry!")
NOTE = replace(REPLY, public=False)


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / name).read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Reply:
    """An answer of the stub; `body` is bytes as they stand, or anything to be sent as JSON."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def to(self, request: requests.PreparedRequest) -> requests.Response:
        answer = requests.Response()
        answer.status_code = self.status
        answer.headers.update({"Date": DATE, "Content-Type": "application/json", **self.headers})
        answer._content = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        answer.url, answer.request = request.url, request
        return answer


class StubTransport(BaseAdapter):
    """Answers by (method, path); a list is used up in order, its last entry stays; an exception is raised."""

    def __init__(self, table: Mapping[tuple[str, str], Any]) -> None:
        super().__init__()
        self.table = {key: list(value) if isinstance(value, list) else [value] for key, value in table.items()}
        self.sent: list[requests.PreparedRequest] = []
        self.options: list[Any] = []

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        self.sent.append(request)
        self.options.append((args, options))
        path = urlsplit(request.url).path
        waiting = self.table.get((request.method, path), [Reply({"error": "RecordNotFound"}, 404)])
        answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if isinstance(answer, Exception):
            raise answer
        return answer.to(request)

    def close(self) -> None:
        pass

    def writes(self) -> list[tuple[str, str, Any]]:
        changing = [request for request in self.sent if request.method != "GET"]
        return [(request.method, urlsplit(request.url).path, json.loads(request.body)) for request in changing]

    def queries(self, path: str) -> list[dict[str, str]]:
        asked = [urlsplit(request.url) for request in self.sent]
        return [{key: value[0] for key, value in parse_qs(url.query).items()} for url in asked if url.path == path]


@dataclass(frozen=True)
class Desk:
    """What the contract tests must know about a desk."""

    name: str
    kind: type[Helpdesk]
    host: str
    account: str
    token: str
    authorization: str
    read: tuple[str, str]
    write: tuple[str, str]
    me: tuple[str, str]
    table: Mapping[tuple[str, str], Any]

    def open(self, changed: Mapping[tuple[str, str], Any] | None = None, **account: Any) -> Helpdesk:
        return self.over(StubTransport({**self.table, **(changed or {})}), **account)

    def over(self, transport: BaseAdapter, **account: Any) -> Helpdesk:
        permit = account.pop("permit", lambda weight: None)
        own = account.pop("own_ids", frozenset({"9009"}))
        return self.kind(Account(self.account, lambda: self.token, permit, transport, own_ids=own, **account))


def stub(desk: Helpdesk) -> StubTransport:
    return desk.account.transport


def published(desk: Helpdesk, cursor: str = "") -> list[HelpArticle]:
    """Everything that a walk from `cursor` on shows."""
    found: list[HelpArticle] = []
    while True:
        page = desk.shelf(cursor)
        found += page.articles
        if not page.more:
            return found
        cursor = page.cursor


ZENDESK = Desk(
    "zendesk",
    Zendesk,
    "acme.zendesk.com",
    "acme",
    "klark@example.test/token:k1",
    "Basic a2xhcmtAZXhhbXBsZS50ZXN0L3Rva2VuOmsx",
    read=("GET", "/api/v2/tickets/4711.json"),
    write=("PUT", "/api/v2/tickets/4711.json"),
    me=("GET", "/api/v2/users/me.json"),
    table={
        ("GET", "/api/v2/tickets/4711.json"): Reply(payload("zendesk_ticket.json")),
        ("GET", "/api/v2/tickets/4711/comments.json"): Reply(payload("zendesk_comments.json")),
        ("PUT", "/api/v2/tickets/4711.json"): Reply(payload("zendesk_updated.json")),
        ("GET", "/api/v2/users/me.json"): Reply(payload("zendesk_me.json")),
        ("GET", "/api/v2/incremental/tickets/cursor.json"): Reply(payload("zendesk_incremental.json")),
        ("GET", "/api/v2/tickets/4711/audits.json"): Reply(payload("zendesk_audits.json")),
        ("GET", "/api/v2/brands.json"): Reply({"brands": [], "meta": {"has_more": False}}),
        ("GET", "/api/v2/help_center/locales.json"): Reply({"locales": ["en-us"], "default_locale": "en-us"}),
        ("GET", "/api/v2/help_center/en-us/articles.json"): Reply(payload("zendesk_articles.json")),
    },
)
FRESHDESK = Desk(
    "freshdesk",
    Freshdesk,
    "acme.freshdesk.com",
    "acme.freshdesk.com",
    "k1",
    "Basic azE6WA==",
    read=("GET", "/api/v2/tickets/4711"),
    write=("POST", "/api/v2/tickets/4711/reply"),
    me=("GET", "/api/v2/agents/me"),
    table={
        ("GET", "/api/v2/tickets/4711"): Reply(payload("freshdesk_ticket.json")),
        ("GET", "/api/v2/tickets/4711/conversations"): Reply(payload("freshdesk_conversations.json")),
        ("POST", "/api/v2/tickets/4711/reply"): Reply(payload("freshdesk_reply.json"), 201),
        ("POST", "/api/v2/tickets/4711/notes"): Reply(payload("freshdesk_reply.json"), 201),
        ("PUT", "/api/v2/tickets/4711"): Reply(payload("freshdesk_ticket.json")),
        ("GET", "/api/v2/agents/me"): Reply(payload("freshdesk_me.json")),
        ("GET", "/api/v2/email_configs"): Reply([]),
        ("GET", "/api/v2/tickets"): Reply([payload("freshdesk_ticket.json")]),
        ("GET", "/api/v2/settings/helpdesk"): Reply({"primary_language": "en", "supported_languages": ["fr"]}),
        ("GET", "/api/v2/solutions/categories"): Reply([{"id": 11, "name": "Orders"}]),
        ("GET", "/api/v2/solutions/categories/11/folders"): Reply(
            [{"id": 21, "visibility": 1}, {"id": 22, "visibility": 3}, {"id": 23}]
        ),
        ("GET", "/api/v2/solutions/folders/21/articles"): Reply(payload("freshdesk_articles.json")),
    },
)
DESKS = (ZENDESK, FRESHDESK)
