"""Taking a draft that waits and snoozing it: who may, what others see, when it comes back, and that it is handed over in time."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from klark.admin.queue.listing import moment_words
from klark.admin.queue.taken import SNOOZES
from klark.delivery.handing_over import hand_over_late
from klark.models import AuditEntry, Delivery, Outcome, Stop, within
from klark.models.delivery import NEVER
from klark.review import Reviewed, TooLate, Unfit
from klark.taking import bring_back, give_back, snooze, take
from klark.values.policy.office_hours import open_since, open_until
from tests.klark import rows
from tests.klark.admin.test_drafts import another
from tests.klark.api.program import Program
from tests.klark.companies import Company, login

pytestmark = pytest.mark.django_db
LIST = "/admin/klark/draft/"


@pytest.fixture(autouse=True)
def no_bells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)


def by(ours: Company, name: str = "camille") -> Reviewed:
    return Reviewed(ours.delivery, ours.tenant, name)


def reply(ours: Company) -> Delivery:
    found: Delivery = rows.get(Delivery, pk=ours.delivery)
    return found


def press(browser: Client, ours: Company, button: str, **typed: str) -> Any:
    return browser.post(
        reverse("admin:klark_draft_change", args=(ours.draft,)), {"press": button, **typed}, follow=True
    )


def listed(browser: Client, shown: str = "") -> list[int]:
    page = browser.get(LIST, {"shown": shown} if shown else {})
    found = [draft.pk for draft in page.context["cl"].result_list]
    assert page.context["cl"].result_count == len(found)
    return found


def test_whoever_takes_a_draft_has_it_among_theirs_until_they_give_it_back(ours: Company) -> None:
    camille, noor = (login(name, (ours, "agent")) for name in ("camille", "noor"))
    other = another(ours, "fir", "2026-11-26 08:00:00+00:00").pk
    page = press(camille, ours, "take").content.decode()
    assert (" you took this draft." in page, 'value="give_back"' in page) == (True, True)
    assert (listed(camille, "mine"), listed(noor, "mine")) == ([ours.draft], [])
    assert "taken by camille" in noor.get(LIST).content.decode()
    told = noor.post(reverse("admin:klark_draft_presence", args=(ours.draft,))).json()["html"]
    assert "camille took this draft." in told
    assert listed(noor) == [ours.draft, other]  # nobody is locked out
    assert "Take over" in noor.get(reverse("admin:klark_draft_change", args=(ours.draft,))).content.decode()
    press(noor, ours, "take")
    assert "not yours any more" in press(camille, ours, "give_back").content.decode()
    assert reply(ours).taken_by == "noor"
    press(noor, ours, "give_back")
    assert (reply(ours).taken_by, reply(ours).taken_at) == ("", None)


def test_taking_keeps_what_was_typed_and_another_may_decide_all_the_same(ours: Company) -> None:
    camille, noor = (login(name, (ours, "agent")) for name in ("camille", "noor"))
    assert "Half a sentence</textarea>" in press(camille, ours, "take", text="Half a sentence").content.decode()
    press(noor, ours, "reject", why="wrong")
    assert (reply(ours).state, listed(camille, "mine")) == ("retired", [])


def test_a_snoozed_draft_is_out_of_everybodys_queue_and_comes_back_by_itself(ours: Company) -> None:
    camille, noor = (login(name, (ours, "agent")) for name in ("camille", "noor"))
    other = another(ours, "fir", "2026-11-26 08:00:00+00:00").pk
    answer = press(camille, ours, "snooze_hour")
    (told,) = answer.context["messages"]
    until = reply(ours).snoozed_until.strftime("Snoozed until %a %b")  # the day, the month by its name, and the zone
    assert str(told).startswith(until) and "(UTC): it is listed under “Snoozed” meanwhile." in str(told)
    assert answer.redirect_chain[-1][0] == reverse("admin:klark_draft_change", args=(other,))  # the next one opens
    assert timedelta(minutes=58) < reply(ours).snoozed_until - timezone.now() < timedelta(minutes=61)
    assert (listed(noor), listed(noor, "snoozed"), listed(noor, "waiting")) == ([other], [ours.draft], [other])
    assert "snoozed until " in noor.get(LIST, {"shown": "snoozed"}).content.decode()
    assert noor.get(reverse("admin:klark_draft_change", args=(other,))).context["beside"].after == ""
    rows.change(Delivery, {"pk": ours.delivery}, snoozed_until=timezone.now() - timedelta(seconds=1))
    assert (listed(noor), listed(noor, "snoozed")) == ([ours.draft, other], [])
    press(camille, ours, "snooze_customer")
    assert "Bring back" in noor.get(reverse("admin:klark_draft_change", args=(ours.draft,))).content.decode()
    press(noor, ours, "bring_back")
    assert (listed(noor), reply(ours).snoozed_until) == ([ours.draft, other], None)


def test_no_snooze_outlasts_the_hours_that_a_draft_may_wait_and_the_page_says_so(ours: Company) -> None:
    rows.policy(ours.tenant, waiting_hours=1)
    rows.change(Delivery, {"pk": ours.delivery}, created_at=timezone.now() - timedelta(minutes=50))
    camille = login("camille", (ours, "agent"))
    page = camille.get(reverse("admin:klark_draft_change", args=(ours.draft,)))
    last = reply(ours).created_at + timedelta(hours=1)
    assert f"Handed over at {page.context['taken'].hands_over}, whatever you choose." in page.content.decode()
    for button in ("snooze_hour", "snooze_tomorrow", "snooze_customer"):
        answer = press(camille, ours, button)
        assert reply(ours).snoozed_until == last, button
    (told,) = answer.context["messages"]
    assert str(told).startswith(f"Snoozed until the customer writes, at the latest until {last:%a} ")
    rows.change(Delivery, {"pk": ours.delivery}, created_at=timezone.now() - timedelta(minutes=61))
    hand_over_late()
    assert (reply(ours).state, rows.get(Outcome).kind) == ("retired", "escalated")


def test_what_was_stopped_is_handed_over_later(ours: Company) -> None:
    rows.policy(ours.tenant, waiting_hours=2)
    released = timezone.now() - timedelta(minutes=5)
    with within(ours.tenant):
        Stop.objects.create(tenant_id=ours.tenant, by="lea", released_at=released)
    rows.change(Delivery, {"pk": ours.delivery}, created_at=timezone.now() - timedelta(hours=1))
    snooze(by(ours), NEVER)
    assert reply(ours).snoozed_until == released + timedelta(hours=2)


def test_where_nothing_is_handed_over_a_snooze_lasts_until_the_customer_writes(ours: Company) -> None:
    rows.policy(ours.tenant, waiting_hours=0)
    snooze(by(ours), NEVER)
    assert reply(ours).snoozed_until == NEVER
    with pytest.raises(Unfit, match="This moment is over"):
        snooze(by(ours), timezone.now() - timedelta(minutes=1))
    take(by(ours))  # whoever takes it works on it now
    assert reply(ours).snoozed_until is None


def test_tomorrow_is_nine_where_the_tenant_is_and_is_said_on_the_clock_there() -> None:
    late, paris = datetime(2026, 11, 30, 23, 30, tzinfo=UTC), ZoneInfo("Europe/Paris")
    tomorrow = SNOOZES["tomorrow"](late, paris)
    assert tomorrow == datetime(2026, 12, 2, 8, 0, tzinfo=UTC)  # in Paris it is December already
    said = moment_words(tomorrow, paris)
    assert (said.startswith("Wed "), "9:00" in said or "9 a.m." in said, "(CET)" in said) == (True, True, True), said


@pytest.mark.parametrize("hours", [{}, {"mon": "9:00-12:00, 13:30-18:00", "fri": "9:00-18:00"}])
def test_the_hours_that_a_draft_may_wait_end_when_they_began_so_long_before(hours: dict[str, str]) -> None:
    began, worked = datetime(2026, 11, 30, 10, 0, tzinfo=UTC), timedelta(hours=11)
    end = open_until(hours, "Europe/Paris", began, worked)
    assert open_since(hours, "Europe/Paris", end, worked) == began
    assert end == (datetime(2026, 12, 4, 13, 30, tzinfo=UTC) if hours else began + worked)


def test_a_viewer_may_not_and_what_waits_no_more_cannot(ours: Company) -> None:
    viewer = login("vera", (ours, "viewer"))
    assert [press(viewer, ours, button).status_code for button in ("take", "snooze_hour", "bring_back")] == [403] * 3
    assert 'value="take"' not in viewer.get(reverse("admin:klark_draft_change", args=(ours.draft,))).content.decode()
    rows.change(Delivery, {"pk": ours.delivery}, state="sent")
    for act in (take, give_back, bring_back, lambda who: snooze(who, NEVER)):
        with pytest.raises(TooLate, match="not waiting any more"):
            act(by(ours))


def test_a_program_does_the_same_and_the_audit_chain_says_who_did_what(ours: Company) -> None:
    program, until = Program(ours.tenant), timezone.now() + timedelta(hours=2)
    assert program.post(f"drafts/{ours.draft}/take", {}).status_code == 200
    assert reply(ours).taken_by == "token night shift"
    assert program.post(f"drafts/{ours.draft}/give-back", {}).status_code == 200
    assert program.post(f"drafts/{ours.draft}/give-back", {}).status_code == 409
    assert program.post(f"drafts/{ours.draft}/snooze", {"until": until.isoformat()}).status_code == 200
    assert reply(ours).snoozed_until == until
    assert program.post(f"drafts/{ours.draft}/snooze", {"until": "2026-11-01T00:00:00Z"}).status_code == 422
    assert program.get(f"deliveries/{ours.delivery}").json()["snoozed_until"] is not None
    assert program.post(f"drafts/{ours.draft}/bring-back", {}).status_code == 200
    with within(ours.tenant):
        acts = list(AuditEntry.objects.filter(kind="draft").order_by("number").values_list("act", "who"))
    assert acts == [(act, "token night shift") for act in ("took", "gave back", "snoozed", "woke")]


def test_it_speaks_french(ours: Company) -> None:
    rows.policy(ours.tenant, waiting_hours=1)
    camille = login("camille", (ours, "agent"))
    page = camille.get(reverse("admin:klark_draft_change", args=(ours.draft,)), headers={"accept-language": "fr"})
    told = ("Prendre <kbd>t</kbd>", "Reporter <kbd>s</kbd>", " 09:00 (UTC)", "quel que soit votre choix.")
    assert [each for each in told if each not in page.content.decode()] == []
