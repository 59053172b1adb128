"""What became of drafts is what docs/evidence.md defines, and every figure is that of a counter that knows nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from klark.evidence.intervals import share
from klark.evidence.kpis import kpis
from klark.evidence.outcomes import (
    Ending,
    Turn,
    answered,
    deflected,
    ending,
    facts_changed,
    first_response_s,
    needed_person,
    reopened,
    resolved_alone,
    satisfied,
    values_changed,
)
from klark.evidence.turns import last_weeks, monday, turns_of
from klark.models import Delivery, Draft, Outcome, within
from tests.bench import outcomes
from tests.klark import rows

DRAFTED = datetime(2026, 11, 4, 10, tzinfo=UTC)
SENT, WEEK, INSTANT = DRAFTED + timedelta(minutes=1), timedelta(days=7), timedelta(microseconds=1)
NOW = SENT + 2 * WEEK
DRAFT = Turn(1, ("account", "1"), DRAFTED - timedelta(minutes=2), DRAFTED, date(2026, 11, 2))
REPLY = replace(DRAFT, sent_at=SENT, is_over=True, read_at=SENT + WEEK)

ENDS: tuple[tuple[Mapping[str, Any], Ending], ...] = (
    ({"sent_at": SENT}, Ending.UNCHANGED),
    ({"sent_at": SENT, "acts": frozenset({"approved"})}, Ending.UNCHANGED),
    ({"sent_at": SENT, "acts": frozenset({"edited"})}, Ending.EDITED),
    ({"sent_at": SENT, "acts": frozenset({"rejected"}), "agent_at": SENT}, Ending.UNCHANGED),
    ({"acts": frozenset({"approved"}), "is_open": True}, Ending.OPEN),  # a button alone sends nothing
    ({"acts": frozenset({"edited"})}, Ending.UNKNOWN),
    ({"acts": frozenset({"rejected"}), "handover_sent": True}, Ending.REJECTED),
    ({"handover_sent": True, "agent_at": SENT}, Ending.HANDED_OVER),
    ({"agent_at": DRAFTED + WEEK, "agent_kept": 1.0}, Ending.COPIED),
    ({"agent_at": DRAFTED + WEEK, "agent_kept": 0.99}, Ending.OTHER_WORDS),
    ({"agent_at": SENT, "acts": frozenset({"overtaken"})}, Ending.OTHER_WORDS),
    ({"agent_at": SENT, "agent_kept": 0.99, "is_later": True}, Ending.IGNORED),  # it answers the next draft
    ({"agent_at": SENT, "agent_kept": 1.0, "is_later": True}, Ending.COPIED),
    ({"agent_at": DRAFTED + WEEK + INSTANT, "agent_kept": 1.0}, Ending.UNKNOWN),
    ({"acts": frozenset({"overtaken"})}, Ending.IGNORED),
    ({"acts": frozenset({"replaced"}), "is_open": True}, Ending.IGNORED),
    ({"acts": frozenset({"gone"})}, Ending.IGNORED),
    ({"is_over": True}, Ending.IGNORED),
    ({"is_over": False, "is_open": True}, Ending.OPEN),
    ({}, Ending.UNKNOWN),
)


@pytest.mark.parametrize(("known", "end"), ENDS)
def test_a_turn_ends_as_the_first_that_holds(known: Mapping[str, Any], end: Ending) -> None:
    assert ending(replace(DRAFT, **known)) == end


RESOLVED: tuple[tuple[Mapping[str, Any], bool | None], ...] = (
    ({}, True),
    ({"is_over": False}, False),
    ({"is_over": None}, None),
    ({"read_at": SENT + WEEK - INSTANT}, None),
    ({"read_at": None}, None),
    ({"acts": frozenset({"approved"})}, False),
    ({"acts": frozenset({"edited"})}, False),
    ({"agent_at": SENT + WEEK}, False),
    ({"agent_at": SENT + WEEK + INSTANT}, True),
    ({"agent_at": SENT, "read_at": SENT}, False),
    ({"sent_at": None}, False),
    ({"sent_at": None, "is_over": None, "is_open": True}, None),
)


@pytest.mark.parametrize(("known", "alone"), RESOLVED)
def test_a_ticket_is_resolved_alone_if_nobody_but_klark_took_part(known: Mapping[str, Any], alone: bool | None) -> None:
    assert resolved_alone([replace(REPLY, **known)], NOW) is alone


def test_a_ticket_that_nobody_but_klark_worked_on_is_deflected_solved_or_not() -> None:
    known: tuple[Mapping[str, Any], ...] = (
        {}, {"is_over": False}, {"is_over": None}, {"acts": frozenset({"approved"})}, {"agent_at": SENT + WEEK},
        {"read_at": SENT},
    )  # fmt: skip
    assert [deflected([replace(REPLY, **each)], NOW) for each in known] == [True, True, None, False, False, None]


HANDED_OVER = replace(DRAFT, handover_sent=True, read_at=DRAFTED + WEEK)
NEEDED: tuple[tuple[Turn, bool | None], ...] = (
    (REPLY, False),
    (replace(REPLY, agent_at=SENT + WEEK), True),
    (replace(REPLY, agent_at=SENT + WEEK + INSTANT), False),
    (replace(REPLY, read_at=SENT + WEEK - INSTANT), None),
    (replace(REPLY, acts=frozenset({"rejected"})), False),  # and sent all the same
    (replace(DRAFT, acts=frozenset({"rejected"})), True),
    (replace(DRAFT, acts=frozenset({"escalated"})), True),
    (replace(HANDED_OVER, agent_at=SENT, agent_kept=0.4), True),
    (replace(HANDED_OVER, agent_at=SENT), True),
    (replace(HANDED_OVER, agent_at=SENT, agent_kept=1.0), False),  # the draft was what the customer needed
    (replace(HANDED_OVER, is_over=True), False),  # nobody had to say anything
    (replace(HANDED_OVER, is_over=False), None),
    (replace(DRAFT, is_over=True, read_at=DRAFTED + WEEK), None),
    (DRAFT, None),
)


@pytest.mark.parametrize(("turn", "needed"), NEEDED)
def test_a_person_was_needed_where_one_answered_otherwise_than_klark(turn: Turn, needed: bool | None) -> None:
    assert needed_person(turn, NOW) is needed
    assert needed_person(turn, DRAFTED + WEEK - INSTANT) is None


def test_a_comparison_counts_only_for_how_the_draft_ended_and_where_it_could_tell() -> None:
    answer = replace(DRAFT, agent_at=SENT, agent_verdict="contradicts")
    edit = replace(REPLY, acts=frozenset({"edited"}))
    ends: tuple[Mapping[str, Any], ...] = ({}, {"sent_at": SENT}, {"agent_kept": 1.0}, {"agent_verdict": "untold"})
    assert [answered(replace(answer, **each)) for each in ends] == ["contradicts", None, None, None]
    told: tuple[Mapping[str, Any], ...] = (
        {}, {"edit_verdict": "same"}, {"edit_verdict": "same", "values_changed": True}, {"edit_verdict": "partly"},
        {"edit_verdict": "beside", "values_changed": True}, {"edit_verdict": "partly", "sent_at": None},
    )  # fmt: skip
    assert [facts_changed(replace(edit, **each)) for each in told] == [None, False, True, True, None, None]
    assert [values_changed(replace(each, values_changed=True)) for each in (edit, REPLY)] == [True, None]


def test_handovers_by_a_reviewer_are_not_klarks_own_but_what_klark_should_have_handed_over() -> None:
    ours = replace(HANDED_OVER, agent_at=SENT)
    idle = replace(HANDED_OVER, is_over=True)
    theirs = replace(ours, acts=frozenset({"escalated"}))
    found = kpis(
        [replace(each, ticket=("account", str(number))) for number, each in enumerate((ours, idle, theirs))], NOW
    )
    shares = [
        (found["all"][name]["hits"], found["all"][name]["of"]) for name in ("handover_precision", "handover_recall")
    ]
    assert shares == [(1, 2), (1, 2)]


def test_sentences_of_one_reply_count_once_for_the_interval() -> None:
    looked = [replace(REPLY, checked=(2, 4)), replace(REPLY, checked=(6, 6)), REPLY, replace(DRAFT, checked=(0, 5))]
    found = kpis([replace(each, ticket=("account", str(number))) for number, each in enumerate(looked)], NOW)
    assert found["all"]["precision"] == share(8, 10, 2) != share(8, 10)


def test_minutes_are_saved_by_what_was_sent_if_somebody_has_said_how_many() -> None:
    sent = [
        replace(REPLY, ticket=("account", "1")),
        replace(REPLY, ticket=("account", "2")),
        replace(DRAFT, ticket=("b", "1")),
    ]
    told = [kpis(sent, NOW, minutes)["all"]["minutes_saved"] for minutes in (6, 0)]
    assert [each["value"] for each in told] == [4.0, None]


def test_every_turn_of_a_ticket_counts_for_whether_klark_was_alone() -> None:
    handed_over = replace(DRAFT, handover_sent=True)
    assert [resolved_alone(turns, NOW) for turns in ([REPLY, REPLY], [handed_over, REPLY], [REPLY, handed_over])] == [
        True, False, False]  # fmt: skip
    assert resolved_alone([replace(REPLY, agent_at=SENT), REPLY], NOW) is False
    assert resolved_alone([replace(DRAFT, is_open=True), REPLY], NOW) is None


def test_a_ticket_is_reopened_only_if_it_was_seen_to_be_within_seven_days() -> None:
    known: tuple[Mapping[str, Any], ...] = (
        {"reopened_at": SENT + WEEK}, {"reopened_at": SENT, "read_at": SENT}, {"reopened_at": SENT + WEEK + INSTANT}, {},
        {"read_at": SENT + WEEK - INSTANT}, {"read_at": None}, {"sent_at": None},
    )  # fmt: skip
    assert [reopened(replace(REPLY, **each), NOW) for each in known] == [True, True, False, False, None, None, None]


def test_nothing_younger_than_seven_days_is_resolved_or_not_since_no_would_be_known_sooner_than_yes() -> None:
    handed_over, again = replace(DRAFT, handover_sent=True), replace(REPLY, reopened_at=SENT)
    moments = (DRAFTED + WEEK, DRAFTED + WEEK - INSTANT)
    assert [resolved_alone([handed_over], moment) for moment in moments] == [False, None]
    assert [reopened(again, moment) for moment in (SENT + WEEK, SENT + WEEK - INSTANT)] == [True, None]


def test_a_rating_counts_where_klark_replied() -> None:
    good, bad = replace(REPLY, satisfaction="good"), replace(REPLY, satisfaction="bad")
    assert [satisfied([each]) for each in (good, bad, REPLY, replace(good, sent_at=None))] == [True, False, None, None]
    assert satisfied([good, replace(bad, sent_at=None)]) is False
    without = (
        good,
        replace(good, sent_at=None),
        replace(bad, sent_at=None),
        replace(DRAFT, satisfaction="neutral"),
        DRAFT,
    )
    assert [satisfied([each], with_klark=False) for each in without] == [None, True, False, False, None]


def test_the_first_response_is_klarks_or_a_colleagues() -> None:
    answered = replace(DRAFT, agent_at=DRAFTED)
    assert [first_response_s(turns) for turns in ([REPLY], [answered], [REPLY, answered], [DRAFT])] == [
        180,
        120,
        120,
        None,
    ]


def test_of_nothing_there_is_no_share_no_median_and_no_cost() -> None:
    found = kpis([], NOW)
    nothing = {"hits": 0, "of": 0, "share": None, "low": None, "high": None}
    assert (found["all"]["resolved_alone"], found["all"]["unchanged"], found["topic"]) == (nothing, nothing, {})
    of_none = {"value": None, "of": 0, "low": None, "high": None}
    assert [found["all"][name] for name in ("cost_per_ticket", "first_response", "minutes_saved", "words_kept")] == [
        of_none
    ] * 4


def test_what_was_drafted_anew_costs_and_counts_nowhere_else() -> None:
    first = replace(REPLY, live=False, cost=Decimal("0.5"), topic="other", draft_id=0, ticket=("account", "2"))
    again = replace(REPLY, cost=Decimal("0.25"), ticket=("account", "2"), draft_id=2)
    found = kpis([first, again, replace(first, ticket=("account", "3"))], NOW)
    assert (found["all"]["tickets"], found["all"]["turns"], found["all"]["cost"]) == (1, 1, Decimal("0.75"))
    assert (list(found["topic"]), found["topic"][""]["cost_per_resolution"]["value"]) == ([""], Decimal("0.75"))


# From rows


@pytest.mark.django_db
def test_figures_of_an_invented_quarter_are_those_of_the_independent_counter() -> None:
    found = outcomes.compared(300)
    assert (found["different"], found["figures"] > 1000) == ([], True)
    assert all(found["all"]["endings"].values()), "each ending comes"


def test_the_counter_uses_neither_sql_nor_klark() -> None:
    source = Path(outcomes.__file__).with_name("outcome_counter.py").read_text()
    assert [line for line in source.splitlines() if "import" in line and ("klark" in line or "django" in line)] == []


@pytest.mark.django_db
def test_only_drafts_of_the_time_and_of_the_tenant_are_read() -> None:
    ours, theirs = (rows.connection(rows.tenant(slug)) for slug in ("ours", "theirs"))
    for number, moment in enumerate((DRAFTED - INSTANT, DRAFTED, DRAFTED + WEEK)):
        rows.draft(ours, number, created_at=moment)
    rows.draft(theirs, 1, created_at=DRAFTED)
    with within(ours.tenant_id):
        assert [turn.ticket[1] for turn in turns_of(ours.tenant_id, DRAFTED, DRAFTED + WEEK)] == ["1"]


@pytest.mark.django_db
def test_a_reply_counts_once_it_is_sent_and_from_when_its_request_left() -> None:
    account = rows.connection(rows.tenant())
    delivery = rows.delivery(account, draft=rows.draft(account, created_at=DRAFTED), state="waiting")
    with within(account.tenant_id):
        Outcome.objects.create(tenant_id=account.tenant_id, draft=rows.get(Draft), kind="approved")

    def read() -> tuple[str, datetime | None]:
        with within(account.tenant_id):
            (turn,) = turns_of(account.tenant_id, DRAFTED, DRAFTED + INSTANT)
        return ending(turn), turn.sent_at

    assert read() == ("open", None)
    rows.change(Delivery, {"pk": delivery}, state="sent", ended_at=SENT)
    assert read() == ("unchanged", SENT)
    rows.change(Delivery, {"pk": delivery}, sending_at=SENT - INSTANT)
    assert read() == ("unchanged", SENT - INSTANT)


@pytest.mark.parametrize(
    ("moment", "begins"),
    [
        (datetime(2026, 11, 1, 23, 30, tzinfo=UTC), datetime(2026, 11, 1, 23, tzinfo=UTC)),  # Monday 00:30 in Paris
        (datetime(2026, 11, 1, 22, 59, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)),
        (
            datetime(2026, 10, 25, 12, tzinfo=UTC),
            datetime(2026, 10, 18, 22, tzinfo=UTC),
        ),  # clocks were put back that day
    ],
)
def test_a_week_begins_on_monday_at_midnight_where_the_tenant_is(moment: datetime, begins: datetime) -> None:
    assert monday(moment, "Europe/Paris").astimezone(UTC) == begins


@pytest.mark.django_db
def test_thirteen_weeks_are_shown_and_the_last_is_not_over() -> None:
    tenant = rows.tenant(time_zone="Europe/Paris")
    with within(tenant), CaptureQueriesContext(connection) as asked:
        since, until = last_weeks(tenant, DRAFTED)
    assert len(asked) == 1
    assert (since.astimezone(UTC), until) == (datetime(2026, 8, 9, 22, tzinfo=UTC), DRAFTED)
