"""What one ticket asks of the database, on the path of a note without a model. A new message on that path is paid for by
every ticket: docs/figures/pace.md has what each costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.sandbox.client import Sandbox
from klark.delivery.deliver import deliver
from klark.models import Delivery, WebhookEvent
from klark.pipeline import answer
from klark.tasks import step
from tests.klark import rows

pytestmark = pytest.mark.django_db(transaction=True)


def statements(case: rows.Case) -> tuple[int, int]:
    """How many messages a ticket takes from its event to its decision, and from there to its write, transactions included."""
    rows.event(case.row, case.ticket)
    taken = []
    for table, run in ((WebhookEvent, answer), (Delivery, deliver)):
        with CaptureQueriesContext(connection) as asked:
            assert step(table, run)
        taken.append(len(asked))
    return taken[0], taken[1]


@pytest.mark.parametrize("desk", rows.DESKS)
def test_a_ticket_takes_few_statements(sandbox: Sandbox, desk: str) -> None:
    case = rows.case(sandbox, desk, mode="note")  # type: ignore[arg-type]  # one of the desks
    statements(case)  # the first one also reads what is kept from then on
    another = rows.Case(case.desk, case.row, sandbox, sandbox.ticket(case.desk, subject="Delivery", body=rows.ASKED))
    decided, written = statements(another)
    assert decided <= 40
    assert written <= 20
