"""A lead sees who changed the policy, when, what and why, and makes an old version the next one."""

from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from klark.models import AuditAct, AuditDetail, Policy, within
from tests.klark.admin.test_policy import newest, save
from tests.klark.companies import Company, company, login

pytestmark = pytest.mark.django_db
PAGE = "/admin/klark/policy/versions/"


def said(answer: Any) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def details(ours: Company) -> list[dict[str, Any]]:
    with within(ours.tenant):
        found = AuditDetail.objects.filter(tenant=ours.tenant, entry__act=AuditAct.POLICY).order_by("entry__number")
        return [each.content for each in found]


def test_versions_tell_who_changed_what_and_why_and_an_old_one_can_be_restored(ours: Company, lead: Client) -> None:
    save(lead, ours, mode="reply", excluded_tags="vip", model_key="sk-secret", why="  Delivery is well covered.  ")
    page = said(lead.get(PAGE))
    for words in ("lead", "Delivery is well covered.", "“vip” is added", "Another key for a model", "in force"):  # fmt: skip
        assert words in page
    assert "Mode for other topics: “note: an internal note with the draft” becomes “reply: answer by itself”" in page
    assert "sk-secret" not in page
    in_french = said(lead.get(PAGE, headers={"accept-language": "fr"}))
    assert "Mode des autres sujets : « note : une note interne avec le brouillon » devient « réponse" in in_french

    restore = reverse("admin:klark_policy_restore", args=(ours.policy,))
    newer, older = (
        said(lead.get(reverse("admin:klark_policy_change", args=(pk,)))) for pk in (newest(ours).pk, ours.policy)
    )
    assert "Version 2 is in force. Saving makes this one, with your changes, the newest." in older
    assert (f'href="{restore}"' in older, "is in force. Saving" in newer) == (True, False)
    assert newer.count('form="policy_form" name="why"') == 1  # beside the button that saves
    asked = said(lead.get(restore))
    assert ("Make v1 the next version?" in asked, "“reply: answer by itself” becomes “note: " in asked) == (True, True)
    assert newest(ours).version == 2
    answer = lead.post(restore, {"why": "It was too soon."})
    new = newest(ours)
    assert answer.url == reverse("admin:klark_policy_change", args=(new.pk,))
    with within(ours.tenant):
        first = Policy.objects.get(pk=ours.policy)
        assert (new.version, new.mode, new.sealed_key, new.rules().topics, new.used_at) == (
            3, first.mode, "", {"alder-topic": "queue"}, None)  # fmt: skip
    lead.post(restore)
    assert newest(ours).version == 3
    assert details(ours) == [
        {"done": [{"changed": {"fields": ["mode", "excluded_tags", "key"]}}], "why": "Delivery is well covered."},
        {"done": [{"changed": {"fields": ["mode", "excluded_tags", "key"]}}], "why": "It was too soon.", "restored": 1},
    ]


def test_nobody_sees_or_restores_another_tenants_policy(ours: Company, lead: Client) -> None:
    theirs = company("birch")
    assert "birch" not in said(lead.get(PAGE, {"tenant": "birch"}))
    restore = reverse("admin:klark_policy_restore", args=(theirs.policy,))
    assert [lead.get(restore).status_code, lead.post(restore).status_code] == [404, 404]
    agent = login("agent", (ours, "agent"))
    of_ours = reverse("admin:klark_policy_restore", args=(ours.policy,))
    assert [agent.get(PAGE).status_code, agent.post(of_ours).status_code] == [403, 404]
    assert (newest(ours).version, newest(theirs).version) == (1, 1)
