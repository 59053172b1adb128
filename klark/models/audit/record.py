"""Adds entries to the audit chain, one after another however many write at once."""

import json
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model

from klark.models.audit.entry import Actor, AuditAct, AuditDetail, AuditEntry, canonical
from klark.models.tenancy import EVERY_TENANT, within

_link: Any = connection  # a DatabaseWrapper of klark.runtime.postgresql
IN_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('klark audit {}', 0))"
LAST = """
SELECT clock_timestamp(), coalesce(number, 0), coalesce(link, '') FROM (VALUES (1)) AS always LEFT JOIN LATERAL (
    SELECT number, link FROM klark_auditentry WHERE tenant_id {} ORDER BY number DESC LIMIT 1) AS last ON true
"""


def record(tenant_id: int | None, by: Actor, act: AuditAct, about: Model | None = None, **content: Any) -> None:
    """Adds one entry to a tenant's chain, or with None to the installation's; it stands if this transaction commits.

    The chain is locked until then, so call it last. `content` says what the act consisted of, without a customer's words.
    """
    with within(EVERY_TENANT if tenant_id is None else tenant_id):
        at, last, link = _in_turn(tenant_id)
        detail = AuditDetail(
            tenant_id=tenant_id, salt=secrets.token_hex(16), content=json.loads(canonical(content))
        )  # fmt: skip
        entry = AuditEntry(
            tenant_id=tenant_id, number=last + 1, at=at, user_id=by.user_id, who=by.name[:150],
            act=act, digest=detail.digest(), previous=link,
            kind=str(about._meta.model_name) if about else "", row=str(about.pk) if about else "",
        )  # fmt: skip
        entry.link = entry.link_as(entry.number)
        entry.save(force_insert=True)
        detail.entry = entry
        detail.save(force_insert=True)


def _in_turn(tenant_id: int | None) -> tuple[datetime, int, str]:
    """Waits until nobody else adds to this chain; returns the time then, by the database's clock, and the last entry's number and
    link. Two statements in one message: the second also sees what was committed while the first waited."""
    _link.prepend(IN_TURN.format(tenant_id))
    with connection.cursor() as cursor:
        cursor.execute(LAST.format("IS NULL" if tenant_id is None else f"= {tenant_id:d}"))
        at, number, link = cursor.fetchone()
    return at, number, link


def forget_details(rows: type[Model], keys: Iterable[int]) -> None:
    """Deletes what acts on these rows consisted of. That they were done, when and by whom, stays."""
    about = map(str, keys)
    AuditDetail.objects.filter(entry__kind=rows._meta.model_name, entry__row__in=about).delete()
