"""People's judgements, kept with their drafts, move a topic up and down."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models.functions import Now

from klark import review
from klark.autonomy import judgements, standing
from klark.autonomy.ladder import Why
from klark.autonomy.last_fall import last_falls
from klark.models import (
    Actor,
    Article,
    AuditEntry,
    Connection,
    Delivery,
    Draft,
    Judgement,
    Policy,
    Standing,
    policy_in_force,
    rules_of,
    within,
)
from klark.review import Reviewed
from tests.klark import rows

pytestmark = pytest.mark.django_db
LEA = Actor(None, "lea")
TOPIC: dict[str, Any] = {"topic": "delivery", "language": "en"}


@pytest.fixture(autouse=True)
def bells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)


@pytest.fixture(params=["proposed"])
def account(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """An account of a tenant that has to earn its replies."""
    account = rows.connection(rows.tenant(autonomy=request.param))
    with within(account.tenant_id):
        yield account


def asked(account: Connection, ticket: object, via: str = "queue", **more: Any) -> Draft:
    """A draft about deliveries that people may judge."""
    draft = rows.draft(account, ticket, **TOPIC, record={"klark": "as it was"})
    rules = rules_of(policy_in_force(account.tenant_id))
    judgements.ask(draft, via, rules, more.get("articles", ()), more.get("made_with", "model 1"))
    return draft


def approved(account: Connection, count: int, state: str = "sent", start: int = 0, **more: Any) -> None:
    """So many drafts that somebody approved one by one, and what became of them."""
    asked(account, f"first {start}", **more)
    numbers, tenant = [str(start + number) for number in range(count)], {"tenant_id": account.tenant_id}
    about = {**tenant, "connection": account}
    drafts = Draft.objects.bulk_create(Draft(**about, ticket_id=each, turn="1", **TOPIC) for each in numbers)
    Delivery.objects.bulk_create(
        Delivery(**about, ticket_id=each.ticket_id, draft=each, kind="reply", state=state) for each in drafts
    )
    made = {"made_with": more.get("made_with", "model 1"), "articles": more.get("articles", [])}
    judged = {**tenant, **TOPIC, **made, "via": "queue", "verdict": "right", "judged_at": Now()}
    Judgement.objects.bulk_create(Judgement(draft=each, **judged) for each in drafts)


def reply_open(account: Connection) -> None:
    """The topic has come to replies."""
    approved(account, 83)
    standing.restate(account.tenant_id, **TOPIC)
    assert standing.open_next(row(), LEA)


def row() -> Standing:
    found: Standing = rows.get(Standing)
    return found


def where() -> tuple[str, str]:
    return row().rung, row().why


def closed_by() -> Any:
    """How many judged drafts were right when it was closed, of how many, and the tickets and articles that closed it."""
    found = last_falls(row().tenant_id, [row()]).get(row().pk)
    return found and (
        found.right,
        found.of,
        [ticket for _, ticket in found.drafts],
        [title for _, title in found.articles],
    )


def told(account: Connection) -> list[str]:
    """What the audit chain says."""
    return list(AuditEntry.of(account.tenant_id).order_by("number").values_list("act", flat=True))


# Up


def test_83_drafts_sent_unchanged_are_proposed_to_the_lead_who_opens(account: Connection) -> None:
    approved(account, 82)
    standing.restate(account.tenant_id, **TOPIC)
    assert (where(), row().proposed, standing.open_next(row(), LEA)) == (("queue", "new"), False, False)
    approved(account, 1, start=82)
    standing.restate(account.tenant_id, **TOPIC)
    assert (where(), row().proposed) == (("queue", "new"), True)
    assert standing.open_next(row(), LEA)
    assert (where(), row().by, row().proposed, told(account)[-1]) == (("reply", "opened"), "lea", False, "climbed")


@pytest.mark.parametrize("account", ["automatic"], indirect=True)
def test_what_is_earned_opens_by_itself_only_if_the_policy_says_so(account: Connection) -> None:
    approved(account, 83)
    standing.restate_all()
    assert (where(), row().by) == (("reply", "earned"), "klark")


@pytest.mark.parametrize("account", ["off"], indirect=True)
def test_while_nothing_needs_to_be_earned_nothing_moves(account: Connection) -> None:
    approved(account, 83)
    standing.restate(account.tenant_id, **TOPIC)
    assert (where(), row().proposed) == (("queue", "new"), False)
    assert standing.rungs_of(account.tenant_id, rules_of(policy_in_force(account.tenant_id)), "") is None


def test_what_was_approved_but_never_sent_does_not_count(account: Connection) -> None:
    approved(account, 83, state="retired")
    standing.restate(account.tenant_id, **TOPIC)
    assert not row().proposed


def test_what_was_approved_with_many_others_at_once_does_not_count(account: Connection) -> None:
    draft = asked(account, 1)
    delivery = rows.delivery(account, 1, draft=draft, state="waiting")
    review.approve(Reviewed(delivery, account.tenant_id, "lea", singly=False))
    assert rows.get(Judgement).verdict == ""
    assert not judgements.judge(draft, "right", LEA)  # nor does whoever picks it afterwards,
    assert judgements.judge(draft, "wrong", LEA)
    assert judgements.judge(draft, "right", LEA)  # not even by way of an error that is taken back
    assert rows.get(Judgement).verdict == ""


def test_a_topic_that_the_policy_keeps_at_notes_begins_there_and_climbs_by_judged_notes() -> None:
    account = rows.connection(rows.tenant(mode="note", autonomy="proposed"))
    with within(account.tenant_id):
        drafts = [asked(account, ticket, via="note") for ticket in range(12)]
        assert list(judgements.awaited(Judgement.of(account.tenant_id)).values_list("draft", flat=True)) == [
            each.pk for each in drafts
        ]
        for each in drafts:
            assert judgements.judge(each, "right", LEA)
        assert (where(), row().proposed) == (("note", "new"), True)
        assert standing.open_next(row(), LEA)
    assert where() == ("queue", "opened")


def to_judge(account: Connection) -> int:
    return judgements.awaited(Judgement.of(account.tenant_id)).count()


@pytest.mark.parametrize(("via", "state"), [("audit", "sent"), ("note", "sent"), ("note", "retired")])
def test_of_what_was_sent_and_of_notes_somebody_should_say_whether_they_were_right(
    account: Connection, via: str, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judgements.LOT, "random", lambda: 0.0)
    kind = "note" if via == "note" else "reply"
    rows.delivery(account, 1, draft=asked(account, 1, via=via), kind=kind, state=state)
    assert to_judge(account) == 1


@pytest.mark.parametrize("state", ["due", "retired", "parked"])
def test_nobody_is_asked_to_audit_a_reply_that_was_not_sent(
    account: Connection, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judgements.LOT, "random", lambda: 0.0)
    rows.delivery(account, 1, draft=asked(account, 1, via="audit"), state=state)
    assert to_judge(account) == 0


def test_nobody_is_asked_about_a_draft_whose_content_was_deleted(account: Connection) -> None:
    asked(account, 1, via="note")
    rows.change(Draft, record={})
    assert to_judge(account) == 0


def test_nobody_is_asked_about_what_another_model_made(account: Connection) -> None:
    asked(account, 1, via="note")
    newest = asked(account, 2, via="note", made_with="model 2")
    waiting = judgements.awaited(Judgement.of(account.tenant_id)).values_list("draft", flat=True)
    assert list(waiting) == [newest.pk]


# What a reviewer does


@pytest.mark.parametrize(("act", "verdict"), [
    (review.approve, "right"),
    (lambda who: review.approve(who, "Other words."), "wrong"),
    (lambda who: review.reject(who, "no"), "wrong"),
    (lambda who: review.regenerate(who, ""), "wrong"),
    (lambda who: review.hand_over(who, "no"), "wrong"),
])  # fmt: skip
def test_sent_unchanged_is_right_and_whatever_else_a_person_does_is_wrong(
    account: Connection, act: Any, verdict: str
) -> None:
    delivery = rows.delivery(account, 1, draft=asked(account, 1), state="waiting")
    act(Reviewed(delivery, account.tenant_id, "lea"))
    assert rows.get(Judgement).verdict == verdict


def test_who_changed_only_the_tone_says_so_and_the_label_stands_where_it_stood(account: Connection) -> None:
    draft = asked(account, 1)
    review.approve(Reviewed(rows.delivery(account, 1, draft=draft, state="waiting"), account.tenant_id, "lea"), "Kind.")
    before = rows.get(Judgement).judged_at
    assert judgements.judge(draft, "right", LEA)
    assert (rows.get(Judgement).verdict, rows.get(Judgement).judged_at, told(account)[-1]) == (
        "right", before, "judged")  # fmt: skip


def test_a_draft_that_nobody_was_asked_about_can_only_be_found_wrong(
    account: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judgements.LOT, "random", lambda: 0.11)
    draft = asked(account, 1, via="audit")
    assert (rows.get(Judgement).drawn, judgements.judge(draft, "right", LEA)) == (False, False)
    assert judgements.judge(draft, "wrong", LEA)
    assert judgements.judge(draft, "right", LEA)
    assert rows.get(Judgement).verdict == ""  # taken back, and no evidence


def test_one_reply_in_ten_is_drawn(account: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judgements.LOT, "random", lambda: 0.09)
    draft = asked(account, 1, via="audit")
    assert judgements.judge(draft, "right", LEA)
    assert (rows.get(Judgement).verdict, rows.get(Judgement).by) == ("right", "lea")


# Down


def test_a_serious_error_closes_at_once_and_the_evidence_begins_anew(account: Connection) -> None:
    reply_open(account)
    judgements.judge(Draft.of(account.tenant_id).get(ticket_id="5"), "serious", LEA)
    assert (where(), told(account)[-2:]) == (("queue", "serious"), ["fell", "judged"])
    assert closed_by() == (82, 83, ["5"], [])
    approved(account, 82, start=100)
    standing.restate(account.tenant_id, **TOPIC)
    assert not row().proposed


def test_another_serious_error_on_a_closed_topic_counts_and_leaves_what_is_said_of_its_closing(
    account: Connection,
) -> None:
    reply_open(account)
    judgements.judge(Draft.of(account.tenant_id).get(ticket_id="5"), "serious", LEA)
    closed = (row().why, row().by, row().stepped_at, closed_by())
    lost = row().carried
    judgements.judge(asked(account, "late"), "serious", LEA)
    assert (row().why, row().by, row().stepped_at, closed_by()) == closed
    assert (row().carried < lost, told(account).count("fell")) == (True, 1)
    approved(account, 83, start=100)
    standing.restate(account.tenant_id, **TOPIC)
    assert not row().proposed


def test_an_error_closes_a_topic_even_while_nothing_needs_to_be_earned(account: Connection) -> None:
    reply_open(account)
    rows.change(Policy, autonomy="off")
    judgements.judge(Draft.of(account.tenant_id).get(ticket_id="5"), "serious", LEA)
    assert where()[0] == "queue"


def test_two_errors_in_audits_close_a_topic_and_those_of_long_before_are_not_named(account: Connection) -> None:
    reply_open(account)
    judgements.judge(asked(account, "once", via="audit"), "wrong", LEA)
    approved(account, 60, start=500)
    assert closed_by() is None
    for ticket in ("x", "y"):
        assert where()[0] == "reply"
        judgements.judge(asked(account, ticket, via="audit"), "wrong", LEA)
    assert where() == ("queue", "drop")
    assert closed_by() == (143, 146, ["x", "y"], [])


def test_a_changed_article_closes_before_anything_is_stored_and_what_rests_on_others_still_counts(
    account: Connection,
) -> None:
    rows.article(account.tenant_id)
    rows.article(account.tenant_id, "Returns", "<p>Within 30 days.</p>")
    first, second = Article.of(account.tenant_id).order_by("title").values_list("pk", flat=True)
    rules = rules_of(policy_in_force(account.tenant_id))
    approved(account, 60, articles=[first])
    approved(account, 83, start=60, articles=[second])
    standing.restate(account.tenant_id, **TOPIC)
    assert standing.open_next(row(), LEA)
    assert standing.rungs_of(account.tenant_id, rules, "model 1") == {("delivery", "en"): "reply"}
    rows.article(account.tenant_id, html="<p>Delivery takes 9 days.</p>")
    assert standing.rungs_of(account.tenant_id, rules, "model 1") == {("delivery", "en"): "queue"}
    standing.restate(account.tenant_id, **TOPIC)
    assert (where(), row().proposed, closed_by()) == (("queue", "article"), False, (83, 83, [], ["Delivery times"]))
    approved(account, 12, start=200, articles=[second])
    standing.restate(account.tenant_id, **TOPIC)
    assert row().proposed


def test_a_new_model_closes_and_the_old_ones_labels_count_no_more(account: Connection) -> None:
    reply_open(account)
    rules = rules_of(policy_in_force(account.tenant_id))
    assert standing.rungs_of(account.tenant_id, rules, "model 2") == {("delivery", "en"): "queue"}
    asked(account, "new", made_with="model 2")
    assert (where(), row().made_with) == (("queue", "model"), "model 2")
    standing.restate(account.tenant_id, **TOPIC)
    assert not row().proposed


def test_a_lead_closes_whatever_the_evidence_down_to_notes(account: Connection) -> None:
    reply_open(account)
    standing.close(row(), LEA)
    assert (where(), told(account)[-1]) == (("queue", "closed"), "fell")
    standing.restate(account.tenant_id, **TOPIC)
    assert not row().proposed
    standing.close(row(), LEA)
    assert where() == ("note", "closed")


def test_every_reason_for_a_step_is_stored_as_it_is_named() -> None:
    assert [str(why) for why in Why] == ["new", "earned", "opened", "closed", "serious", "drop", "article", "model"]
