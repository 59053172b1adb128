"""Taking an approval back: for ten seconds, by whoever approved, and only as long as no worker has the reply."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.messages import get_messages
from django.contrib.postgres.functions import TransactionNow
from django.db.models import DurationField, ExpressionWrapper, F
from django.test import Client
from django.urls import reverse

from klark import review, tasks
from klark.models import AuditEntry, Delivery, Draft, Judgement, Outcome, Policy, within
from klark.models.delivery import SAYS_IT_WAITS
from klark.review import Reviewed, TooLate
from tests.klark import rows
from tests.klark.admin.test_drafts import another
from tests.klark.companies import Company, company, login, waiting_of

pytestmark = pytest.mark.django_db
UNDO = "/admin/klark/draft/undo/"


@pytest.fixture(autouse=True)
def no_bells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)


@pytest.fixture(autouse=True)
def a_long_while(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """For as long as a slow machine may take; one test looks at the ten seconds themselves."""
    if request.node.name != "test_an_approved_reply_leaves_after_ten_seconds_and_no_sooner":
        monkeypatch.setattr(review, "UNDO_S", 600)


@pytest.fixture
def agent(ours: Company) -> Client:
    return login("camille", (ours, "agent"))


def address(draft: int) -> str:
    return reverse("admin:klark_draft_change", args=(draft,))


def approve(browser: Client, company: Company, text: str = "alder reply") -> None:
    browser.post(address(company.draft), {"press": "approve", "text": text}, follow=True)


def reply(company: Company) -> Delivery:
    with within(company.tenant):
        return Delivery.objects.get(pk=company.delivery)


def undo(browser: Client, *deliveries: object) -> list[str]:
    """Press the button; what was said."""
    answer = browser.post(UNDO, {"delivery": deliveries})
    return [str(told) for told in get_messages(answer.wsgi_request)]


def offered(browser: Client, page: str) -> tuple[int, ...]:
    found = browser.get(page).context["undo"]
    return found.deliveries if found else ()


TAKEN = ["Taken back: nothing was sent, and it waits again."]
LATE = ["#41 alder subject · Too late to take it back: klark is sending it, or has sent it."]


def test_an_approved_reply_leaves_after_ten_seconds_and_no_sooner(ours: Company, agent: Client) -> None:
    approve(agent, ours)
    with within(ours.tenant):
        wait = ExpressionWrapper(F("due_at") - TransactionNow(), DurationField())
        waits = Delivery.objects.filter(pk=ours.delivery).values_list(wait, flat=True).get()
    assert waits == timedelta(seconds=10)


def test_it_is_offered_on_the_next_page_and_on_the_list_and_waits_again_once_taken_back(
    ours: Company, agent: Client
) -> None:
    following = another(ours, "cedar", "2026-11-25 08:00:00+00:00")
    approve(agent, ours)
    pages = (address(following.pk), reverse("admin:klark_draft_changelist"))
    assert [offered(agent, page) for page in pages] == [(ours.delivery,)] * 2
    assert undo(agent, ours.delivery) == TAKEN
    assert (reply(ours).state, rows.count(Outcome), offered(agent, pages[0])) == ("waiting", 0, ())


def test_the_draft_opens_that_was_taken_back(ours: Company, agent: Client) -> None:
    approve(agent, ours)
    assert agent.post(UNDO, {"delivery": ours.delivery})["Location"] == address(ours.draft)


UNTOUCHED: dict[str, object] = {"lease_until": None, "state": "due", "attempts": 0, "trouble": "", "sending_at": None}
MOVED: tuple[dict[str, object], ...] = (
    {"lease_until": datetime(2099, 1, 1, tzinfo=UTC)}, {"state": "sending"}, {"state": "sent"}, {"state": "parked"},
    {"state": "retired"}, {"attempts": 1}, {"trouble": "429 came back"}, {"sending_at": datetime(2026, 11, 29, tzinfo=UTC)},
)  # fmt: skip


def test_what_a_worker_has_taken_up_is_never_taken_back(ours: Company, agent: Client) -> None:
    approve(agent, ours)
    for moved in MOVED:
        rows.change(Delivery, {"pk": ours.delivery}, **UNTOUCHED | moved)
        before = reply(ours).state
        told = undo(agent, ours.delivery)[-1:]  # no page has shown the earlier ones
        assert (told, reply(ours).state, rows.count(Outcome)) == (LATE, before, 1), moved
    rows.change(Delivery, {"pk": ours.delivery}, **UNTOUCHED)
    assert undo(agent, ours.delivery)[-1:] == TAKEN


def test_no_worker_takes_it_up_before(ours: Company, agent: Client) -> None:
    approve(agent, ours)
    rows.change(Delivery, {"kind": "tag"}, state="sent")
    assert Delivery.claim() == []


def test_after_its_time_it_is_offered_no_more_but_still_taken_back_if_nobody_has_it(
    ours: Company, agent: Client
) -> None:
    approve(agent, ours)
    rows.make_due(Delivery)
    assert offered(agent, address(ours.draft)) == ()
    assert undo(agent, ours.delivery) == TAKEN


def test_what_klark_replies_by_itself_is_nobodys_to_take_back(ours: Company, agent: Client) -> None:
    rows.change(Delivery, {"pk": ours.delivery}, state="due", due_at=datetime(2099, 1, 1, tzinfo=UTC))
    assert offered(agent, address(ours.draft)) == ()
    assert (undo(agent, ours.delivery), reply(ours).state) == (LATE, "due")


def test_nobody_takes_back_what_a_colleague_approved_or_what_is_another_tenants(ours: Company, agent: Client) -> None:
    approve(agent, ours)
    colleague, stranger = login("noor", (ours, "lead")), login("eve", (company("birch"), "lead"))
    viewer = login("vera", (ours, "viewer"))
    assert [offered(each, reverse("admin:klark_draft_changelist")) for each in (colleague, viewer)] == [()] * 2
    assert [undo(each, ours.delivery) for each in (colleague, stranger, viewer)] == [LATE, [], []]
    assert reply(ours).state == "due"


@pytest.mark.parametrize("odd", ["", "x", "-1", "9" * 30, "\0", "²"])
def test_an_odd_number_takes_nothing_back_and_breaks_nothing(agent: Client, odd: str) -> None:
    assert (undo(agent, odd), agent.get(UNDO, {"delivery": odd}).text) == ([], "")


def test_whoever_looks_is_told_what_became_of_the_reply_once_it_is_known_and_takes_nothing_back(
    ours: Company, agent: Client
) -> None:
    approve(agent, ours)
    others = login("eve", (company("birch"), "lead")), login("vera", (ours, "viewer"))
    for state, told in (
        ("due", ""), ("sending", ""), ("sent", "sent"), ("retired", "not sent"), ("parked", "could not be written"),
    ):  # fmt: skip
        rows.change(Delivery, {"pk": ours.delivery}, state=state)
        looked = [each.get(UNDO, {"delivery": ours.delivery}).text for each in (agent, *others)]
        assert looked == [f"#41 alder subject · {told}" if told else "", "", ""]
        assert reply(ours).state == state


def test_of_several_replies_it_is_told_how_many_were_sent_once_that_is_known_of_all(
    ours: Company, agent: Client
) -> None:
    both = {"delivery": [ours.delivery, waiting_of(another(ours, "cedar", "2026-11-25 08:00:00+00:00"))]}
    rows.change(Delivery, {"pk": ours.delivery}, state="sent")
    assert agent.get(UNDO, both).text == ""
    rows.change(Delivery, {"pk": both["delivery"][1]}, state="retired")
    assert agent.get(UNDO, both).text == "2 replies · sent: 1 · not sent: 1"


def test_several_that_were_approved_at_once_are_taken_back_at_once(ours: Company, agent: Client) -> None:
    other = another(ours, "cedar", "2026-11-25 08:00:00+00:00")
    form = {"action": "approve_clean", "_selected_action": [str(ours.draft), str(other.pk)], "confirmed": "yes"}
    agent.post(reverse("admin:klark_draft_changelist"), form, follow=True)
    both = offered(agent, reverse("admin:klark_draft_changelist"))
    assert sorted(both) == sorted((ours.delivery, waiting_of_approved(other)))
    assert undo(agent, *both) == TAKEN
    assert rows.count(Delivery, kind="reply", state="waiting") == 2


def waiting_of_approved(draft: Draft) -> int:
    with within(draft.tenant_id):
        return Delivery.objects.get(draft=draft, kind="reply").pk


def test_of_two_approvals_the_last_is_taken_back_first(ours: Company, agent: Client) -> None:
    other = another(ours, "cedar", "2026-11-25 08:00:00+00:00")
    second = waiting_of(other)
    approve(agent, ours)
    rows.change(Delivery, {"pk": ours.delivery}, due_at=datetime.now(UTC) + timedelta(seconds=300))
    agent.post(address(other.pk), {"press": "approve", "text": "cedar reply"}, follow=True)
    page = reverse("admin:klark_draft_changelist")
    assert offered(agent, page) == (second,)
    undo(agent, second)
    assert offered(agent, page) == (ours.delivery,)


def test_when_its_time_is_over_the_page_says_which_reply_is_leaving(ours: Company, agent: Client) -> None:
    approve(agent, ours)
    page = agent.get(address(ours.draft)).content.decode()
    assert 'data-late="#41 alder subject is leaving: too late to take it back."' in page


def test_an_edit_that_was_taken_back_is_still_there_and_still_counts_as_one(ours: Company, agent: Client) -> None:
    approve(agent, ours, "As edited.")
    undo(agent, ours.delivery)
    page = agent.get(address(ours.draft)).content.decode()
    assert ("As edited.</textarea>" in page, "Changed by camille, and" in page) == (True, True)
    approve(agent, ours, "As edited.")
    assert (reply(ours).text, rows.get(Outcome).kind) == ("As edited.", "edited")


def test_a_note_on_a_text_that_a_person_changed_says_whose_it_is(ours: Company, agent: Client) -> None:
    approve(agent, ours, "As edited.")
    undo(agent, ours.delivery)
    noor = login("noor", (ours, "lead"))
    noor.post(address(ours.draft), {"press": "reject", "why": "the price is old"})
    told, quoted, *_more = rows.get(Delivery, kind="handover").text.split("\n\n")[1:]
    assert (told, quoted) == ("Changed by camille: not klark's draft any more.", "As edited.")


def test_an_approval_that_was_taken_back_is_no_judgement_and_the_next_one_is(ours: Company, agent: Client) -> None:
    with within(ours.tenant):
        Judgement.objects.create(tenant_id=ours.tenant, draft_id=ours.draft, via="queue")
    approve(agent, ours, "As edited.")
    undo(agent, ours.delivery)
    assert (rows.get(Judgement).verdict, rows.get(Judgement).judged_at) == ("", None)
    approve(agent, ours, "alder reply")
    assert rows.get(Judgement).verdict == "right"


def test_the_audit_says_that_it_was_taken_back(ours: Company, agent: Client) -> None:
    approve(agent, ours)
    undo(agent, ours.delivery)
    with within(ours.tenant):
        told = AuditEntry.of(ours.tenant).exclude(act="saw").order_by("number").values_list("who", "act")
        assert list(told) == [("camille", "approved"), ("camille", "taken back")]


def test_the_ticket_says_again_that_a_draft_waits(ours: Company, agent: Client) -> None:
    approve(agent, ours)
    rows.change(Delivery, {"kind": "tag"}, state="sent")
    undo(agent, ours.delivery)
    assert rows.count(Delivery, kind="tag", state="due") == 1


@pytest.mark.django_db(transaction=True)
def test_what_a_worker_has_claimed_nobody_takes_back() -> None:
    account = rows.connection(rows.tenant())
    pk = rows.delivery(account, 1, state="waiting")
    who = Reviewed(pk, account.tenant_id, "lea")
    review.approve(who)
    rows.change(Delivery, {"kind": "tag"}, state="sent")
    claimed = Delivery.claim()
    with pytest.raises(TooLate):
        review.take_back(who)
    assert [each.id for each in claimed] == [pk]


@pytest.mark.parametrize(("state", "notes"), [("due", 1), ("sent", 0)])
def test_the_note_that_a_draft_waits_comes_back_unless_it_is_written(
    ours: Company, agent: Client, state: str, notes: int
) -> None:
    with within(ours.tenant):
        Policy.objects.update(waiting_note=True)
        own = {"tenant_id": ours.tenant, "connection_id": ours.connection, "ticket_id": "41", "draft_id": ours.draft}
        Delivery.objects.create(**own, kind="note", html="", text="It waits.", changes=SAYS_IT_WAITS, state=state)
    approve(agent, ours)
    undo(agent, ours.delivery)
    assert rows.count(Delivery, kind="note", state="due") == notes


def test_only_a_reply_is_taken_back_and_not_the_tag_beside_it(ours: Company, agent: Client) -> None:
    approve(agent, ours)
    tag = rows.get(Delivery, kind="tag")
    undo(agent, tag.pk)
    assert (rows.get(Delivery, kind="tag").state, reply(ours).state, rows.count(Outcome)) == (tag.state, "due", 1)


def test_a_reply_that_was_taken_back_is_sent_once_when_it_is_approved_again(ours: Company, agent: Client) -> None:
    approve(agent, ours)
    undo(agent, ours.delivery)
    tasks.deliver.run()
    assert reply(ours).state == "waiting"
    approve(agent, ours)
    assert (reply(ours).state, rows.count(Outcome, kind="approved")) == ("due", 1)


def test_a_number_that_no_row_can_have_takes_nothing_back(ours: Company) -> None:
    browser = login("camille", (ours, "agent"))
    for number in ("9" * 5000, str(2**63), "-1", "²"):
        assert browser.get(UNDO, {"delivery": number}).content == b""
        assert browser.post(UNDO, {"delivery": number}).status_code == 302
