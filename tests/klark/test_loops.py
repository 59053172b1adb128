"""No loops: two klarks, an auto-responder and a forwarding rule each end within the caps, and the event says why."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from integrations.sandbox.client import Sandbox
from klark import tasks
from klark.delivery.deliver import deliver
from klark.models import Connection, Decision, Delivery, WebhookEvent, within
from tests.klark import rows
from tests.klark.rows import ASKED, DESKS, Case

pytestmark = pytest.mark.django_db

ENDLESS = 15  # rounds: more than any cap allows
SPEAKS_FOR_ITSELF = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}


@pytest.fixture(params=DESKS)
def desk(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def work() -> None:
    """Everything that is due, until nothing is."""
    for _ in range(ENDLESS):
        rows.make_due(Delivery)
        if not tasks.step(WebhookEvent, tasks.pipeline.answer) | tasks.step(Delivery, deliver):
            return


def last_reasons(*accounts: Connection) -> list[str]:
    """Why the newest event of each account ended as it did."""
    with within(rows.EVERY_TENANT):
        newest = [Decision.objects.filter(connection=each).order_by("-pk").first() for each in accounts]
    return [each.reason for each in newest if each]


def echo(case: Case, answer: Callable[[int], int | None]) -> int:
    """Rounds until klark is silent: after each reply of klark's, `answer(round)` says something, on the ticket that it
    gives back."""
    ticket: int | None = case.ticket
    for number in range(ENDLESS):
        rows.event(case.row, ticket)
        work()
        said = case.sandbox.stored(case.desk, ticket or 0)["comments"]
        if said[-1]["by"] != "klark":
            return number
        ticket = answer(number)
    return ENDLESS


def test_two_klarks_on_one_account_do_not_answer_each_other(sandbox: Sandbox, desk: str) -> None:
    case = rows.case(sandbox, desk)
    other_tenant = rows.tenant("other")
    rows.article(other_tenant)
    other = rows.connection(other_tenant, desk, sandbox)
    for _ in range(ENDLESS):
        before = len(case.comments)
        rows.event(case.row, case.ticket)
        rows.event(other, case.ticket)
        work()
        if len(case.comments) == before:
            break
    assert len(case.by_klark) <= 2
    assert set(last_reasons(case.row, other)) <= {"own_comment", "agent_wrote_last", "already_answered"}


def test_an_auto_responder_that_says_so_is_answered_never(sandbox: Sandbox, desk: str) -> None:
    case = rows.case(sandbox, desk)

    def respond(number: int) -> int:
        sandbox.comment(case.desk, case.ticket, "<p>I am out of the office until Monday.</p>", by="auto",
                        headers=SPEAKS_FOR_ITSELF)  # fmt: skip
        return case.ticket

    assert (echo(case, respond), len(case.by_klark)) == (1, 1)
    assert last_reasons(case.row)[0] in {"auto_reply", "own_comment"}


def test_an_auto_responder_in_disguise_ends_at_the_cap_of_the_ticket(sandbox: Sandbox, desk: str) -> None:
    """No header, another text each time, and a question that klark can answer: only counting helps."""
    case = rows.case(sandbox, desk, runs_per_ticket=3)

    def respond(number: int) -> int:
        sandbox.comment(case.desk, case.ticket, f"<p>Case {number} noted. {ASKED}</p>")
        return case.ticket

    assert (echo(case, respond), len(case.by_klark)) == (3, 3)
    assert last_reasons(case.row) == ["flood_ticket"]


def test_a_forwarding_rule_that_makes_tickets_of_replies_ends_at_the_cap_of_the_requester(
    sandbox: Sandbox, desk: str
) -> None:
    case = rows.case(sandbox, desk, runs_per_requester=3)
    made: list[int] = [case.ticket]

    def forward(number: int) -> int:
        made.append(sandbox.ticket(case.desk, subject=f"Delivery, once more ({number})", body=ASKED))
        return made[-1]

    assert echo(case, forward) == 3
    replies = [
        each for ticket in made for each in sandbox.stored(case.desk, ticket)["comments"] if each["by"] == "klark"
    ]
    assert (len(made), len(replies), last_reasons(case.row)) == (4, 3, ["flood_requester"])


def test_a_cap_is_for_a_day_and_not_for_ever(sandbox: Sandbox) -> None:
    case = rows.case(sandbox, runs_per_ticket=1, minimum_confidence=0)
    rows.event(case.row, case.ticket)
    work()
    rows.change(Decision, decided_at=datetime.now(UTC) - timedelta(days=2))
    sandbox.comment(case.desk, case.ticket, f"<p>And today? {ASKED}</p>")
    rows.event(case.row, case.ticket)
    work()
    assert len(case.by_klark) == 2
