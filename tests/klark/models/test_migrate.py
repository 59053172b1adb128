"""`manage.py migrate` on a database that nobody has touched, as an operator's first start runs it."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.engines import drop_database

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


@pytest.mark.slow
def test_the_first_migration_needs_no_role_but_the_owner() -> None:
    owner = os.environ["KLARK_TEST_OWNER_URL"]
    where = urlsplit(owner)
    fresh = where._replace(path=f"/{NAME}")
    application = fresh._replace(netloc=f"{ROLE}:once@{where.netloc.rpartition('@')[2]}")
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {NAME}")
    try:
        done = subprocess.run(
            [sys.executable, "manage.py", "migrate"],
            env={**os.environ, **SECRETS, "DATABASE_URL": application.geturl(), "DATABASE_OWNER_URL": fresh.geturl()},
            cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        with psycopg.connect(application.geturl()) as connection:
            seen = connection.execute("SELECT current_user, count(*) FROM klark_tenant").fetchone()
        assert seen == (ROLE, 0)
    finally:
        drop_database(owner, NAME)
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute(f"DROP ROLE IF EXISTS {ROLE}")
