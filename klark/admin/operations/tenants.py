"""The pages of tenants, for superusers."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import URLPattern, path

from klark.admin.access import Power, access_of
from klark.admin.base import TitledPages
from klark.admin.first_run import asking, page
from klark.admin.operations import personal_data, stopping
from klark.models import AuditAct, Tenant


class TenantPages(TitledPages):
    """Tenants. One that has left is not deleted but loses its members, so that its decisions stay explainable."""

    audited = AuditAct.TENANT
    list_display = ("name", "slug", "created_at")
    search_fields = ("name", "slug")
    fields = ("name", "slug")
    change_form_template = "klark/tenant_form.html"
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("name",)}

    def get_urls(self) -> list[URLPattern]:
        """Adds the pages on the first steps, on asking klark and on one person's data, and the buttons that stop klark."""
        own = self.admin_site.admin_view
        return [
            path("first/", own(page.page), name="klark_first_run"),
            path("ask/", own(asking.page), name="klark_ask"),
            path("person/", own(personal_data.page), name="klark_personal_data"),
            path("stop/", own(stopping.stop), name="klark_stop"),
            path("release/", own(stopping.release), name="klark_release"),
            *super().get_urls(),
        ]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allows superusers, and a tenant's own members, because their rows link to it."""
        access = access_of(request)
        return access.may(Power.SEE, obj.pk) if isinstance(obj, Tenant) else access.may(Power.OWN)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allows superusers."""
        return access_of(request).may(Power.OWN)

    has_module_permission = has_add_permission = has_change_permission

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allows nobody."""
        return False
