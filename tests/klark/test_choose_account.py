"""Commands that operators type: which account and tenant are meant, and errors in plain words."""

import json
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from pytest_django import Settings

from klark.management.choose_account import account_name, existing, tenant
from klark.management.commands import connect
from klark.models import Budget, within
from tests.klark import rows

NAMES = (
    ("zendesk", "acme", "acme"), ("zendesk", " Acme ", "acme"), ("zendesk", "acme.zendesk.com", "acme"),
    ("zendesk", "ACME.ZENDESK.COM", "acme"), ("zendesk", "my-acme", "my-acme"),
    ("freshdesk", "acme.freshdesk.com", "acme.freshdesk.com"), ("freshdesk", "acme", "acme.freshdesk.com"),
    ("freshdesk", "help.example.com", "help.example.com"), ("freshdesk", " ACME ", "acme.freshdesk.com"),
)  # fmt: skip


@pytest.mark.parametrize(("helpdesk", "typed", "name"), NAMES)
def test_an_account_as_it_is_typed_and_as_it_is_kept(helpdesk: str, typed: str, name: str) -> None:
    assert account_name(helpdesk, typed) == name


@pytest.mark.parametrize("typed", [
    "https://acme.zendesk.com", "http://acme", "acme.zendesk.com/", "acme/agent", "acme:443", "user@acme", "acme?x=1",
    "acme#top", "ac me", "acme\tx", "//acme",
])  # fmt: skip
@pytest.mark.parametrize("helpdesk", rows.DESKS)
def test_an_address_is_no_account(helpdesk: str, typed: str) -> None:
    with pytest.raises(CommandError, match="is an address: give the bare name"):
        account_name(helpdesk, typed)


@pytest.mark.parametrize(
    ("helpdesk", "typed", "other"),
    [("freshdesk", "acme.zendesk.com", "zendesk"), ("zendesk", "Acme.Freshdesk.com", "freshdesk")],
)
def test_an_account_of_the_other_product_is_told_before_any_secret_goes_there(
    helpdesk: str, typed: str, other: str
) -> None:
    with pytest.raises(CommandError, match=f"is an account of {other}, not of {helpdesk}: connect {other} {typed}"):
        account_name(helpdesk, typed)


@pytest.mark.django_db
def test_the_only_tenant_is_meant_where_none_is_named() -> None:
    only = rows.tenant("acme")
    assert [tenant(slug).pk for slug in ("", "acme")] == [only, only]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("known", "slug", "words"),
    [
        ((), "", "There is no tenant yet. Make one with --tenant SHORT-NAME --new-tenant, or in the admin."),
        ((), "acme", "There is no tenant yet. Make one with --tenant SHORT-NAME --new-tenant, or in the admin."),
        (("acme",), "globex", "There is no tenant 'globex': acme."),
        (("acme", "globex"), "", "Which tenant? Give --tenant, one of: acme, globex."),
        (("acme", "globex"), "Acme", "There is no tenant 'Acme': acme, globex."),
    ],
)
def test_a_tenant_that_nobody_can_tell_is_asked_for(known: tuple[str, ...], slug: str, words: str) -> None:
    for each in known:
        rows.tenant(each)
    with pytest.raises(CommandError) as complaint:
        tenant(slug)
    assert str(complaint.value) == words


@pytest.mark.django_db
def test_a_connection_is_found_by_its_tenant_desk_and_account() -> None:
    row = rows.connection(rows.tenant("acme"))
    rows.tenant("globex")
    asked = [
        ("acme", "zendesk", "acme"),
        ("globex", "zendesk", "acme"),
        ("acme", "freshdesk", "acme"),
        ("acme", "zendesk", "x"),
    ]
    found = [existing(tenant(slug), desk, account) for slug, desk, account in asked]
    assert [each and each.pk for each in found] == [row.pk, None, None, None]


def said(*arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("desk", rows.DESKS)
def test_what_is_not_connected_cannot_be_disconnected(desk: str) -> None:
    rows.tenant("acme")
    with pytest.raises(CommandError, match=f"There is no connection to {desk} acme"):
        said("disconnect", desk, "acme")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("connect",), "required: helpdesk, account"),
        (("connect", "zendesk"), "required: account"),
        (("connect", "jira", "acme"), "invalid choice: 'jira'"),
        (("connect", "zendesk", "acme", "--wait", "soon"), "invalid float value: 'soon'"),
        (("disconnect", "jira", "acme"), "invalid choice: 'jira'"),
        (("serve", "--port", "http"), "invalid int value: 'http'"),
        (("knowledge", "status"), "required: --tenant"),
        (("knowledge", "--tenant", "acme"), "required: part"),
        (("knowledge", "--tenant", "acme", "burn"), "invalid choice: 'burn'"),
        (("knowledge", "--tenant", "acme", "search"), "required: question"),
        (("try", "--out", "-"), "required: --knowledge, --tickets"),
        (("try", "--knowledge", "a", "--tickets", "b", "--out", "-", "--llm", "extractive"), "invalid choice: 'extractive'"),
        (("demo", "--port", "x"), "invalid int value: 'x'"),
    ],
)  # fmt: skip
def test_a_wrong_argument_is_named(arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError) as complaint:
        said(*arguments)
    assert words in str(complaint.value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("connect", "zendesk", "https://acme.zendesk.com"), "is an address"),
        (("connect", "zendesk", "acme", "--tenant", "nobody"), "There is no tenant 'nobody': acme."),
        (("connect", "zendesk", "acme", "--new-tenant"), "--new-tenant makes the tenant that --tenant names"),
        (("connect", "zendesk", "acme", "--tenant", "x", "--new-tenant", "--dry-run"), "does not go with --dry-run"),
        (("connect", "zendesk", "acme"), "give --client with the identifier of an OAuth client, or --email"),
        (("connect", "freshdesk", "acme"), "Set KLARK_HELPDESK_SECRET to the API key of klark's own seat"),
        (("connect", "zendesk", "acme", "--email", "k@acme.example"), "Set KLARK_HELPDESK_SECRET to the API token"),
        (("knowledge", "--tenant", "nobody", "status"), "--tenant: there is no tenant 'nobody'."),
        (("knowledge", "--tenant", "acme", "add", "handbook", "no-such-folder"), "there is no folder no-such-folder."),
    ],
)  # fmt: skip
def test_what_is_missing_is_asked_for_in_plain_words(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.delenv("KLARK_HELPDESK_SECRET", raising=False)
    monkeypatch.setattr("sys.stdin", StringIO())
    rows.tenant("acme")
    with pytest.raises(CommandError) as complaint:
        said(*arguments)
    assert words in str(complaint.value)
    assert rows.count(rows.Connection) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Acme Corp", "acme/x", "é", "a" * 200])
def test_a_tenants_short_name_is_looked_at_before_it_is_made(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr("sys.stdin", StringIO())
    with pytest.raises(CommandError) as complaint:
        said("connect", "freshdesk", "acme", "--tenant", name, "--new-tenant")
    assert (str(complaint.value).startswith(f"--tenant {name!r}: "), rows.count(rows.Tenant)) == (True, 0)


@pytest.mark.parametrize(("set_to", "given"), [("s3cret\n", "s3cret"), (" s3cret ", "s3cret"), ("", ""), ("\n", "")])
def test_a_secret_from_the_environment_is_taken_without_the_blanks_around_it(
    monkeypatch: pytest.MonkeyPatch, set_to: str, given: str
) -> None:
    monkeypatch.setenv(connect.VARIABLE, set_to)
    assert connect._given() == given


@pytest.mark.django_db
def test_an_empty_variable_is_no_secret_and_the_credentials_that_are_there_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = rows.connection(rows.tenant("acme"))
    monkeypatch.setenv(connect.VARIABLE, "")
    assert connect._credentials(row, {"client": "", "email": ""}) == {}


def test_production_connects_no_stand_in(settings: Settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="A stand-in helpdesk is not for production"):
        said("connect", "zendesk", "acme", "--address", "http://127.0.0.1:1")


def test_one_role_for_owner_and_application_is_refused_before_anything_is_migrated(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setitem(settings.DATABASES["owner"], "USER", settings.DATABASES["default"]["USER"])
    with pytest.raises(CommandError, match="DATABASE_OWNER_URL must name another role than DATABASE_URL"):
        said("migrate")
    assert connections["owner"].in_atomic_block is False


MOMENT = datetime(2026, 3, 1, 9, 30, 15, tzinfo=UTC)
HEALTH: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({}, "state", "on"), ({"shadow": True}, "state", "shadow mode"), ({"active": False}, "state", "off"),
    ({"active": False, "shadow": True}, "state", "off"), ({}, "last_event", "never"), ({}, "last_write", "never"),
    ({"last_event_at": MOMENT}, "last_event", "2026-03-01T09:30:15+00:00"),
    ({"last_write_at": MOMENT}, "last_write", "2026-03-01T09:30:15+00:00"), ({}, "trouble", ""),
    ({"trouble": "Refused."}, "trouble", "Refused."),
    ({"bad_signatures": 3}, "trouble", "3 webhooks with a bad signature"),
    ({"trouble": "Refused.", "bad_signatures": 1}, "trouble", "Refused. 1 webhooks with a bad signature"),
    ({}, "requests_left", "200 of 200 a minute"), ({"helpdesk": "freshdesk"}, "requests_left", "50 of 50 a minute"),
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("fields", "name", "expected"), HEALTH)
def test_a_connection_and_what_is_told_of_it(fields: dict[str, Any], name: str, expected: str) -> None:
    rows.connection(rows.tenant("acme"), **fields)
    told = json.loads(said("connections", "--json"))
    assert (told[name], told["tenant"]) == (expected, "acme")


@pytest.mark.django_db
def test_connections_of_all_tenants_are_told_in_order_and_no_secret_with_them() -> None:
    for slug in ("globex", "acme"):
        rows.connection(rows.tenant(slug), account=f"{slug}-desk")
    lines = said("connections", "--json").splitlines()
    assert [json.loads(line)["account"] for line in lines] == ["acme-desk", "globex-desk"]
    shown = said("connections")
    assert [word in shown for word in ("acme-desk", "globex-desk", "never", "sandbox-token", rows.SECRET)] == [
        True, True, True, False, False]  # fmt: skip


@pytest.mark.django_db
def test_the_requests_left_are_those_of_the_row_that_all_workers_share() -> None:
    row = rows.connection(rows.tenant("acme"))
    with within(row.tenant_id):
        Budget.objects.create(tenant_id=row.tenant_id, connection=row, limit=700, spent={})
    assert json.loads(said("connections", "--json"))["requests_left"] == "700 of 700 a minute"


@pytest.mark.django_db
def test_without_a_connection_there_is_nothing_to_tell() -> None:
    assert said("connections", "--json") == ""
