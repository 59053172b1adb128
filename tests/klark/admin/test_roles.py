"""Every role and every button: what an agent, a lead, an operator and a stranger may press, and what it does."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.test import Client
from django.urls import reverse

from klark.admin.access import POWERS, ROLE_TABLE, Access, Power, access_for
from klark.admin.access import ROLES as ROLES_OF_TABLE
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
from tests.klark.companies import Company, company, drafted, login, superuser, waiting_of

ROLES = ("agent", "lead", "operator")
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def no_bells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)


def state(rows: Any, pk: object, column: str = "state") -> Any:
    with within(EVERY_TENANT):
        return rows.objects.filter(pk=pk).values_list(column, flat=True).get()


# A button: the page's model, what is posted, where; then the roles that may press it.
DRAFT_BUTTONS: Mapping[str, tuple[dict[str, str], str]] = {
    "approve": ({"press": "approve", "text": "alder reply"}, "due"),
    "approve with edits": ({"press": "approve", "text": "Something else."}, "due"),
    "reject": ({"press": "reject", "why": "wrong article"}, "retired"),
    "draft again": ({"press": "regenerate", "why": ""}, "retired"),
    "hand over": ({"press": "hand_over", "why": "call them"}, "retired"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_every_role_reviews_drafts_of_its_own_company(role: str) -> None:
    own = company("alder")
    browser, ended = login(role, (own, role)), {}
    for number, (button, (form, _)) in enumerate(DRAFT_BUTTONS.items(), 100):
        with within(own.tenant):
            draft = drafted(own.tenant, Connection.of(own.tenant).get(), "alder", ticket_id=str(number))
        delivery = waiting_of(draft)
        browser.post(reverse("admin:klark_draft_change", args=(draft.pk,)), form)
        ended[button] = state(Delivery, delivery)
    assert ended == {button: expected for button, (_, expected) in DRAFT_BUTTONS.items()}
    with within(own.tenant):
        assert list(Outcome.objects.values_list("by", flat=True)) == [role] * len(DRAFT_BUTTONS)


# A button of the log and of the knowledge: the model, its name, the row's new state, and who may.
ACTS = (
    ("webhookevent", "retry", WebhookEvent, "event", "state", "due", ("operator",)),
    ("delivery", "retry", Delivery, "parked", "state", "due", ("operator",)),
    ("delivery", "sent", Delivery, "parked", "state", "sent", ("operator",)),
    ("delivery", "hand_over", Delivery, "parked", "state", "retired", ("operator",)),
    ("article", "withdraw", Article, "article", "current", False, ("lead", "operator")),
)


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "act", "rows", "which", "column", "after", "allowed"), ACTS)
def test_a_button_obeys_those_who_answer_for_it_and_nobody_else(
    model: str, act: str, rows: Any, which: str, column: str, after: object, allowed: tuple[str, ...]
) -> None:
    own, other = company("alder"), company("birch")
    address = reverse(f"admin:klark_{model}_act", args=(getattr(own, which), act))
    before = state(rows, getattr(own, which), column)
    strangers = [Client(), login("nobody"), login("stranger", (other, "operator"))]
    forbidden = [login(role, (own, role)) for role in ROLES if role not in allowed]
    for browser in (*strangers, *forbidden):
        assert browser.post(address).status_code in {302, 403, 404}
    assert state(rows, getattr(own, which), column) == before
    login("somebody", (own, allowed[0])).post(address)
    assert (state(rows, getattr(own, which), column), before == after) == (after, False)


@pytest.mark.django_db
def test_a_button_is_not_pressed_by_looking_at_it() -> None:
    own, browser = company("alder"), superuser()
    for model, act, rows, which, column, *_ in ACTS:
        before = state(rows, getattr(own, which), column)
        address = reverse(f"admin:klark_{model}_act", args=(getattr(own, which), act))
        codes = [browser.generic(method, address).status_code for method in ("GET", "HEAD", "PUT", "DELETE")]
        assert (codes, state(rows, getattr(own, which), column)) == ([403] * 4, before), (model, act)


@pytest.mark.django_db
def test_a_button_that_is_not_there_is_404_for_everyone() -> None:
    own = company("alder")
    browser = superuser()
    addresses = [reverse(f"admin:klark_{model}_act", args=(getattr(own, which), name))
                 for model, which, name in (("delivery", "parked", "delete"), ("webhookevent", "event", "sent"),
                                            ("article", "article", "retry"), ("connection", "connection", "x"))]  # fmt: skip
    assert [browser.post(address).status_code for address in addresses] == [404] * 4


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_cannot_write_stays_as_it_was_whatever_is_posted(role: str) -> None:
    own = company("alder")
    browser = login(role, (own, role))
    forms = {
        "policy": {"mode": "reply", "languages": "en"}, "topic": {"name": "Mine", "words": "x"},
        "article": {"title": "Mine", "body_html": "<p>Mine.</p>", "language": "en"},
        "decision": {"kind": "REPLY"}, "webhookevent": {"state": "due"}, "delivery": {"state": "due"},
    }  # fmt: skip
    codes = {
        model: browser.post(reverse(f"admin:klark_{model}_change", args=(own.rows()[model],)), form).status_code
        for model, form in forms.items()
    }
    written = {model for model, status in codes.items() if status in {200, 302} and _changed(own, model)}
    assert written == ({"topic", "article"} if role != "agent" else set())
    assert {codes[model] for model in ("decision", "webhookevent", "delivery")} <= {302, 403}


def _changed(own: Company, model: str) -> bool:
    with within(EVERY_TENANT):
        return {
            "policy": Policy.of(own.tenant).count() > 1,
            "topic": Topic.of(own.tenant).get().name == "Mine",
            "article": Article.of(own.tenant).filter(title="Mine").exists(),
        }.get(model, False)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["", *ROLES])
def test_nobody_but_a_superuser_makes_tenants_and_users(role: str) -> None:
    own = company("alder")
    browser = login("someone", *([(own, role)] if role else []))
    pages = ["klark_tenant_changelist", "klark_tenant_add", "auth_user_changelist", "auth_user_add"]
    assert [browser.get(reverse(f"admin:{page}")).status_code for page in pages] == [403] * 4
    form = {"username": "new", "password1": "a long password", "password2": "a long password"}
    browser.post(reverse("admin:auth_user_add"), form)
    browser.post(reverse("admin:klark_tenant_add"), {"name": "New", "slug": "new"})
    assert User.objects.filter(username="new").exists() is False


@pytest.mark.django_db
def test_a_draft_that_was_approved_by_one_is_not_rejected_by_the_next() -> None:
    own = company("alder")
    address = reverse("admin:klark_draft_change", args=(own.draft,))
    login("first", (own, "agent")).post(address, {"press": "approve", "text": "alder reply"})
    shown = login("second", (own, "agent")).post(address, {"press": "reject", "why": "no"}, follow=True)
    assert "not waiting any more" in shown.content.decode()
    with within(EVERY_TENANT):
        assert list(Outcome.objects.values_list("kind", "by")) == [("approved", "first")]
        assert (Draft.objects.get().live, Delivery.objects.get(pk=own.delivery).state) == (True, "due")


# Without a page: the powers themselves.

HELD = Access(powers={1: POWERS["agent"], 2: POWERS["lead"], 3: POWERS["operator"]})
MAY = (
    (Power.REVIEW, (True, True, True)), (Power.LEAD, (False, True, True)), (Power.OPERATE, (False, False, True)),
    (Power.OWN, (False, False, False)),
)  # fmt: skip


@pytest.mark.parametrize(("power", "expected"), MAY)
def test_a_power_holds_where_it_was_given(power: Power, expected: tuple[bool, ...]) -> None:
    assert tuple(HELD.may(power, tenant) for tenant in (1, 2, 3)) == expected
    assert (HELD.may(power), HELD.may(power, 4), HELD.tenants(power)) == (
        any(expected),
        False,
        [tenant for tenant, may in zip((1, 2, 3), expected, strict=True) if may],
    )


@pytest.mark.parametrize("power", Power)
def test_nobody_may_nothing_and_a_superuser_everything(power: Power) -> None:
    assert (Access().may(power), Access().may(power, 1), Access(everywhere=True).may(power, 1)) == (False, False, True)


@pytest.mark.parametrize(
    ("access", "visible"), [(Access(), ()), (HELD, (1, 2, 3)), (Access(everywhere=True), (EVERY_TENANT,))]
)
def test_what_is_visible_follows_from_the_powers(access: Access, visible: tuple[object, ...]) -> None:
    assert access.visible() == visible


CELLS = [
    (role, power, cells[place]) for power, (_, cells) in ROLE_TABLE.items() for place, role in enumerate(ROLES_OF_TABLE)
]


@pytest.mark.parametrize(("role", "power", "may"), CELLS)
def test_a_role_may_what_its_cell_says(role: str, power: Power, may: bool) -> None:
    held = Access(powers={1: POWERS[role]})
    assert (held.may(power), held.may(power, 1), held.may(power, 2), held.tenants(power)) == (
        may,
        may,
        False,
        [1] * may,
    )


# What each row of the table is on the pages: an address that is got, or a form that is posted. 200 and 302 let it through.
PAGES_OF: Mapping[Power, tuple[str, ...]] = {
    Power.SEE: ("index", "klark_draft_changelist", "klark_decision_changelist"),
    Power.REVIEW: (),
    Power.LEAD: (
        "klark_policy_changelist", "klark_topic_changelist", "klark_article_gaps", "klark_personal_data", "klark_first_run",
        "klark_ask",
    ),
    Power.OPERATE: (
        "klark_connection_changelist",
        "klark_webhookevent_changelist",
        "klark_apitoken_add",
        "klark_connection_health",
    ),
    Power.OWN: ("klark_tenant_changelist", "auth_user_changelist"),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("role", POWERS)
def test_each_cell_of_the_table_is_what_the_pages_do(role: str) -> None:
    own = company("alder")
    browser = login("somebody", (own, role))
    draft = reverse("admin:klark_draft_change", args=(own.draft,))
    posts: dict[Power, list[tuple[str, dict[str, Any]]]] = {
        Power.REVIEW: [(draft, {"press": "reject", "why": "no"}), (draft, {"topic": "alder-topic", "press": "topic"})],
        Power.LEAD: [(reverse("admin:klark_stop"), {"tenant": own.tenant})],
    }
    for whose, power, may in CELLS:
        if whose == role:
            got = {browser.get(reverse(f"admin:{page}")).status_code for page in PAGES_OF[power]}
            posted = {browser.post(address, form).status_code for address, form in posts.get(power, [])}
            assert (got <= {200 if may else 403}, posted <= {302 if may else 403}) == (True, True), power


@pytest.mark.django_db
def test_a_viewer_sees_the_draft_and_no_button_and_approves_nothing_from_the_list() -> None:
    own = company("alder")
    viewer, agent = login("viewer", (own, "viewer")), login("agent", (own, "agent"))
    address, queue = reverse("admin:klark_draft_change", args=(own.draft,)), reverse("admin:klark_draft_changelist")
    pages = [browser.get(address).content.decode() for browser in (viewer, agent)]
    assert [("alder reply" in page, 'name="press"' in page) for page in pages] == [(True, False), (True, True)]
    viewer.post(queue, {"action": "approve_clean", "_selected_action": [own.draft], "confirmed": "yes"})
    assert state(Delivery, own.delivery) == "waiting"


@pytest.mark.django_db
def test_who_reviews_at_one_company_and_looks_at_another_approves_at_the_first_alone() -> None:
    own, seen = company("alder"), company("birch")
    with within(EVERY_TENANT):
        Draft.objects.update(findings=[])
    browser = login("both", (own, "agent"), (seen, "viewer"))
    chosen = {"action": "approve_clean", "_selected_action": [own.draft, seen.draft], "confirmed": "yes"}
    browser.post(reverse("admin:klark_draft_changelist"), chosen)
    assert (state(Delivery, own.delivery), state(Delivery, seen.delivery)) == ("due", "waiting")


def test_the_table_has_every_role_and_every_power() -> None:
    assert (set(POWERS), set(ROLE_TABLE)) == (set(Membership.Role), set(Power))


def test_the_operators_page_shows_the_table_as_it_is() -> None:
    rows = (ROOT / "docs/operator.md").read_text(encoding="utf-8").splitlines()
    words = {True: "yes", False: "no"}
    told = [f"| {what} | {' | '.join(words[cell] for cell in cells)} |" for what, cells in ROLE_TABLE.values()]
    assert ("| may | viewer | agent | lead | operator |" in rows, [row for row in told if row not in rows]) == (
        True,
        [],
    )


def test_whoever_has_not_logged_in_may_nothing() -> None:
    assert access_for(AnonymousUser()) == Access()


@pytest.mark.parametrize("user", [User(is_superuser=True, is_active=False), User(is_active=False)])
def test_a_user_who_was_shut_out_may_nothing(user: User) -> None:
    assert access_for(user) == Access()


def test_a_superuser_needs_no_membership() -> None:
    assert access_for(User(is_superuser=True)) == Access(everywhere=True)
