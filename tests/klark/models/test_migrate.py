"""`manage.py migrate` on a database that nobody has touched, as an operator's first start runs it."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections

from tests.engines import create_database, drop_database, unmigrated_database
from tests.klark.test_backup import pointed_at

ROOT = Path(__file__).resolve().parents[3]
NAME = f"klark_first_start_{os.getpid()}"
ROLE = f"klark_first_role_{os.getpid()}"
SECRETS = {
    "KLARK_MODE": "production",
    "KLARK_URL": "https://klark.example.com",
    "KLARK_SECRET_KEY": "not-a-secret-but-long-enough-for-the-check-of-production",
    "KLARK_ENCRYPTION_KEYS": "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "BROKER_URL": "redis://127.0.0.1:1/0",
}


OF_BEFORE = Path(__file__).with_name("schema.sql")
"""All tables at the end of the first migration: `pg_dump --schema-only --no-owner --no-privileges`, then the rows of
`django_migrations`."""
LISTED = """
    SELECT 'column', table_name || '.' || column_name, data_type || is_nullable || coalesce(column_default, '')
      FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'policy', tablename || '.' || policyname, qual || with_check FROM pg_policies
    ORDER BY 1, 2, 3
"""

TOO_MUCH = (
    ("ALTER ROLE {role} SUPERUSER", "ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS"),
    ("ALTER ROLE {role} BYPASSRLS", "ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS"),
    ("GRANT {owner} TO {role}", "REVOKE {owner} FROM {role}"),
)
"""What an operator may have given the application's role, and what takes it away again."""


@pytest.fixture
def database() -> Iterator[tuple[str, str]]:
    with unmigrated_database(NAME, ROLE) as addresses:
        yield addresses


def migrate(database: tuple[str, str]) -> tuple[int, str]:
    """The status and the errors of an operator's `manage.py migrate`."""
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        env={**os.environ, **SECRETS, "DATABASE_URL": database[0], "DATABASE_OWNER_URL": database[1]},
        cwd=ROOT, capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


def listed(address: str) -> list[tuple[Any, ...]]:
    """Columns, indexes, constraints and row policies."""
    with psycopg.connect(address) as connection:
        return connection.execute(LISTED).fetchall()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_role_that_row_level_security_does_not_bind_is_refused_with_what_to_run(database: tuple[str, str]) -> None:
    role, owner = f'"{ROLE}"', f'"{urlsplit(database[1]).username}"'
    drop_database(os.environ["KLARK_TEST_OWNER_URL"], NAME)
    create_database(os.environ["KLARK_TEST_OWNER_URL"], NAME, template=os.environ["KLARK_TEST_TEMPLATE"])
    with psycopg.connect(database[1], autocommit=True) as connection, pointed_at(*database):
        connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'once'")
        for rights, remedy in TOO_MUCH:
            connection.execute(rights.format(role=role, owner=owner))
            run = remedy.format(role=role, owner=owner)
            with pytest.raises(CommandError, match=re.escape(f"run {run},")):
                call_command("migrate", verbosity=0)
            connection.execute(run)
        call_command("migrate", verbosity=0)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_plan_for_an_empty_database_is_told_and_nothing_done(database: tuple[str, str]) -> None:
    told = io.StringIO()
    with pointed_at(*database):
        call_command("migrate", plan=True, stdout=told)
    assert "klark.0001_initial" in told.getvalue()
    assert listed(database[1]) == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_of_three_that_migrate_an_empty_database_at_once_each_succeeds(database: tuple[str, str]) -> None:
    def one(_: int) -> None:
        call_command("migrate", verbosity=0)
        connections.close_all()

    with pointed_at(*database), ThreadPoolExecutor(3) as pool:
        assert list(pool.map(one, range(3))) == [None] * 3
    assert len(listed(database[1])) > 500


@pytest.mark.slow
@pytest.mark.django_db
def test_tables_of_before_become_those_of_now(database: tuple[str, str]) -> None:
    with psycopg.connect(database[1]) as connection:
        connection.execute(OF_BEFORE.read_text(encoding="utf-8"))
    assert migrate(database) == (0, "")
    now = (
        urlsplit(os.environ["KLARK_TEST_OWNER_URL"])._replace(path=f"/{settings.DATABASES['default']['NAME']}").geturl()
    )
    assert listed(database[1]) == listed(now)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_database_of_migrations_that_are_gone_is_refused_with_what_to_do(database: tuple[str, str]) -> None:
    with psycopg.connect(database[1]) as connection:
        connection.execute("CREATE TABLE django_migrations (id serial, app text, name text, applied timestamptz)")
        connection.execute("INSERT INTO django_migrations (app, name) VALUES ('klark', '0009_memory')")
    with pointed_at(*database), pytest.raises(CommandError, match=r"0009_memory.*--fresh"):
        call_command("migrate", verbosity=0)
