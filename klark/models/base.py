"""The base class of every model whose rows belong to a tenant, and reading many rows in batches."""

from collections.abc import Iterator
from typing import Any, Self, TypeVar

from django.db import connection, models

AT_ONCE = 500
"""Rows per batch."""


class Owned(models.Model):
    """A row of one tenant. Queries start from `Model.of(tenant_id)`; row-level security protects those that do not."""

    tenant = models.ForeignKey("klark.Tenant", on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True

    @classmethod
    def of(cls, tenant_id: int) -> models.QuerySet[Self]:
        """Returns a queryset of this tenant's rows only."""
        return cls._default_manager.filter(tenant_id=tenant_id)

    @classmethod
    def columns(cls) -> str:
        """Returns all columns, for a SELECT in plain SQL: Django takes longer to put a query together than the database to answer
        one by a primary key."""
        return ", ".join(f'{cls._meta.db_table}."{field.column}"' for field in cls._meta.concrete_fields)

    @classmethod
    def made_of(cls, values: Iterator[Any]) -> Self:
        """Returns the row that the next of these values are, as `columns` names them."""
        fields = cls._meta.concrete_fields
        read = [
            field.from_db_value(value, None, connection) if isinstance(field, models.JSONField) else value  # type: ignore[arg-type]
            for field, value in zip(fields, values, strict=False)
        ]
        return cls.from_db(connection.alias, [field.attname for field in fields], read)


Row = TypeVar("Row", bound=models.Model)


def in_batches(rows: models.QuerySet[Row]) -> Iterator[Row]:
    """Yields all rows in primary-key order, holding at most `AT_ONCE` in memory.

    `QuerySet.iterator` would load all of them at once, since PgBouncer allows no server-side cursors.
    """
    ordered, last = rows.order_by("pk"), None
    while some := list((ordered.filter(pk__gt=last) if last is not None else ordered)[:AT_ONCE]):
        yield from some
        last = some[-1].pk
