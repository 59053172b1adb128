"""The referee's rules, each tried on a ticket where the promise is kept and on one where it is broken."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.faults.stage.shop import UNFOUNDED, asked, fact
from tests.faults.verdicts import Case, Row, Seen, judged

CASE = Case("zendesk", 7, "acme", "Robin")
ANSWER = f"Hello Robin, {fact('acme', 'Belgium')}"
TAKEN = {"event_id": "e1", "attempts": [{"status": 202}]}
REFUSED = {"event_id": "e1", "attempts": [{"status": 503}, {"status": None}]}
DONE = {"state": "done", "trouble": "—"}
REPLIED = {"kind": "public reply", "reason": "answered and supported"}
SENT = {"state": "sent", "kind": "public reply", "trouble": "—"}


def said(*comments: tuple[str, str], notes: Sequence[int] = ()) -> list[Row]:
    return [{"n": n, "by": by, "text": text, "public": n not in notes} for n, (by, text) in enumerate(comments, 1)]


def ticket(comments: list[Row], **more: Any) -> Row:
    return {"comments": comments, "assigned_n": 0, "status": "open", "deleted": False, "merged_into": None, **more}


QUESTION = ("customer", asked("Belgium"))
REPLY = ("klark", ANSWER)
ANSWERED = ticket(said(QUESTION, REPLY))


def seen(stored: Row = ANSWERED, **more: Any) -> Seen:
    usual: dict[str, Any] = {"webhooks": [TAKEN], "events": [DONE], "decisions": [REPLIED], "deliveries": [SENT]}
    return Seen(stored, **{**usual, **more})


def kinds(record: Seen, case: Case = CASE) -> set[str]:
    return {finding.kind for finding in judged(case, record)}


def test_the_referee_knows_nothing_of_klark() -> None:
    program = "import sys, tests.faults.referee; print(sorted(n for n in sys.modules if n.split('.')[0] in WAYS))"
    asked = program.replace("WAYS", repr(("klark", "django", "psycopg", "integrations", "guardrails")))
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_ticket_that_was_answered_once_breaks_no_promise() -> None:
    assert kinds(seen()) == set()


def test_acknowledged_and_unknown_is_lost() -> None:
    assert kinds(seen(ticket(said(QUESTION)), events=[], decisions=[], deliveries=[])) == {"lost"}


def test_what_was_never_acknowledged_is_not_lost_until_the_changes_were_read() -> None:
    nothing = seen(ticket(said(QUESTION)), webhooks=[REFUSED], events=[], decisions=[], deliveries=[])
    assert kinds(nothing) == set()
    assert kinds(nothing, Case("zendesk", 7, "acme", "Robin", caught_up=True)) == {"lost"}


def test_each_acknowledged_event_must_be_kept_unless_the_database_was_put_back() -> None:
    two = [TAKEN, {**TAKEN, "event_id": "e2"}]
    assert kinds(seen(webhooks=two)) == {"lost"}
    assert kinds(seen(webhooks=two), Case("zendesk", 7, "acme", "Robin", restored=True)) == set()


@pytest.mark.parametrize("state", ["due", "sending"])
def test_work_that_never_ends_is_lost(state: str) -> None:
    assert kinds(seen(deliveries=[SENT, {**SENT, "state": state}])) == {"lost"}


def test_a_parked_row_needs_a_reason() -> None:
    parked = {**SENT, "state": "parked"}
    asked_only = ticket(said(QUESTION))
    assert kinds(seen(asked_only, deliveries=[{**parked, "trouble": "Look at the ticket."}])) == set()
    assert kinds(seen(asked_only, deliveries=[parked])) == {"lost"}


def test_said_to_be_sent_and_not_there_is_lost() -> None:
    assert kinds(seen(deliveries=[SENT, SENT])) == {"lost"}


def test_a_second_question_that_nobody_dealt_with_is_lost() -> None:
    twice = ticket(said(QUESTION, REPLY, ("customer", asked("Spain"))))
    echo = {"kind": "SKIP", "reason": "klark's own comment"}
    assert kinds(seen(twice, decisions=[echo, REPLIED])) == {"lost"}
    assert kinds(seen(twice, decisions=[{**echo, "reason": "only thanks"}, REPLIED])) == set()
    assert kinds(seen({**twice, "status": "solved"}, decisions=[echo, REPLIED])) == set()


def test_the_same_twice_is_doubled_but_not_to_another_question() -> None:
    again = ("customer", asked("Belgium"))
    assert kinds(seen(ticket(said(QUESTION, REPLY, REPLY)), deliveries=[SENT, SENT])) == {"doubled"}
    assert kinds(seen(ticket(said(QUESTION, REPLY, again, REPLY)), deliveries=[SENT, SENT])) == set()
    reworded = ("klark", f"Hello Robin, {fact('acme', 'Belgium')} Indeed.")
    assert kinds(seen(ticket(said(QUESTION, REPLY, reworded)), deliveries=[SENT, SENT])) == {"doubled"}


def test_a_reply_after_a_persons_act_is_over_a_human_but_a_note_is_not() -> None:
    person = ("agent", "I answer this one.")
    assert kinds(seen(ticket(said(QUESTION, person, REPLY)))) == {"over_a_human"}
    assert kinds(seen(ticket(said(QUESTION, person, REPLY), assigned_n=0, notes=()))) == {"over_a_human"}
    assert kinds(seen(ticket(said(QUESTION, person, REPLY, notes=(3,))))) == set()
    assert kinds(seen(ticket(said(person, QUESTION, REPLY)))) == set()


def test_a_reply_on_a_ticket_that_a_person_has_taken_is_over_a_human() -> None:
    apart = [{**comment, "n": 2 * comment["n"]} for comment in said(QUESTION, REPLY)]
    assert kinds(seen(ticket(apart, assigned_n=3))) == {"over_a_human"}
    assert kinds(seen(ticket(apart, assigned_n=5))) == set()


WRITE = {"method": "PUT", "path": "/tickets/7"}


def test_nothing_is_written_while_watching_or_stopped() -> None:
    watched = Case("zendesk", 7, "acme", "Robin", silent="watching")
    stopped = Case("zendesk", 7, "acme", "Robin", silent="stopped")
    alone = seen(ticket(said(QUESTION)), deliveries=[])
    assert (kinds(alone, watched), kinds(alone, stopped)) == (set(), set())
    wrote = seen(ticket(said(QUESTION)), deliveries=[], writes=[WRITE])
    assert (kinds(wrote, watched), kinds(wrote, stopped)) == ({"while_watching"}, {"while_stopped"})


def test_no_more_is_done_than_the_policy_allows() -> None:
    assert kinds(seen(), Case("zendesk", 7, "acme", "Robin", may="note")) == {"against_policy"}
    assert kinds(seen(), Case("zendesk", 7, "acme", "Robin", may="nothing")) == {"looped"}


def test_what_only_a_busy_helpdesk_held_up_must_be_written_and_no_turn_goes_on_for_ever() -> None:
    waiting = seen(ticket(said(QUESTION)), deliveries=[{**SENT, "state": "parked", "trouble": "Too busy."}])
    assert (kinds(waiting), kinds(waiting, replace(CASE, must=True))) == (set(), {"given_up"})
    noted = seen(ticket(said(QUESTION, REPLY, notes=[2])))
    due = replace(CASE, must=True)
    assert (kinds(noted), kinds(noted, due), kinds(noted, replace(due, may="note"))) == (set(), {"given_up"}, set())
    again = ("customer", asked("Spain"))
    spain = ("klark", f"Hello Robin, {fact('acme', 'Spain')}")
    both = seen(ticket(said(QUESTION, REPLY, again, spain)), deliveries=[SENT, SENT])
    assert (kinds(both, replace(CASE, most=2)), kinds(both, replace(CASE, most=1))) == (set(), {"looped"})


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (f"Hello Sasha, {fact('acme', 'Belgium')}", "mixed_up"),
        (f"Hello Robin, {fact('acme', 'Spain')}", "mixed_up"),
        (f"{ANSWER} {fact('globex', 'Belgium')}", "other_tenant"),
        (f"{ANSWER} {UNFOUNDED}", "without_source"),
    ],
)
def test_words_that_are_anothers_or_nobodys_are_seen(words: str, kind: str) -> None:
    assert kinds(seen(ticket(said(QUESTION, ("klark", words))))) == {kind}
