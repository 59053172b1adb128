"""Nobody sees, opens, changes or approves anything of another company's: on no page, by no guessed address."""

from itertools import product
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from klark.admin.access import TenantAccess
from klark.models import (
    EVERY_TENANT,
    Article,
    Connection,
    Delivery,
    Draft,
    Membership,
    Outcome,
    Policy,
    Topic,
    WebhookEvent,
    within,
)
from tests.klark.companies import Company, company, login, superuser

pytestmark = pytest.mark.django_db

MODELS = ("connection", "topic", "policy", "article", "webhookevent", "draft", "delivery", "decision")
REVIEWED = ("draft", "decision")
LED = (*REVIEWED, "policy", "topic", "article")
ACTS = (("webhookevent", "retry"), ("delivery", "retry"), ("delivery", "sent"), ("article", "withdraw"))


@pytest.fixture
def two() -> tuple[Company, Company]:
    return company("alder"), company("birch")


def lists(browser: Client, model: str) -> Any:
    query = "?shown=all" if model == "draft" else "?versions=all" if model == "article" else ""
    return browser.get(reverse(f"admin:klark_{model}_changelist") + query)


def page(browser: Client, model: str, pk: object, name: str = "change") -> Any:
    return browser.get(reverse(f"admin:klark_{model}_{name}", args=(pk,)))


def state_of(company: Company) -> list[object]:
    """All that could be changed of a company's."""
    rows = [Delivery, WebhookEvent, Draft, Topic, Policy, Article, Connection, Outcome]
    with within(EVERY_TENANT):
        return [list(row.objects.filter(tenant_id=company.tenant).order_by("pk").values()) for row in rows]


def test_a_list_shows_the_own_companys_rows_and_no_others(two: tuple[Company, Company]) -> None:
    browser = login("ops", (two[0], "operator"))
    for model in MODELS:
        shown = lists(browser, model).content.decode()
        seen = [f"/{whose.rows()[model]}/change/" in shown for whose in two]
        assert (model, *seen, "birch" in shown.lower()) == (model, True, False, False)


def test_another_companys_page_does_not_exist(two: tuple[Company, Company]) -> None:
    ours, theirs = two
    browser = login("ops", (ours, "operator"))
    for model, name in product(MODELS, ("change", "history", "delete")):
        answer = page(browser, model, theirs.rows()[model], name)
        assert answer.status_code in {302, 403, 404}, (model, name)
        assert "birch" not in answer.content.decode().lower(), (model, name)


def test_another_companys_row_cannot_be_posted_to(two: tuple[Company, Company]) -> None:
    ours, theirs = two
    browser, before = login("ops", (ours, "operator")), state_of(theirs)
    form = {"press": "approve", "text": "Mine now", "name": "Mine", "title": "Mine", "mode": "reply", "account": "mine"}
    for model in MODELS:
        address = reverse(f"admin:klark_{model}_change", args=(theirs.rows()[model],))
        assert browser.post(address, form).status_code in {302, 403, 404}, model
        assert state_of(theirs) == before, model


def test_another_companys_buttons_cannot_be_pressed(two: tuple[Company, Company]) -> None:
    ours, theirs = two
    browser, before = login("ops", (ours, "operator")), state_of(theirs)
    for model, act in ACTS:
        address = reverse(f"admin:klark_{model}_act", args=(theirs.rows()[model], act))
        assert browser.post(address).status_code == 404, (model, act)
        assert state_of(theirs) == before, (model, act)


@pytest.mark.parametrize(("model", "action"), [("draft", "approve_clean"), ("webhookevent", "retry_chosen")])
def test_a_bulk_action_leaves_another_companys_rows_alone(
    two: tuple[Company, Company], model: str, action: str
) -> None:
    ours, theirs = two
    browser, before = login("ops", (ours, "operator")), state_of(theirs)
    chosen = [str(each.rows()[model]) for each in two]
    form = {"action": action, "_selected_action": chosen, "confirmed": "yes"}
    browser.post(reverse(f"admin:klark_{model}_changelist"), form)
    assert state_of(theirs) == before
    assert state_of(ours) != before


def test_a_new_row_cannot_be_given_to_another_company(two: tuple[Company, Company]) -> None:
    ours, theirs = two
    form = {"tenant": theirs.tenant, "key": "stolen", "name": "Stolen", "words": ""}
    answer = login("ops", (ours, "operator")).post(reverse("admin:klark_topic_add"), form)
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == ["tenant"]


def test_the_first_page_counts_the_own_company_only(two: tuple[Company, Company]) -> None:
    shown = login("ops", (two[0], "operator")).get(reverse("admin:index")).content.decode()
    assert ("Alder" in shown, "Birch" in shown) == (True, False)


def test_a_role_holds_at_its_company_only(two: tuple[Company, Company]) -> None:
    ours, theirs = two
    browser = login("both", (ours, "operator"), (theirs, "agent"))
    shown = lists(browser, "connection").content.decode()
    assert ("alder-desk" in shown, "birch-desk" in shown) == (True, False)
    assert "birch subject" in lists(browser, "draft").content.decode()
    assert page(browser, "policy", theirs.policy).status_code == 302


@pytest.mark.parametrize(("role", "open_to"), [("agent", REVIEWED), ("lead", LED), ("operator", MODELS)])
def test_a_role_opens_its_pages_and_no_others(
    two: tuple[Company, Company], role: str, open_to: tuple[str, ...]
) -> None:
    browser = login("someone", (two[0], role))
    opened = [model for model in MODELS if lists(browser, model).status_code == 200]
    assert sorted(opened) == sorted(open_to)
    one = [model for model, pk in two[0].rows().items() if page(browser, model, pk).status_code == 200]
    assert sorted(one) == sorted(open_to)


@pytest.mark.parametrize(("role", "changes"), [("agent", ()), ("lead", ("topic", "policy", "article"))])
def test_a_role_adds_only_what_it_answers_for(
    two: tuple[Company, Company], role: str, changes: tuple[str, ...]
) -> None:
    browser = login("someone", (two[0], role))
    added = [model for model in MODELS if browser.get(reverse(f"admin:klark_{model}_add")).status_code == 200]
    assert sorted(added) == sorted(changes)


def test_whoever_belongs_to_no_company_sees_nothing(two: tuple[Company, Company]) -> None:
    browser = login("nobody")
    assert [lists(browser, model).status_code for model in MODELS] == [403] * len(MODELS)
    shown = browser.get(reverse("admin:index")).content.decode()
    assert "You belong to no company yet" in shown


def test_a_user_who_was_shut_out_is_asked_to_log_in(two: tuple[Company, Company]) -> None:
    browser = login("gone", (two[0], "operator"))
    get_user_model().objects.filter(username="gone").update(is_active=False)
    assert lists(browser, "draft").status_code == 302


@pytest.mark.parametrize("model", ["klark_tenant", "auth_user"])
def test_tenants_and_users_are_for_superusers(two: tuple[Company, Company], model: str) -> None:
    address = reverse(f"admin:{model}_changelist")
    browsers = [login("ops", (two[0], "operator")), superuser()]
    assert [browser.get(address).status_code for browser in browsers] == [403, 200]


def test_a_superuser_sees_every_company(two: tuple[Company, Company]) -> None:
    browser = superuser()
    for model in MODELS:
        shown = lists(browser, model).content.decode()
        assert (model, *(f"/{each.rows()[model]}/change/" in shown for each in two)) == (model, True, True)


def test_nothing_is_deleted_by_hand(two: tuple[Company, Company]) -> None:
    browser, before = superuser(), state_of(two[0])
    for model in MODELS:
        browser.post(reverse(f"admin:klark_{model}_delete", args=(two[0].rows()[model],)), {"post": "yes"})
        assert state_of(two[0]) == before, model


@pytest.mark.parametrize(("path", "seen"), [("/admin/anything/", [1, 2]), ("/health/live", [0, 0])])
def test_inside_an_admin_request_no_other_rows_exist(two: tuple[Company, Company], path: str, seen: list[int]) -> None:
    inner = TenantAccess(lambda request: HttpResponse(str(Topic.objects.count())))
    member = get_user_model().objects.create_user("member")
    Membership.objects.create(user=member, tenant_id=two[0].tenant, role="agent")
    request = RequestFactory().get(path)
    request.session = SessionStore()
    found = []
    for request.user in (member, get_user_model().objects.create_superuser("root")):
        found.append(int(inner(request).content))
    assert found == seen


def test_a_view_that_fails_keeps_nothing_of_what_it_did(
    two: tuple[Company, Company], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = login("agent", (two[0], "agent"))
    browser.raise_request_exception = False
    monkeypatch.setattr("klark.admin.queue.drafts.messages.success", lambda *given: 1 / 0)
    answer = browser.post(
        reverse("admin:klark_draft_change", args=(two[0].draft,)), {"press": "approve", "text": "alder reply"}
    )
    assert answer.status_code == 500
    with within(EVERY_TENANT):
        assert Delivery.objects.get(pk=two[0].delivery).state == "waiting"
        assert Outcome.objects.count() == 0


def test_a_user_made_in_the_admin_can_log_in_and_has_the_role_given(two: tuple[Company, Company]) -> None:
    form = {
        "username": "new",
        "usable_password": "true",
        "password1": "a long password",
        "password2": "a long password",
    }
    browser = superuser()
    browser.post(reverse("admin:auth_user_add"), {**form, **_no_memberships()})
    user = get_user_model().objects.get(username="new")
    assert user.is_staff
    form = {"username": "new", "is_active": "on", **_no_memberships(1), "memberships-0-tenant": two[0].tenant,
            "memberships-0-role": "lead", "memberships-0-user": user.pk}  # fmt: skip
    browser.post(reverse("admin:auth_user_change", args=(user.pk,)), form)
    assert list(user.memberships.values_list("tenant_id", "role")) == [(two[0].tenant, "lead")]


def _no_memberships(total: int = 0) -> dict[str, int]:
    return {"memberships-TOTAL_FORMS": total, "memberships-INITIAL_FORMS": 0}


def test_a_chosen_company_stays_chosen_on_the_next_pages_and_no_other_can_be_chosen(
    two: tuple[Company, Company],
) -> None:
    ours, theirs = two
    both, one = login("both", (ours, "lead"), (theirs, "lead")), login("one", (ours, "lead"))
    pages = [reverse("admin:klark_outcomes"), reverse("admin:klark_first_run")]
    for asked, shown in (("", ours), (theirs.mark, theirs), ("", theirs), (ours.mark, ours)):
        both.get(pages[0], {"tenant": asked} if asked else {})
        assert {both.get(page).context["tenant"].slug for page in pages} == {shown.mark}
    one.get(pages[0], {"tenant": theirs.mark})
    assert {one.get(page).context["tenant"].slug for page in pages} == {ours.mark}
