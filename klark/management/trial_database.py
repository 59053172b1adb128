"""The database of a trial: one without tenants, and in it a tenant that is deleted when the trial ends."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.core.management.base import CommandError
from django.db import connections, transaction
from django.db.models import QuerySet
from django.utils import timezone

from klark.models import EVERY_TENANT, Tenant, within
from klark.models.tenancy import SETTING

LEFT_BEHIND = timedelta(days=1)
"""The age from which a trial's tenant belongs to a run that was killed."""
TENANTS_TABLE = "SELECT to_regclass(%s), set_config(%s, %s, true)"
"""The tenants' table, NULL before the first migration; from here on the owner sees every tenant in this transaction."""
IN_USE = (
    "This database has tenants of klark's in it, and a trial would migrate it and write to it. Name an empty database in "
    "DATABASE_URL and DATABASE_OWNER_URL or, where klark starts one of its own, another folder with --data."
)


def must_be_empty() -> None:
    """Raises CommandError for a database in use, before anything is changed in it. One that only trials used is empty.

    It asks as the owner: before the first migration there is no other role.
    """
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(TENANTS_TABLE, [Tenant._meta.db_table, SETTING, EVERY_TENANT])
        (table, _) = cursor.fetchone()
        if table and Tenant.objects.using("owner").exclude(pk__in=_trials().using("owner")).exists():
            raise CommandError(IN_USE)


@contextmanager
def throwaway() -> Iterator[int]:
    """Yields the id of a tenant that is deleted with all its rows when the block ends.

    No transaction is open meanwhile: a model may take its time. A run that is killed leaves its tenant to the first one
    after LEFT_BEHIND.
    """
    with within(EVERY_TENANT):
        _trials().filter(created_at__lt=timezone.now() - LEFT_BEHIND).delete()
        tenant = Tenant.objects.create(slug=f"try-{time.time_ns()}", name="try")
    try:
        yield tenant.pk
    finally:
        with within(EVERY_TENANT):
            tenant.delete()


def _trials() -> QuerySet[Tenant]:
    return Tenant.objects.filter(slug__regex=r"^try-\d{15,}$", name="try")
