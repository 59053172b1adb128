"""Which database a trial uses, what it leaves there, and which it does not touch."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from klark.management.trial_database import must_be_empty, throwaway
from klark.models import EVERY_TENANT, Article, Tenant, within
from tests.engines import migrated_database, unmigrated_database
from tests.klark import rows

ROOT = Path(__file__).resolve().parents[2]
NAME, ROLE = f"klark_trial_{os.getpid()}", f"klark_trial_role_{os.getpid()}"
TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"


@pytest.fixture
def database() -> Iterator[tuple[str, str]]:
    with unmigrated_database(NAME, ROLE) as addresses:
        yield addresses


@pytest.fixture
def migrated(django_db_setup: None) -> Iterator[tuple[str, str]]:
    """One that an earlier trial has migrated; `test_try` begins with none."""
    with migrated_database(NAME) as addresses:
        yield addresses


def trial(database: tuple[str, str], folder: Path, *more: str, policy: str = "{}") -> tuple[int, str]:
    """The status and the errors of a trial on a database of the operator's, which searches by words only (`test_try`: as it
    does by itself); `more` lines follow its ticket."""
    article = {"id": "hours", "title": "Opening hours", "body_html": "<p>The studio is open from 7:00 to 22:00.</p>"}
    (folder / "articles.jsonl").write_text(json.dumps(article))
    ticket = json.dumps({"id": 1, "body_html": "<p>When is the studio open on weekdays?</p>"})
    (folder / "tickets.jsonl").write_text("\n".join((ticket, *more)))
    (folder / "policy.json").write_text(policy)
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("KLARK_", "BROKER_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "manage.py", "try", "--knowledge", folder / "articles.jsonl", "--tickets", folder / "tickets.jsonl",
         "--policy", folder / "policy.json", "--data", folder / "data", "--out", folder / "out.jsonl"],
        env={**kept, "DATABASE_URL": database[0], "DATABASE_OWNER_URL": database[1], "KLARK_EMBEDDINGS": ""},
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


def reasons(folder: Path) -> list[tuple[str, str]]:
    """What a trial wrote of each ticket."""
    lines = map(json.loads, (folder / "out.jsonl").read_text().splitlines())
    return [(line["id"], line["reason"]) for line in lines]


def left(database: tuple[str, str]) -> list[int]:
    """How many rows there are of what a trial makes."""
    rest = ("klark_tenant", "klark_article", "klark_passage")
    return [count(database[1], f"SELECT count(*) FROM {table}") for table in rest]


def count(address: str, query: str) -> int:
    with psycopg.connect(address) as line:
        found = line.execute(query).fetchone()
    assert found
    return int(found[0])


@pytest.mark.slow
def test_a_trial_on_a_database_of_the_operators_follows_a_policy_goes_on_past_malformed_lines_and_leaves_no_row(
    migrated: tuple[str, str], tmp_path: Path
) -> None:
    french = json.dumps({"id": "2", "body_html": "<p>Combien coûte l'abonnement mensuel ?</p>"})
    policy = '{"mode": "queue", "languages": ["en"], "public_sections": true}'
    status, said = trial(migrated, tmp_path, "{", "[1]", french, policy=policy)
    assert (status, reasons(tmp_path)) == (1, [("1", "queue_by_policy"), ("2", "unsupported_language")])
    assert "line 2: is not JSON: Expecting property name enclosed in double quotes at character 3" in said
    assert "line 3: is not a JSON object" in said
    assert left(migrated) == [0, 0, 0]


@pytest.mark.slow
def test_a_trial_neither_migrates_nor_fills_a_database_with_a_tenant(database: tuple[str, str], tmp_path: Path) -> None:
    with psycopg.connect(database[1]) as line:
        line.execute("CREATE TABLE klark_tenant (id bigint, slug text, name text, created_at timestamptz)")
        line.execute("INSERT INTO klark_tenant VALUES (1, 'acme', 'Acme', now())")
    status, said = trial(database, tmp_path)
    assert (status, "Name an empty database in DATABASE_URL" in said) == (1, True)
    assert (count(database[1], TABLES), count(database[1], "SELECT count(*) FROM klark_tenant")) == (1, 1)
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_only_a_database_that_nothing_but_trials_used_is_empty() -> None:
    must_be_empty()
    with within(EVERY_TENANT):
        Tenant.objects.create(slug=f"try-{10**18}", name="try")
    must_be_empty()
    rows.tenant("try-us")
    with pytest.raises(CommandError, match="Name an empty database"):
        must_be_empty()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_trial_holds_no_transaction_open_and_deletes_what_it_made_even_if_it_fails() -> None:
    with pytest.raises(ZeroDivisionError), throwaway() as tenant_id:
        assert not connection.in_atomic_block
        rows.article(tenant_id)
        assert rows.count(Article, tenant_id=tenant_id) == 1
        raise ZeroDivisionError
    assert (rows.count(Tenant), rows.count(Article)) == (0, 0)


@pytest.mark.django_db
def test_a_trial_deletes_what_a_killed_one_left_a_day_ago_and_nothing_else() -> None:
    with within(EVERY_TENANT):
        left, running = (Tenant.objects.create(slug=f"try-{10**18 + number}", name="try") for number in (1, 2))
        own = Tenant.objects.create(slug="acme", name="try")
    rows.change(Tenant, {"pk__in": (left.pk, own.pk)}, created_at=timezone.now() - timedelta(days=2))
    with throwaway():
        assert [rows.count(Tenant, pk=each.pk) for each in (left, running, own)] == [0, 1, 1]
