"""Approving many drafts at once: never more than was on the screen, and never before it is said who gets mail."""

import html
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from klark.models import Connection, Delivery, Draft, within
from tests.klark import rows
from tests.klark.companies import HOLD, Company, drafted, login

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(ours: Company) -> Client:
    return login("camille", (ours, "agent"))


def another(company: Company, mark: str, *findings: object, cc: object = None) -> Draft:
    with within(company.tenant):
        account = Connection.objects.get(pk=company.connection)
        draft = drafted(company.tenant, account, mark, ticket_id=mark, findings=findings)
        if cc:
            draft.record["ticket"]["cc"] = cc
            draft.save(update_fields=["record"])
    return draft


def choose(browser: Client, drafts: object, **more: str) -> Any:
    form = {"action": "approve_clean", "_selected_action": drafts, **more}
    return browser.post(reverse("admin:klark_draft_changelist"), form)


def states(company: Company) -> dict[str, str]:
    with within(company.tenant):
        found = Draft.objects.filter(deliveries__kind="reply").values_list("ticket_id", "deliveries__state")
        return dict(found)


def test_a_page_names_who_gets_mail_before_anything_is_sent_and_what_wants_a_look_stays(
    ours: Company, agent: Client
) -> None:
    held, copied = another(ours, "cedar", HOLD), another(ours, "elder", cc=[{"id": "9", "name": "Tom", "email": ""}])
    same, unseen = another(ours, "alder2"), another(ours, "hazel")
    with within(ours.tenant):
        Draft.objects.filter(pk=same.pk).update(requester="alder customer")
    chosen = [ours.draft, held.pk, copied.pk, same.pk]
    before = states(ours)

    asked = choose(agent, chosen, select_across="1")
    shown = asked.content.decode()
    assert "Send 2 replies to 1 customer?" in shown and "<p>alder customer</p>" in shown and "hazel" not in shown
    assert "1 stays for a look, because a check remarked on it." in shown
    assert "1 stays for a look, because somebody is in copy." in shown
    assert [each["draft"].pk for each in asked.context["replies"]] == [ours.draft, same.pk]
    assert states(ours) == before

    answer = choose(agent, chosen, select_across="1", confirmed="yes")
    assert [str(each) for each in get_messages(answer.wsgi_request)] == [
        "2 approved. 1 stays for a look, because a check remarked on it. 1 stays for a look, because somebody is in copy."
    ]
    assert states(ours) == {**before, "41": "due", "alder2": "due"}
    assert states(ours)[unseen.ticket_id] == "waiting"


def test_the_page_links_each_reply_and_says_how_sure_klark_is_and_who_edits_it_right_now(
    ours: Company, agent: Client
) -> None:
    noor, other = login("noor", (ours, "agent")), another(ours, "hazel")
    rows.change(Draft, {"pk": ours.draft}, confidence=0.72)
    noor.post(reverse("admin:klark_draft_presence", args=(ours.draft,)), {"edits": "1"})
    noor.post(reverse("admin:klark_draft_presence", args=(other.pk,)))  # reads it
    shown = " ".join(choose(agent, [ours.draft, other.pk]).content.decode().split())
    first, second = (shown.partition(f'{reverse("admin:klark_draft_change", args=(pk,))}"')[2].partition("</li>")[0]
                     for pk in (ours.draft, other.pk))  # fmt: skip
    told = ("#41 alder subject</a>", "alder customer", "Confidence: 72 %", "noor is editing it now")
    assert [each for each in told if each not in first] == []
    assert "#hazel hazel subject</a>" in second and "noor" not in second
    assert "camille is editing" not in shown


def test_where_nothing_can_go_nothing_is_asked_and_where_nobody_knows_who_reads_it_nothing_goes(
    ours: Company, agent: Client
) -> None:
    rows.change(Draft, {"pk": ours.draft}, record={})
    answer = choose(agent, [ours.draft])
    assert [str(each) for each in get_messages(answer.wsgi_request)] == [
        "0 approved. 1 stays for a look: klark does not keep any more who is in copy."
    ]
    assert states(ours) == {"41": "waiting"}


def test_a_draft_that_its_sources_contradict_is_named_among_what_stays(ours: Company, agent: Client) -> None:
    other = another(ours, "hazel")
    rows.change(Draft, {"pk": ours.draft}, sentences=[{"text": "alder reply", "state": "CONTRADICTED", "sources": []}])
    asked = choose(agent, [ours.draft, other.pk])
    assert [each["draft"].pk for each in asked.context["replies"]] == [other.pk]
    assert "1 stays for a look, because its sources contradict a sentence." in asked.content.decode()


def test_what_a_person_has_changed_and_taken_back_is_named_among_what_stays_before_anything_is_sent(
    ours: Company, agent: Client
) -> None:
    other = another(ours, "hazel")
    rows.change(Delivery, {"draft": ours.draft}, text="We give back half of the price.")
    asked = choose(agent, [ours.draft, other.pk])
    assert [each["draft"].pk for each in asked.context["replies"]] == [other.pk]
    assert "1 stays for a look, because a person has changed its text." in asked.content.decode()
    page = reverse("admin:klark_draft_change", args=(ours.draft,))
    assert "not klark's draft any more" in html.unescape(agent.get(page).content.decode())
    page = reverse("admin:klark_draft_change", args=(other.pk,))
    assert "not klark's draft any more" not in html.unescape(agent.get(page).content.decode())


def test_the_list_offers_no_choice_beyond_the_screen_and_the_page_speaks_french(ours: Company, agent: Client) -> None:
    for number in range(26):
        another(ours, f"oak{number}")
    shown = agent.get(reverse("admin:klark_draft_changelist")).content.decode()
    assert 'class="question hidden"' not in shown
    form = {"action": "approve_clean", "_selected_action": [ours.draft]}
    french = agent.post(
        reverse("admin:klark_draft_changelist"), form, headers={"accept-language": "fr"}
    ).content.decode()
    assert "Envoyer 1 réponse à 1 client" in french
