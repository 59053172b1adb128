"""The base class of every model whose rows belong to a tenant, and reading many rows in batches."""

from collections.abc import Iterator
from typing import Self, TypeVar
from uuid import UUID

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
    def read(cls, tenant_id: int, pk: int | UUID) -> Self:
        """Returns one of this tenant's rows, read in plain SQL: every run does it, and Django takes longer to put such a query
        together than the database to answer it. Raises DoesNotExist."""
        fields = cls._meta.concrete_fields
        columns = ", ".join(f'"{field.column}"' for field in fields)
        statement = f"SELECT {columns} FROM {cls._meta.db_table} WHERE tenant_id = %s AND id = %s"  # noqa: S608  # klark's own
        with connection.cursor() as cursor:
            cursor.execute(statement, [tenant_id, pk])
            row = cursor.fetchone()
        if row is None:
            raise cls.DoesNotExist
        values = [
            field.from_db_value(value, None, connection) if isinstance(field, models.JSONField) else value  # type: ignore[arg-type]
            for field, value in zip(fields, row, strict=True)
        ]
        return cls.from_db(connection.alias, [field.attname for field in fields], values)


Row = TypeVar("Row", bound=models.Model)


def in_batches(rows: models.QuerySet[Row]) -> Iterator[Row]:
    """Yields all rows in primary-key order, holding at most `AT_ONCE` in memory.

    `QuerySet.iterator` would load all of them at once, since PgBouncer allows no server-side cursors.
    """
    ordered, last = rows.order_by("pk"), None
    while some := list((ordered.filter(pk__gt=last) if last is not None else ordered)[:AT_ONCE]):
        yield from some
        last = some[-1].pk
