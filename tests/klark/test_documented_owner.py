"""An owner of the database who is no superuser, made by the lines of docs/deployment.md, may migrate."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import psycopg
import pytest
from django.core.management import call_command
from psycopg import sql

from tests.engines import drop_database
from tests.klark.test_backup import pointed_at

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]

PAGE = Path(__file__).resolve().parents[2] / "docs/deployment.md"
NAME, ROLE, OWNER = (f"klark_documented_{what}{os.getpid()}" for what in ("", "app_", "owner_"))


def documented() -> tuple[list[str], list[str]]:
    """What a superuser runs before and after connecting to the new database."""
    (block,) = [each for each in PAGE.read_text(encoding="utf-8").split("```") if "CREATE ROLE klark_owner" in each]
    before, _, after = (
        block.replace("DATABASE klark", f"DATABASE {NAME}").replace("klark_owner", OWNER).partition("\\c klark")
    )
    return [each for each in before.split(";") if each.strip()], [each for each in after.split(";") if each.strip()]


@pytest.fixture
def superuser() -> Iterator[SplitResult]:
    """The cluster's superuser. What the test makes is gone afterwards."""
    where = urlsplit(os.environ["KLARK_TEST_OWNER_URL"])
    yield where
    drop_database(where.geturl(), NAME)
    with psycopg.connect(where.geturl(), autocommit=True) as connection:
        made = sql.SQL(", ").join(map(sql.Identifier, (ROLE, OWNER)))
        connection.execute(sql.SQL("REVOKE SET ON PARAMETER {} FROM {}").format(
            sql.SQL("pg_trgm.similarity_threshold, hnsw.iterative_scan, hnsw.ef_search"), sql.Identifier(OWNER)))  # fmt: skip
        connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(made))


def test_the_documented_owner_may_migrate(superuser: SplitResult) -> None:
    first, then = documented()
    place = superuser._replace(path=f"/{NAME}")
    for where, statements in ((superuser, first), (place, then)):
        with psycopg.connect(where.geturl(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.replace("'…'", "'once'").encode())
    host = superuser.netloc.rpartition("@")[2]
    application, owner = (f"postgres://{role}:once@{host}/{NAME}" for role in (ROLE, OWNER))
    with pointed_at(application, owner):
        call_command("migrate", verbosity=0)
    with psycopg.connect(application) as connection:  # the migration has made its role
        seen = connection.execute("SELECT current_user, count(*) FROM klark_tenant").fetchone()
    assert seen == (ROLE, 0)
