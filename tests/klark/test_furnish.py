"""What set-up makes on request, a group and fields; and the seat's own signature, which a reply must not double."""

from typing import Any

import pytest

from integrations.errors import Refused
from integrations.helpdesks.setup import Extras
from integrations.sandbox.client import DeskName, Sandbox
from integrations.sandbox.freshdesk import shapes as freshdesk_shapes
from integrations.sandbox.world import World
from integrations.sandbox.zendesk import shapes as zendesk_shapes
from klark import tasks
from klark.connections import install
from klark.connections.install import set_up, show
from klark.connections.open_helpdesk import open_installer
from klark.models import Connection, Delivery, WebhookEvent, within
from tests.klark import rows

pytestmark = pytest.mark.django_db

WANTED = Extras("Level 2", ("klark: decision", "klark: topic"))
SHAPES = {"zendesk": (zendesk_shapes, "user"), "freshdesk": (freshdesk_shapes, "agent")}


@pytest.fixture(autouse=True)
def no_test_event(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "_ring", lambda *given: install.Rung(arrived=True))


@pytest.fixture(params=rows.DESKS)
def desk(request: pytest.FixtureRequest) -> DeskName:
    name: DeskName = request.param
    return name


@pytest.fixture
def account(sandbox: Sandbox, desk: DeskName) -> Connection:
    return rows.connection(rows.tenant(), desk, sandbox, own_user_id="")


def made(desk: DeskName, world: World, kind: str) -> list[str]:
    kept = world.desks[desk].rows.get(kind, {}).values()
    return [str(row.get("name") or row.get("title")) for row in kept]


def extra(lines: tuple[str, ...]) -> list[str]:
    """What was said of group and fields, without ids."""
    return [line.partition(" (id")[0] for line in lines if "group" in line or "field" in line]


SAID = {
    "zendesk": ["the group “Level 2”", "the ticket field “klark: decision”", "the ticket field “klark: topic”"],
    "freshdesk": ["the group “Level 2”"],
}
BY_HAND = [f"make the ticket field “{name}” by hand: Admin → Ticket Fields" for name in WANTED.fields]


def test_a_group_and_fields_are_made_where_they_are_wanted(account: Connection, desk: DeskName, world: World) -> None:
    report = set_up(account, extras=WANTED)
    by_hand = BY_HAND if desk == "freshdesk" else []
    assert sorted(extra(report.done)) == sorted([*(f"made {what}" for what in SAID[desk]), *by_hand])
    assert made(desk, world, "groups") == ["Level 2"]
    assert made(desk, world, "ticket_fields") == (list(WANTED.fields) if desk == "zendesk" else [])


def test_run_twice_no_group_and_no_field_doubles(account: Connection, desk: DeskName, world: World) -> None:
    set_up(account, extras=WANTED)
    again = set_up(rows.get(Connection), extras=WANTED)
    assert extra(again.done) == (BY_HAND if desk == "freshdesk" else [])
    assert made(desk, world, "groups") == ["Level 2"]


def test_a_dry_run_shows_them_and_makes_none(account: Connection, desk: DeskName, sandbox: Sandbox) -> None:
    shown = extra(show(account, WANTED).done)
    assert [line for line in shown if line.startswith("would")] == [f"would make {what}" for what in SAID[desk]]
    assert sandbox.writes() == []


def test_without_being_asked_nothing_of_it_is_made(account: Connection, desk: DeskName, world: World) -> None:
    assert extra(set_up(account).done) == []
    assert made(desk, world, "groups") == []


def test_a_group_that_is_there_is_taken(account: Connection, desk: DeskName, world: World) -> None:
    assert open_installer(account).furnish(Extras("Support")) == ()


def test_a_group_that_is_refused_says_so(account: Connection, desk: DeskName, sandbox: Sandbox) -> None:
    sandbox.fault("status", desk=desk, method="POST", path="groups", status=403, body={"error": "Admins only"})
    with pytest.raises(Refused, match="Admins only"):
        set_up(account, extras=WANTED)


def test_what_was_made_for_people_stays_when_klark_goes(account: Connection, desk: DeskName, world: World) -> None:
    set_up(account, extras=WANTED)
    install.take_down(rows.get(Connection))
    assert made(desk, world, "groups") == ["Level 2"]


# The signature


def signed(monkeypatch: pytest.MonkeyPatch, desk: DeskName, signature: Any) -> None:
    shapes, name = SHAPES[desk]
    real = getattr(shapes, name)
    monkeypatch.setattr(shapes, name, lambda *args: {**real(*args), "signature": signature})


@pytest.mark.parametrize(
    ("signature", "signs"), [("Kind regards, klark", True), ("", False), (None, False), ("  ", False)]
)
def test_zendesk_adds_its_seats_signature_so_klark_adds_none(
    sandbox: Sandbox, signature: Any, signs: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = rows.connection(rows.tenant(), "zendesk", sandbox)
    signed(monkeypatch, "zendesk", signature)
    report = set_up(account)
    assert rows.get(Connection).signs is signs
    assert any("leaves the policy's sign-off out" in line for line in report.cautions) is signs


@pytest.mark.parametrize("signs", [True, False])
def test_nobody_knows_of_freshdesk_so_what_a_person_said_stays(
    sandbox: Sandbox, signs: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = rows.connection(rows.tenant(), "freshdesk", sandbox, signs=signs)
    signed(monkeypatch, "freshdesk", "<p>klark</p>")
    report = set_up(account)
    assert rows.get(Connection).signs is signs
    assert any("signed twice" in line for line in report.cautions)


@pytest.mark.parametrize("signs", [True, False])
def test_a_reply_is_signed_once(sandbox: Sandbox, desk: DeskName, signs: bool) -> None:
    case = rows.case(sandbox, desk, sign_off={"en": "The Acme team"})
    with within(case.row.tenant_id):
        Connection.of(case.row.tenant_id).update(signs=signs)
    rows.event(case.row, case.ticket)
    tasks.step(WebhookEvent, tasks.pipeline.answer)
    assert rows.get(Delivery).text.count("The Acme team") == (0 if signs else 1)
