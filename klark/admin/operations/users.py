"""The pages of users and their role at each tenant, for superusers."""

from collections.abc import Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power, access_of, actor
from klark.admin.accounts import invitations
from klark.admin.admin_page import admin_page
from klark.admin.base import Act, PagesWithButtons
from klark.admin.choice_labels import labelled
from klark.admin.unfold_classes import (
    AdminPasswordChangeForm,
    TabularInline,
    UserAdmin,
    UserChangeForm,
    UserCreationForm,
    action,
    display,
)
from klark.models import AuditAct, Membership, record

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


def forget_factors(request: HttpRequest, user: User) -> str:
    """Removes a user's second factors; returns what to say."""
    Authenticator.objects.filter(user=user).delete()
    return gettext("The second factor was removed.")


class UserPages(UserAdmin, PagesWithButtons):
    """Users, who review, lead or operate. Django's own permissions are not used."""

    audited = AuditAct.USER
    acts = (
        Act("invite", _("Send an invitation"), lambda _request, user: invitations.send(user),
            lambda user: bool(user.email) and user.is_active and not user.last_login,
            _("A link to set a password. Links that were sent before go on working for three days."), audited=AuditAct.USER),
        Act("forget", _("Remove the second factor"), forget_factors, lambda user: user.has_factor,
            _("For somebody who has lost the phone or the key, and the recovery codes. Be sure that it is they who ask."),
             audited=AuditAct.USER),
    )  # fmt: skip
    actions_list = ("invite",)
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
        """Prefetches the roles that the list shows. Superusers alone find a user."""
        factors = Authenticator.objects.filter(user=OuterRef("pk"))
        users: QuerySet[Any] = super().get_queryset(request).annotate(has_factor=Exists(factors))
        return users.prefetch_related("memberships__tenant") if access_of(request).may(Power.OWN) else users.none()

    @action(description=_("Invite a person"), url_path="invite", permissions=["add"])
    def invite(self, request: HttpRequest) -> HttpResponse:
        """Asks for an address, makes the user and sends the invitation; then the user's page asks for the roles."""
        form = invitations.InvitationForm(request.POST or None)
        if not form.is_valid():
            return admin_page(request, "klark/invite.html", {"title": _("Invite a person"), "form": form})
        user = invitations.invited(form.cleaned_data["email"])
        messages.success(request, invitations.send(user))
        record(None, actor(request), AuditAct.USER, user, invited=True)
        return HttpResponseRedirect(reverse("admin:auth_user_change", args=(user.pk,)))

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
