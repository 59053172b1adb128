"""Writes klark/models/database/tables.sql anew: all tables, as the migrations make them one by one.

    uv run --no-sync python -m scripts.tables

`migrate` runs that file on an empty database, and then the migrations that are not in it. So this is needed only for speed, once
there are some of those; tests/klark/models/test_migrate.py compares both ways.
"""

import re
import subprocess
import tempfile
from pathlib import Path

import tests.bench.ready  # noqa: F401  # isort: skip

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from klark.management.commands.migrate import TABLES
from klark.runtime.binaries import installed
from klark.runtime.standalone import standalone

HEAD = "-- All tables, as the migrations that are listed at the end make them. scripts/tables.py writes this file.\n"
DUMP = ("--schema-only", "--no-owner", "--no-privileges", "--no-comments")
MADE = """INSERT INTO django_migrations (app, name, applied)
SELECT app, name, now() FROM (VALUES
{rows}
) AS made (app, name);
"""
ONE_OF = re.compile(r"\(\((\w+)\)::text = ANY \(\(ARRAY\[([^\]]*)\]\)::text\[\]\)\)")
"""What PostgreSQL writes for `IN`. Read back as it is, it would be written in another way."""
SEQUENCE = " START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1"


def main() -> None:
    """Migrates an empty database by Django's own command, and writes what it finds there."""
    with tempfile.TemporaryDirectory() as name, standalone(Path(name), broker=False) as servers:
        call_command(migrate.Command(), database="owner", verbosity=0, skip_checks=True)
        argv = [installed().initdb.with_name("pg_dump"), *DUMP, servers["DATABASE_OWNER_URL"]]
        dump = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
        rows = MigrationRecorder(connections["owner"]).migration_qs.order_by("id").values_list("app", "name")
        made = MADE.format(rows=",\n".join(f"    ('{app}', '{migration}')" for app, migration in rows))
        connections["owner"].close()
        connections["owner"].close_pool()
    TABLES.write_text(f"{HEAD}{''.join(map(_short, _statements(dump)))}{made}", encoding="utf-8")


def _statements(dump: str) -> list[str]:
    """Returns the statements without settings, comments and the name of the schema."""
    kept = [line for line in dump.splitlines() if line and not line.startswith(("--", "SET ", "SELECT ", "\\"))]
    text = re.sub(r"\bpublic\.| WITH SCHEMA public| ONLY", "", "\n".join(kept))
    return [each for each in text.split(";\n") if each]


def _short(statement: str) -> str:
    """Returns a statement on one line, a table with a line for each column."""
    text = statement.rstrip(";")
    if not text.startswith("CREATE TABLE"):
        text = re.sub(r"\s+", " ", text).replace(SEQUENCE, "")
    return ONE_OF.sub(lambda found: f"({found[1]} IN ({found[2].replace('::character varying', '')}))", text) + ";\n"


if __name__ == "__main__":
    main()
