"""What klark's admin pages have in common: rows of the user's tenants only, roles, and buttons that act on one row."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Field, ForeignKey, Model, QuerySet, URLField
from django.forms import ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext

from klark.admin.access import Power, access_of
from klark.admin.lists import Lists
from klark.admin.words import labelled
from klark.models import Owned, Tenant
from klark.review import Reviewed, TooLate, Unfit

PLAIN_ERRORS = (TooLate, Unfit)


@dataclass(frozen=True, slots=True)
class Act:
    """A button on a row's page. `does` gives the sentence to show afterwards; `fits` says whether it is offered. One that
    `leads` away gives the address to go to instead."""

    name: str
    label: Any
    does: Callable[[HttpRequest, Any], str]
    fits: Callable[[Any], bool]
    explains: Any = ""
    leads: bool = False


def tenant_of(row: object) -> int | None:
    """The tenant of a row; `None` for no row."""
    return row.tenant_id if isinstance(row, Owned) else None


def reviewed(request: HttpRequest, delivery_id: int, tenant_id: int) -> Reviewed:
    """A delivery in the hands of the user."""
    return Reviewed(delivery_id, tenant_id, request.user.get_username())


class TitledPages(Lists):
    """Pages titled by what they show: Django's own titles put an article before a name, which French cannot."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """As in "Connections"."""
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """As in "Connection", and "Add: connection" for a new one."""
        name = str(self.opts.verbose_name)
        title = capfirst(name) if object_id else labelled(gettext("Add"), name)
        return super().changeform_view(request, object_id, form_url, {"title": title, **(extra_context or {})})


class Pages(TitledPages):
    """Pages of rows that belong to tenants. `sees` and `changes` are the powers that reading and writing take;
    without `changes` the rows are klark's own and only `acts` move them."""

    sees = Power.OPERATE
    changes: Power | None = None
    acts: tuple[Act, ...] = ()
    change_form_outer_before_template = "klark/acts.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows that the user may see."""
        return access_of(request).scope(super().get_queryset(request), self.sees)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether there is anything here for the user."""
        return access_of(request).may(self.sees)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Reading."""
        return access_of(request).may(self.sees, tenant_of(obj))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Writing."""
        return self.changes is not None and access_of(request).may(self.changes, tenant_of(obj))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Adding, at a tenant of one's own."""
        return self.has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing that a decision may rest on is deleted."""
        return False

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Without the tenant, where there is only one."""
        several = Tenant.objects.count() > 1
        return [each for each in super().get_list_display(request) if several or each != "tenant"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """A row keeps its tenant."""
        return [*super().get_readonly_fields(request, obj), *(["tenant"] if obj else [])]

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        """A new row may go to a tenant of the user's; the only one is chosen already."""
        if db_field.name == "tenant" and self.changes is not None:
            choices = access_of(request).scope(Tenant.objects.all(), self.changes, "pk")
            kwargs |= {"queryset": choices, "initial": choices.first() if choices.count() == 1 else None}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        """No "add another tenant" beside the choice of one; an address without a scheme is https."""
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        shown = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "tenant" and shown is not None:
            shown.widget = shown.widget.widget
        return shown

    def get_urls(self) -> list[URLPattern]:
        """The buttons' addresses first: Django's own last one takes everything."""
        if not self.acts:
            return super().get_urls()
        view = self.admin_site.admin_view(self.act_view)
        return [path("<path:object_id>/do/<slug:name>/", view, name=f"{self._name()}_act"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's page, with the buttons that fit the row."""
        context = {**(extra_context or {}), "acts": self.offered(request, object_id)}
        return super().change_view(request, object_id, form_url, context)

    def offered(self, request: HttpRequest, object_id: str) -> list[tuple[Act, str]]:
        """The acts that fit a row now, each with its address."""
        row = self.get_object(request, unquote(object_id)) if self.acts else None
        if row is None:
            return []
        address = f"admin:{self._name()}_act"
        return [(act, reverse(address, args=(row.pk, act.name))) for act in self.acts if act.fits(row)]

    def act_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Press one button."""
        row = self.get_object(request, unquote(object_id))
        act = next((each for each in self.acts if each.name == name), None)
        if row is None or act is None:
            raise Http404
        if request.method != "POST":
            raise PermissionDenied
        away = self.press(request, act, row)
        return HttpResponseRedirect(away or reverse(f"admin:{self._name()}_change", args=(row.pk,)))

    def press(self, request: HttpRequest, act: Act, row: Model) -> str:
        """Do it, and say in plain words what came of it; where to go next, or "" for the row's page."""
        try:
            said = act.does(request, row)
        except PLAIN_ERRORS as error:
            messages.error(request, str(error))
            return ""
        if act.leads:
            return said
        messages.success(request, said)
        return ""

    def _name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}"
