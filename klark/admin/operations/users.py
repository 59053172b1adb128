"""The pages of users and their role at each tenant, for superusers."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power, access_of, actor
from klark.admin.base import TitledPages
from klark.admin.choice_labels import labelled
from klark.admin.unfold_classes import (
    AdminPasswordChangeForm,
    TabularInline,
    UserAdmin,
    UserChangeForm,
    UserCreationForm,
    display,
)
from klark.models import AuditAct, Membership, record

ROLES: Mapping[str, Any] = {"agent": _("agent"), "lead": _("support lead"), "operator": _("operator")}


class Memberships(TabularInline):
    """A user's role at each tenant."""

    model = Membership
    fields = ("tenant", "role")
    extra = 0


class UserPages(UserAdmin, TitledPages):
    """Users, who review, lead or operate. Django's own permissions are not used."""

    audited = AuditAct.USER
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    inlines = (Memberships,)
    list_display = ("username", "name", "email", "roles", "is_superuser", "is_active", "last_login")
    list_filter = ("is_superuser", "is_active", "memberships__tenant", "memberships__role")
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": (("first_name", "last_name"), "email")}),
        (_("Access"), {"fields": ("is_active", "is_superuser")}),
        (_("Dates"), {"fields": (("last_login", "date_joined"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Prefetches the roles that the list shows."""
        return super().get_queryset(request).prefetch_related("memberships__tenant")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Makes every user staff, since there is nothing but the admin to log in to."""
        obj.is_staff = True
        super().save_model(request, obj, form, change)

    def audit(self, request: HttpRequest, row: Any, message: Any) -> None:
        """Records changes of the user alone; those of memberships belong to their tenants' chains."""
        super().audit(request, row, [one for one in message if "name" not in next(iter(one.values()))])

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Saves the memberships, and records each that is new or different."""
        super().save_formset(request, form, formset, change)
        changed = [row for row, _ in formset.changed_objects]
        for row in (*formset.new_objects, *changed, *formset.deleted_objects):
            self._record_membership(request, row, row.role if row.pk else "")

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Records that the memberships end with their user."""
        for row in Membership.objects.filter(user__in=queryset):
            self._record_membership(request, row, "")
        return super().log_deletions(request, queryset)

    def _record_membership(self, request: HttpRequest, row: Membership, role: str) -> None:
        record(row.tenant_id, actor(request), AuditAct.MEMBERSHIP, row.user, role=role)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Allows superusers."""
        return access_of(request).may(Power.OWN)

    @display(description=_("name"))
    def name(self, user: Any) -> str:
        """Returns the full name, or a dash."""
        return user.get_full_name() or "—"

    @display(description=_("roles"))
    def roles(self, user: Any) -> str:
        """Returns the roles, each with its tenant."""
        return ", ".join(labelled(row.tenant, ROLES[row.role]) for row in user.memberships.all()) or "—"
