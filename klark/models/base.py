"""What every row that belongs to a tenant has in common."""

from typing import Self

from django.db import models


class Owned(models.Model):
    """A row of one tenant. Queries start from `Model.of(tenant_id)`; row-level security holds even if one does not."""

    tenant = models.ForeignKey("klark.Tenant", on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True

    @classmethod
    def of(cls, tenant_id: int) -> models.QuerySet[Self]:
        """This tenant's rows, and no one else's."""
        return cls._default_manager.filter(tenant_id=tenant_id)
