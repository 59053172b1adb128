"""How one write ends, whatever the helpdesk says to it: by what was scripted, and what stands in the row afterwards."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.errors import Gone, IntegrationError, LookAgain, Refused, TryLater, Unsure
from klark.delivery.deliver import deliver
from klark.models import Connection, Delivery, Outcome, WebhookEvent
from klark.models.work_queue import ATTEMPTS, PATIENCE_S
from tests.klark import rows
from tests.klark.desk_of_words import Script, connected
from tests.klark.said import ALEX, CAMILLE, KLARK, READERS, RULE, comment, ticket

pytestmark = pytest.mark.django_db

STARTED = datetime(2026, 2, 2, tzinfo=UTC)
DAY = timedelta(seconds=PATIENCE_S)


def due(patch: pytest.MonkeyPatch, script: Script, **row: Any) -> Connection:
    """A reply to the one comment on the ticket."""
    account = connected(patch, script)
    rows.delivery(account, 7, **{"seen": ["1"], "readers_seen": READERS, **row})
    return account


def run() -> str:
    return deliver(rows.claim(Delivery))


def row() -> Delivery:
    found: Delivery = rows.get(Delivery)
    return found


def outcomes() -> list[str]:
    with rows.within("*"):
        return list(Outcome.objects.order_by("pk").values_list("kind", flat=True))


# What the write brought, whether it may be made again, the attempt; then the state, and whether it may have been made.
ENDS: tuple[tuple[str, IntegrationError, bool, int, str, bool], ...] = (
    ("unsure on a desk that takes it once", Unsure("no answer"), True, 1, "sending", True),
    ("unsure on a desk that may take it twice", Unsure("no answer"), False, 1, "sending", True),
    ("unsure for the last time", Unsure("no answer"), True, ATTEMPTS, "parked", True),
    ("unsure late on a desk that may take it twice", Unsure("no answer"), False, ATTEMPTS, "sending", True),
    ("busy", TryLater("busy", 5), True, 1, "due", False),
    ("busy without saying how long", TryLater("busy"), True, 1, "due", False),
    ("busy at the last attempt", TryLater("busy", 5), True, ATTEMPTS, "due", False),
    ("changed meanwhile", LookAgain("changed"), True, 1, "due", False),
    ("changed meanwhile on the other desk", LookAgain("changed"), False, 1, "due", False),
    ("changed at the last attempt", LookAgain("changed"), True, ATTEMPTS, "parked", False),
    ("refused", Refused("no such field"), True, 1, "parked", False),
    ("refused on the other desk", Refused("no such field"), False, 1, "parked", False),
    ("gone", Gone("merged"), True, 1, "retired", True),
    ("gone on the other desk", Gone("merged"), False, 1, "retired", True),
)  # fmt: skip


@pytest.mark.parametrize(("name", "error", "safe", "attempt", "state", "doubt"), ENDS, ids=[row[0] for row in ENDS])
def test_what_a_write_brought_and_what_it_leaves(
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    error: IntegrationError,
    safe: bool,
    attempt: int,
    state: str,
    doubt: bool,
) -> None:
    script = Script(safe_resend=safe, written=error)
    due(monkeypatch, script, attempts=attempt - 1)
    assert (run(), len(script.writes)) == (state, 1)
    assert (row().state, row().sending_at is not None, row().trouble, row().lease_token) == (
        state,
        doubt,
        str(error),
        None,
    )


@pytest.mark.parametrize(("name", "error", "safe", "attempt", "state", "doubt"), ENDS, ids=[row[0] for row in ENDS])
def test_a_write_that_is_over_has_its_end_and_one_that_goes_on_has_none(
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    error: IntegrationError,
    safe: bool,
    attempt: int,
    state: str,
    doubt: bool,
) -> None:
    due(monkeypatch, Script(safe_resend=safe, written=error), attempts=attempt - 1)
    run()
    assert (row().ended_at is not None) == (state in {"parked", "retired"})
    assert outcomes() == (["gone" if isinstance(error, Gone) else "overtaken"] if state == "retired" else [])


def test_a_wait_that_the_desk_asks_for_is_no_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    due(monkeypatch, Script(written=TryLater("busy", 5)), attempts=3)
    run()
    assert row().attempts == 3


def test_a_desk_that_is_away_for_more_than_a_day_leaves_the_write_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    due(monkeypatch, Script(written=TryLater("away")), created_at=datetime.now(UTC) - DAY - timedelta(minutes=1))
    assert (run(), row().trouble) == ("parked", "away")


def test_an_error_from_before_the_door_is_the_tasks_and_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script(tickets=[TryLater("away")])
    due(monkeypatch, script)
    with pytest.raises(TryLater):
        run()
    assert (script.asked, row().state, row().sending_at) == (["fetch"], "due", None)


def test_a_ticket_that_is_gone_before_the_write_retires_it(monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script(tickets=[Gone("The ticket was merged into 8.")])
    due(monkeypatch, script)
    assert (run(), row().trouble, outcomes(), script.writes) == (
        "retired",
        "The ticket was merged into 8.",
        ["gone"],
        [],
    )


# What stands on the ticket when it is read again, and what becomes of the draft.
FOUND: tuple[tuple[str, Any, str, list[str]], ...] = (
    ("as it was", ticket(comment(1)), "sent", []),
    ("a trigger wrote", ticket(comment(1), comment(2, RULE, automatic=True)), "sent", []),
    ("klark's note", ticket(comment(1), comment(2, KLARK, marker="m", public=False)), "sent", []),
    ("klark's reply that nobody remembers", ticket(comment(1), comment(2, KLARK, marker="m")), "parked", []),
    ("tags and priority", ticket(comment(1), tags=("vip",), priority="urgent"), "sent", []),
    ("assigned to klark", ticket(comment(1), assignee_id=KLARK.id), "sent", []),
    ("an agent replied", ticket(comment(1), comment(2, ALEX)), "retired", ["overtaken"]),
    ("an agent left a note", ticket(comment(1), comment(2, ALEX, public=False)), "retired", ["overtaken"]),
    ("a person on klark's seat", ticket(comment(1), comment(2, KLARK, "I am a person")), "retired", ["overtaken"]),
    ("newly assigned", ticket(comment(1), assignee_id=ALEX.id), "retired", ["overtaken"]),
    ("solved", ticket(comment(1), status="solved"), "retired", ["overtaken"]),
    ("closed", ticket(comment(1), status="closed"), "retired", ["overtaken"]),
    ("deleted", ticket(comment(1), status="deleted"), "retired", ["overtaken"]),
    ("the customer wrote", ticket(comment(1), comment(2, CAMILLE)), "retired", ["replaced"]),
    ("the customer's machine", ticket(comment(1), comment(2, CAMILLE, automatic=True)), "sent", []),
    ("both wrote", ticket(comment(1), comment(2), comment(3, ALEX)), "retired", ["overtaken"]),
)


@pytest.mark.parametrize(("name", "now", "state", "became"), FOUND, ids=[row[0] for row in FOUND])
@pytest.mark.parametrize("safe", [True, False], ids=["once", "twice"])
def test_what_the_last_read_finds_decides(
    monkeypatch: pytest.MonkeyPatch, name: str, now: Any, state: str, became: list[str], safe: bool
) -> None:
    script = Script(safe_resend=safe, tickets=[now])
    due(monkeypatch, script)
    assert (run(), outcomes(), len(script.writes)) == (state, became, int(state == "sent"))


@pytest.mark.parametrize(
    ("now", "looked_at_again"),
    [(ticket(comment(1), comment(2)), 1), (ticket(comment(1), comment(2, ALEX)), 0), (ticket(comment(1)), 0)],
)
def test_only_what_the_customer_wrote_since_is_looked_at_again(
    monkeypatch: pytest.MonkeyPatch, now: Any, looked_at_again: int
) -> None:
    due(monkeypatch, Script(tickets=[now]))
    run()
    assert rows.count(WebhookEvent, origin="klark", ticket_id="7") == looked_at_again


# A write in doubt: whether it is found, may be made again, how often it was looked for; then the state and the writes.
DOUBTS: tuple[tuple[str, list[str | None], bool, int, str, int], ...] = (
    ("found", ["55"], True, 0, "sent", 0), ("found on the other desk", ["55"], False, 0, "sent", 0),
    ("found at the second look", ["55"], False, 1, "sent", 0), ("not found, taken once only", [None], True, 0, "sent", 1),
    ("not found yet", [None], False, 0, "sending", 0), ("not found twice", [None], False, 1, "parked", 0),
    ("not found ever", [None], False, 5, "parked", 0),
)  # fmt: skip


@pytest.mark.parametrize(("name", "found", "safe", "looks", "state", "writes"), DOUBTS, ids=[row[0] for row in DOUBTS])
def test_a_write_in_doubt_is_looked_for_first(
    monkeypatch: pytest.MonkeyPatch, name: str, found: list[str | None], safe: bool, looks: int, state: str, writes: int
) -> None:
    script = Script(safe_resend=safe, found=list(found))
    due(monkeypatch, script, state="sending", sending_at=STARTED, read_backs=looks)
    assert (run(), len(script.writes), script.asked[:2]) == (state, writes, ["fetch", "find"])


@pytest.mark.parametrize("safe", [True, False])
def test_a_write_in_doubt_whose_comment_is_there_is_sent_whatever_a_person_did_since(
    monkeypatch: pytest.MonkeyPatch, safe: bool
) -> None:
    script = Script(safe_resend=safe, found=["55"], tickets=[ticket(comment(1), comment(2, ALEX), status="solved")])
    due(monkeypatch, script, state="sending", sending_at=STARTED)
    assert (run(), row().comment_id, outcomes(), script.writes) == ("sent", "55", [], [])


def test_a_write_in_doubt_is_not_made_again_over_a_human(monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script(tickets=[ticket(comment(1), comment(2, ALEX))])
    due(monkeypatch, script, state="sending", sending_at=STARTED)
    assert (run(), script.writes, outcomes()) == ("retired", [], ["overtaken"])


@pytest.mark.parametrize("error", [TryLater("busy", 5), LookAgain("changed"), Refused("no")])
def test_a_write_in_doubt_stays_in_doubt_when_a_second_one_surely_was_not_made(
    monkeypatch: pytest.MonkeyPatch, error: IntegrationError
) -> None:
    due(monkeypatch, Script(written=error), state="sending", sending_at=STARTED, stamp="old")
    run()
    assert (row().sending_at, row().stamp) == (STARTED, "old")


def test_a_conflict_with_ones_own_earlier_write_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    due(monkeypatch, Script(written=LookAgain("changed"), found=["77"]))
    assert (run(), row().comment_id) == ("sent", "77")


def test_a_ticket_that_goes_away_during_a_conflict_retires_the_write(monkeypatch: pytest.MonkeyPatch) -> None:
    due(monkeypatch, Script(written=LookAgain("changed"), tickets=[ticket(comment(1)), Gone("deleted")]))
    assert (run(), row().trouble) == ("retired", "deleted")
