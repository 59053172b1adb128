"""What an operator sees of events and writes, which next step each offers, and the queue's list."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from klark.admin.operations.log import MOST_RAW, link_to_draft
from klark.admin.queue.listing import with_what_is_shown
from klark.delivery.draft_notes import draft_address
from klark.models import (
    EVERY_TENANT,
    Connection,
    Decision,
    Delivery,
    Draft,
    Outcome,
    WebhookEvent,
    within,
)
from tests.klark.companies import HOLD, Company, company, drafted, login


@pytest.fixture(autouse=True)
def no_bells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)


def acts(browser: Client, model: str, pk: object) -> list[str]:
    """The buttons that a row's page offers."""
    page = browser.get(reverse(f"admin:klark_{model}_change", args=(pk,)))
    return [act.name for act, _ in page.context["acts"]]


def press(browser: Client, model: str, pk: object, act: str) -> list[str]:
    answer = browser.post(reverse(f"admin:klark_{model}_act", args=(pk, act)))
    return [str(told) for told in get_messages(answer.wsgi_request)]


# A write: its state, kind, whether it may have left; what may be done with it.
WRITES: tuple[tuple[str, str, bool, list[str]], ...] = (
    ("parked", "reply", False, ["retry", "sent", "hand_over"]), ("parked", "note", True, ["sent", "hand_over"]),
    ("parked", "handover", False, ["retry", "sent"]), ("parked", "handover", True, ["sent"]), ("due", "reply", False, []),
    ("sending", "reply", True, []), ("sent", "reply", True, []), ("retired", "note", False, []), ("waiting", "reply", False, []),
)  # fmt: skip


@pytest.mark.django_db
def test_a_write_offers_the_steps_that_fit_and_no_other(ours: Company, operator: Client) -> None:
    got = []
    for state, kind, left, _ in WRITES:
        with within(ours.tenant):
            moment = timezone.now() if left else None
            Delivery.objects.filter(pk=ours.parked).update(state=state, kind=kind, sending_at=moment)
        got.append((state, kind, left, acts(operator, "delivery", ours.parked)))
    assert got == list(WRITES)


@pytest.mark.django_db
def test_a_write_that_went_on_meanwhile_is_left_alone_whatever_is_pressed(ours: Company, operator: Client) -> None:
    with within(ours.tenant):
        Delivery.objects.filter(pk=ours.parked).update(state="sent")
    told = [press(operator, "delivery", ours.parked, act)[-1] for act in ("retry", "sent", "hand_over")]
    assert told == ["This draft is not waiting any more: it is sent."] * 3
    with within(ours.tenant):
        assert (Delivery.objects.get(pk=ours.parked).state, Outcome.objects.count(), Delivery.objects.count()) == (
            "sent",
            0,
            2,
        )


@pytest.mark.django_db
def test_the_log_says_who_pressed_what_on_which_row_and_why_it_was_refused(
    ours: Company, operator: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="klark.admin.base")
    press(operator, "delivery", ours.parked, "retry")
    press(operator, "delivery", ours.parked, "sent")
    pressed = [record.msg for record in caplog.records if record.name == "klark.admin.base"]
    on = {"event": "a button was pressed", "table": "klark_delivery", "row": str(ours.parked), "tenant": ours.tenant}
    why = "This draft is not waiting any more: it is due."
    names = ("event", "table", "row", "tenant", "act", "by", "refused")
    assert [{name: line[name] for name in names if name in line} for line in pressed if isinstance(line, dict)] == [
        {**on, "act": "retry", "by": "ops"},
        {**on, "act": "sent", "by": "ops", "refused": why},
    ]


@pytest.mark.django_db
def test_a_write_that_is_handed_over_leaves_its_trouble_on_the_ticket(ours: Company, operator: Client) -> None:
    assert press(operator, "delivery", ours.parked, "hand_over") == ["Handed over: a note on the ticket says why."]
    with within(ours.tenant):
        note = Delivery.objects.get(kind="handover")
        assert (note.state, note.text, Delivery.objects.get(pk=ours.parked).state) == (
            "due",
            "klark · handed over to a person by ops: alder lost\n\nalder reply\n\n"
            f"Open in klark ({draft_address(note.draft_id)})",
            "retired",
        )
        assert list(Outcome.objects.values_list("kind", "by", "reason")) == [("escalated", "ops", "alder lost")]


@pytest.mark.django_db
def test_only_a_parked_event_is_tried_again_alone_or_among_others(ours: Company, operator: Client) -> None:
    with within(ours.tenant):
        account = Connection.objects.get()
        kinds = {state: WebhookEvent.objects.create(tenant_id=ours.tenant, connection=account, key=state, state=state,
                attempts=8).pk
                 for state in ("due", "done")}  # fmt: skip
        kinds["parked"] = ours.event
        WebhookEvent.objects.filter(pk=ours.event).update(attempts=8)
    assert {state: acts(operator, "webhookevent", pk) for state, pk in kinds.items()} == {
        "due": [], "done": [], "parked": ["retry"]}  # fmt: skip
    assert press(operator, "webhookevent", kinds["done"], "retry") == ["This event is not parked any more."]
    form = {"action": "retry_chosen", "_selected_action": [str(pk) for pk in kinds.values()]}
    answer = operator.post(reverse("admin:klark_webhookevent_changelist"), form)
    assert [str(told) for told in get_messages(answer.wsgi_request)][-1] == "Events that are tried again: 1."
    with within(ours.tenant):
        assert dict(WebhookEvent.objects.values_list("key", "attempts")) == {"due": 8, "done": 8, "alder-event": 0}


@pytest.mark.django_db
def test_of_a_large_webhook_the_beginning_is_shown_and_of_none_a_dash(ours: Company, operator: Client) -> None:
    address = reverse("admin:klark_webhookevent_change", args=(ours.event,))
    shown = []
    for raw in (b"x" * (MOST_RAW + 500) + b"END", b"", "é€🙂".encode() * MOST_RAW):
        with within(ours.tenant):
            WebhookEvent.objects.update(raw=raw)
        page = operator.get(address).content.decode()
        shown.append(page.partition('<pre class="k-raw">')[2].partition("</pre>")[0])
    assert (len(shown[0]), set(shown[0]), shown[1], len(shown[2]), set(shown[2])) == (
        MOST_RAW,
        {"x"},
        "—",
        MOST_RAW,
        set("é€🙂"),
    )


@pytest.mark.django_db
def test_a_decision_leads_to_its_draft_and_names_its_policy_without_opening_either(ours: Company) -> None:
    agent, address = login("ann", (ours, "agent")), reverse("admin:klark_decision_change", args=(ours.decision,))
    page = agent.get(address).content.decode()
    draft = reverse("admin:klark_draft_change", args=(ours.draft,))
    assert [words in page for words in (draft, "v1", "Zendesk · alder-desk", "alder words", "waits for approval")] == [
        True
    ] * 5
    assert reverse("admin:klark_policy_change", args=(ours.policy,)) not in page
    with within(ours.tenant):
        Decision.objects.update(draft=None, policy=None)
    assert draft not in agent.get(address).content.decode()
    assert link_to_draft(None) == "—"


@pytest.mark.django_db
def test_the_text_of_a_write_is_shown_as_text(ours: Company, operator: Client) -> None:
    with within(ours.tenant):
        Delivery.objects.filter(pk=ours.parked).update(text="<img src=x onerror=alert(1)>")
    page = operator.get(reverse("admin:klark_delivery_change", args=(ours.parked,))).content.decode()
    assert ("&lt;img src=x onerror=alert(1)&gt;" in page, "<img src=x" in page) == (True, False)


# The queue


@pytest.mark.django_db
def test_of_several_chosen_only_clean_replies_of_the_own_company_are_approved(ours: Company) -> None:
    theirs = company("birch")
    with within(EVERY_TENANT):
        account = Connection.of(ours.tenant).get()
        info, held, note = (drafted(ours.tenant, account, mark, number, findings)
                            for mark, number, findings in (("info", "51", ({**HOLD, "level": "INFO"},)), ("held", "52", (HOLD,)),
                                                           ("note", "53", ())))  # fmt: skip
        Delivery.objects.filter(draft=note).update(kind="note")
    chosen = [ours.draft, theirs.draft, info.pk, held.pk, note.pk]
    form = {"action": "approve_clean", "_selected_action": chosen, "confirmed": "yes"}
    answer = login("ann", (ours, "agent")).post(reverse("admin:klark_draft_changelist"), form)
    assert [str(told) for told in get_messages(answer.wsgi_request)] == [
        "2 approved. 1 stays for a look, because a check remarked on it."]  # fmt: skip
    with within(EVERY_TENANT):
        rows = Delivery.objects.exclude(state="parked").order_by("draft_id").values_list("draft_id", "state")
        assert dict(rows) == {
            ours.draft: "due",
            theirs.draft: "waiting",
            info.pk: "due",
            held.pk: "waiting",
            note.pk: "waiting",
        }


@pytest.mark.django_db
def test_a_draft_is_listed_with_its_topics_name_its_last_state_and_how_long_it_waits(ours: Company) -> None:
    browser = login("ann", (ours, "agent"))
    with within(ours.tenant):
        account = Connection.objects.get()
        odd = drafted(ours.tenant, account, "odd", "51")
        Draft.objects.filter(pk=odd.pk).update(
            subject="", topic="unheard-of", customer_wrote_at=timezone.now() - timedelta(hours=3)
        )
        shown = {row.pk: (row.topic_name, row.state) for row in with_what_is_shown(Draft.objects.all())}
    assert shown == {ours.draft: ("alder topic", "parked"), odd.pk: ("unheard-of", "waiting")}
    page = browser.get(reverse("admin:klark_draft_changelist")).content.decode().replace("\xa0", " ")
    assert [words in page for words in ("(no subject)", "#51 · Zendesk · alder-desk", "unheard-of", "3 hours ago")] == [
        True
    ] * 4
    titles = [
        browser.get(reverse("admin:klark_draft_changelist") + query).context["title"]
        for query in ("", "?shown=all", "?shown=sent")
    ]
    assert titles == ["Queue", "Drafts", "Drafts"]
