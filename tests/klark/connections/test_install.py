"""From an account to the first test event, over real HTTP in both directions: the stand-in calls a live door."""

import json
import os
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from integrations.errors import Refused
from integrations.helpdesks.freshdesk import setup as freshdesk_setup
from integrations.sandbox.client import DeskName, Sandbox
from integrations.sandbox.freshdesk import shapes as freshdesk_shapes
from integrations.sandbox.world import World
from integrations.sandbox.zendesk import shapes as zendesk_shapes
from klark.connections import install
from klark.connections.install import set_up, show, take_down, webhook_address
from klark.connections.set_up_report import HIDDEN, WHERE
from klark.management.commands import connect
from klark.models import Connection, Delivery, Tenant, WebhookEvent, within
from klark.runtime.encrypted_secrets import unseal
from tests.klark import rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SHAPES = {"zendesk": (zendesk_shapes, "user"), "freshdesk": (freshdesk_shapes, "agent")}
ACCOUNTS = {"zendesk": "acme", "freshdesk": "acme.freshdesk.com"}
SECRETS = {"zendesk": "sandbox-token", "freshdesk": "sandbox-key"}


@pytest.fixture(autouse=True)
def door(live_server: Any, sandbox: Sandbox, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A live klark, where helpdesks can reach it; what they tell late is in before the tables are emptied."""
    settings.KLARK_URL = live_server.url
    monkeypatch.setattr(connect, "VARIABLE", "KLARK_TEST_HELPDESK_SECRET")
    yield
    sandbox.clear_faults()
    sandbox.settled(0.5)  # what is tried again much later is nobody's


@pytest.fixture(params=rows.DESKS)
def desk(request: pytest.FixtureRequest) -> DeskName:
    name: DeskName = request.param
    return name


@pytest.fixture
def account(sandbox: Sandbox, desk: DeskName) -> Connection:
    """A connection with its token alone, as the admin's form makes it."""
    row = rows.connection(rows.tenant(), desk, sandbox, own_user_id="")
    with within(row.tenant_id):
        row.sealed = install.seal({"token": rows.TOKENS[desk]})
        row.save()
    return row


def stored(desk: DeskName, world: World) -> dict[str, int]:
    """What klark made there."""
    kept = world.desks[desk].rows
    return {kind: len(found) for kind, found in kept.items() if found}


MADE = {"zendesk": {"webhooks": 1, "triggers": 1}, "freshdesk": {"rules/1": 1, "rules/4": 1}}


def run(name: str, *arguments: str, secret: str = "", **options: Any) -> str:
    """A command, as it is typed; what it prints."""
    out = StringIO()
    os.environ.pop("KLARK_TEST_HELPDESK_SECRET", None)
    if secret:
        os.environ["KLARK_TEST_HELPDESK_SECRET"] = secret
    try:
        call_command(name, *arguments, stdout=out, **options)
    finally:
        os.environ.pop("KLARK_TEST_HELPDESK_SECRET", None)
    return out.getvalue()


def typed(desk: DeskName, sandbox: Sandbox, *more: str) -> list[str]:
    """`connect` with what a stand-in needs."""
    seat = ["--email", "klark@example.com"] if desk == "zendesk" else []
    return ["connect", desk, ACCOUNTS[desk], "--address", sandbox.base(desk), *seat, *more]


# Set-up


def test_set_up_makes_what_is_missing_and_sees_a_test_event_arrive(
    account: Connection, desk: DeskName, world: World
) -> None:
    report = set_up(account)
    assert (report.good, report.arrived, report.missing) == (True, True, ())
    assert stored(desk, world) == MADE[desk]
    row = rows.get(Connection)
    assert (row.own_user_id, row.bad_signatures) == (rows.OWN_ID, 0)
    assert row.brands == {"zendesk": {"7101": "Example"}, "freshdesk": {"7102": "Example UK"}}[desk]


RUNGS = {
    "zendesk": ("/webhooks/test", "a webhook cannot be tested here"),
    "freshdesk": ("/tickets", "Validation failed"),
}


def test_a_desk_that_sends_no_test_event_is_set_up_all_the_same(
    account: Connection, desk: DeskName, sandbox: Sandbox, world: World
) -> None:
    path, reason = RUNGS[desk]
    sandbox.fault("status", desk=desk, method="POST", path=path, status=400, body={"description": reason})
    report = set_up(account)
    assert (report.good, report.arrived, report.sent, stored(desk, world)) == (False, False, False, MADE[desk])
    assert report.lines()[-1].startswith("No test event could be sent:")
    assert "Write a ticket there, and see it come" in report.lines()[-1]
    assert set_up(rows.get(Connection)).good is True


def test_run_twice_nothing_doubles(account: Connection, desk: DeskName, world: World) -> None:
    set_up(account)
    before = rows.get(Connection)
    again = set_up(rows.get(Connection))
    after = rows.get(Connection)
    assert (again.done, again.arrived, stored(desk, world)) == ((), True, MADE[desk])
    assert (after.start_mark, unseal(after.sealed)) == (before.start_mark, unseal(before.sealed))


def test_a_customers_ticket_comes_through_what_was_set_up(
    account: Connection, desk: DeskName, sandbox: Sandbox
) -> None:
    set_up(account)
    ticket = sandbox.ticket(desk)
    assert sandbox.settled()
    assert rows.count(WebhookEvent, ticket_id=str(ticket), origin="webhook") == 1


def test_a_dry_run_shows_everything_and_changes_nothing(
    account: Connection, desk: DeskName, sandbox: Sandbox, world: World
) -> None:
    report = show(account)
    assert [line.startswith("would make") for line in report.done] == [True, True]
    assert (stored(desk, world), sandbox.writes()) == ({}, [])
    set_up(account)
    assert show(rows.get(Connection)).done == ()


def test_what_someone_switched_off_is_switched_on_again(account: Connection, desk: DeskName, world: World) -> None:
    set_up(account)
    for name, row in (("webhooks", "status"), ("triggers", "active"), ("rules/1", "active"), ("rules/4", "active")):
        for each in world.desks[desk].rows.get(name, {}).values():
            each[row] = "inactive" if row == "status" else False
    shown, done = show(rows.get(Connection)).done, set_up(rows.get(Connection)).done
    assert (len(shown), len(done), show(rows.get(Connection)).done) == (2, 2, ())


def test_disconnecting_undoes_it(account: Connection, desk: DeskName, world: World) -> None:
    set_up(account)
    about = rows.delivery(account, state="waiting")
    done = take_down(rows.get(Connection))
    assert [line.split()[0] for line in done[:2]] == ["removed", "removed"]
    row = rows.get(Connection)
    assert (stored(desk, world), row.active, row.sealed) == ({}, False, "")
    assert rows.get(Delivery, pk=about).state == "retired"


def test_disconnecting_puts_aside_what_a_killed_worker_held_and_leaves_what_one_holds(account: Connection) -> None:
    set_up(account)
    ended = rows.datetime.now(rows.UTC) - rows.timedelta(seconds=1)
    for kind, make in ((Delivery, rows.delivery), (WebhookEvent, rows.event)):
        make(account, 71), make(account, 72)
        kind.claim(limit=9, each=9)
        rows.change(kind, {"ticket_id": "71"}, lease_until=ended)
    take_down(rows.get(Connection))
    states = {
        kind: [rows.get(kind, ticket_id=ticket).state for ticket in ("71", "72")] for kind in (Delivery, WebhookEvent)
    }
    assert states == {Delivery: ["retired", "due"], WebhookEvent: ["parked", "due"]}


def test_disconnecting_again_asks_nobody_and_troubles_nobody(
    account: Connection, desk: DeskName, sandbox: Sandbox
) -> None:
    set_up(account)
    take_down(rows.get(Connection))
    sandbox.fault("status", desk=desk, method="GET", path="/", status=500)
    assert take_down(rows.get(Connection)) == ["it was disconnected already"]
    assert (len(sandbox.faults()), rows.get(Connection).trouble) == (1, "")


def test_connected_again_klark_begins_anew_and_answers_nothing_of_the_time_between(
    account: Connection, desk: DeskName
) -> None:
    set_up(account)
    rows.change(Connection, cursor="2026-01-01T00:00:00+00:00")
    mark = rows.get(Connection).start_mark
    set_up(rows.get(Connection))
    again = rows.get(Connection)
    assert (again.start_mark, again.cursor) == (mark, "2026-01-01T00:00:00+00:00")
    take_down(again)
    row = rows.get(Connection)
    row.sealed = install.seal({"token": rows.TOKENS[desk]})
    before = rows.datetime.now(rows.UTC)
    set_up(row)
    anew = rows.get(Connection)
    assert (anew.active, anew.start_mark >= before, anew.cursor) == (True, True, "")


@pytest.mark.parametrize("hours", [1, -1])
def test_klark_begins_by_the_helpdesks_clock_where_its_own_is_wrong(
    account: Connection, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    right = install.timezone.now
    rows.change(Connection, active=False)
    monkeypatch.setattr(install.timezone, "now", lambda: right() + rows.timedelta(hours=hours))
    set_up(rows.get(Connection), wait_s=0)
    assert abs(rows.get(Connection).start_mark - right()) < rows.timedelta(minutes=1)


def test_disconnecting_goes_on_where_the_credentials_are_revoked(
    account: Connection, desk: DeskName, sandbox: Sandbox
) -> None:
    sandbox.credentials(desk, ["another"])
    assert ("by hand" in take_down(account)[0], rows.get(Connection).active) == (True, False)


def test_set_up_works_in_shadow_mode_and_leaves_it_on(account: Connection, desk: DeskName, world: World) -> None:
    rows.change(Connection, shadow=True)
    assert (set_up(rows.get(Connection)).good, rows.get(Connection).shadow) == (True, True)


def test_a_test_event_that_does_not_arrive_is_said(account: Connection, desk: DeskName, sandbox: Sandbox) -> None:
    settings.KLARK_URL = "http://127.0.0.1:9"
    report = set_up(account, wait_s=0.1)
    assert (report.good, report.arrived) == (False, False)
    assert "http://127.0.0.1:9/health/live" in report.lines()[-1]


# The seat


def seat(monkeypatch: pytest.MonkeyPatch, desk: DeskName, **fields: Any) -> None:
    """klark's user, as the helpdesk shows it."""
    shapes, name = SHAPES[desk]
    real = getattr(shapes, name)
    monkeypatch.setattr(shapes, name, lambda *args: {**real(*args), **fields})


LACKING = [
    ("zendesk", {"role": "end-user"}, "This is not an agent"),
    ("zendesk", {"role": "agent", "role_type": 1}, "a light agent"),
    ("zendesk", {"only_private_comments": True}, "a light agent"),
    ("zendesk", {"suspended": True}, "This seat is suspended."),
    ("freshdesk", {"type": "collaborator"}, "a collaborator"),
    ("freshdesk", {"deactivated": True}, "This seat is deactivated."),
]


@pytest.mark.parametrize(("desk", "fields", "told"), LACKING)
def test_a_seat_that_may_not_reply_publicly_stops_set_up_before_anything_is_changed(
    account: Connection, desk: DeskName, fields: dict[str, Any], told: str, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    seat(monkeypatch, desk, **fields)
    report = set_up(account)
    assert (len(report.missing), told in report.missing[0], report.good, sandbox.writes()) == (1, True, False, [])
    assert rows.get(Connection).own_user_id == ""


@pytest.mark.parametrize("desk", ["zendesk"])
def test_rights_that_are_missing_are_named(account: Connection, desk: DeskName, sandbox: Sandbox) -> None:
    for path in ("/webhooks$", "/triggers", "/incremental/"):
        sandbox.fault("status", desk=desk, method="GET", path=path, status=403)
    report = set_up(account)
    assert [line.split(":")[0] for line in report.missing] == [
        "This seat may not manage webhooks", "This seat may not manage triggers",
    ]  # fmt: skip
    assert "incremental export" in report.cautions[0]


@pytest.mark.parametrize(("desk", "fields"), [("freshdesk", {"occasional": True}), ("freshdesk", {"ticket_scope": 2})])
def test_a_seat_that_may_do_less_is_warned_about(
    account: Connection, desk: DeskName, fields: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    seat(monkeypatch, desk, **fields)
    report = set_up(account)
    assert (report.good, len(report.cautions), freshdesk_setup.FIRST_ONLY in report.cautions) == (True, 2, True)
    assert len(set_up(rows.get(Connection)).cautions) == 1  # of the order of rules it is told when one was made


def test_a_seat_that_a_person_uses_is_warned_about(account: Connection, desk: DeskName, sandbox: Sandbox) -> None:
    history = [{"as": "customer", "body": "Hello"}, {"as": "agent", "body": "Hi", "author": "klark@example.com"}]
    sandbox.change(desk, sandbox.ticket(desk, history=history, assignee_id=int(rows.OWN_ID)), tags=["vip"])
    assert any("a seat that nobody uses" in line for line in set_up(account).cautions)


def test_a_seat_whose_tickets_cannot_be_counted_is_warned_about(
    account: Connection, desk: DeskName, sandbox: Sandbox
) -> None:
    sandbox.fault("status", desk=desk, path="/search/", status=503)
    assert install.UNCHECKED in set_up(account).cautions
    assert install.UNCHECKED not in set_up(account).cautions


def test_klarks_own_work_is_no_reason_for_that_warning(account: Connection, desk: DeskName, sandbox: Sandbox) -> None:
    history = [{"as": "customer", "body": "Hello"}, {"as": "agent", "body": "Hi", "author": "klark@example.com"}]
    ticket = sandbox.ticket(desk, history=history, assignee_id=int(rows.OWN_ID))
    rows.delivery(account, ticket, sending_at=rows.datetime.now(rows.UTC), state="sent")
    assert not any("a seat that nobody uses" in line for line in set_up(account).cautions)


@pytest.mark.parametrize("desk", ["zendesk"])
def test_an_api_token_is_taken_with_a_warning_of_its_end(account: Connection, desk: DeskName) -> None:
    assert any("2027-04-30" in line for line in set_up(account).cautions)


@pytest.mark.parametrize("desk", ["zendesk"])
def test_wrong_credentials_are_told_from_missing_rights(account: Connection, desk: DeskName, sandbox: Sandbox) -> None:
    sandbox.credentials(desk, ["another"])
    with pytest.raises(Refused, match="does not know these credentials"):
        set_up(account)


# Where the product takes less than hoped for


@pytest.mark.parametrize("desk", ["zendesk"])
def test_a_trigger_that_takes_no_user_is_made_without_and_said(
    account: Connection, desk: DeskName, sandbox: Sandbox, world: World
) -> None:
    sandbox.fault("status", desk=desk, method="POST", path="/triggers", status=422)
    report = set_up(account)
    assert (stored(desk, world), report.good) == (MADE[desk], True)
    assert any("told of its own comments" in line for line in report.cautions)
    (trigger,) = world.desks[desk].rows["triggers"].values()
    assert trigger["conditions"]["all"] == []


@pytest.mark.parametrize("desk", ["zendesk"])
def test_the_trigger_is_silent_about_klarks_own_writes_and_no_others(
    account: Connection, desk: DeskName, sandbox: Sandbox
) -> None:
    set_up(account)
    ticket = sandbox.ticket(desk)
    sandbox.comment(desk, ticket, "<p>An agent.</p>", by="agent", public=False)
    sandbox.change(desk, ticket, tags=["klark"], actor_id=int(rows.OWN_ID))
    assert len([each for each in sandbox.webhooks(desk) if each["kind"] == "trigger" and each["ticket"]]) == 2


@pytest.mark.parametrize("desk", ["freshdesk"])
@pytest.mark.parametrize(("method", "status"), [("GET", 403), ("GET", 404), ("POST", 400), ("POST", 405)])
def test_rules_that_the_api_refuses_become_a_recipe_with_the_secret(
    account: Connection, desk: DeskName, method: str, status: int, sandbox: Sandbox, world: World
) -> None:
    sandbox.fault("status", desk=desk, method=method, path="/automations/4", status=status, times=9)
    report = set_up(account)
    secret = unseal(rows.get(Connection).sealed)["webhook_secret"]
    assert (stored(desk, world), report.good, report.arrived) == ({}, False, None)
    assert [text in report.by_hand for text in (webhook_address(account), secret, "{{ticket.id}}")] == [True] * 3


@pytest.mark.parametrize("desk", ["freshdesk"])
def test_a_rule_that_comes_out_without_its_webhook_is_taken_back(
    account: Connection, desk: DeskName, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = freshdesk_setup.rule
    monkeypatch.setattr(freshdesk_setup, "rule", lambda *args: {**real(*args), "actions": [{"field_name": "other"}]})
    report = set_up(account)
    assert (report.by_hand == "", stored(desk, world)) == (False, {})


@pytest.mark.parametrize("desk", ["freshdesk"])
def test_a_recipe_that_a_person_followed_is_seen_by_the_event_that_comes_and_not_asked_for_again(
    account: Connection, desk: DeskName, sandbox: Sandbox, world: World
) -> None:
    """Where an account shows no rules by API, nothing else can tell."""
    sandbox.fault("status", desk=desk, method="GET", path="/automations/", status=403, times=9)
    first = set_up(account)
    secret = unseal(rows.get(Connection).sealed)["webhook_secret"]
    by_person = freshdesk_setup.rule("1", webhook_address(account), secret)
    world.desks[desk].rows.setdefault("rules/1", {})["77"] = {**by_person, "id": 77}
    second = set_up(rows.get(Connection))
    assert (first.good, first.arrived, second.good, second.arrived, second.by_hand) == (False, None, True, True, "")


@pytest.mark.parametrize("desk", ["freshdesk"])
def test_a_recipe_that_nobody_followed_yet_is_shown_again(
    account: Connection, desk: DeskName, sandbox: Sandbox
) -> None:
    sandbox.fault("status", desk=desk, method="GET", path="/automations/", status=403, times=9)
    first, second = set_up(account), set_up(rows.get(Connection), wait_s=0.1)
    assert (second.good, second.arrived, second.by_hand) == (False, False, first.by_hand)


@pytest.mark.parametrize("desk", ["freshdesk"])
def test_the_secret_in_a_recipe_is_printed_and_never_stored_or_shown_on_a_page(
    account: Connection, desk: DeskName, sandbox: Sandbox
) -> None:
    sandbox.fault("status", desk=desk, method="GET", path="/automations/", status=403, times=9)
    page = reverse("admin:klark_connection_change", args=(account.pk,))
    browser = Client()
    browser.force_login(get_user_model().objects.create_superuser("owner", "owner@example.com", "a-long-password"))
    browser.post(reverse("admin:klark_connection_act", args=(account.pk, "set-up")))
    row = rows.get(Connection)
    secret = unseal(row.sealed)["webhook_secret"]
    assert [secret in text for text in (row.report, browser.get(page).content.decode())] == [False, False]
    assert [part in row.report for part in (webhook_address(row), f'"X-Klark-Secret": "{HIDDEN}"', WHERE)] == [True] * 3
    assert secret in set_up(row, wait_s=0.1).by_hand
    assert secret not in rows.get(Connection).report


@pytest.mark.parametrize("desk", ["freshdesk"])
def test_the_ticket_that_tests_the_rules_is_closed_from_klark_to_itself_and_gone(
    account: Connection, desk: DeskName, world: World
) -> None:
    set_up(account)
    (ticket,) = world.desks[desk].tickets.values()
    asker = world.desks[desk].users[ticket.requester_id].email
    assert (asker, ticket.status, ticket.deleted) == ("klark@example.com", "closed", True)


# The commands


def test_one_command_connects_and_says_what_it_did(sandbox: Sandbox, desk: DeskName, world: World) -> None:
    rows.tenant()
    sandbox.articles(desk, [{"id": "delivery", "title": "Delivery", "body_html": f"<p>{rows.ANSWER}</p>"}])
    out = run(*typed(desk, sandbox), secret=SECRETS[desk])
    read, proposed = out.splitlines()[-2:]
    assert (stored(desk, world), read) == (MADE[desk], "Articles of the help centre that are new or changed: 1.")
    assert "manage.py backtest" in proposed
    assert "The test event arrived." in out
    assert SECRETS[desk] not in out
    again = run(*typed(desk, sandbox), secret=SECRETS[desk])
    assert ("Nothing to change." in again, rows.count(Connection)) == (True, 1)
    assert rows.get(Connection).start_mark <= rows.datetime.now(rows.UTC)


def test_a_dry_run_keeps_nothing(sandbox: Sandbox, desk: DeskName) -> None:
    rows.tenant()
    out = run(*typed(desk, sandbox, "--dry-run"), secret=SECRETS[desk])
    assert ("- would make" in out, rows.count(Connection), sandbox.writes()) == (True, 0, [])


def test_the_tenant_can_be_made_on_the_way(sandbox: Sandbox, desk: DeskName) -> None:
    with pytest.raises(CommandError, match="There is no tenant yet"):
        run(*typed(desk, sandbox), secret=SECRETS[desk])
    run(*typed(desk, sandbox, "--tenant", "acme", "--new-tenant"), secret=SECRETS[desk])
    assert (rows.get(Tenant).name, rows.get(Connection).tenant.slug) == ("Acme", "acme")


def test_which_tenant_is_asked_where_there_are_two(sandbox: Sandbox) -> None:
    rows.tenant("first")
    rows.tenant("second")
    with pytest.raises(CommandError, match="one of: first, second"):
        run(*typed("zendesk", sandbox), secret="sandbox-token")


@pytest.mark.parametrize("name", ["https://acme.zendesk.com", "acme.zendesk.com/x", "acme:8080", "10.0.0.1", "a b",
                                  "evil.example.com", "-acme", "acme@evil", "localhost.localdomain", ""])  # fmt: skip
def test_an_account_is_a_name_and_never_an_address(name: str) -> None:
    rows.tenant()
    with pytest.raises(CommandError):
        run("connect", "zendesk", name, "--email", "klark@example.com", secret="x")
    assert rows.count(Connection) == 0


@pytest.mark.parametrize("name", ["10.0.0.1", "acme.freshdesk.com:443", "https://acme.freshdesk.com", "192.168.1.1",
                                  "acme.freshdesk.com/api", "[::1]"])  # fmt: skip
def test_a_freshdesk_domain_is_no_address_either(name: str) -> None:
    rows.tenant()
    with pytest.raises(CommandError):
        run("connect", "freshdesk", name, secret="x")


@pytest.mark.parametrize(("desk", "name"), [("zendesk", "acme.zendesk.com"), ("freshdesk", "acme")])
def test_the_name_is_taken_with_or_without_its_ending(sandbox: Sandbox, desk: DeskName, name: str) -> None:
    rows.tenant()
    words = typed(desk, sandbox)
    run(*words[:2], name, *words[3:], secret=SECRETS[desk])
    assert rows.get(Connection).account == ACCOUNTS[desk]


def test_a_private_address_behind_a_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    rows.tenant()
    found = [(2, 1, 6, "", ("10.0.0.7", 443))]
    monkeypatch.setattr("integrations.http.outbound.socket.getaddrinfo", lambda *args, **options: found)
    with pytest.raises(CommandError, match="not on the public internet"):
        run("connect", "freshdesk", "desk.intranet.example", secret="x")


def test_a_stand_in_is_refused_in_production(sandbox: Sandbox, settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="not for production"):
        run(*typed("zendesk", sandbox), secret="sandbox-token")


def test_a_secret_is_never_an_option_and_nobody_is_asked_where_nobody_is(sandbox: Sandbox) -> None:
    rows.tenant()
    with pytest.raises(CommandError, match="there is nobody here to ask"):
        run(*typed("freshdesk", sandbox))


def test_zendesk_wants_to_know_which_kind_of_credential(sandbox: Sandbox) -> None:
    rows.tenant()
    with pytest.raises(CommandError, match="--client"):
        run("connect", "zendesk", "acme", "--address", sandbox.base("zendesk"))


def test_oauth_by_client_credentials_is_connected_in_one_command(sandbox: Sandbox, world: World) -> None:
    rows.tenant()
    out = run("connect", "zendesk", "acme", "--address", sandbox.base("zendesk"), "--client", "klark", secret="s3cret")
    secrets = unseal(rows.get(Connection).sealed)
    assert (secrets["grant"], secrets["token"] in world.keys["zendesk"], "2027" in out) == ("client", True, False)


def test_a_token_that_is_renewed_during_set_up_is_the_one_that_is_kept(sandbox: Sandbox, world: World) -> None:
    rows.tenant()
    words = ["connect", "zendesk", "acme", "--address", sandbox.base("zendesk")]
    run(*words, "--client", "klark", secret="s3cret")
    row = rows.get(Connection)
    with within(row.tenant_id):
        row.sealed = install.seal({**unseal(row.sealed), "grant": "refresh", "ends_at": "2026-01-01T00:00:00+00:00"})
        row.save()
    run(*words)
    secrets = unseal(rows.get(Connection).sealed)
    assert (secrets["token"] in world.keys["zendesk"], secrets["refresh"] in world.refresh) == (True, True)


def test_what_is_missing_ends_with_status_1(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    rows.tenant()
    seat(monkeypatch, "freshdesk", type="collaborator")
    with pytest.raises(SystemExit):
        run(*typed("freshdesk", sandbox), secret="sandbox-key")
    assert rows.count(Connection) == 0


def test_connections_shows_how_each_is(account: Connection, desk: DeskName) -> None:
    set_up(account)
    rows.change(Connection, trouble="Something is wrong.", bad_signatures=2)
    shown = json.loads(run("connections", "--json"))
    assert {name: shown[name] for name in ("account", "state", "last_write", "trouble")} == {
        "account": ACCOUNTS[desk], "state": "on", "last_write": "never",
        "trouble": "Something is wrong. 2 webhooks with a bad signature",
    }  # fmt: skip
    assert (shown["last_event"].startswith("20"), shown["requests_left"].endswith("a minute")) == (True, True)
    assert ACCOUNTS[desk] in run("connections")


def test_disconnect_says_what_it_took_away(account: Connection, desk: DeskName) -> None:
    set_up(account)
    out = run("disconnect", desk, ACCOUNTS[desk])
    assert out.splitlines()[-1] == "- switched the connection off and forgot its credentials"
    with pytest.raises(CommandError, match="There is no connection"):
        run("disconnect", desk, "another")


# The admin


def test_the_button_does_the_same(account: Connection, desk: DeskName, world: World) -> None:
    user = get_user_model().objects.create_superuser("owner", "owner@example.com", "a-long-password")
    browser = Client()
    browser.force_login(user)
    page = reverse("admin:klark_connection_change", args=(account.pk,))
    assert "Set up at the helpdesk" in browser.get(page).content.decode()
    browser.post(reverse("admin:klark_connection_act", args=(account.pk, "set-up")))
    assert stored(desk, world) == MADE[desk]
    assert "The test event arrived." in browser.get(page).content.decode()


def test_the_button_says_what_went_wrong(account: Connection, desk: DeskName, sandbox: Sandbox) -> None:
    sandbox.credentials(desk, ["another"])
    user = get_user_model().objects.create_superuser("owner", "owner@example.com", "a-long-password")
    browser = Client()
    browser.force_login(user)
    page = browser.post(reverse("admin:klark_connection_act", args=(account.pk, "set-up")), follow=True)
    assert "credentials" in rows.get(Connection).report
    shown = [(each.level_tag, "The helpdesk is not set up" in str(each)) for each in page.context["messages"]]
    assert shown == [("success", False), ("error", True)]
