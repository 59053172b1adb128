"""Zendesk's OAuth: a token is made new before it ends, by one worker at a time, and a revoked one is told."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.urls import reverse

from integrations.errors import Refused, TryLater
from integrations.helpdesks.base import Person
from integrations.helpdesks.setup import Seat
from integrations.sandbox.client import Sandbox
from integrations.sandbox.world import World
from klark import tasks
from klark.connections import install
from klark.connections.open_helpdesk import open_desk
from klark.connections.tokens import EARLY, Credential, fresher, oauth, secrets_of
from klark.models import Connection, Delivery, WebhookEvent, within
from klark.runtime.encrypted_secrets import changed, seal, unseal
from tests.klark import rows
from tests.klark.companies import company, login

pytestmark = pytest.mark.django_db

CLIENT = {"client_id": "klark", "client_secret": "s3cret"}


def connected(
    sandbox: Sandbox, grant: str = "refresh", ends_in: timedelta = timedelta(hours=1), **more: str
) -> Connection:
    """A connection with tokens that the stand-in made."""
    row = rows.connection(rows.tenant(), "zendesk", sandbox)
    tokens = oauth(row).by_client("klark", "s3cret")
    secrets = {**secrets_of(tokens), **CLIENT, "grant": grant, "webhook_secret": rows.SECRET, **more}
    secrets["ends_at"] = (datetime.now(UTC) + ends_in).isoformat()
    return stored(row, secrets)


def stored(row: Connection, secrets: dict[str, str]) -> Connection:
    with within(row.tenant_id):
        row.sealed = seal(secrets)
        row.save()
    return row


def secrets() -> dict[str, str]:
    return unseal(rows.get(Connection).sealed)


def asked(sandbox: Sandbox) -> list[str]:
    """The grants asked for since the connection was made."""
    return [each["body"]["grant_type"] for each in sandbox.writes("zendesk") if each["path"] == "/oauth/tokens"][1:]


def test_a_token_that_lives_is_used_as_it_is(sandbox: Sandbox) -> None:
    row = connected(sandbox)
    assert (open_desk(row).whoami().id, asked(sandbox)) == (rows.OWN_ID, [])


@pytest.mark.parametrize(("grant", "wanted"), [("refresh", "refresh_token"), ("client", "client_credentials")])
def test_a_token_that_ends_soon_is_made_new_before_it_is_used(sandbox: Sandbox, grant: str, wanted: str) -> None:
    row = connected(sandbox, grant, EARLY - timedelta(seconds=5))
    before = secrets()
    assert (open_desk(row).whoami().id, asked(sandbox)) == (rows.OWN_ID, [wanted])
    after = secrets()
    assert (after["token"] != before["token"], after["refresh"] != before["refresh"]) == (True, True)
    assert {name: after[name] for name in (*CLIENT, "grant", "webhook_secret")} == {
        **CLIENT, "grant": grant, "webhook_secret": rows.SECRET,
    }  # fmt: skip


def test_whoever_comes_second_finds_the_new_token_and_asks_for_none(sandbox: Sandbox) -> None:
    row = connected(sandbox, ends_in=timedelta(0))
    first, second = Credential(row), Credential(row)  # both read the old one
    assert (first.token() == second.token(), asked(sandbox)) == (True, ["refresh_token"])


def test_a_token_that_ended_early_is_made_new_and_the_request_asked_again(sandbox: Sandbox, world: World) -> None:
    row = connected(sandbox)
    world.keys["zendesk"].discard(secrets()["token"])
    with pytest.raises(TryLater) as again:
        open_desk(row).fetch("1")
    assert (again.value.after, asked(sandbox)) == (1.0, ["refresh_token"])
    assert open_desk(rows.get(Connection)).whoami().id == rows.OWN_ID


def test_a_write_that_a_401_turned_away_is_made_with_the_new_token(sandbox: Sandbox, world: World) -> None:
    row = connected(sandbox)
    ticket = sandbox.ticket("zendesk", body="How long?")
    case = rows.Case("zendesk", row, sandbox, ticket)
    rows.delivery(row, ticket, seen=case.seen, readers_seen=case.readers)
    world.keys["zendesk"].discard(secrets()["token"])
    for _ in range(3):
        rows.make_due(Delivery)
        tasks.deliver.run()
    assert (rows.get(Delivery).state, len(case.by_klark)) == ("sent", 1)


def test_a_revoked_grant_marks_the_connection(sandbox: Sandbox, world: World) -> None:
    row = connected(sandbox)
    world.keys["zendesk"].clear()
    world.refresh.clear()
    rows.event(row, sandbox.ticket("zendesk"))
    tasks.step(WebhookEvent, tasks.pipeline.answer)
    event, trouble = rows.get(WebhookEvent), rows.get(Connection).trouble
    assert (event.state, "credentials" in event.trouble) == ("parked", True)
    assert ("The refresh token is invalid" in trouble, "Connect this helpdesk again" in trouble) == (True, True)


def test_a_refused_api_token_marks_the_connection(sandbox: Sandbox) -> None:
    row = rows.connection(rows.tenant(), "zendesk", sandbox)
    sandbox.credentials("zendesk", ["another"])
    with pytest.raises(Refused):
        open_desk(row).fetch("1")
    assert "Connect this helpdesk again" in rows.get(Connection).trouble


@pytest.mark.parametrize("fault", [{"kind": "drop"}, {"kind": "html200"}, {"kind": "status", "status": 502},
                                   {"kind": "status", "status": 429}, {"kind": "malformed"}])  # fmt: skip
def test_an_answer_about_tokens_that_never_came_is_no_unsure_write(sandbox: Sandbox, fault: dict[str, Any]) -> None:
    row = connected(sandbox, ends_in=timedelta(0))
    sandbox.fault(path="/oauth/tokens", **fault)
    before = secrets()
    with pytest.raises(TryLater):
        open_desk(row).fetch("1")
    assert secrets() == before


def test_the_old_pair_stays_until_the_new_one_is_stored(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    row = connected(sandbox, "client", timedelta(0))
    before = secrets()
    with monkeypatch.context() as broken:
        broken.setattr("klark.connections.tokens.seal", lambda secrets: 1 / 0)
        broken.setattr("klark.connections.tokens.LEASE", timedelta(seconds=0.5))  # which the next one waits for
        with pytest.raises(ZeroDivisionError):
            Credential(row).token()
    assert secrets() == before
    assert Credential(row).token() != before["token"]


def test_tokens_are_renewed_in_shadow_mode_too(sandbox: Sandbox) -> None:
    row = connected(sandbox, ends_in=timedelta(0))
    row.shadow = True
    assert open_desk(row).whoami().id == rows.OWN_ID


def test_a_token_that_a_person_gave_is_not_renewed_any_more() -> None:
    old = {**CLIENT, "grant": "client", "token": "oauth:old", "refresh": "r", "webhook_secret": "w"}
    assert changed(old, token="oauth:new") == {"token": "oauth:new", "webhook_secret": "w"}


@pytest.mark.django_db(transaction=True)
def test_eight_workers_refresh_once(sandbox: Sandbox) -> None:
    row = connected(sandbox, ends_in=timedelta(0))
    sandbox.fault("delay", path="/oauth/tokens", seconds=0.3)
    found: list[str] = []

    def work() -> None:
        found.append(Credential(row).token())
        database.close()

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (len(found), len(set(found)), asked(sandbox)) == (8, 1, ["refresh_token"])


def test_the_lead_sees_a_helpdesk_in_trouble_on_the_first_page() -> None:
    ours, theirs = company("alder"), company("birch")
    for each, trouble in ((ours, "Connect this helpdesk again."), (theirs, "Not for alder's eyes.")):
        with within(each.tenant):
            Connection.objects.update(trouble=trouble)
    page = login("lena", (ours, "lead")).get(reverse("admin:index")).content.decode()
    assert ("Connect this helpdesk again." in page, "Not for alder" in page) == (True, False)


def test_set_up_keeps_what_workers_changed_while_it_looked(sandbox: Sandbox) -> None:
    row = connected(sandbox, "client")
    stale = rows.get(Connection)
    stored(row, {**secrets(), "token": "oauth:renewed", "ends_at": "2099-01-01T00:00:00+00:00"})
    with within(row.tenant_id):
        Connection.of(row.tenant_id).update(knowledge_cursor="page 7")
    install._save(stale, Seat(Person("77", "klark")))
    kept = rows.get(Connection)
    assert (unseal(kept.sealed)["token"], kept.own_user_id, kept.knowledge_cursor) == ("oauth:renewed", "77", "page 7")


@pytest.mark.parametrize(
    "given", [{"token": "ann@acme.example/token:x"}, {**CLIENT, "client_id": "other", "token": "oauth:new"}]
)
def test_credentials_that_a_person_just_gave_are_the_ones_that_are_kept(given: dict[str, str]) -> None:
    old = seal({**CLIENT, "token": "oauth:old", "ends_at": "2099-01-01T00:00:00+00:00"})
    new = seal(given | {"ends_at": "2098-01-01T00:00:00+00:00"} if "client_id" in given else given)
    assert fresher(new, old) == new
