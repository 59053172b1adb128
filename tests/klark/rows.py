"""Rows for the tests of klark's core, short to make and short to look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from integrations.helpdesks.base import Person, Ticket
from integrations.helpdesks.freshdesk.shapes import DESCRIPTION
from integrations.sandbox import records
from integrations.sandbox.client import DeskName, Sandbox
from klark.knowledge.ingest import NewArticle, ingest
from klark.models import (
    EVERY_TENANT,
    Budget,
    Charge,
    Claim,
    Connection,
    Decision,
    Delivery,
    Draft,
    Policy,
    Tenant,
    Topic,
    TopicRule,
    WebhookEvent,
    within,
)  # fmt: skip
from klark.models.ticket.staleness import readers
from klark.runtime.encrypted_secrets import seal

OWN_ID = str(records.KLARK_ID)
AGENT_ID = str(records.AGENT_ID)
SECRET = "a-secret-of-the-webhook"
TOKENS = {"zendesk": "klark@example.com/token:sandbox-token", "freshdesk": "sandbox-key"}
DESKS: tuple[DeskName, ...] = ("zendesk", "freshdesk")
ASKED = "How long does delivery to Belgium take?"
ANSWER = "Delivery to Belgium takes 3 to 5 working days."


def tenant(slug: str = "acme", topics: Mapping[str, str] | None = None, **rules: Any) -> int:
    """A tenant with a policy; its id. `topics`: key → mode."""
    with within(EVERY_TENANT):
        row = Tenant.objects.create(slug=slug, name=slug.capitalize())
        policy(row.pk, topics, **rules)
    return row.pk


def policy(tenant_id: int, topics: Mapping[str, str] | None = None, **rules: Any) -> Policy:
    """The next version. Public replies for everything unless told otherwise."""
    with within(tenant_id):
        version = Policy.of(tenant_id).count() + 1
        row = Policy.objects.create(tenant_id=tenant_id, version=version, **{"mode": "reply", **rules})
        for key, mode in (topics or {}).items():
            topic = Topic.objects.create(tenant_id=tenant_id, key=key, name=key, words=[key])
            TopicRule.objects.create(tenant_id=tenant_id, policy=row, topic=topic, mode=mode)
    return row


def spend(tenant_id: int, cost: object, at: datetime | None = None, **more: Any) -> None:
    """A request to a model that was paid."""
    amount = Decimal(str(cost))
    values = {"server": "a model", "state": Charge.State.SETTLED, "reserved": amount, "cost": amount, **more}
    with within(tenant_id):
        Charge.objects.create(tenant_id=tenant_id, at=at or datetime.now(UTC), **values)


def connection(tenant_id: int, desk: DeskName = "zendesk", sandbox: Sandbox | None = None, **more: Any) -> Connection:
    """An account at the sandbox, or at nobody's."""
    secrets = {"token": TOKENS[desk], "webhook_secret": SECRET}
    values = {
        "helpdesk": desk, "account": "acme" if desk == "zendesk" else "acme.freshdesk.com", "sealed": seal(secrets),
        "address": sandbox.base(desk) if sandbox else "", "own_user_id": OWN_ID,
        "start_mark": datetime.now(UTC) - timedelta(days=1),
    }  # fmt: skip
    with within(tenant_id):
        return Connection.objects.create(tenant_id=tenant_id, **{**values, **more})


def article(tenant_id: int, title: str = "Delivery times", html: str = f"<p>{ANSWER}</p>", **more: str) -> None:
    """Something the tenant knows, and knew before every ticket."""
    usual = {"language": "en", "created_at": datetime(2020, 1, 1, tzinfo=UTC)}
    with within(tenant_id):
        ingest(tenant_id, "manual", NewArticle(more.pop("key", title), title, html, **{**usual, **more}))  # type: ignore[arg-type]  # texts only


def event(row: Connection, ticket_id: object = 1, **more: Any) -> int:
    """A due event; its id."""
    with within(row.tenant_id):
        values = {"tenant_id": row.tenant_id, "connection": row, "ticket_id": str(ticket_id), **more}
        return WebhookEvent.objects.create(**values).pk


def draft(row: Connection, ticket_id: object = 1, turn: str = "1", **more: Any) -> Draft:
    """A draft of one turn."""
    with within(row.tenant_id):
        return Draft.objects.create(
            tenant_id=row.tenant_id, connection=row, ticket_id=str(ticket_id), turn=turn, subject="Question",
            reply_text=ANSWER, **more,
        )  # fmt: skip


def delivery(row: Connection, ticket_id: object = 1, **more: Any) -> int:
    """A due reply to what stands on the ticket now; its id."""
    text = more.pop("text", ANSWER)
    about = more.pop("draft", None) or draft(row, ticket_id)
    values = {"kind": Delivery.Kind.REPLY, "html": f"<p>{text}</p>", "text": text, **more}
    with within(row.tenant_id):
        return Delivery.objects.create(
            tenant_id=row.tenant_id, connection=row, ticket_id=str(ticket_id), draft=about, **values
        ).pk


def claim(rows: type[WebhookEvent | Delivery] = WebhookEvent) -> Claim:
    """The one row that is due."""
    (one,) = rows.claim()
    return one


def _of(rows: type[Any], wanted: Mapping[str, Any]) -> Any:
    """Rows of a kind. Of the outbox, what is written: a tag alone is asked for by its kind."""
    found = rows.objects.filter(**wanted)
    return found.exclude(kind="tag") if rows is Delivery and "kind" not in wanted else found


def get(rows: type[Any], **wanted: Any) -> Any:
    """The one row of a kind, whosever it is, and what it refers to."""
    with within(EVERY_TENANT):
        return _of(rows, wanted).select_related().get()


def count(rows: type[Any], **wanted: Any) -> int:
    """How many there are."""
    with within(EVERY_TENANT):
        return cast("int", _of(rows, wanted).count())


def change(rows: type[Any], wanted: Mapping[str, Any] | None = None, **values: Any) -> None:
    """Change every row of a kind, or those wanted."""
    with within(EVERY_TENANT):
        rows.objects.filter(**wanted or {}).update(**values)


def delete(rows: type[Any]) -> None:
    """All rows of a kind."""
    with within(EVERY_TENANT):
        rows.objects.all().delete()


def expire_lease(rows: type[Any]) -> None:
    """As when the worker that held it died a while ago."""
    change(rows, lease_until=datetime.now(UTC) - timedelta(seconds=1))


def make_due(rows: type[Any]) -> None:
    """As when the time has come, for the helpdesk as well."""
    change(Budget, held_until=None)
    change(rows, due_at=datetime.now(UTC) - timedelta(seconds=1))


@dataclass(frozen=True)
class Case:
    """One tenant, its desk at the sandbox, and a ticket there."""

    desk: DeskName
    row: Connection
    sandbox: Sandbox
    ticket: int

    @property
    def comments(self) -> list[dict[str, Any]]:
        return cast("list[dict[str, Any]]", self.sandbox.stored(self.desk, self.ticket)["comments"])

    @property
    def seen(self) -> list[str]:
        """Ids of the comments on the ticket, as the adapters give them."""
        ids = [str(comment["id"]) for comment in self.comments]
        return ids if self.desk == "zendesk" else [DESCRIPTION, *ids[1:]]

    @property
    def readers(self) -> str:
        """Who gets a reply, as a delivery keeps it: the requester alone."""
        stored = self.sandbox.stored(self.desk, self.ticket)
        return readers(Ticket("", "", Person(str(stored["requester_id"])), ()))

    @property
    def by_klark(self) -> list[dict[str, Any]]:
        """What klark said on it, in order."""
        return [comment for comment in self.comments if comment["by"] == "klark"]

    def decision(self) -> tuple[str, str]:
        """How the only event ended."""
        row = get(Decision)
        return row.kind, row.reason


def case(sandbox: Sandbox, desk: DeskName = "zendesk", body: str = ASKED, **rules: Any) -> Case:
    """A tenant who knows how long a delivery takes, and a customer who asks that."""
    tenant_id = tenant(**rules)
    article(tenant_id)
    row = connection(tenant_id, desk, sandbox)
    return Case(desk, row, sandbox, sandbox.ticket(desk, subject="Delivery", body=body))
