"""An operator names an address, gets its key once, sends a test, and sees what became of each notification."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from klark.models import AuditEntry, Notification, OutgoingWebhook, within
from klark.models.notification import notify
from klark.runtime.encrypted_secrets import unseal
from tests.klark import rows
from tests.klark.companies import Company, company, login

pytestmark = pytest.mark.django_db
ADD, LIST, LOG = (
    reverse(f"admin:klark_{page}")
    for page in ("outgoingwebhook_add", "outgoingwebhook_changelist", "notification_changelist")
)


@pytest.fixture
def ours() -> Company:
    return company("alder")


@pytest.fixture
def operator(ours: Company) -> Client:
    return login("ops", (ours, "operator"))


def form(ours: Company, **changes: Any) -> dict[str, Any]:
    return {"tenant": ours.tenant, "name": "board", "url": "https://hooks.example/in", "kinds": ["draft.waiting"],
            "active": "on", **changes}  # fmt: skip


def press(operator: Client, model: str, name: str) -> None:
    row = rows.get({"outgoingwebhook": OutgoingWebhook, "notification": Notification}[model])
    operator.post(reverse(f"admin:klark_{model}_act", args=(row.pk, name)))


def test_the_key_is_shown_once_and_kept_sealed(operator: Client, ours: Company) -> None:
    shown = operator.post(ADD, form(ours), follow=True).content.decode()
    (key,) = set(re.findall(r"whsec_[\w+/]{43}=", shown))
    made = rows.get(OutgoingWebhook)
    assert (unseal(made.sealed), key in made.sealed, made.kinds) == ({"secret": key}, False, ["draft.waiting", "test"])
    assert key not in operator.get(reverse("admin:klark_outgoingwebhook_change", args=(made.pk,))).content.decode()


def test_a_change_keeps_the_key_and_is_in_the_audit_chain(operator: Client, ours: Company) -> None:
    operator.post(ADD, form(ours))
    made = rows.get(OutgoingWebhook)
    operator.post(reverse("admin:klark_outgoingwebhook_change", args=(made.pk,)), form(ours, kinds=["audit.head"]))
    changed = rows.get(OutgoingWebhook)
    assert (changed.kinds, changed.sealed) == (["audit.head", "test"], made.sealed)
    with within(ours.tenant):
        assert list(AuditEntry.of(ours.tenant).values_list("who", "act")) == [("ops", "webhook")] * 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"url": "http://hooks.example/in"}, "url"), ({"url": "https://a:b@hooks.example/"}, "url"), ({"kinds": []}, "kinds"),
     ({"kinds": ["everything"]}, "kinds")],
)  # fmt: skip
def test_an_address_that_is_not_safe_is_refused(
    operator: Client, ours: Company, changes: dict[str, Any], field: str
) -> None:
    answer = operator.post(ADD, form(ours, **changes))
    assert (list(answer.context["adminform"].form.errors), rows.count(OutgoingWebhook)) == ([field], 0)


def test_a_test_is_in_the_log_and_a_parked_one_is_tried_again(operator: Client, ours: Company) -> None:
    operator.post(ADD, form(ours))
    press(operator, "outgoingwebhook", "test")
    rows.change(Notification, state="parked", trouble="hooks.example answered 500.", attempts=8)
    assert "answered 500" in operator.get(LOG).content.decode()
    press(operator, "notification", "again")
    assert (rows.get(Notification).state, rows.get(Notification).attempts) == ("due", 0)


@pytest.mark.parametrize("role", ["viewer", "agent", "lead"])
def test_nobody_but_an_operator_sees_or_makes_one(ours: Company, role: str) -> None:
    browser = login(role, (ours, role))
    codes = [browser.get(LIST).status_code, browser.get(LOG).status_code, browser.post(ADD, form(ours)).status_code]
    assert codes == [403] * 3


def test_another_companys_are_neither_seen_nor_sent_again(operator: Client) -> None:
    theirs = company("birch")
    with within(theirs.tenant):
        OutgoingWebhook.objects.create(
            tenant_id=theirs.tenant, name="birch board", url="https://b.example", kinds=["test"]
        )
        notify(theirs.tenant, "test")
    rows.change(Notification, state="parked")
    press(operator, "notification", "again")
    press(operator, "outgoingwebhook", "test")
    shown = operator.get(LIST).content.decode() + operator.get(LOG).content.decode()
    assert ("birch board" in shown, rows.get(Notification).state) == (False, "parked")
