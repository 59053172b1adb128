"""Programs are told what happens: once it is committed, by ids alone, again until they take it, and nobody else's."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from integrations.outgoing_webhook import signature
from integrations.sandbox.client import Sandbox
from klark import notifications, review, tasks
from klark.models import Connection, Delivery, Notification, OutgoingWebhook, WebhookEvent, within
from klark.models.notification import notify
from klark.models.work_queue import ATTEMPTS
from klark.notifications import WAITS_S
from klark.review import Reviewed
from klark.runtime.encrypted_secrets import seal
from tests.integrations.model_server import Said, Server, model_server
from tests.klark import rows

pytestmark = pytest.mark.django_db
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
KINDS = list(OutgoingWebhook.Kind.values)


@pytest.fixture(autouse=True)
def no_bells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)


@pytest.fixture
def there(settings: Settings) -> Iterator[Server]:
    """A program that listens, and may be reached."""
    with model_server() as server:
        server.script = [Said(200, b"{}")]
        settings.KLARK_PRIVATE_WEBHOOK_HOSTS = (server.place,)
        yield server


def webhook(tenant_id: int, there: Server | None = None, **more: Any) -> OutgoingWebhook:
    url = f"http://{there.place}/in" if there else "https://hooks.example/in"
    values = {"name": "board", "url": url, "kinds": KINDS, "sealed": seal({"secret": SECRET}), **more}
    with within(tenant_id):
        return OutgoingWebhook.objects.create(tenant_id=tenant_id, **values)


def told(tenant_id: int, kind: str = "test", **about: Any) -> None:
    with within(tenant_id):
        notify(tenant_id, kind, **about)


def kinds() -> list[str]:
    """What is to be told, in order."""
    with within("*"):
        return list(Notification.objects.order_by("pk").values_list("kind", flat=True))


def state() -> tuple[str, int, int | None]:
    row = rows.get(Notification)
    return row.state, row.attempts, row.status


# What is told


def queued(sandbox: Sandbox, **rules: Any) -> rows.Case:
    """A ticket that a tenant with a webhook is asked; its draft waits unless the rules say otherwise."""
    case = rows.case(sandbox, **{"mode": "queue", "public_sections": True, **rules})
    webhook(case.row.tenant_id)
    rows.event(case.row, case.ticket)
    tasks.work()
    return case


def test_a_draft_that_waits_and_what_is_sent_are_told_by_ids(sandbox: Sandbox) -> None:
    case = queued(sandbox)
    row = rows.get(Delivery, state="waiting")
    review.approve(Reviewed(row.pk, case.row.tenant_id, "lea"))
    tasks.work()
    with within("*"):
        bodies = list(Notification.objects.order_by("pk").values_list("body", flat=True))
    ids = {"delivery": row.pk, "draft": row.draft_id, "ticket_id": str(case.ticket), "connection": str(case.row.pk)}
    assert [(body["type"], body["data"]) for body in bodies] == [
        ("draft.waiting", {**ids, "kind": "reply", "reason": "queue_by_policy"}),
        ("write.sent", {**ids, "kind": "reply"}),
    ]


def test_a_ticket_that_goes_to_a_person_is_told(sandbox: Sandbox) -> None:
    queued(sandbox, mode="off")
    assert kinds() == ["ticket.handed_over", "write.sent"]


def test_a_draft_that_a_person_hands_over_is_told(sandbox: Sandbox) -> None:
    case = queued(sandbox)
    review.hand_over(Reviewed(rows.get(Delivery, state="waiting").pk, case.row.tenant_id, "lea"), "finance")
    assert kinds() == ["draft.waiting", "ticket.handed_over"]


def test_a_write_that_needs_a_person_is_told(sandbox: Sandbox) -> None:
    case = rows.case(sandbox)
    webhook(case.row.tenant_id)
    rows.delivery(case.row, case.ticket, sending_at="2026-01-01T00:00:00Z", state="sending", read_backs=9)
    rows.change(Connection, helpdesk="freshdesk", account="acme.freshdesk.com")
    rows.change(Delivery, attempts=ATTEMPTS)
    tasks.work()
    assert (rows.get(Delivery).state, kinds()) == ("parked", ["work.parked"])


def test_an_event_that_needs_a_person_is_told() -> None:
    account = rows.connection(rows.tenant(), sealed="gone:x")
    webhook(account.tenant_id)
    event = rows.event(account, attempts=ATTEMPTS)
    tasks.work()
    assert (rows.get(WebhookEvent).state, rows.get(Notification).body["data"]) == (
        "parked",
        {"kind": "event", "event": event, "ticket_id": "1", "connection": str(account.pk)},
    )


def test_a_budget_of_which_most_is_spent_is_told_once_a_day(settings: Settings) -> None:
    settings.KLARK_MODEL_NAME = "invented"
    tenant_id = rows.tenant(budget_day=10)
    webhook(tenant_id)
    settings_of = tasks.pipeline.settings_of
    rows.spend(tenant_id, 7)
    settings_of(tenant_id)
    assert kinds() == []
    rows.spend(tenant_id, 1)
    settings_of(tenant_id)
    settings_of(tenant_id)
    assert (kinds(), rows.get(Notification).body["data"]) == (["budget.warned"], {"percent": 80})


def test_the_end_of_the_audit_chain_is_told_once_a_day() -> None:
    webhook(rows.tenant())
    tasks.tell_audit_heads()
    tasks.tell_audit_heads()
    assert (kinds(), rows.get(Notification).body["data"]) == (["audit.head"], {"number": 0, "link": ""})


def test_an_address_is_told_what_it_asked_for_and_only_its_own_tenants() -> None:
    ours = rows.tenant()
    for more in ({"kinds": ["draft.waiting"]}, {"active": False}):
        webhook(ours, **more)
    webhook(rows.tenant("birch"))
    told(ours)
    assert kinds() == []


def test_what_is_undone_is_not_told() -> None:
    tenant_id = rows.tenant()
    webhook(tenant_id)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        told(tenant_id)
        1 / 0  # noqa: B018
    assert kinds() == []


# How it is sent


def test_a_notification_is_sent_once_and_signed(there: Server) -> None:
    tenant_id = rows.tenant()
    webhook(tenant_id, there)
    told(tenant_id, number=7)
    tasks.send_notifications()
    tasks.send_notifications()
    (headers,), (body,) = there.headers, there.bodies
    signed = signature(SECRET, headers["webhook-id"], int(headers["webhook-timestamp"]), json.dumps(body).encode())
    assert (headers["webhook-signature"], body["type"], body["data"]) == (signed, "test", {"number": 7})
    assert state() == ("sent", 1, 200)


def test_what_is_not_taken_is_sent_again_under_the_same_id_and_later_each_time(there: Server) -> None:
    tenant_id = rows.tenant()
    webhook(tenant_id, there)
    there.script = [Said(500)]
    told(tenant_id)
    for wait in WAITS_S[:3]:
        tasks.send_notifications()
        row = rows.get(Notification)
        waits = (row.due_at - row.created_at).total_seconds()
        assert (row.state, wait <= waits < wait + 60) == ("due", True)
        tasks.send_notifications()
        rows.change(Notification, due_at=row.created_at)
    assert (len(there.headers), len({headers["webhook-id"] for headers in there.headers})) == (3, 1)
    assert "500" in row.trouble


def test_what_is_never_taken_is_parked_and_a_person_can_have_it_tried_again(there: Server) -> None:
    tenant_id = rows.tenant()
    webhook(tenant_id, there)
    there.script = [Said(503)]
    told(tenant_id)
    rows.change(Notification, attempts=len(WAITS_S))
    tasks.send_notifications()
    assert state() == ("parked", len(WAITS_S) + 1, None)
    there.script = [Said(200, b"{}")]
    row = rows.get(Notification)
    with within(tenant_id):
        assert (notifications.send_again(row), notifications.send_again(row)) == (True, False)
    tasks.send_notifications()
    assert state() == ("sent", 1, 200)


def test_a_private_network_is_not_told_and_the_log_says_why(there: Server, settings: Settings) -> None:
    settings.KLARK_PRIVATE_WEBHOOK_HOSTS, settings.KLARK_PRIVATE_HOSTS = (), (there.place,)
    tenant_id = rows.tenant()
    webhook(tenant_id, url=f"https://{there.place}/in")
    told(tenant_id)
    tasks.send_notifications()
    assert (rows.get(Notification).state, "public internet" in rows.get(Notification).trouble, there.bodies) == (
        "parked",
        True,
        [],
    )


def test_an_address_that_is_away_keeps_no_other_waiting(there: Server) -> None:
    tenant_id = rows.tenant()
    webhook(tenant_id, url="https://127.0.0.1:1/in")
    webhook(tenant_id, there, name="other")
    for number in range(3):
        told(tenant_id, number=number)
    tasks.send_notifications()
    assert ([body["data"]["number"] for body in there.bodies], rows.count(Notification, state="sent")) == ([0, 1, 2], 3)


def test_what_one_worker_has_taken_up_no_other_sends_until_it_is_due_again(there: Server) -> None:
    tenant_id = rows.tenant()
    row = webhook(tenant_id, there)
    told(tenant_id)
    first, second = (notifications._claimed(tenant_id, row.pk) for _ in range(2))
    assert (first is not None, second) == (True, None)


def test_a_webhook_that_is_paused_is_sent_nothing_until_it_goes_on(there: Server) -> None:
    tenant_id = rows.tenant()
    webhook(tenant_id, there)
    told(tenant_id)
    rows.change(OutgoingWebhook, active=False)
    tasks.send_notifications()
    assert (there.bodies, state()[0]) == ([], "due")
    rows.change(OutgoingWebhook, active=True)
    tasks.send_notifications()
    assert state()[0] == "sent"


def test_a_key_that_cannot_be_opened_is_for_a_person() -> None:
    tenant_id = rows.tenant()
    webhook(tenant_id, sealed="lost:x")
    told(tenant_id)
    tasks.send_notifications()
    assert (rows.get(Notification).state, "lost" in rows.get(Notification).trouble) == ("parked", True)
