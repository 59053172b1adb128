"""What a person does in each state of a write: done or refused, with the words that tell why, and nothing half-way."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.conf import settings

from klark import review
from klark.models import Decision, Delivery, Draft, Outcome, WebhookEvent, within
from klark.review import Reviewed, TooLate, Unfit
from tests.klark import rows

pytestmark = pytest.mark.django_db

STATES = ("waiting", "due", "sending", "sent", "retired", "parked")
ACTS: Mapping[str, Callable[[Reviewed], None]] = {
    "approve": review.approve,
    "edit": lambda who: review.approve(who, "Other words."),
    "reject": lambda who: review.reject(who, "wrong"),
    "regenerate": lambda who: review.regenerate(who, ""),
    "hand over": lambda who: review.hand_over(who, "call them"),
    "retry": review.retry,
    "mark sent": review.mark_sent,
}
# What each act leads to, by the states in which it may be done.
LEADS: Mapping[str, Mapping[str, str]] = {
    "approve": {"waiting": "due"}, "edit": {"waiting": "due"}, "reject": {"waiting": "retired"},
    "regenerate": {"waiting": "retired"}, "hand over": {"waiting": "retired", "parked": "retired"},
    "retry": {"parked": "due"}, "mark sent": {"parked": "sent"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_bells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)


def reviewed(state: str, **more: Any) -> Reviewed:
    account = rows.connection(rows.tenant(f"in-{state}"))
    return Reviewed(rows.delivery(account, 7, state=state, **more), account.tenant_id, "lea")


def facts(who: Reviewed) -> tuple[str, str, bool, int, int, int]:
    """The write, its draft, and how many rows there are beside them."""
    row = rows.get(Delivery, pk=who.delivery_id)
    tenant = {"tenant_id": who.tenant_id}
    return (row.state, row.text, row.draft.live, rows.count(Outcome, **tenant), rows.count(Delivery, **tenant),
            rows.count(WebhookEvent, **tenant))  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_an_act_moves_what_it_may_and_leaves_everything_else_as_it_was(act: str) -> None:
    for state in STATES:
        who = reviewed(state)
        before = facts(who)
        if state in LEADS[act]:
            ACTS[act](who)
            assert (act, state, facts(who)[0]) == (act, state, LEADS[act][state])
            continue
        with pytest.raises(TooLate):
            ACTS[act](who)
        assert (act, state, facts(who)) == (act, state, before)


@pytest.mark.parametrize("act", ACTS)
def test_an_act_on_what_is_not_there_or_not_ones_own_is_told(act: str) -> None:
    theirs = reviewed("waiting")
    stranger = rows.tenant("stranger")
    for who in (Reviewed(theirs.delivery_id, stranger, "eve"), Reviewed(10**9, theirs.tenant_id, "lea")):
        with pytest.raises(TooLate, match="There is no such draft"):
            ACTS[act](who)
    assert facts(theirs)[:4] == ("waiting", rows.ANSWER, True, 0)


# An act, what it leaves as an outcome: the kind, the reason, and the text as sent.
OUTCOMES: tuple[tuple[Callable[[Reviewed], None], tuple[str, str, str]], ...] = (
    (review.approve, ("approved", "", rows.ANSWER)),
    (lambda who: review.approve(who, rows.ANSWER), ("approved", "", rows.ANSWER)),
    (lambda who: review.approve(who, f"\n{rows.ANSWER}  "), ("approved", "", rows.ANSWER)),
    (lambda who: review.approve(who, "Four days."), ("edited", "", "Four days.")),
    (lambda who: review.reject(who, "  wrong article "), ("rejected", "wrong article", "")),
    (lambda who: review.reject(who, "x" * 900), ("rejected", "x" * 500, "")),
    (lambda who: review.regenerate(who, ""), ("regenerated", "", "")),
    (lambda who: review.hand_over(who, ""), ("escalated", "", "")),
    (lambda who: review.hand_over(who, "VIP"), ("escalated", "VIP", "")),
)


@pytest.mark.parametrize(("act", "expected"), OUTCOMES)
def test_what_a_person_did_is_kept_with_who_and_why(
    act: Callable[[Reviewed], None], expected: tuple[str, str, str]
) -> None:
    act(reviewed("waiting"))
    row = rows.get(Outcome)
    assert ((row.kind, row.reason, row.text), row.by) == (expected, "lea")


@pytest.mark.parametrize("text", ["", " ", "\n\t\n", "\u00a0"])
def test_a_reply_without_a_word_is_not_sent(text: str) -> None:
    who = reviewed("waiting")
    with pytest.raises(Unfit, match="The reply is empty"):
        review.approve(who, text)
    assert facts(who)[0] == "waiting"


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_a_rejection_without_a_word_is_refused(reason: str) -> None:
    who = reviewed("waiting")
    with pytest.raises(Unfit, match="Say in a few words why"):
        review.reject(who, reason)
    assert facts(who)[0] == "waiting"


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '<img src=x onerror="x">', "a & b < c", "[x](javascript:y)"]
)
def test_what_a_reviewer_types_is_text_and_never_markup(text: str) -> None:
    who = reviewed("waiting")
    review.approve(who, text, overrule="They asked for it as code.")
    row = rows.get(Delivery, pk=who.delivery_id)
    assert (row.text, "<script" in row.html, "<img" in row.html) == (text, False, False)


def page(note: Delivery, words: str = "Open in klark") -> str:
    """The end of a note: where its draft is in klark."""
    return f"\n\n{words} ({settings.KLARK_URL}/admin/klark/draft/{note.draft_id}/change/)"


def test_the_note_on_a_draft_names_the_closest_sections_with_their_links() -> None:
    who = reviewed("waiting")
    near = {"title": "Delivery", "url": "https://help.example.com/d", "sections": [["By bike", 2, 0.7], ["", 1, 0.2]]}
    mine = {"title": "Order", "url": "", "sections": [["", 1, 0.9]], "personal": True}
    with within(who.tenant_id):
        Draft.objects.update(record={"passages": [near, mine]})
    review.hand_over(who, "VIP")
    note = rows.get(Delivery, kind="handover")
    assert "Closest sections: Delivery › By bike (https://help.example.com/d) · Delivery (https" in note.text
    assert ('<a href="https://help.example.com/d">' in note.html, "Order" in note.text) == (True, False)


def test_a_handover_is_a_private_note_with_the_policys_group_and_tags() -> None:
    account = rows.connection(rows.tenant(escalate_group="Second line", escalate_tags=["urgent"]))
    who = Reviewed(rows.delivery(account, 7, state="waiting", seen=["1"], assignee_seen="5"), account.tenant_id, "lea")
    review.hand_over(who, "They are angry.")
    note = rows.get(Delivery, kind="handover")
    assert (note.state, note.text, note.group_id, note.tags, note.seen, note.assignee_seen) == (
        "due", f"klark · handed over to a person by lea: They are angry.\n\n{rows.ANSWER}{page(note)}", "Second line",
        ["urgent"], ["1"], "5")  # fmt: skip


@pytest.mark.parametrize(("languages", "title"), [
    (["en"], "klark · lea: rejected because the price is old"), (["fr"], "klark · lea\u00a0: rejeté, car the price is old"),
])  # fmt: skip
def test_a_rejection_hands_the_ticket_over_with_the_reason_and_the_draft(languages: list[str], title: str) -> None:
    account = rows.connection(rows.tenant(escalate_group="Second line", escalate_tags=["urgent"], languages=languages))
    words = "Open in klark" if languages == ["en"] else "Ouvrir dans klark"
    who = Reviewed(rows.delivery(account, 7, state="waiting", seen=["1"], assignee_seen="5"), account.tenant_id, "lea")
    review.reject(who, " the price\nis old ")
    note = rows.get(Delivery, kind="handover")
    assert (note.state, note.text, note.group_id, note.tags, note.seen, note.assignee_seen) == (
        "due", f"{title}\n\n{rows.ANSWER}{page(note, words)}", "Second line", ["urgent"], ["1"], "5")  # fmt: skip


def test_a_silent_rejection_writes_nothing() -> None:
    review.reject(reviewed("waiting"), "spam", silently=True)
    assert rows.count(Delivery, kind="handover") == 0


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_handover_without_a_word_says_that_there_is_none(reason: str) -> None:
    review.hand_over(reviewed("waiting"), reason)
    note = rows.get(Delivery, kind="handover")
    assert note.text == f"klark · handed over to a person by lea: —\n\n{rows.ANSWER}{page(note)}"


def test_a_write_that_may_have_left_is_never_tried_again() -> None:
    who = reviewed("parked", sending_at=rows.datetime.now(rows.UTC))
    with pytest.raises(Unfit, match="may have reached the ticket"):
        review.retry(who)
    assert facts(who)[0] == "parked"


def test_drafting_again_frees_the_turn_and_asks_once() -> None:
    who = reviewed("waiting")
    review.regenerate(who, "")
    with within(who.tenant_id):
        event = WebhookEvent.of(who.tenant_id).get()
        assert (event.ticket_id, event.kind, event.origin, event.instruction) == ("7", "regenerate", "klark", "")
        assert (Draft.of(who.tenant_id).get().live, Decision.of(who.tenant_id).count()) == (False, 0)
    with pytest.raises(TooLate):
        review.regenerate(who, "")
    assert rows.count(WebhookEvent) == 1


@pytest.mark.parametrize(("state", "moved"), [("parked", True), ("due", False), ("done", False)])
def test_only_a_parked_event_is_tried_again(state: str, moved: bool) -> None:
    account = rows.connection(rows.tenant())
    event = rows.event(account, 7, state=state, attempts=8, trouble="why")
    stranger = rows.tenant("stranger")
    assert (review.retry_event(event, stranger), review.retry_event(event, account.tenant_id)) == (False, moved)
    row = rows.get(WebhookEvent)
    assert (row.state, row.attempts) == (("due", 0) if moved else (state, 8))
