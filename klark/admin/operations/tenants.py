"""Tenants, for superusers."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest

from klark.admin.access import Power, access_of
from klark.admin.base import TitledPages
from klark.models import Tenant


class TenantPages(TitledPages):
    """Companies. One that is gone is left without members: its decisions stay explainable."""

    list_display = ("name", "slug", "created_at")
    search_fields = ("name", "slug")
    fields = ("name", "slug")
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("name",)}

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Superusers."""
        return access_of(request).may(Power.OWN)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers; and its own members, because their rows link to it."""
        access = access_of(request)
        return access.may(Power.REVIEW, obj.pk) if isinstance(obj, Tenant) else access.may(Power.OWN)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers."""
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Superusers."""
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False
