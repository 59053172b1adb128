"""Secrets stay where they are sealed: known ones are put in everywhere, klark is made to work and to fail, and nothing that
anybody can read afterwards has them."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from integrations.helpdesks.zendesk.client import Zendesk
from integrations.sandbox.client import Sandbox
from klark import pipeline, tasks
from klark.admin import PAGES
from klark.delivery.deliver import deliver
from klark.metrics import exposition
from klark.models import EVERY_TENANT, Connection, Delivery, Policy, WebhookEvent, within
from klark.runtime.encrypted_secrets import seal
from tests.klark import rows
from tests.klark.companies import superuser
from tests.klark.test_webhooks import envelope, tell

pytestmark = pytest.mark.django_db
CANARIES = {name: f"canary-{name}-5d1f0c" for name in ("token", "webhook", "old", "model", "operator", "metrics")}
REFRESHED = {"token": CANARIES["token"], "webhook_secret": CANARIES["webhook"], "old_webhook_secret": CANARIES["old"]}


def sung(told: str) -> list[str]:
    """The secrets that a text has."""
    return [name for name, canary in CANARIES.items() if canary in told]


@pytest.fixture
def case(sandbox: Sandbox, settings: Settings) -> rows.Case:
    """A tenant with secrets that work at nobody's server."""
    settings.KLARK_MODEL_KEY, settings.KLARK_METRICS_TOKEN = CANARIES["operator"], CANARIES["metrics"]
    one = rows.case(sandbox)
    rows.change(Connection, sealed=seal(REFRESHED))
    model = {
        "model_url": "http://127.0.0.1:1/v1",
        "model_name": "small",
        "sealed_key": seal({"key": CANARIES["model"]}),
    }
    rows.change(Policy, **model)
    return one


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """All that was logged, with every detail."""
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)
    caplog.set_level(logging.DEBUG)
    yield lambda: "\n".join(f"{line.getMessage()} {line.__dict__} {line.exc_text}" for line in caplog.records)


def test_no_log_line_has_a_secret_when_all_goes_wrong(
    case: rows.Case, logged: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Client(raise_request_exception=False)
    secret = {"x-klark-secret": CANARIES["webhook"], "authorization": f"Bearer {CANARIES['metrics']}"}
    browser.post(f"/webhooks/{case.row.pk}/", envelope(case.ticket), "application/json", headers=secret)
    browser.get("/metrics", headers=secret)
    rows.event(case.row, case.ticket)
    tasks.step(WebhookEvent, pipeline.answer)  # the helpdesk refuses the token
    rows.change(Connection, sealed=seal({**REFRESHED, "token": rows.TOKENS["zendesk"]}))
    rows.change(WebhookEvent, state="due", lease_until=None, ended_at=None)
    rows.make_due(WebhookEvent)
    tasks.step(WebhookEvent, pipeline.answer)  # nobody answers at the model's address
    tasks.step(Delivery, deliver)
    monkeypatch.setattr(Zendesk, "fetch", lambda desk, ticket_id: desk.nothing)
    rows.event(case.row, case.ticket + 1)
    tasks.step(WebhookEvent, pipeline.answer)  # a bug
    told = logged()
    assert ("AttributeError" in told, "openai._base_client" in told) == (True, True)
    assert sung(told) == []


def test_no_page_of_the_admin_has_a_secret(case: rows.Case) -> None:
    tell(case.row, envelope(case.ticket))
    browser = superuser()
    shown = {}
    for model in PAGES:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        with within(EVERY_TENANT):
            keys = list(model._default_manager.values_list("pk", flat=True)[:3])
        for address in (reverse(f"{name}_changelist"), *(reverse(f"{name}_change", args=(key,)) for key in keys)):
            shown[address] = browser.get(address, follow=True).content.decode()
    assert any(f"/connection/{case.row.pk}/" in address for address in shown)
    assert {address: sung(page) for address, page in shown.items() if sung(page)} == {}


def test_neither_metrics_nor_health_nor_commands_have_a_secret(
    case: rows.Case, capsys: pytest.CaptureFixture[str]
) -> None:
    with within(EVERY_TENANT):
        told = exposition().decode() + Client().get("/health/ready").content.decode()
    for command in (["connections", "--json"], ["connections"], ["knowledge", "--tenant", "acme", "status"]):
        call_command(*command)
    assert sung(told + capsys.readouterr().out) == []


def test_a_dump_of_the_database_has_no_secret_in_plain(case: rows.Case) -> None:
    with within(EVERY_TENANT), connection.cursor() as cursor:
        dumped = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT coalesce(string_agg(to_jsonb(t)::text, ' '), '') FROM {table} AS t")
            dumped[table] = cursor.fetchone()[0]
    assert str(case.row.pk) in dumped["klark_connection"]
    assert json.dumps({table: sung(text) for table, text in dumped.items() if sung(text)}) == "{}"
