"""Each act of a person leaves exactly one entry in the audit chain of the tenant it concerns, and who may read the chain."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from klark.admin.operations.audit_words import detail_lines
from klark.models import EVERY_TENANT, AuditEntry, Delivery, Draft, Source, Stop, WebhookEvent, within
from klark.models.audit.entry import chain
from klark.models.audit.verify import verify
from tests.klark import rows
from tests.klark.admin import test_connections, test_drafts, test_personal_data, test_policy, test_users
from tests.klark.companies import Company, company, login, superuser

pytestmark = pytest.mark.django_db
RIGHT = "a long password"
Entry = tuple[str, str, str, str]


def entries(tenant_id: int | None) -> list[Entry]:
    """(who, act, kind, number of the row) of a chain, which must be whole."""
    assert verify(tenant_id).breaks == ()
    with within(EVERY_TENANT):
        return [(one.who, one.act, one.kind, one.row) for one in chain(tenant_id)]


def content(tenant_id: int | None) -> Any:
    with within(EVERY_TENANT):
        return chain(tenant_id).select_related("detail").last().detail.content  # type: ignore[union-attr]  # there is one


def log_in(name: str) -> Client:
    browser = Client()
    assert browser.post(reverse("admin:login"), {"username": name, "password": RIGHT}).status_code == 302
    return browser


def act(browser: Client, page: str, row: object, button: str) -> None:
    assert browser.post(reverse(f"admin:klark_{page}_act", args=(row, button))).status_code == 302


def look(browser: Client, page: str, row: object) -> None:
    assert browser.get(reverse(f"admin:klark_{page}_change", args=(row,))).status_code == 200


# Logging in and out


def test_a_login_and_a_log_out_stand_at_each_tenant_that_the_user_may_see(ours: Company) -> None:
    other, third = company("birch"), company("cedar")
    login("ann", (ours, "lead"), (other, "agent"))
    log_in("ann").post(reverse("admin:logout"))
    for tenant in (ours.tenant, other.tenant):
        assert entries(tenant) == [("ann", "logged in", "", ""), ("ann", "logged out", "", "")]
    assert (entries(third.tenant), entries(None)) == ([], [])


def test_a_superusers_stand_in_the_installations_chain(ours: Company) -> None:
    superuser()
    log_in("root").post(reverse("admin:logout"))
    assert entries(None) == [("root", "logged in", "", ""), ("root", "logged out", "", "")]
    assert entries(ours.tenant) == []


def test_a_wrong_password_and_a_page_leave_none(ours: Company, lead: Client) -> None:
    Client().post(reverse("admin:login"), {"username": "lead", "password": "wrong"})
    lead.get(reverse("admin:index"))
    assert entries(ours.tenant) == []


# On a draft, and with a write

ON_A_DRAFT: dict[str, tuple[dict[str, str], str]] = {
    "approve": ({"text": "alder reply"}, "approved"), "edit": ({"text": "Another."}, "edited"),
    "reject": ({"why": "It is wrong."}, "rejected"), "regenerate": ({}, "regenerated"),
    "hand_over": ({"why": "Please call."}, "handed over"),
}  # fmt: skip


@pytest.mark.parametrize("button", ON_A_DRAFT)
def test_each_button_on_a_draft_leaves_one_entry_without_the_words(ours: Company, lead: Client, button: str) -> None:
    typed, verb = ON_A_DRAFT[button]
    test_drafts.press(lead, ours, "approve" if button == "edit" else button, **typed)
    assert entries(ours.tenant) == [("lead", verb, "draft", str(ours.draft))]
    assert set(content(ours.tenant)) == {"delivery", "reason", "text"}
    assert not any(words in str(content(ours.tenant)) for words in (*typed.values(), "alder"))


def test_a_button_that_came_too_late_leaves_none(ours: Company, lead: Client) -> None:
    rows.change(Delivery, {"state": "waiting"}, state="retired")
    test_drafts.press(lead, ours, "reject", why="It is wrong.")
    assert entries(ours.tenant) == []


@pytest.mark.parametrize(("button", "verb"), [("retry", "tried again"), ("sent", "marked sent")])
def test_each_button_on_a_parked_write_leaves_one(ours: Company, operator: Client, button: str, verb: str) -> None:
    act(operator, "delivery", ours.parked, button)
    assert entries(ours.tenant) == [("ops", verb, "delivery", str(ours.parked))]


def test_a_parked_write_that_is_handed_over_leaves_one(ours: Company, operator: Client) -> None:
    act(operator, "delivery", ours.parked, "hand_over")
    assert entries(ours.tenant) == [("ops", "handed over", "draft", str(ours.draft))]


# Seeing


@pytest.mark.parametrize("page", ["draft", "decision", "delivery"])
def test_whoever_opens_a_page_with_a_tickets_content_has_seen_it(ours: Company, operator: Client, page: str) -> None:
    row = ours.rows()[page]
    look(operator, page, row)
    assert entries(ours.tenant) == [("ops", "saw", page, str(row))]


def test_whoever_opens_an_event_has_seen_it_as_long_as_it_holds_the_webhook(ours: Company, operator: Client) -> None:
    look(operator, "webhookevent", ours.event)
    rows.change(WebhookEvent, raw=b"")
    look(operator, "webhookevent", ours.event)
    assert entries(ours.tenant) == [("ops", "saw", "webhookevent", str(ours.event))]


def test_an_event_that_is_tried_again_leaves_one_by_its_button_and_from_the_list(
    ours: Company, operator: Client
) -> None:
    chosen = {"action": "retry_chosen", "_selected_action": [str(ours.event)]}
    act(operator, "webhookevent", ours.event, "retry")
    act(operator, "webhookevent", ours.event, "retry")
    operator.post(reverse("admin:klark_webhookevent_changelist"), chosen)
    assert entries(ours.tenant) == [("ops", "tried again", "webhookevent", str(ours.event))]
    rows.change(WebhookEvent, state="parked")
    operator.post(reverse("admin:klark_webhookevent_changelist"), chosen)
    assert entries(ours.tenant) == [("ops", "tried again", "webhookevent", str(ours.event))] * 2


def test_nobody_has_seen_what_was_emptied_or_is_no_tickets(ours: Company, operator: Client) -> None:
    rows.change(Draft, record={})
    look(operator, "draft", ours.draft)
    look(operator, "connection", ours.connection)
    operator.get(reverse("admin:klark_draft_change", args=(10**6,)))
    assert entries(ours.tenant) == []


# Changing


def add_topic(lead: Client, ours: Company) -> None:
    form = {"tenant": ours.tenant, "key": "new", "name": "New", "description": "", "words": "", "examples": ""}
    assert lead.post(reverse("admin:klark_topic_add"), form).status_code == 302


def change_topic(lead: Client, ours: Company) -> None:
    form = {"name": "Other", "description": "", "words": "", "examples": ""}
    assert lead.post(reverse("admin:klark_topic_change", args=(ours.topic,)), form).status_code == 302


def correct_topic(lead: Client, ours: Company) -> None:
    test_drafts.press(lead, ours, "topic", topic="alder-topic")


def withdraw(lead: Client, ours: Company) -> None:
    act(lead, "article", ours.article, "withdraw")


def save_policy(lead: Client, ours: Company) -> None:
    test_policy.save(lead, ours, mode="queue", **test_policy.rules(ours, first="off"))


def change_connection(lead: Client, ours: Company) -> None:
    test_connections.save(login("ops", (ours, "operator")), ours, shadow="on")


def change_secret(lead: Client, ours: Company) -> None:
    test_connections.save(login("ops", (ours, "operator")), ours, token="new-token")


def export(lead: Client, ours: Company) -> None:
    test_personal_data.press(lead, ours, "export")


def erase(lead: Client, ours: Company) -> None:
    test_personal_data.press(lead, ours, "erase", "sure")


CHANGES: tuple[tuple[Callable[[Client, Company], None], str, str, str], ...] = (
    (add_topic, "lead", "topic", "topic"), (change_topic, "lead", "topic", "topic"),
    (correct_topic, "lead", "topic", "topic"), (withdraw, "lead", "article", "article"),
    (save_policy, "lead", "policy", "policy"), (change_connection, "ops", "connection", "connection"),
    (change_secret, "ops", "secrets", "connection"), (export, "lead", "exported", ""), (erase, "lead", "erased", ""),
)  # fmt: skip


@pytest.mark.parametrize(("change", "who", "verb", "kind"), CHANGES, ids=[one[0].__name__ for one in CHANGES])
def test_each_change_leaves_one_entry_with_who_and_what(
    ours: Company, lead: Client, change: Callable[[Client, Company], None], who: str, verb: str, kind: str
) -> None:
    change(lead, ours)
    assert [entry[:3] for entry in entries(ours.tenant)] == [(who, verb, kind)]
    assert not any(words in str(content(ours.tenant)) for words in ("subject", "customer@", "alder topic", "-token"))


def test_a_policy_saved_as_it_was_leaves_none(ours: Company, lead: Client) -> None:
    test_policy.save(lead, ours)
    assert entries(ours.tenant) == []


@pytest.mark.parametrize("button", ["pause", "resume", "empty"])
def test_each_button_on_a_source_leaves_one(ours: Company, lead: Client, button: str) -> None:
    with within(ours.tenant):
        one = Source.objects.create(tenant_id=ours.tenant, name="web", kind="site", address="https://a.example")
    act(lead, "source", one.pk, button)
    assert (entries(ours.tenant), content(ours.tenant)) == (
        [("lead", "source", "source", str(one.pk))],
        {"pressed": button},
    )


def test_users_stand_in_the_installations_chain_and_memberships_at_their_tenants(ours: Company) -> None:
    browser = superuser()
    ann = get_user_model().objects.create_user("ann", is_staff=True)
    address = reverse("admin:auth_user_change", args=(ann.pk,))
    browser.post(address, test_users.user_form(1, 0, **test_users.member(ours.tenant, "agent")))
    assert (entries(None), entries(ours.tenant)) == ([], [("root", "membership", "user", str(ann.pk))])
    assert content(ours.tenant) == {"role": "agent"}
    role = ann.memberships.get().pk
    browser.post(address, test_users.user_form(1, 1, first_name="Ann", **test_users.member(ours.tenant, "agent", role)))
    assert entries(None) == [("root", "user", "user", str(ann.pk))]
    browser.post(reverse("admin:auth_user_delete", args=(ann.pk,)), {"post": "yes"})
    assert [entry[1] for entry in (*entries(None), *entries(ours.tenant))] == [
        "user",
        "user",
        "membership",
        "membership",
    ]
    assert content(ours.tenant) == {"role": ""}


def test_a_new_password_is_a_change_of_the_user(ours: Company) -> None:
    browser = superuser()
    ann = get_user_model().objects.create_user("ann", is_staff=True)
    passwords = {"usable_password": "true", "password1": "a-long-pass-word-7", "password2": "a-long-pass-word-7"}
    assert browser.post(reverse("admin:auth_user_password_change", args=(ann.pk,)), passwords).status_code == 302
    assert entries(None) == [("root", "user", "user", str(ann.pk))]


def test_a_new_tenant_stands_in_the_installations_chain() -> None:
    superuser().post(reverse("admin:klark_tenant_add"), {"name": "Acme", "slug": "acme"})
    assert [entry[:3] for entry in entries(None)] == [("root", "tenant", "tenant")]


# Reading the chain

LIST = reverse("admin:klark_auditentry_changelist")


def shown(browser: Client) -> list[tuple[str, int | None]]:
    """(what, tenant) of the entries in the list."""
    return [(one.act, one.tenant_id) for one in browser.get(LIST).context["cl"].result_list]


def test_leads_and_operators_read_their_own_tenants_chain_and_superusers_all(ours: Company, lead: Client) -> None:
    theirs = company("birch")
    look(lead, "draft", ours.draft)
    look(login("other", (theirs, "lead")), "draft", theirs.draft)
    root = superuser()
    root.post(reverse("admin:klark_tenant_add"), {"name": "Acme", "slug": "acme"})
    assert shown(lead) == shown(login("op", (ours, "operator"))) == [("saw", ours.tenant)]
    assert shown(root) == [("tenant", None), ("saw", theirs.tenant), ("saw", ours.tenant)]
    assert login("agent", (ours, "agent")).get(LIST).status_code == 403


def test_an_entry_can_be_read_and_by_nobody_changed_or_deleted(ours: Company, lead: Client) -> None:
    look(lead, "draft", ours.draft)
    one = rows.get(AuditEntry)
    root = superuser()
    for browser in (lead, root):
        page = browser.get(reverse("admin:klark_auditentry_change", args=(one.pk,)))
        assert (page.status_code, f"Draft {ours.draft}" in page.content.decode()) == (200, True)
        browser.post(reverse("admin:klark_auditentry_change", args=(one.pk,)), {"who": "eve"})
        browser.post(reverse("admin:klark_auditentry_delete", args=(one.pk,)), {"post": "yes"})
        assert browser.get(reverse("admin:klark_auditentry_add")).status_code == 403
    assert entries(ours.tenant) == [("lead", "saw", "draft", str(ours.draft))]


TOLD: tuple[tuple[str, dict[str, Any], list[str]], ...] = (
    ("topic", {"done": [{"changed": {"fields": ["Name"]}}, {"added": {"name": "topic", "fields": None}}]},
     ["Modifié : Nom", "Ajouté topic"]),
    ("connection", {"fields": ["shadow", "of_a_later_klark"]}, ["Modifié : Mode fantôme, Of_a_later_klark"]),
    ("standing", {"before": "queue", "now": "reply", "why": "opened", "right": 40},
     ["file : une personne approuve le brouillon → réponse : répondre seul", "Pourquoi : Gagné, et ouvert par lea le 30/11/2026",
      "Justes : 40"]),
    ("draft", {"before": "", "verdict": "serious"}, ["— → une erreur grave"]),
    ("draft", {"what": "language", "before": "en", "now": "fr"}, ["anglais → français", "Quoi : langue"]),
    ("draft", {"what": "priority", "before": "normal", "now": "high"}, ["normale → haute", "Quoi : priorité"]),
    ("source", {"pressed": "pause"}, ["Bouton : Mettre en pause"]),
    ("user", {"role": "agent", "invited": True}, ["Rôle : agent : relit les brouillons", "Invité : oui"]),
    ("of_a_later_klark", {"moon": {"phase": [1, "full"]}}, ["moon : phase : 1, « full »"]),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "kept", "french"), TOLD, ids=[one[0] for one in TOLD])
def test_details_are_told_in_the_readers_words(kind: str, kept: dict[str, Any], french: list[str]) -> None:
    at = datetime(2026, 11, 30, 12, tzinfo=UTC)
    with override("fr"):
        told = detail_lines(AuditEntry(kind=kind, who="lea", at=at), kept)
    assert [line.replace("\xa0", " ") for line in told] == french


def test_a_policy_that_was_saved_tells_what_was_and_what_is(ours: Company, lead: Client) -> None:
    save_policy(lead, ours)
    page = lead.get(reverse("admin:klark_auditentry_change", args=(rows.get(AuditEntry).pk,))).content.decode()
    assert "becomes" in page
    assert "Alder, policy version 2" in page
    assert "{&quot;" not in page


def test_the_list_names_what_each_act_was_about(ours: Company, lead: Client) -> None:
    save_policy(lead, ours)
    for given in ({"topic": "alder-topic"}, {"connection": ours.connection}, {}):
        lead.post(reverse("admin:klark_stop"), {"tenant": ours.tenant, **given})
    lead.post(reverse("admin:klark_release"), {"stop": rows.get(Stop, topic="alder-topic").pk})
    look(lead, "draft", ours.draft)
    page = lead.get(LIST).text
    named = ("Alder, policy version 2", "Alder · topic: alder topic", "Connection: Zendesk · alder-desk", "Company: Alder",
             f"Draft {ours.draft} · #{rows.get(Draft, pk=ours.draft).ticket_id}")  # fmt: skip
    assert [page.count(f">{name}<") for name in named] == [1, 2, 1, 1, 1]


def test_the_list_takes_as_many_queries_for_many_entries_as_for_few(ours: Company, lead: Client) -> None:
    def queries(rounds: int) -> int:
        for given in [{"topic": "alder-topic"}, {"connection": ours.connection}] * rounds:
            lead.post(reverse("admin:klark_stop"), {"tenant": ours.tenant, **given})
            lead.post(reverse("admin:klark_release"), {"stop": rows.get(Stop, released_at=None).pk})
        with CaptureQueriesContext(connection) as asked:
            lead.get(LIST)
        return len(asked)

    withdraw(lead, ours)
    lead.get(LIST)
    assert queries(1) == queries(4)
