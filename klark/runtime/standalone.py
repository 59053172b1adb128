"""Runs klark on a machine with nothing installed: its own PostgreSQL and Valkey and its own keys, all in one folder."""

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cryptography.fernet import Fernet
from django.conf import settings
from django.db import connections

from klark.runtime.embedded_servers import CannotStart, start
from klark.settings import database


@contextmanager
def standalone(folder: Path, *, broker: bool = True, fresh: bool = False) -> Iterator[Mapping[str, str]]:
    """Starts the servers unless `DATABASE_URL` and `BROKER_URL` name some, and points this process and its children at them.

    Yields the environment for children. Raises klark.runtime.embedded_servers.CannotStart, also if only one of the two
    URLs is set although both are needed.
    """
    given = {name: os.environ.get(name, "") for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "BROKER_URL")}
    if given["DATABASE_URL"] and (given["BROKER_URL"] or not broker):
        yield _point_at({**given, **_keys(folder)})
        return
    if given["DATABASE_URL"] or (given["BROKER_URL"] and broker):
        raise CannotStart("Give both DATABASE_URL and BROKER_URL, or neither: then klark starts its own.")
    with start(folder, broker=broker, fresh=fresh) as running:
        engines = running.engines
        yield _point_at({
            "DATABASE_URL": engines.database_url, "DATABASE_OWNER_URL": engines.owner_url,
            "BROKER_URL": engines.broker_url, **_keys(folder),
        })  # fmt: skip


def _keys(folder: Path) -> dict[str, str]:
    """Returns keys that are kept between runs, so that the next run can open what this one sealed.

    The file is readable by its owner only.
    """
    path = folder / "keys.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        key = f"standalone:{Fernet.generate_key().decode()}"
        invented = {"KLARK_SECRET_KEY": secrets.token_urlsafe(50), "KLARK_ENCRYPTION_KEYS": key}
        new = path.with_suffix(".new")  # replaced in one step, so it is never half-written
        new.touch(mode=0o600)
        new.write_text(json.dumps(invented))
        new.replace(path)
    kept: dict[str, str] = json.loads(path.read_text())
    return {name: os.environ.get(name) or value for name, value in kept.items()}


def _point_at(environment: Mapping[str, str]) -> Mapping[str, str]:
    """Replaces the databases and keys in the settings, which have been read already. Returns the environment."""
    os.environ.update(environment)
    for alias, name in (("default", "DATABASE_URL"), ("owner", "DATABASE_OWNER_URL")):
        place = database(name, environment[name] or environment["DATABASE_URL"])
        connections[alias].settings_dict.update(place)
        settings.DATABASES[alias].update(place)
    settings.SECRET_KEY = environment["KLARK_SECRET_KEY"]
    settings.KLARK_ENCRYPTION_KEYS = dict(
        pair.split(":", 1) for pair in environment["KLARK_ENCRYPTION_KEYS"].split(",")
    )
    settings.CELERY_BROKER_URL = environment["BROKER_URL"]
    return dict(environment)
