"""Shadow mode: whatever klark does with a connection, nothing but reads leaves it; set-up, which a person asks for, does."""

import ast
from pathlib import Path
from typing import Any

import pytest

from integrations.errors import Refused
from integrations.helpdesks import HELPDESKS
from integrations.helpdesks.base import Write
from integrations.http.outbound import READS
from integrations.sandbox.client import Sandbox
from klark import tasks
from klark.connections.open_helpdesk import open_desk
from klark.delivery.deliver import deliver
from klark.intake.catch_up import catch_up
from klark.knowledge.sync_help_centre import sync
from klark.models import Connection, Delivery, WebhookEvent
from tests.klark import rows
from tests.klark.rows import DESKS, Case

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
# Who may make a transport of its own, and what for.
OPENERS = {
    "klark/admin/accounts/adapters.py": 1,  # to the operator's server for single sign-on
    "klark/connections/open_helpdesk.py": 3, "klark/connections/tokens.py": 1,
}  # fmt: skip


@pytest.fixture(params=DESKS)
def case(request: pytest.FixtureRequest, sandbox: Sandbox) -> Case:
    """A customer's ticket at a connection in shadow mode."""
    sandbox.settings(incremental_lag_s=1)
    case = rows.case(sandbox, request.param)
    rows.change(Connection, shadow=True)
    return Case(case.desk, rows.get(Connection), sandbox, case.ticket)


def calls(desk: Any, case: Case) -> dict[str, Any]:
    """Every method of an adapter, called as klark calls it."""
    ticket = desk.fetch(str(case.ticket))
    write = Write("m", public=True, html="<p>x</p>", text="x", tags=("t",), status="pending")
    return {
        "fetch": lambda: desk.fetch(str(case.ticket)),
        "write": lambda: desk.write(ticket, write),
        "settle": lambda: desk.settle(ticket, write),
        "tag": lambda: desk.tag(ticket, "klark-draft-waiting", on=True),
        "tagged_by": lambda: desk.tagged_by(ticket, "klark_send"),
        "find": lambda: desk.find(ticket, write, rows.datetime.now(rows.UTC)),
        "changes": lambda: desk.changes(""),
        "satisfaction": lambda: desk.satisfaction(ticket),
        "whoami": desk.whoami,
        "groups": desk.groups,
        "profile": lambda: desk.profile(ticket, with_organization=True),
        "shelf": desk.shelf,
    }


def test_no_method_of_an_adapter_writes(case: Case) -> None:
    desk = open_desk(case.row)
    asked = calls(desk, case)
    static = {"verify", "parse"}
    public = {name for name in vars(HELPDESKS[case.desk]) if not name.startswith("_") and name not in static}
    assert {name for name in public if callable(vars(HELPDESKS[case.desk])[name])} - asked.keys() <= {"pages"}
    writing = {"write", "tag", *({"settle"} if case.desk == "freshdesk" else ())}  # Zendesk's writes are whole
    for name, ask in asked.items():
        if name in writing:
            with pytest.raises(Refused, match="shadow mode"):
                ask()
        else:
            ask()
    assert case.sandbox.writes() == []


def test_the_whole_path_writes_nothing(case: Case) -> None:
    rows.event(case.row, case.ticket)
    tasks.step(WebhookEvent, tasks.pipeline.answer)
    catch_up()
    sync(case.row)
    while tasks.step(Delivery, deliver):
        pass
    delivery = rows.get(Delivery)
    assert (delivery.state, delivery.text != "", case.sandbox.writes()) == ("retired", True, [])


def test_a_write_that_was_due_before_shadow_mode_is_refused_at_the_edge_and_parked(case: Case) -> None:
    rows.delivery(case.row, case.ticket, seen=case.seen, readers_seen=case.readers)
    tasks.step(Delivery, deliver)
    delivery = rows.get(Delivery)
    assert (delivery.state, "shadow mode" in delivery.trouble, case.sandbox.writes()) == ("parked", True, [])


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "post"])
def test_the_edge_knows_no_method_but_reads(case: Case, method: str) -> None:
    desk: Any = open_desk(case.row)
    with pytest.raises(Refused, match="shadow mode"):
        desk.session.request(method, f"{desk.home}/api/v2/tickets/{case.ticket}")
    assert case.sandbox.writes() == []


def test_reads_are_reads() -> None:
    assert frozenset({"GET", "HEAD"}) == READS


def test_no_other_code_opens_a_way_to_a_helpdesk() -> None:
    """The guard sits in the transport, so whoever makes one could leave it out."""
    found: dict[str, int] = {}
    for path in sorted((ROOT / "klark").rglob("*.py")):
        names = [node.func.id for node in ast.walk(ast.parse(path.read_text("utf-8")))
                 if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]  # fmt: skip
        if count := names.count("requests_transport"):
            found[str(path.relative_to(ROOT))] = count
    assert found == OPENERS
