"""A drill: the database is dumped and restored with the commands of docs/operator.md, into an empty one and in place of one that
has moved on since."""

import io
import os
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import ProgrammingError, connection, connections

from integrations.sandbox.client import Sandbox
from klark.models import KLARK, AuditAct, AuditEntry, Connection, Delivery, Tenant, Topic, record, within
from klark.models.audit.verify import Anchor, head
from klark.models.database.security import unbound
from klark.runtime.binaries import installed
from klark.runtime.encrypted_secrets import unseal
from tests.engines import unmigrated_database
from tests.klark import rows
from tests.klark.delivery.test_deliver import due_on, row, run
from tests.klark.rows import DESKS, Case

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]

PAGE = Path(__file__).resolve().parents[2] / "docs/operator.md"
NAME, ROLE = f"klark_restored_{os.getpid()}", f"klark_restored_role_{os.getpid()}"


def documented(program: str) -> list[str]:
    """The program's options in the page, without who and where."""
    (line,) = [one for one in PAGE.read_text(encoding="utf-8").splitlines() if f"database {program}" in one]
    words = shlex.split(line.partition(program)[2].replace("<", ">").partition(">")[0])
    return [word for word in words if word.startswith("--") or word == "-Fc"]


def program(name: str, owner: str, *more: str, place: str = "--dbname") -> None:
    """One of PostgreSQL's own programs, with the options of the page. What it complains of is an error."""
    command = [installed().initdb.with_name(name), *documented(name), place, owner, *more]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def place(alias: str, where: Mapping[str, Any]) -> None:
    connections[alias].close()
    connections[alias].close_pool()  # type: ignore[attr-defined]  # PostgreSQL's
    settings.DATABASES[alias].update(where)
    connections[alias].settings_dict.update(where)


@contextmanager
def pointed_at(application: str, owner: str) -> Iterator[None]:
    """Django's connections lead to another database for a while."""
    before = {alias: dict(connections[alias].settings_dict) for alias in ("default", "owner")}
    try:
        for alias, address in (("default", application), ("owner", owner)):
            parts = urlsplit(address)
            place(
                alias, {"NAME": parts.path.removeprefix("/"), "USER": parts.username, "PASSWORD": parts.password or ""}
            )
        yield
    finally:
        for alias, where in before.items():
            place(alias, {name: where[name] for name in ("NAME", "USER", "PASSWORD")})


@pytest.fixture(params=DESKS)
def case(request: pytest.FixtureRequest, sandbox: Sandbox) -> Case:
    """A reply that is due, with all that it rests on, beside another tenant."""
    made = due_on(sandbox, request.param)
    rows.event(made.row, made.ticket)
    rows.tenant("globex", topics={"other": "reply"})
    record(made.row.tenant_id, KLARK, AuditAct.CONNECTION, made.row)
    return made


@pytest.fixture
def dumped(case: Case, tmp_path: Path) -> Path:
    """The database with that reply still due. It was sent afterwards."""
    file = tmp_path / "klark.dump"
    program("pg_dump", owner_of(settings.DATABASES["default"]["NAME"]), "--file", str(file))
    assert (run(), len(case.by_klark)) == ("sent", 1)
    return file


def owner_of(name: str) -> str:
    return urlsplit(os.environ["KLARK_TEST_OWNER_URL"])._replace(path=f"/{name}").geturl()


@pytest.fixture
def restored(dumped: Path) -> Iterator[Anchor]:
    """A database of the dump, restored twice and migrated, which Django uses now; the end of the chain that was lost."""
    with within(row().tenant_id):
        anchor = head(row().tenant_id)
    with unmigrated_database(NAME, ROLE) as (application, owner):
        program("pg_restore", owner, str(dumped))
        with psycopg.connect(owner) as later:  # what a later version has added, and rests on what the dump has
            later.execute("CREATE TABLE klark_later (tenant bigint REFERENCES klark_tenant)")
        for tool in ("dropdb", "createdb"):
            program(tool, owner_of("postgres"), NAME, place="--maintenance-db")
        program("pg_restore", owner, str(dumped))
        with pointed_at(application, owner):
            call_command("migrate", verbosity=0)
            yield anchor


def verified(anchor: Anchor) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("audit", "verify", "--tenant", "acme", "--anchor", f"{anchor.number}:{anchor.link}", stdout=out)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    return 0, out.getvalue()


def test_what_was_dumped_is_there_apart_and_closed_and_nothing_is_sent_twice(case: Case, restored: Anchor) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        assert cursor.fetchone() == (ROLE, NAME)
    assert unbound(connections["owner"], ROLE) == ""

    assert (Tenant.objects.count(), Topic.objects.count()) == (0, 0)
    with within(case.row.tenant_id):
        assert (Tenant.objects.get().slug, Topic.objects.count(), Connection.objects.count()) == ("acme", 0, 1)
    with pytest.raises(ProgrammingError, match="permission denied"), within(case.row.tenant_id):
        AuditEntry.objects.update(who="eve")

    assert unseal(rows.get(Connection).sealed)["token"] == rows.TOKENS[case.desk]

    missing = "The chain ends with entry 1, but the anchor is entry 2: its tail is missing."
    assert verified(restored) == (1, f"acme: the chain is NOT whole.\n- {missing}\n")

    assert row().state == Delivery.State.DUE
    assert (run(), len(case.by_klark)) == ("sent", 1)
    assert row().comment_id == str(case.by_klark[0]["id"])
