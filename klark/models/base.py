"""What every row that belongs to a tenant has in common."""

from collections.abc import Iterator
from typing import Self, TypeVar

from django.db import models

AT_ONCE = 500
"""Rows of one batch."""


class Owned(models.Model):
    """A row of one tenant. Queries start from `Model.of(tenant_id)`; row-level security holds even if one does not."""

    tenant = models.ForeignKey("klark.Tenant", on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True

    @classmethod
    def of(cls, tenant_id: int) -> models.QuerySet[Self]:
        """This tenant's rows, and no one else's."""
        return cls._default_manager.filter(tenant_id=tenant_id)


Row = TypeVar("Row", bound=models.Model)


def in_batches(rows: models.QuerySet[Row]) -> Iterator[Row]:
    """All rows in the order of their keys, `AT_ONCE` in memory. `QuerySet.iterator` would read all of them at once, since
    PgBouncer allows no server-side cursor."""
    ordered, last = rows.order_by("pk"), None
    while some := list((ordered.filter(pk__gt=last) if last is not None else ordered)[:AT_ONCE]):
        yield from some
        last = some[-1].pk
