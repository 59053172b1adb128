"""Several people at one draft: who is there, who was faster, and that nobody's text is lost."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from klark.admin.queue.presence import HAPPENED
from klark.models import Delivery, Outcome, Presence, within
from tests.klark import rows
from tests.klark.companies import Company, company, login

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_bells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)


@pytest.fixture
def camille(ours: Company) -> Client:
    return login("camille", (ours, "agent"))


@pytest.fixture
def noor(ours: Company) -> Client:
    return login("noor", (ours, "agent"))


def address(company: Company, of: str = "change") -> str:
    return reverse(f"admin:klark_draft_{of}", args=(company.draft,))


def reported(browser: Client, company: Company, **edits: str) -> dict[str, Any]:
    """What an open page reports, and is told."""
    answer = browser.post(address(company, "presence"), edits, headers={"x-klark-unattended": "yes"})
    assert answer.status_code == 200
    told: dict[str, Any] = json.loads(answer.content)
    return told


def test_whoever_is_alone_is_told_nothing(ours: Company, camille: Client) -> None:
    assert reported(camille, ours) == {"waits": True, "html": ""}


def test_each_sees_who_reads_and_who_edits_and_never_themselves(ours: Company, camille: Client, noor: Client) -> None:
    reported(camille, ours)
    assert "camille has been reading this draft." in reported(noor, ours, edits="1")["html"]
    seen = reported(camille, ours)["html"]
    assert ("noor has been editing this draft." in seen, "camille" in seen) == (True, False)


def test_since_when_is_when_they_came_and_when_they_began_to_edit(ours: Company, camille: Client) -> None:
    reported(camille, ours)
    came = datetime.now(UTC) - timedelta(seconds=15)
    rows.change(Presence, since=came, edits_since=came)
    reported(camille, ours, edits="1")
    assert (rows.get(Presence).since, rows.get(Presence).edits_since) == (came, came)
    reported(camille, ours)
    assert (rows.get(Presence).since, rows.get(Presence).edits_since) == (came, None)


def test_whoever_has_left_is_there_no_more_and_comes_anew(ours: Company, camille: Client, noor: Client) -> None:
    reported(camille, ours)
    long_ago = datetime.now(UTC) - timedelta(minutes=1)
    rows.change(Presence, since=long_ago, seen_at=long_ago)
    assert reported(noor, ours)["html"] == ""
    reported(camille, ours)
    assert rows.get(Presence, user__username="camille").since > long_ago


def test_an_open_page_is_told_what_ended_the_wait(ours: Company, camille: Client) -> None:
    rows.change(Delivery, {"pk": ours.delivery}, state="retired")
    for outcome in Outcome.Kind.values:
        rows.delete(Outcome)
        with within(ours.tenant):
            Outcome.objects.create(tenant_id=ours.tenant, draft_id=ours.draft, kind=outcome, by="noor")
        told = reported(camille, ours)
        sentence = str(HAPPENED[outcome]).partition("%(when)s")[0] % {"who": "noor"}
        said = ("does not wait any more" in told["html"], sentence in told["html"])
        assert (outcome, told["waits"], *said) == (outcome, False, True, True)


def test_the_second_to_press_is_told_who_acted_and_keeps_their_text(
    ours: Company, camille: Client, noor: Client
) -> None:
    camille.post(address(ours), {"press": "approve", "text": "alder reply"})
    shown = noor.post(address(ours), {"press": "approve", "text": "Mine, <b>edited</b>."}).content.decode()
    told = ("not waiting any more", " camille approved it.", "Your text, which was not sent",
            "Mine, &lt;b&gt;edited&lt;/b&gt;.</textarea>")  # fmt: skip
    assert [each for each in told if each not in shown] == []
    with within(ours.tenant):
        assert list(Outcome.objects.values_list("kind", "by")) == [("approved", "camille")]


def test_an_open_page_that_learns_first_leads_to_the_typed_text_and_the_addition_and_sends_nothing(
    ours: Company, camille: Client, noor: Client
) -> None:
    camille.post(address(ours), {"press": "approve", "text": "alder reply"})
    assert "<button" not in reported(noor, ours)["html"]
    leads = 'form="k-approve" formnovalidate name="press" value="show">Show what happened, with your text</button>'
    assert leads in reported(noor, ours, edits="1")["html"]
    shown = noor.post(address(ours), {"press": "show", "text": "alder reply And more."}).content.decode()
    told = (" camille approved it.", "And more.</textarea>", "Send as an addition")
    assert [each for each in told if each not in shown] == []
    assert rows.count(Delivery, kind="reply") == 1


def test_an_edit_is_kept_when_another_button_is_refused(ours: Company, camille: Client) -> None:
    shown = camille.post(address(ours), {"press": "reject", "why": " ", "text": "Mine, edited."}).content.decode()
    assert ("Mine, edited.</textarea>" in shown, 'data-first="alder reply"' in shown) == (True, True)


@pytest.mark.parametrize("text", ["alder reply", " alder\r\n reply", "As noor sent it."])
def test_what_stands_on_the_page_anyway_is_not_kept_beside_it(
    ours: Company, camille: Client, noor: Client, text: str
) -> None:
    noor.post(address(ours), {"press": "approve", "text": "As noor sent it."})
    assert camille.post(address(ours), {"press": "approve", "text": text}).status_code == 302


def test_a_viewer_is_seen_and_a_stranger_learns_nothing(ours: Company, camille: Client) -> None:
    viewer, stranger = login("vera", (ours, "viewer")), login("eve", (company("birch"), "agent"))
    reported(viewer, ours)
    assert "vera has been reading this draft." in reported(camille, ours)["html"]
    assert stranger.post(address(ours, "presence")).status_code == 404
    assert Client().post(address(ours, "presence")).status_code == 302
    assert rows.count(Presence, user__username="eve") == 0


def test_looking_reports_nothing(ours: Company, camille: Client) -> None:
    assert (camille.get(address(ours, "presence")).status_code, rows.count(Presence)) == (403, 0)


def test_a_page_that_reports_by_itself_does_not_keep_its_user_logged_in(ours: Company, camille: Client) -> None:
    session = camille.session
    session["renewed"] = 0
    session.save()
    reported(camille, ours)
    assert camille.session["renewed"] == 0
    camille.get(reverse("admin:klark_draft_changelist"))
    assert camille.session["renewed"] > 0


def test_it_speaks_french(ours: Company, camille: Client, noor: Client) -> None:
    reported(noor, ours)
    answer = camille.post(address(ours, "presence"), headers={"accept-language": "fr"})
    assert ", noor lit ce brouillon." in json.loads(answer.content)["html"]
