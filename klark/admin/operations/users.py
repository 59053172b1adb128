"""The pages of users and their role at each tenant, for superusers."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power, access_of
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
from klark.models import Membership

ROLES: Mapping[str, Any] = {
    "viewer": _("viewer"),
    "agent": _("agent"),
    "lead": _("support lead"),
    "operator": _("operator"),
}


class Memberships(TabularInline):
    """A user's role at each tenant."""

    model = Membership
    fields = ("tenant", "role")
    extra = 0


class UserPages(UserAdmin, TitledPages):
    """Users, who review, lead or operate. Django's own permissions are not used."""

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
