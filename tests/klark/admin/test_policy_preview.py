"""A lead sees which of the last tickets an unsaved policy would decide otherwise, before saving it."""

from html import unescape
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from integrations.sandbox.client import Sandbox
from klark import tasks
from klark.models import Decision, Draft, Membership, Policy, WebhookEvent
from tests.klark import rows
from tests.klark.admin.test_policy import PLAIN
from tests.klark.companies import logged_in
from tests.klark.modelled import answering, furnished
from tests.klark.rows import ASKED, Case

pytestmark = pytest.mark.django_db
FORM = {**PLAIN, "mode": "reply", "languages": "en", "sign_off_en": "", "excluded_channels": "chat",
        "topic_rules-TOTAL_FORMS": "0", "topic_rules-INITIAL_FORMS": "0"}  # fmt: skip


@pytest.fixture
def case(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Case:
    """Three tickets that klark worked on: two were answered, and one, in French, went to a person before anything was drafted."""
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)
    answering(monkeypatch, settings)
    case = rows.case(sandbox, "freshdesk", languages=["en"], excluded_channels=["chat"])
    furnished(case.row.tenant_id)
    french = "Bonjour, combien de temps prend la livraison en Belgique ? Merci de votre réponse."
    for body in (ASKED, ASKED, french):
        rows.event(case.row, sandbox.ticket("freshdesk", subject="Delivery", body=body))
    tasks.work.run()
    return case


def member(case: Case, role: str) -> Client:
    user = get_user_model().objects.create_user(role, f"{role}@klark.example", "a long password", is_staff=True)
    Membership.objects.create(user=user, tenant_id=case.row.tenant_id, role=role)
    return logged_in(user)


def preview(browser: Client, **changes: Any) -> Any:
    return browser.post(reverse("admin:klark_policy_preview", args=(rows.get(Policy).pk,)), {**FORM, **changes})


def said(answer: Any) -> str:
    """The page's text without its line breaks."""
    return " ".join(unescape(answer.content.decode()).split())


def test_a_preview_lists_what_would_change_and_writes_nothing(case: Case) -> None:
    lead = member(case, "lead")
    before = [rows.count(each) for each in (Policy, Decision, Draft, WebhookEvent)]
    more_careful = preview(lead, mode="note")
    assert [(each.before, each.after, each.count) for each in more_careful.context["groups"]] == [
        ("public reply", "internal note", 2)
    ]
    page = said(more_careful)
    assert "Of the last 3 drafts and handovers, 2 would be decided otherwise" in page
    columns = ("What became of them", "Under the version in force", "With your change")
    assert [f">{each}</th>" in page for each in columns] == [True] * 3
    assert [[(str(name), count) for name, count in each.endings] for each in more_careful.context["groups"]] == [
        [("sent unchanged", 2)]
    ]
    assert "Mode for other topics: “reply: answer by itself” becomes “note: " in page
    first = more_careful.context["rows"][0]
    assert [why for _, _, why in first.both] == ["answered and supported", "a note, as the policy says"]
    assert lead.get(first.link).status_code == 200
    assert [rows.count(each) for each in (Policy, Decision, Draft, WebhookEvent)] == before

    same = preview(lead)
    assert "Nothing: this is the policy in force." in said(same)
    assert (same.context["rows"], same.context["unknown"]) == ([], [])

    at_home = preview(lead, languages="en\r\nfr", forbidden_phrases="refund")
    assert at_home.context["rows"] == []
    assert "1 of them cannot be decided again from what is kept:" in said(at_home)
    ((why, ((draft, ticket),)),) = at_home.context["unknown"]
    link = f'<a class="k-link" href="{reverse("admin:klark_draft_change", args=(draft,))}">#{ticket}</a>'
    assert ("klark would draft for it for the first time" in why, f"{why}: {link}" in said(at_home)) == (True, True)
    assert "cannot show what these change: Forbidden phrases." in said(at_home)

    left_alone = preview(lead, excluded_senders="camille.durand@example.org\r\nexample.org\r\nexample.com")
    assert {each.after for each in left_alone.context["groups"]} == {"skip: not for klark"}


def test_a_roll_out_is_tried_on_the_same_tickets_in_both_directions(case: Case) -> None:
    lead = member(case, "lead")
    fewer = preview(lead, rollout_percent="0")
    assert [(each.before, each.after, each.count) for each in fewer.context["groups"]] == [
        ("public reply", "skip: not for klark", 2), ("hand over to a person", "skip: not for klark", 1)]  # fmt: skip
    assert "the share of tickets" in fewer.context["rows"][0].both[1][2]
    assert fewer.context["untried"] == []
    rows.change(Policy, rollout_channels=["chat"])
    rows.change(
        Decision, {"kind": "REPLY"}, kind="SKIP", reason="outside_rollout", words="rollout_channels REPLY ready"
    )
    more = preview(lead, rollout_channels="email\r\nweb")
    assert [(each.before, each.after, each.count) for each in more.context["groups"]] == [
        ("skip: not for klark", "public reply", 2), ("skip: not for klark", "hand over to a person", 1)]  # fmt: skip


def test_another_model_is_not_tried_and_the_page_says_where_it_can_be(case: Case) -> None:
    page = said(preview(member(case, "lead"), model_name="other", judge_model="third"))
    assert "Another model cannot be tried on kept tickets without asking it: Model that judges drafts, Model." in page
    assert (reverse("admin:klark_backtestrun_changelist") in page, "manage.py eval" in page) == (True, True)


def test_what_the_record_does_not_explain_is_counted_and_never_guessed(case: Case) -> None:
    lead = member(case, "lead")
    rows.change(Decision, {"kind": "REPLY"}, reason="held_by_guard")
    rows.change(Draft, {"language": "fr"}, record={})
    found = preview(lead, mode="off")
    unknown = {why: len(ones) for why, ones in found.context["tried"].unknown.items()}
    assert (found.context["rows"], unknown) == ([], {"otherwise": 2, "not_kept": 1})
    rows.change(WebhookEvent, kind="correction")  # which was made of an answer: none of these is counted
    assert preview(lead, mode="off").context["tried"].looked_at == 0


def test_a_form_that_cannot_be_followed_is_told_and_others_may_not_look(case: Case) -> None:
    assert "Country: “Country”: there is no country" in said(preview(member(case, "lead"), country="ZZ"))
    assert preview(member(case, "agent"), mode="note").status_code in (403, 404)
    assert (
        member(case, "operator").get(reverse("admin:klark_policy_preview", args=(rows.get(Policy).pk,))).status_code
        != 200
    )
