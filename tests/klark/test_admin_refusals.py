"""Forms that are refused: each field's plain error, what was typed still there, and nothing of it saved."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from klark.admin.connections import ConnectionForm
from klark.admin.knowledge import ArticleForm
from klark.admin.policy import PolicyForm
from klark.admin.topics import TopicForm
from klark.models import EVERY_TENANT, Article, Connection, Membership, Policy, Tenant, Topic, within
from klark.sealed import seal, unseal
from tests.klark.companies import Company, company, login, superuser
from tests.klark.test_admin_policy import PLAIN, newest, rules, save

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> Company:
    return company("alder")


@pytest.fixture
def lead(ours: Company) -> Client:
    return login("lead", (ours, "lead"))


def said(answer: Any) -> dict[str, list[str]]:
    """What a form complains about, by field; {} where it was taken."""
    return {} if answer.status_code == 302 else dict(answer.context["adminform"].form.errors)


def told(answer: Any) -> str:
    """The first complaint, in one line."""
    return next((f"{name}: {words[0]}" for name, words in said(answer).items()), "")


# What is typed into a policy's field, and the beginning of what is said; "" where it is taken.
POLICY: Mapping[str, tuple[dict[str, str], str]] = {
    "a mode that is none": ({"mode": "shout"}, "mode: Select a valid choice. shout is not one of"),
    "a level that is none": ({"tolerate_reply": "LOUD"}, "tolerate_reply: Select a valid choice. LOUD is not one of"),
    "runs that are no number": ({"runs_per_ticket": "six"}, "runs_per_ticket: Enter a whole number."),
    "no runs given": ({"runs_per_requester": ""}, "runs_per_requester: This field is required."),
    "a budget below nothing": ({"budget_day": "-1"}, "budget_day: Ensure this value is greater than or equal to 0."),
    "a budget of words": ({"budget_month": "a lot"}, "budget_month: Enter a number."),
    "a budget without end": ({"budget_month": "NaN"}, "budget_month: Enter a number."),
    "a budget with five decimals": ({"budget_day": "1.00001"},
        "budget_day: Ensure that there are no more than 4 decimal places."),
    "a price below nothing": ({"price_in": "-0.1"}, "price_in: Ensure this value is greater than or equal to 0."),
    "no price": ({"price_out": ""}, "price_out: This field is required."),
    "a currency too long": ({"currency": "EURO"}, "currency: Ensure this value has at most 3 characters"),
    "a time zone that is none": ({"time_zone": "europe/paris "}, "time_zone: There is no such time zone; use a name such as"),
    "a model's address that is none": ({"model_url": "not an address"}, "model_url: Enter a valid URL."),
    "a provider that is none": ({"model_provider": "oracle"}, "model_provider: Select a valid choice. oracle is not one of"),
    "a table that is no JSON": ({"sensitive": "{"}, "sensitive: Enter a valid JSON."),
    "a topic that is not sensitive": ({"sensitive": '{"weather": {}}'},
        "__all__: sensitive.weather is no sensitive topic; known are:"),
    "its own way with a colour": ({"sensitive": '{"self_harm": {"colour": "red"}}'},
        "__all__: sensitive.self_harm.colour is not known"),
    "a list for a table": ({"updates": "[1]"}, "__all__: updates takes an object with any of reply, note, handover."),
    "a status that is none": ({"updates": '{"note": {"status": "shut"}}'}, "__all__: updates.note.status takes one of open,"),
    "an assignee by name": ({"updates": '{"reply": {"assignee": "Ann"}}'},
        "__all__: updates.reply.assignee takes the id of an agent"),
    "a brand's mode": ({"brands": '{"5": {"mode": "off"}}'},
        "__all__: brands.5 takes an object with any of languages, sign_off."),
    "facts from nowhere": ({"crm": '{"facts": {"Order": "a"}}'}, '__all__: crm takes an object: {"url": "https://…"'),
    "facts from a file": ({"crm": '{"url": "file:///etc/passwd", "facts": {}}'}, "__all__: crm.url takes an address"),
}  # fmt: skip


FORMS: Mapping[str, type[Any]] = {
    "policy": PolicyForm,
    "topic": TopicForm,
    "article": ArticleForm,
    "connection": ConnectionForm,
}


def complaint(own: Company, model: str, typed: Mapping[str, Any]) -> str:
    """The first complaint of a model's form, as its page would show it."""
    with within(own.tenant):
        errors = FORMS[model]({"tenant": own.tenant, **typed}).errors
    return next((f"{name}: {words[0]}" for name, words in errors.items()), "")


def test_a_policy_that_cannot_be_followed_is_told_by_its_field(ours: Company) -> None:
    got = {name: complaint(ours, "policy", {**PLAIN, **typed}) for name, (typed, _) in POLICY.items()}
    assert {name: words for name, words in got.items() if not words.startswith(POLICY[name][1])} == {}
    assert complaint(ours, "policy", PLAIN) == ""


def test_what_was_typed_is_still_there_when_a_policy_is_refused(ours: Company, lead: Client) -> None:
    typed = {"forbidden_phrases": "money back\r\nguaranteed", "sign_off_fr": "À bientôt",
        "updates": '{"reply": {"status": "shut"}}',
             "currency": "CHF", "model_key": "sk-secret"}  # fmt: skip
    page = save(lead, ours, **typed, **rules(ours, first="off"))
    shown = page.content.decode()
    assert [
        words in shown for words in ("money back\r\nguaranteed</textarea>", "À bientôt</textarea>", 'value="CHF"')
    ] == [True] * 3
    assert "&quot;shut&quot;" in shown
    assert ('value="off" selected' in shown, "sk-secret" in shown) == (True, False)


def test_a_key_is_for_the_server_it_was_given_for(ours: Company, lead: Client) -> None:
    with within(ours.tenant):
        Policy.objects.update(
            sealed_key=seal({"key": "old"}), model_url="https://models.example/v1", model_name="small"
        )
    at = {"model_url": "https://models.example/v1", "model_name": "small"}
    steps: tuple[dict[str, str], ...] = (
        {**at, "mode": "off"}, {**at, "model_name": "large"}, {**at, "model_url": "https://elsewhere.example/v1"},
        {"model_url": "https://third.example", "model_key": "new"},
    )  # fmt: skip
    kept = []
    for typed in steps:
        with within(ours.tenant):
            Policy.objects.filter(version__gt=1).delete()
        assert save(lead, ours, **typed).status_code == 302
        key = newest(ours).sealed_key
        kept.append(unseal(key)["key"] if key else "")
    assert kept == ["old", "old", "", "new"]


def test_the_key_that_signs_what_is_asked_of_a_crm_is_told_once_there_is_one(ours: Company, lead: Client) -> None:
    address = reverse("admin:klark_policy_change", args=(ours.policy,))
    before = lead.get(address).content.decode()
    with within(ours.tenant):
        Policy.objects.update(crm={"url": "https://crm.example/klark", "facts": {"Order": "a"}})
    after = lead.get(address).content.decode()
    assert ["is signed with" in page for page in (before, after)] == [False, True]


def test_the_oldest_of_several_versions_can_be_taken_up_again(ours: Company, lead: Client) -> None:
    save(lead, ours, mode="reply", currency="CHF")
    save(lead, ours, mode="off")
    with within(ours.tenant):
        found = list(Policy.objects.order_by("version").values_list("version", "mode", "currency"))
    assert found == [(1, "note", "EUR"), (2, "reply", "CHF"), (3, "off", "EUR")]


def test_nobody_is_offered_another_companys_tenant_or_topic(ours: Company, lead: Client) -> None:
    theirs = company("birch")
    page = lead.get(reverse("admin:klark_policy_change", args=(ours.policy,))).content.decode()
    new = lead.get(reverse("admin:klark_policy_add")).content.decode()
    assert ["alder topic" in page, "birch topic" in page, ">Alder<" in new, ">Birch<" in new] == [
        True,
        False,
        True,
        False,
    ]
    refused = lead.post(reverse("admin:klark_policy_add"), {**PLAIN, "tenant": theirs.tenant})
    assert told(refused).startswith("tenant: Select a valid choice.")
    with within(EVERY_TENANT):
        assert Policy.of(theirs.tenant).count() == 1


# Topics, articles, connections: what is typed into the form for a new one.

TOPIC = {"key": "post", "name": "Post", "description": "", "words": "parcel"}
ARTICLE = {"title": "Hours", "body_html": "<p>We open at nine.</p>", "language": "en", "url": ""}
DESK = {"helpdesk": "freshdesk", "account": "alder.freshdesk.com", "active": "on", "start_mark": "2026-01-05 08:00"}
NEW: Mapping[str, tuple[str, dict[str, str], dict[str, str], str]] = {
    "a topic without a key": ("topic", TOPIC, {"key": ""}, "key: This field is required."),
    "a topic's key with a space": ("topic", TOPIC, {"key": "post office"}, "key: Enter a valid “slug”"),
    "a topic's key that is taken": ("topic",
    TOPIC, {"key": "alder-topic"}, "__all__: Topic with this Tenant and Key already exists."),
    "a topic without a name": ("topic", TOPIC, {"name": " "}, "name: This field is required."),
    "a topic described at length": ("topic", TOPIC, {"description": "x" * 301}, "description: Ensure this value has at most 300"),
    "an article without a title": ("article", ARTICLE, {"title": ""}, "title: This field is required."),
    "an article without words": ("article", ARTICLE, {"body_html": ""}, "body_html: This field is required."),
    "an article at no address": ("article", ARTICLE, {"url": "javascript:alert(1)"}, "url: Enter a valid URL."),
    "an article from no day": ("article", ARTICLE, {"valid_from": "soon"}, "valid_from: Enter a valid date/time."),
    "an article that ends before it begins": (
        "article", ARTICLE, {"valid_from": "2026-02-01",
        "valid_until": "2026-01-01"}, "valid_until: It must end after it begins."),
    "a helpdesk that is none": ("connection", DESK, {"helpdesk": "jira"}, "helpdesk: Select a valid choice. jira is not one of"),
    "a connection without an account": ("connection", DESK, {"account": ""}, "account: This field is required."),
    "an account that is connected": ("connection", DESK, {"helpdesk": "zendesk",
    "account": "Alder-Desk"}, "account: This account is connected already."),
    "an account that is an address": ("connection", DESK, {"helpdesk": "zendesk",
    "account": "https://acme.zendesk.com"}, "account: This is an address"),
    "an account elsewhere": ("connection", DESK, {"helpdesk": "zendesk",
    "account": "acme.example.com/x"}, "account: This is an address"),
    "a start on no day": ("connection", DESK, {"start_mark": "yesterday"}, "start_mark: Enter a valid date/time."),
}  # fmt: skip


def test_a_new_row_that_cannot_be_is_told_by_its_field(ours: Company) -> None:
    got = {name: complaint(ours, model, {**good, **typed}) for name, (model, good, typed, _) in NEW.items()}
    assert {name: words for name, words in got.items() if not words.startswith(NEW[name][3])} == {}
    good = {"topic": TOPIC, "article": ARTICLE, "connection": DESK}
    assert {model: complaint(ours, model, typed) for model, typed in good.items()} == dict.fromkeys(good, "")


def test_a_refused_page_shows_what_was_typed_and_makes_nothing(ours: Company) -> None:
    browser = login("ops", (ours, "operator"))
    dates = {
        "valid_from_0": "2026-02-01",
        "valid_from_1": "08:00",
        "valid_until_0": "2026-01-01",
        "valid_until_1": "08:00",
    }
    pages = {
        "topic": ({**TOPIC, "key": "post office"}, ">parcel</textarea>"),
        "article": ({**ARTICLE, **dates}, "We open at nine.&lt;/p&gt;</textarea>"),
        "connection": ({**DESK, "account": "https://acme.example.com", "start_mark_0": "2026-01-05", "start_mark_1": "08:00"},
                       'value="https://acme.example.com"'),
    }  # fmt: skip
    shown = {model: browser.post(reverse(f"admin:klark_{model}_add"), {"tenant": ours.tenant, **typed}).content.decode()
             for model, (typed, _) in pages.items()}  # fmt: skip
    assert {model: words in shown[model] for model, (_, words) in pages.items()} == dict.fromkeys(pages, True)
    with within(EVERY_TENANT):
        assert [rows.objects.count() for rows in (Topic, Article, Connection)] == [1, 1, 1]


def test_an_account_is_kept_as_the_helpdesk_knows_it(ours: Company) -> None:
    typed = {"acme": "zendesk", "Acme.zendesk.com ": "zendesk", "acme.freshdesk.com": "freshdesk", "ACME": "freshdesk",
             "help.acme.example": "freshdesk"}  # fmt: skip
    with within(ours.tenant):
        forms = [
            ConnectionForm({**DESK, "tenant": ours.tenant, "helpdesk": desk, "account": name})
            for name, desk in typed.items()
        ]
        assert [(form.is_valid(), form.cleaned_data.get("account")) for form in forms] == [
            (True, "acme"), (True, "acme"), (True, "acme.freshdesk.com"), (True, "acme.freshdesk.com"), (True,
                "help.acme.example")]  # fmt: skip


# Users and tenants, for superusers.


def member(tenant: int, role: str, pk: object = "") -> dict[str, object]:
    return {
        "memberships-0-tenant": tenant,
        "memberships-0-role": role,
        "memberships-0-id": pk,
        "memberships-0-user": "",
    }


def user_form(forms: int = 0, initial: int = 0, **more: object) -> dict[str, object]:
    return {"username": "ann", "is_active": "on", "first_name": "", "last_name": "", "email": "",
        "memberships-TOTAL_FORMS": forms,
            "memberships-INITIAL_FORMS": initial, "memberships-MIN_NUM_FORMS": 0, "memberships-MAX_NUM_FORMS": 1000,
                **more}  # fmt: skip


def test_a_user_who_cannot_be_made_is_told_why(ours: Company) -> None:
    browser, address = superuser(), reverse("admin:auth_user_add")
    good = {
        **user_form(),
        "usable_password": "true",
        "password1": "a-long-pass-word-7",
        "password2": "a-long-pass-word-7",
    }
    typed = {"no name": {"username": ""}, "a name with a space": {"username": "ann lowe"},
        "a name that is taken": {"username": "root"},
             "two passwords": {"password2": "another-pass-word-7"}, "a short one": {"password1": "kite7", "password2": "kite7"},
             "a number": {"password1": "5029384756", "password2": "5029384756"}}  # fmt: skip
    got = {name: told(browser.post(address, {**good, **more})) for name, more in typed.items()}
    assert {name: words.partition(":")[0] for name, words in got.items()} == {
        "no name": "username", "a name with a space": "username", "a name that is taken": "username",
        "two passwords": "password2",
        "a short one": "password2", "a number": "password2"}  # fmt: skip
    assert get_user_model().objects.count() == 1


def test_a_users_role_is_given_changed_and_taken_away(ours: Company) -> None:
    browser, other = superuser(), company("birch")
    ann = get_user_model().objects.create_user("ann", is_staff=True)
    address = reverse("admin:auth_user_change", args=(ann.pk,))
    roles = []
    for forms in ((1, 0, member(ours.tenant, "agent")), (1, 1, member(ours.tenant, "operator")),
                  (1, 1, {**member(ours.tenant, "operator"), "memberships-0-DELETE": "on"})):  # fmt: skip
        there = Membership.objects.filter(user=ann).first()
        ids = {"memberships-0-id": there.pk if there else "", "memberships-0-user": ann.pk}
        assert browser.post(address, user_form(forms[0], forms[1], **{**forms[2], **ids})).status_code == 302
        roles.append(list(Membership.objects.filter(user=ann).values_list("tenant_id", "role")))
    assert roles == [[(ours.tenant, "agent")], [(ours.tenant, "operator")], []]
    twice = {**member(ours.tenant, "agent"), "memberships-1-tenant": ours.tenant, "memberships-1-role": "lead"}
    assert browser.post(address, user_form(2, 0, **twice)).status_code == 200
    both = {**member(ours.tenant, "agent"), "memberships-1-tenant": other.tenant, "memberships-1-role": "lead"}
    assert browser.post(address, user_form(2, 0, **both)).status_code == 302
    shown = browser.get(reverse("admin:auth_user_changelist")).content.decode()
    assert "Alder: agent, Birch: lead" in shown


def test_a_user_who_is_shut_out_keeps_everything_but_the_way_in(ours: Company) -> None:
    browser, agent = superuser(), login("ann", (ours, "agent"))
    ann = get_user_model().objects.get(username="ann")
    assert agent.get(reverse("admin:klark_draft_changelist")).status_code == 200
    there = {**member(ours.tenant, "agent", Membership.objects.get(user=ann).pk), "memberships-0-user": ann.pk}
    closed = user_form(1, 1, **there)
    del closed["is_active"]
    assert browser.post(reverse("admin:auth_user_change", args=(ann.pk,)), closed).status_code == 302
    assert agent.get(reverse("admin:klark_draft_changelist")).status_code == 302
    assert Membership.objects.filter(user=ann).count() == 1
    address = reverse("admin:auth_user_changelist")
    lists = {query: [row.username for row in browser.get(address + query).context["cl"].result_list]
             for query in ("?is_active__exact=0", "?is_superuser__exact=1", "?memberships__role__exact=agent",
                 "?q=nobody")}  # fmt: skip
    assert lists == {"?is_active__exact=0": ["ann"], "?is_superuser__exact=1": ["root"],
        "?memberships__role__exact=agent": ["ann"],
                     "?q=nobody": []}  # fmt: skip


def test_a_tenant_is_made_and_renamed_and_its_short_name_is_its_own(ours: Company) -> None:
    browser, add = superuser(), reverse("admin:klark_tenant_add")
    typed = {
        "a second alder": ("Again", "alder"),
        "a space": ("Birch", "bir ch"),
        "no name": ("", "birch"),
        "good": ("Birch", "birch"),
    }
    got = {name: told(browser.post(add, {"name": title, "slug": slug})) for name, (title, slug) in typed.items()}
    assert {name: words.partition(":")[0] for name, words in got.items()} == {
        "a second alder": "slug", "a space": "slug", "no name": "name", "good": ""}  # fmt: skip
    browser.post(reverse("admin:klark_tenant_change", args=(ours.tenant,)), {"name": "Alder & Sons", "slug": "alder"})
    with within(EVERY_TENANT):
        assert sorted(Tenant.objects.values_list("slug", "name")) == [("alder", "Alder & Sons"), ("birch", "Birch")]
    assert browser.post(reverse("admin:klark_tenant_delete", args=(ours.tenant,)), {"post": "yes"}).status_code == 403


def test_a_member_reads_the_tenant_that_rows_link_to_and_changes_nothing(ours: Company, lead: Client) -> None:
    theirs = company("birch")
    address = reverse("admin:klark_tenant_change", args=(ours.tenant,))
    assert (lead.get(address).status_code, lead.post(address, {"name": "Mine", "slug": "mine"}).status_code) == (
        200,
        403,
    )
    assert lead.get(reverse("admin:klark_tenant_change", args=(theirs.tenant,))).status_code in {302, 403, 404}
    with within(EVERY_TENANT):
        assert Tenant.objects.get(pk=ours.tenant).name == "Alder"
