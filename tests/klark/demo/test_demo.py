"""The demo counts what it says it counts: each way to go wrong is seen, and named by its ticket."""

from dataclasses import replace
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rich.console import Console

from klark.demo.closed_tickets import closed
from klark.demo.closing import Closing, tell, tell_logins
from klark.demo.expectations import Score, score
from klark.demo.play_tickets import Played
from klark.demo.read_outcomes import Stood, Watched
from klark.demo.screen import fitting
from klark.demo.shop import tickets

SCRIPT = next(ticket for ticket in tickets() if ticket.expect.decisions == ("REPLY",) and not ticket.events)
EXPECT = SCRIPT.expect
TEXT = " ".join(EXPECT.must_contain)
REPLY = Stood("REPLY", "ready", EXPECT.language, SCRIPT.topic, TEXT, 1.5)
WRITE = {"desk": SCRIPT.desk, "ticket": 7, "text": TEXT, "public": True, "applied": True, "over_a_human": False}


def result(seen: Watched | None = None, *writes: dict[str, Any]) -> Any:
    played = [Played(SCRIPT, number=7, turns=1)]
    return score(played, {SCRIPT.id: seen or Watched((REPLY,), busy=False, parked=())}, writes or (WRITE,))


def test_what_the_script_expects_is_good() -> None:
    got = result()
    assert (got.good, got.decisions["REPLY"], got.differences) == (True, 1, [])


@pytest.mark.parametrize("seen", [Watched((), busy=False, parked=()), Watched((REPLY,), busy=True, parked=())])
def test_a_ticket_without_an_end_is_lost(seen: Watched) -> None:
    assert (result(seen).lost, result(seen).good) == (1, False)


def test_a_parked_row_with_its_reason_is_not_lost_but_unexpected() -> None:
    got = result(Watched((), busy=False, parked=("The key was refused.",)))
    assert (got.lost, got.unexpected) == (0, 1)
    assert f"{SCRIPT.id}: parked: The key was refused." in got.differences


def test_the_same_words_twice_on_a_ticket_are_doubled() -> None:
    assert result(None, WRITE, WRITE).doubled == 1
    assert result(None, WRITE, {**WRITE, "ticket": 8}).doubled == 0


def test_a_write_that_did_not_apply_does_not_count() -> None:
    assert result(None, WRITE, {**WRITE, "applied": False}).doubled == 0


def test_a_write_over_a_human_counts() -> None:
    assert result(None, {**WRITE, "over_a_human": True}).over_a_human == 1


@pytest.mark.parametrize(
    ("stood", "words"),
    [
        (replace(REPLY, kind="NOTE"), f"NOTE ready; expected {' '.join(('REPLY', 'ready'))}"),
        (replace(REPLY, reason="held_by_guard"), "REPLY held_by_guard; expected REPLY ready"),
        (replace(REPLY, text="Something else."), f"does not say {EXPECT.must_contain[0]!r}"),
        (replace(REPLY, language="de"), f"is in de; expected {EXPECT.language}"),
    ],
)
def test_what_differs_is_named(stood: Stood, words: str) -> None:
    assert f"{SCRIPT.id}: {words}" in result(Watched((stood,), busy=False, parked=())).differences


SCREEN_ROWS = 24
SHOWN = {SCRIPT.id: Watched((replace(REPLY, reason="partly_answerable"),), busy=False, parked=())}


def screen(width: int, count: int = 1) -> str:
    """What the live table of so many tickets looks like in a terminal."""
    console = Console(width=width, height=SCREEN_ROWS, record=True, file=StringIO())
    console.print(fitting([Played(SCRIPT, number=7)] * count, SHOWN, console))
    return console.export_text()


@pytest.mark.parametrize("width", [80, 100, 160])
def test_decision_and_reason_can_be_read_whole_on_any_screen(width: int) -> None:
    told = " ".join(screen(width).split())
    assert [words in told for words in ("REPLY", "the knowledge answers only a part", "1.5 s", "1 of 1 tickets")] == [
        True] * 4  # fmt: skip


def test_the_live_table_is_no_taller_than_the_screen_and_shows_the_newest() -> None:
    tickets = [Played(replace(SCRIPT, id=f"n{number}"), number=number) for number in range(1, 60)]
    seen = {each.script.id: SHOWN[SCRIPT.id] for each in tickets}
    console = Console(width=40, height=SCREEN_ROWS, record=True, file=StringIO())
    console.print(fitting(tickets, seen, console))
    told = console.export_text()
    assert (len(told.splitlines()) < SCREEN_ROWS, "n59" in told, "n1 " in told) == (True, True, False)


def test_the_summary_keeps_each_address_on_one_line_of_a_narrow_terminal() -> None:
    console = Console(width=80, record=True, file=StringIO())
    running: Any = SimpleNamespace(web="http://127.0.0.1:54321")
    counted = Score(tickets=2, decisions={"REPLY": 2, "WAIT": 1}, first_draft_s=9.5)
    tell(console, running, cast("Any", None), Closing(None, "it was not done in time"), counted)
    tell_logins(console, running, cast("Any", SimpleNamespace(password="kite-and-key")), Path("a/demo.env"))
    told = console.export_text()
    assert "uv run --env-file a/demo.env manage.py knowledge --tenant fanalou gaps\n" in told
    assert "2 tickets, 3 decisions (some customers wrote again): 2 answered, 1 waiting for" in told
    assert f"count {len(closed())} more tickets" in told
    assert "http://127.0.0.1:54321/admin/klark/draft/trends/?tenant=invented-history\n" in told
    assert [each for each in ("lead ", "agent ", "operator ", "kite-and-key") if each not in told] == []
