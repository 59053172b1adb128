"""An operator makes a token for a program, sees it once, and can revoke it at any time; nobody else can."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from klark.models import ApiToken, AuditEntry, within
from tests.klark import rows
from tests.klark.companies import Company, company, login

pytestmark = pytest.mark.django_db
ADD, LIST = (reverse(f"admin:klark_apitoken_{page}") for page in ("add", "changelist"))


@pytest.fixture
def ours() -> Company:
    return company("alder")


@pytest.fixture
def operator(ours: Company) -> Client:
    return login("ops", (ours, "operator"))


def form(ours: Company, **changes: Any) -> dict[str, Any]:
    ends = datetime.now(UTC) + timedelta(days=30)
    return {"tenant": ours.tenant, "name": "night shift", "scopes": ["read", "act"], "per_minute": 60,
            "expires_at_0": f"{ends:%Y-%m-%d}", "expires_at_1": "12:00:00", **changes}  # fmt: skip


def made(operator: Client, ours: Company) -> str:
    """Makes a token; returns it as it is shown."""
    shown = operator.post(ADD, form(ours), follow=True).content.decode()
    (token,) = set(re.findall(r"klark_[\w-]{43}", shown))
    return str(token)


def asked(token: str) -> int:
    return Client().get("/api/v1/decisions", headers={"authorization": f"Bearer {token}"}).status_code


def test_a_token_is_shown_once_and_opens_what_was_chosen(operator: Client, ours: Company) -> None:
    token = made(operator, ours)
    page = reverse("admin:klark_apitoken_change", args=(rows.get(ApiToken).pk,))
    assert (asked(token), token in operator.get(page).content.decode(), rows.get(ApiToken).scopes) == (
        200,
        False,
        ["read", "act"],
    )


def test_a_token_that_is_revoked_opens_nothing(operator: Client, ours: Company) -> None:
    token = made(operator, ours)
    operator.post(reverse("admin:klark_apitoken_act", args=(rows.get(ApiToken).pk, "revoke")))
    assert (asked(token), "revoked" in operator.get(LIST).content.decode()) == (401, True)


def test_who_made_and_revoked_it_is_in_the_audit_chain(operator: Client, ours: Company) -> None:
    made(operator, ours)
    pk = rows.get(ApiToken).pk
    operator.post(reverse("admin:klark_apitoken_act", args=(pk, "revoke")))
    with within(ours.tenant):
        kept = AuditEntry.of(ours.tenant).filter(act="token").order_by("number")
        assert list(kept.values_list("who", "kind", "row")) == [("ops", "apitoken", str(pk))] * 2
    audit = operator.get(reverse("admin:klark_auditentry_changelist")).content.decode()
    assert [audit.count(words) for words in ("revoked an API token", "made an API token")] == [1, 1]


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"expires_at_0": "2020-01-01"}, "expires_at"), ({"scopes": ["everything"]}, "scopes"), ({"scopes": []}, "scopes"),
     ({"name": ""}, "name")],
)  # fmt: skip
def test_a_token_without_an_end_or_a_purpose_is_not_made(
    operator: Client, ours: Company, changes: dict[str, Any], field: str
) -> None:
    answer = operator.post(ADD, form(ours, **changes))
    assert (list(answer.context["adminform"].form.errors), rows.count(ApiToken)) == ([field], 0)


def test_a_token_is_not_changed_once_it_is_made(operator: Client, ours: Company) -> None:
    made(operator, ours)
    page = reverse("admin:klark_apitoken_change", args=(rows.get(ApiToken).pk,))
    assert (operator.post(page, form(ours, scopes=["ask"])).status_code, rows.get(ApiToken).scopes) == (
        403,
        ["read", "act"],
    )


@pytest.mark.parametrize("role", ["viewer", "agent", "lead"])
def test_nobody_but_an_operator_makes_or_sees_one(ours: Company, role: str) -> None:
    browser = login(role, (ours, role))
    assert [browser.get(LIST).status_code, browser.post(ADD, form(ours)).status_code] == [403, 403]


def test_no_token_is_made_for_another_company(operator: Client) -> None:
    answer = operator.post(ADD, form(company("birch")))
    assert (list(answer.context["adminform"].form.errors), rows.count(ApiToken)) == (["tenant"], 0)
