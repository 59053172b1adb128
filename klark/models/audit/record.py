"""Adds entries to the audit chain, one after another however many write at once."""

import json
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model

from klark.models.audit.entry import Actor, AuditAct, AuditDetail, AuditEntry, canonical, chain
from klark.models.tenancy import EVERY_TENANT, within

IN_TURN = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0)), clock_timestamp()"


def record(tenant_id: int | None, by: Actor, act: AuditAct, about: Model | None = None, **content: Any) -> None:
    """Adds one entry to a tenant's chain, or with None to the installation's; it stands if this transaction commits.

    The chain is locked until then, so call it last. `content` says what the act consisted of, without a customer's words.
    """
    with within(EVERY_TENANT if tenant_id is None else tenant_id):
        at = _in_turn(tenant_id)
        last = chain(tenant_id).last()
        detail = AuditDetail(
            tenant_id=tenant_id, salt=secrets.token_hex(16), content=json.loads(canonical(content))
        )  # fmt: skip
        entry = AuditEntry(
            tenant_id=tenant_id, number=last.number + 1 if last else 1, at=at, user_id=by.user_id, who=by.name[:150],
            act=act, digest=detail.digest(), previous=last.link if last else "",
            kind=str(about._meta.model_name) if about else "", row=str(about.pk) if about else "",
        )  # fmt: skip
        entry.link = entry.link_as(entry.number)
        entry.save(force_insert=True)
        detail.entry = entry
        detail.save(force_insert=True)


def _in_turn(tenant_id: int | None) -> datetime:
    """Waits until nobody else adds to this chain; returns the time then, by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(IN_TURN, [f"klark audit {tenant_id}"])
        at: datetime = cursor.fetchone()[1]
    return at


def forget_details(rows: type[Model], keys: Iterable[int]) -> None:
    """Deletes what acts on these rows consisted of. That they were done, when and by whom, stays."""
    about = map(str, keys)
    AuditDetail.objects.filter(entry__kind=rows._meta.model_name, entry__row__in=about).delete()
