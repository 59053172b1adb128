"""`manage.py migrate`: migrates as the owner, then sets up the application's role and what the database itself enforces."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections, transaction
from django.db.migrations.loader import MigrationLoader

from klark.models.database import security
from klark.models.database.security import secure, unbound

TABLES = Path(security.__file__).with_name("tables.sql")
"""All tables as the migrations listed at its end make them; scripts/tables.py writes it."""
UNLIMITED = """
SELECT set_config(name, '0', true) FROM pg_settings WHERE name IN (
    'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')
"""
"""Lifts a server's limits for this transaction, whichever of them this version has: whoever waits may wait for minutes."""
IN_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('klark migrate', 0))"
EMPTY = "SELECT NOT EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema())"


class Command(migrate.Command):
    """Django's own command, run on the owner's connection and followed by klark.models.database.security.secure."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Uses the owner's connection even for the checks, since no other role exists before the first migration."""
        if options["database"] == "default":
            options["database"] = "owner"
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrates as the owner and secures the result; safe to run again. Raises CommandError."""
        application = settings.DATABASES["default"]
        if application["USER"] == settings.DATABASES["owner"]["USER"]:
            raise CommandError(
                "DATABASE_OWNER_URL must name another role than DATABASE_URL: row-level security does not bind an owner."
            )
        only_told = options["plan"] or options["check_unapplied"]
        if only_told:
            _must_be_known(options["database"])
            super().handle(*args, **options)
            return
        with _alone(options["database"]):
            _must_be_known(options["database"])
            if not options["app_label"]:
                _make_tables(options["database"])
            super().handle(*args, **options)
            secure(connections["owner"], application["USER"], application["PASSWORD"])
        if why := unbound(connections["owner"], application["USER"]):
            raise CommandError(
                f'Row-level security would not keep tenants apart: the role "{application["USER"]}" of DATABASE_URL {why}, or '
                "name a role in DATABASE_URL that is not there yet, which migrate makes. Then migrate again."
            )


@contextmanager
def _alone(database: str) -> Iterator[None]:
    """Waits until nobody else migrates this database, and keeps others waiting: containers may be started together. The lock
    is a transaction's, on a connection of its own, since a session's would not hold behind PgBouncer."""
    with psycopg.connect(**connections[database].get_connection_params()) as turn:
        turn.execute(UNLIMITED)
        turn.execute(IN_TURN)
        yield


def _make_tables(database: str) -> None:
    """Makes all tables of an empty database by one file of SQL. Django takes five seconds for the migrations that make the same,
    since it works out most models anew after each of their steps."""
    with transaction.atomic(using=database), connections[database].cursor() as cursor:
        cursor.execute(EMPTY)
        if cursor.fetchone()[0]:
            cursor.execute(TABLES.read_text(encoding="utf-8"))


def _must_be_known(database: str) -> None:
    """Raises CommandError if the database was made by migrations that no longer exist: it cannot be brought up to date."""
    loader = MigrationLoader(connections[database], ignore_no_migrations=True)
    gone = sorted(
        name for app, name in loader.applied_migrations if app == "klark" and (app, name) not in loader.disk_migrations
    )
    if gone:
        raise CommandError(
            f"This database was made by a klark of before its first release ({gone[-1]}). Start from nothing: with "
            "`demo --fresh`, with another folder for `try --data`, or with an empty database."
        )
