"""The demo's figures from invented tickets: what counts as lost, doubled, unexpected, and what is only told."""

from dataclasses import replace
from typing import Any

import pytest

from klark.demo.expectations import Score, score
from klark.demo.play_tickets import Played
from klark.demo.read_outcomes import Stood, Watched
from klark.demo.screen import table
from klark.demo.tickets import Expect, ScriptPerson, ScriptTicket

EXPECT = Expect(("REPLY",), ("ready",), ("3 days",), ("refund",), "en", 1, "")
NOBODY = ScriptPerson("Ann", "ann@example.com")
TICKET = ScriptTicket("t1", (), "zendesk", "delivery", NOBODY, "Delivery", "<p>When?</p>", EXPECT)
STOOD = Stood("REPLY", "ready", "en", "delivery", "It takes 3 days.", 2.0)
WRITE = {
    "desk": "zendesk",
    "ticket": 7,
    "text": "It takes 3 days.",
    "public": True,
    "applied": True,
    "over_a_human": False,
}


def figures(
    *stood: Stood, expect: Expect = EXPECT, writes: tuple[dict[str, Any], ...] = (WRITE,), busy: bool = False,
    parked: tuple[str, ...] = (), turns: int = 1,
) -> Score:  # fmt: skip
    played = [Played(replace(TICKET, expect=expect), 7, turns)]
    return score(played, {"t1": Watched(stood, busy, parked)}, writes)


def test_all_is_well() -> None:
    got = figures(STOOD)
    assert (got.good, got.lost, got.doubled, got.over_a_human, got.unexpected, got.differences) == (
        True,
        0,
        0,
        0,
        0,
        [],
    )


# What stood, whether work was open, what was parked; then lost.
@pytest.mark.parametrize(
    ("stood", "busy", "parked", "lost"),
    [
        ((STOOD,), False, (), 0), ((), False, (), 1), ((STOOD,), True, (), 1), ((), True, ("why",), 1),
        ((), False, ("why",), 0), ((), False, ("",), 1), ((), False, ("", "why"), 0),
    ],
)  # fmt: skip
def test_what_counts_as_lost(stood: tuple[Stood, ...], busy: bool, parked: tuple[str, ...], lost: int) -> None:
    assert figures(*stood, busy=busy, parked=parked).lost == lost


@pytest.mark.parametrize(
    ("changes", "doubled"),
    [
        ([{}, {}], 1), ([{}, {}, {}], 2), ([{}, {"ticket": 8}], 0), ([{}, {"desk": "freshdesk"}], 0),
        ([{}, {"text": "Else."}], 0), ([{}, {"applied": False}], 0), ([{"text": ""}, {"text": ""}], 0),
        ([{}, {"public": False}], 1), ([], 0),
    ],
)  # fmt: skip
def test_what_counts_as_doubled(changes: list[dict[str, Any]], doubled: int) -> None:
    assert figures(STOOD, writes=tuple({**WRITE, **change} for change in changes)).doubled == doubled


@pytest.mark.parametrize(("writes", "doubled"), [(2, 0), (3, 1)])
def test_two_turns_may_be_told_the_same(writes: int, doubled: int) -> None:
    assert figures(STOOD, writes=(WRITE,) * writes, turns=2).doubled == doubled


@pytest.mark.parametrize(
    ("change", "over"), [({}, 0), ({"over_a_human": True}, 1), ({"over_a_human": True, "applied": False}, 0)]
)
def test_what_counts_as_over_a_human(change: dict[str, Any], over: int) -> None:
    got = figures(STOOD, writes=({**WRITE, **change},))
    assert got.over_a_human == over


DIFFERENT: tuple[tuple[tuple[Stood, ...], Expect, str], ...] = (
    ((replace(STOOD, kind="WAIT"),), EXPECT, "t1: WAIT ready; expected REPLY ready"),
    ((replace(STOOD, reason="held_by_guard"),), EXPECT, "t1: REPLY held_by_guard; expected REPLY ready"),
    ((), EXPECT, "t1: nothing; expected REPLY ready"),
    ((STOOD, STOOD), EXPECT, "t1: REPLY ready, REPLY ready; expected REPLY ready"),
    ((replace(STOOD, text="Soon."),), EXPECT, "t1: does not say '3 days'"),
    ((replace(STOOD, text="3 days, or a refund."),), EXPECT, "t1: says 'refund'"),
    ((replace(STOOD, language="fr"),), EXPECT, "t1: is in fr; expected en"),
    ((replace(STOOD, language=""),), EXPECT, "t1: is in no language; expected en"),
    ((STOOD,), replace(EXPECT, replies=2), "t1: 1 public replies; expected 2"),
    ((STOOD,), replace(EXPECT, replies=0), "t1: 1 public replies; expected 0"),
    ((STOOD,), replace(EXPECT, decisions=("REPLY", "NOTE"), reasons=("ready", "led_by_person")),
     "t1: REPLY ready; expected REPLY ready, NOTE led_by_person"),
)  # fmt: skip


@pytest.mark.parametrize(("stood", "expect", "told"), DIFFERENT)
def test_what_differs_is_told_and_counted_once_for_its_ticket(
    stood: tuple[Stood, ...], expect: Expect, told: str
) -> None:
    got = figures(*stood, expect=expect)
    assert (told in got.differences, got.unexpected, got.good) == (True, 1, False)


def test_the_last_text_is_what_must_say_it() -> None:
    expect = replace(EXPECT, decisions=("REPLY", "REPLY"), reasons=("ready", "ready"))
    early, late = replace(STOOD, text="Soon."), STOOD
    assert [figures(*order, expect=expect).unexpected for order in ((early, late), (late, early))] == [0, 1]


def test_a_text_without_a_language_to_expect_may_be_in_any() -> None:
    assert figures(replace(STOOD, language="de"), expect=replace(EXPECT, language="")).unexpected == 0


def test_the_decisions_are_counted_by_kind_with_noughts() -> None:
    got = figures(STOOD, replace(STOOD, kind="SKIP"))
    assert got.decisions == {"SKIP": 1, "ESCALATE": 0, "WAIT": 0, "NOTE": 0, "REPLY": 1}


def test_the_published_names_are_all_there_and_no_others() -> None:
    assert list(figures(STOOD).as_json()) == [
        "tickets", "decisions", "webhooks", "duplicates_dropped", "lost", "doubled", "over_a_human", "unexpected",
        "first_draft_s", "wall_s",
    ]  # fmt: skip


# The screen


def cells(*played: Played, most: int | None = None, **seen: Watched) -> list[list[str]]:
    drawn = table(played, seen, wide=True, most=most)
    columns = [[str(cell) for cell in column.cells] for column in drawn.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def named(name: str, number: int = 1) -> Played:
    return Played(replace(TICKET, id=name), number)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (None, ["t1", "Delivery", "", "", "…", "", ""]),
        (Watched((), busy=False, parked=()), ["t1", "Delivery", "", "", "…", "", ""]),
        (
            Watched((), busy=False, parked=("The key was refused.",)),
            ["t1", "Delivery", "", "", "parked", "The key was refused.", ""],
        ),
        (Watched((), busy=False, parked=("a", "b")), ["t1", "Delivery", "", "", "parked", "a; b", ""]),
        (
            Watched((STOOD,), busy=False, parked=()),
            ["t1", "Delivery", "delivery", "en", "REPLY", "answered and supported", "2.0 s"],
        ),
    ],
)
def test_a_ticket_and_its_row(seen: Watched | None, expected: list[str]) -> None:
    assert cells(named("t1"), **({"t1": seen} if seen else {})) == [expected]


def test_each_decision_of_a_ticket_has_a_row() -> None:
    two = Watched((STOOD, replace(STOOD, kind="SKIP", reason="thanks_only")), busy=False, parked=())
    assert [row[4] for row in cells(named("t1"), t1=two)] == ["REPLY", "SKIP"]


def test_what_has_not_happened_yet_is_not_shown() -> None:
    assert [row[0] for row in cells(named("a"), named("b", 0), named("c"))] == ["a", "c"]


@pytest.mark.parametrize(("most", "shown"), [(None, "abcd"), (0, "abcd"), (2, "cd"), (9, "abcd")])
def test_a_small_screen_shows_the_last_ones(most: int | None, shown: str) -> None:
    assert "".join(row[0] for row in cells(*map(named, "abcd"), most=most)) == shown
