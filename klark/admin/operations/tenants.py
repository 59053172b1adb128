"""The pages of tenants, for superusers."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest

from klark.admin.access import Power, access_of
from klark.admin.base import TitledPages
from klark.models import Tenant


class TenantPages(TitledPages):
    """Tenants. One that has left is not deleted but loses its members, so that its decisions stay explainable."""

    list_display = ("name", "slug", "created_at")
    search_fields = ("name", "slug")
    fields = ("name", "slug")
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("name",)}

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Allows superusers."""
        return access_of(request).may(Power.OWN)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allows superusers, and a tenant's own members, because their rows link to it."""
        access = access_of(request)
        return access.may(Power.REVIEW, obj.pk) if isinstance(obj, Tenant) else access.may(Power.OWN)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allows superusers."""
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Allows superusers."""
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allows nobody."""
        return False
