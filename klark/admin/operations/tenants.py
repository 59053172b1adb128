"""The pages of tenants, for superusers."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
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
            path("first/", own(self.first_run_view), name="klark_first_run"),
            path("ask/", own(self.ask_view), name="klark_ask"),
            path("person/", own(self.person_view), name="klark_personal_data"),
            path("stop/", own(stopping.stop), name="klark_stop"),
            path("release/", own(stopping.release), name="klark_release"),
            *super().get_urls(),
        ]

    def first_run_view(self, request: HttpRequest) -> HttpResponse:
        """Shows the page of a tenant's first steps (klark.admin.first_run.page)."""
        request.current_app = self.admin_site.name
        return page.page(request, self.admin_site.each_context(request))

    def ask_view(self, request: HttpRequest) -> HttpResponse:
        """Shows the page on asking klark (klark.admin.first_run.asking)."""
        request.current_app = self.admin_site.name
        return asking.page(request, self.admin_site.each_context(request))

    def person_view(self, request: HttpRequest) -> HttpResponse:
        """Shows the page on one person's data (klark.admin.operations.personal_data)."""
        request.current_app = self.admin_site.name
        return personal_data.page(request, self.admin_site.each_context(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Allows superusers."""
        return access_of(request).may(Power.OWN)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allows superusers, and a tenant's own members, because their rows link to it."""
        access = access_of(request)
        return access.may(Power.SEE, obj.pk) if isinstance(obj, Tenant) else access.may(Power.OWN)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allows superusers."""
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Allows superusers."""
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allows nobody."""
        return False
