"""Forms that are refused: each field's plain error, what was typed still there, and nothing of it saved."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml.html import fromstring

from klark.admin.knowledge.articles import ArticleForm
from klark.admin.knowledge.topics import TopicForm
from klark.admin.operations.connections import ConnectionForm
from klark.admin.policy.pages import PolicyForm
from klark.models import EVERY_TENANT, Article, Connection, Policy, Topic, within
from klark.runtime.encrypted_secrets import seal, unseal
from tests.klark.admin.test_policy import PLAIN, newest, rules, save, typed_in
from tests.klark.companies import Company, company, login

pytestmark = pytest.mark.django_db


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
    "a time zone that is none": ({"time_zone": "europe/paris "},
        'time_zone: “Time zone”: there is no time zone "europe/paris"'),
    "a model's address that is none": ({"model_url": "not an address"}, "model_url: Enter a valid URL."),
    "a provider that is none": ({"model_provider": "oracle"}, "model_provider: Select a valid choice. oracle is not one of"),
    "a topic that is not sensitive": ({"sensitive_0_name": "weather"},
        "sensitive: weather: Sensitive topic: Select a valid choice. weather is not one of"),
    "a row without a name": ({"offers_0_name": "", "offers_0_text_en": "Here."},
        "offers: Number 1 has no name yet: give it one, or empty it."),
    "two rows of one name": ({"offers_0_name": "a", "offers_1_name": " a"}, "offers: “a” stands there twice."),
    "an offer without a text": ({"offers_0_name": "Label"},
        "offers: “Offers” (Label) takes both its topics and its text, in one language at least."),
    "hours that are none": ({"office_hours_mon": "9-18"}, "office_hours: “Office hours” (Monday) takes hours as in"),
    "a tag that is none": ({"act_tags_send": "Send it"}, "act_tags: “Tags to act by” (send the draft) takes one word of small"),
    "one tag for two acts": ({"act_tags_send": "x", "act_tags_redo": "x"}, "act_tags: “Tags to act by” takes another tag"),
    "days without end": ({"keep_days_memory": "9999"},
        "keep_days: “Days for which things are kept” (what customers asked and people answered) takes a whole"),
    "days that are none": ({"keep_days_log": "long"}, "keep_days: Events and decisions, without what they say: Enter a whole"),
    "a status that is none": ({"updates_note_status": "shut"},
        "updates: After a note: Status: Select a valid choice. shut is not one of"),
    "an assignee by name": ({"updates_reply_assignee": "Ann"},
        "updates: “What a write changes” (after a reply, assignee) takes the id of an agent"),
    "a field without a value": ({"updates_reply_fields": "7001 = a\r\n\r\n7002"},
        "updates: After a reply: Fields: Line 3: write “name = value”, not “7002”."),
    "a field twice": ({"updates_reply_fields": "7001=a\r\n7001=b"},
        "updates: After a reply: Fields: Line 2: “7001” stands there twice."),
    "a brand's language": ({"brands_0_name": "5", "brands_0_languages": "tlh"},
        'brands: “Brands” (5, languages): klark knows no language "tlh"'),
    "facts from nowhere": ({"crm_facts": "Order = a"}, "crm: The address of your CRM and the facts from there go together"),
    "facts from a file": ({"crm_url": "file:///etc/passwd", "crm_facts": "Order = a"},
        "crm: “Customer facts” (address of your CRM) takes an address"),
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
    typed = {"forbidden_phrases": "money back\nguaranteed", "sign_off_fr": "À bientôt",
        "updates_reply_status_name": "Shut", "updates_reply_fields": "7001", "offers_0_name": "Gift",
             "why": "Because.", "currency": "CHF"}  # fmt: skip
    page = save(lead, ours, model_key="sk-secret", **typed, **rules(ours, first="off"))
    there = typed_in(page)
    assert {name: there[name] for name in typed} == typed
    assert there["topic_rules-0-mode"] == "off"
    opened = fromstring(page.content.decode()).xpath("//details[@open]/summary")
    assert [each.text_content().strip() for each in opened] == ["Gift"]
    assert "sk-secret" not in page.content.decode()


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


def test_the_second_servers_key_is_for_it_alone(ours: Company, lead: Client) -> None:
    at = {"fallback_url": "https://spare.example/v1", "fallback_name": "m2"}
    with within(ours.tenant):
        Policy.objects.update(sealed_key=seal({"key": "first"}), sealed_fallback_key=seal({"key": "old"}), **at)
    kept = []
    for typed in ({**at, "mode": "off"}, {**at, "fallback_url": "https://else.example"}, {**at, "fallback_key": "new"}):
        with within(ours.tenant):
            Policy.objects.filter(version__gt=1).delete()
        assert save(lead, ours, **typed).status_code == 302
        keys = newest(ours).sealed_key, newest(ours).sealed_fallback_key
        kept.append([unseal(key)["key"] if key else "" for key in keys])
    assert kept == [["first", "old"], ["first", ""], ["first", "new"]]


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
    TOPIC, {"key": "alder-topic"}, "__all__: Topic with this Company and Key already exists."),
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
