"""The base classes of klark's admin pages: rows of the user's tenants only, roles, and buttons that act on one row."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Field, ForeignKey, Model, QuerySet, URLField
from django.forms import ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power, access_of, actor
from klark.admin.choice_labels import labelled
from klark.admin.lists import Lists
from klark.admin.navigation import NAMES
from klark.admin.once import once
from klark.admin.unfold_classes import display
from klark.models import AuditAct, Owned, Tenant, record
from klark.review import Reviewed, TooLate, Unfit
from klark.values.wording import language_words

log = structlog.get_logger(__name__)

PLAIN_ERRORS = (TooLate, Unfit)


@dataclass(frozen=True, slots=True)
class Act:
    """A button on a row's page.

    `fits` decides whether it is offered for a row. `does` acts and returns the sentence to show afterwards, or, if the
    button `leads` to another page, the address to go to. `explains` is the text beside the button. `audited` is what the
    audit chain calls it, if the act itself does not add to that.
    """

    name: str
    label: Any
    does: Callable[[HttpRequest, Any], str]
    fits: Callable[[Any], bool]
    explains: Any = ""
    leads: bool = False
    audited: AuditAct | None = None


def tenant_of(row: object) -> int | None:
    """Returns the id of a row's tenant, or None if there is no row or it belongs to none."""
    return row.tenant_id if isinstance(row, Owned) else None


def reviewed(request: HttpRequest, delivery_id: int, tenant_id: int) -> Reviewed:
    """Returns a delivery under review by the user of this request."""
    user: Any = request.user  # whoever is not logged in does not come here
    return Reviewed(delivery_id, tenant_id, user.get_username(), user.pk, named=user.get_full_name())


def fields_of(message: Any) -> list[dict[str, Any]]:
    """Returns what Django's change message says of rows and fields, without the rows' own texts."""
    return [
        {done: {key: what for key, what in about.items() if key != "object"}}
        for change in message
        for done, about in change.items()
    ]  # fmt: skip


class TitledPages(Lists):
    """Pages titled by their model's name. Django's own titles put an article before it, which does not work in French.

    `audited` is what the audit chain calls a change that a user makes on them.
    """

    audited: AuditAct | None = None

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Adds the new row to the audit chain too."""
        self.audit(request, obj, message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Adds the change to the audit chain too."""
        self.audit(request, obj, message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Adds each deletion to the audit chain too."""
        for row in queryset:
            self.audit(request, row, [{"deleted": {}}])
        return super().log_deletions(request, queryset)

    def audit(self, request: HttpRequest, row: Model, message: Any) -> None:
        """Records a change, unless Django's list of what was changed is empty. Of that list only the fields are kept."""
        if self.audited and (done := fields_of(message)):
            record(tenant_of(row), actor(request), self.audited, row, done=done)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Titles the list as the menu does, or as in "Connections"."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_changelist"
        title = NAMES.get(name) or capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Titles the form as in "Connection", or "Add: connection" for a new row."""
        name = str(self.opts.verbose_name)
        title = capfirst(name) if object_id else labelled(gettext("Add"), name)
        return super().changeform_view(request, object_id, form_url, {"title": title, **(extra_context or {})})


class PagesWithButtons(TitledPages):
    """Pages whose rows have the buttons in `acts`. Whoever may not press them must not find the row in `get_queryset`."""

    acts: tuple[Act, ...] = ()
    change_form_outer_before_template = "klark/acts.html"

    def get_urls(self) -> list[URLPattern]:
        """Puts the buttons' addresses before Django's own, of which the last matches everything."""
        if not self.acts:
            return super().get_urls()
        view = self.admin_site.admin_view(self.act_view)
        return [path("<path:object_id>/do/<slug:name>/", view, name=f"{self._name()}_act"), *super().get_urls()]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Returns a row; where it is only shown, it is read once for its buttons and its form."""
        read = partial(super().get_object, request, object_id, from_field)
        return once(request, f"row {object_id}", read) if request.method == "GET" else read()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Adds the buttons that fit the row to Django's page."""
        context = {**(extra_context or {}), "acts": self.offered(request, object_id)}
        return super().change_view(request, object_id, form_url, context)

    def offered(self, request: HttpRequest, object_id: str) -> list[tuple[Act, str]]:
        """Returns the buttons that fit a row now, each with its address."""
        row = self.get_object(request, unquote(object_id)) if self.acts else None
        if row is None:
            return []
        address = f"admin:{self._name()}_act"
        return [(act, reverse(address, args=(row.pk, act.name))) for act in self.acts if act.fits(row)]

    def act_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Handles a button's POST request. Raises Http404 if there is no such row or button, and PermissionDenied for GET."""
        row = self.get_object(request, unquote(object_id))
        act = next((each for each in self.acts if each.name == name), None)
        if row is None or act is None:
            raise Http404
        if request.method != "POST":
            raise PermissionDenied
        away = self.press(request, act, row)
        return HttpResponseRedirect(away or reverse(f"admin:{self._name()}_change", args=(row.pk,)))

    def press(self, request: HttpRequest, act: Act, row: Model) -> str:
        """Acts, shows a message with the result, and logs who pressed what. Returns the address to go to next, or "" for
        the row's own page."""
        trace = log.bind(act=act.name, table=self._name(), row=str(row.pk), tenant=tenant_of(row),
                         by=request.user.get_username())  # fmt: skip
        try:
            said = act.does(request, row)
        except PLAIN_ERRORS as error:
            trace.info("a button was pressed", refused=str(error))
            messages.error(request, str(error))
            return ""
        trace.info("a button was pressed")
        if act.leads:
            return said
        if act.audited:
            record(tenant_of(row), actor(request), act.audited, row, pressed=act.name)
        messages.success(request, said)
        return ""

    def _name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}"


class Pages(PagesWithButtons):
    """Pages for rows that belong to tenants. `sees` and `changes` are the powers needed to read and to write.

    Without `changes`, klark alone writes the rows, and a user can only press the buttons in `acts`.
    """

    sees = Power.OPERATE
    changes: Power | None = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Returns the rows that the user may see."""
        return access_of(request).scope(super().get_queryset(request), self.sees)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Returns whether the user may read rows at any tenant."""
        return access_of(request).may(self.sees)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Returns whether the user may read this row, or any row."""
        return access_of(request).may(self.sees, tenant_of(obj))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Returns whether the user may change this row, or any row."""
        return self.changes is not None and access_of(request).may(self.changes, tenant_of(obj))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Returns whether the user may add a row at any tenant."""
        return self.has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Returns False: what a decision may rest on is never deleted."""
        return False

    @display(description=_("language"), ordering="language")
    def language_shown(self, row: Any) -> str:
        """Returns the name of a row's language."""
        return language_words(row.language, get_language() or "en") if row.language else "—"

    @display(description=_("topic"), ordering="topic")
    def topic_shown(self, row: Any) -> str:
        """Returns the topic's name, with which `get_queryset` annotates the rows."""
        return row.topic_name or "—"

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Leaves out the tenant's column if there is only one tenant."""
        several = access_of(request).has_several_tenants()
        return [each for each in super().get_list_display(request) if several or each != "tenant"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """Makes the tenant of an existing row read-only."""
        return [*super().get_readonly_fields(request, obj), *(["tenant"] if obj else [])]

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        """Offers the user's own tenants for a new row, and preselects the only one."""
        if db_field.name == "tenant" and self.changes is not None:
            choices = access_of(request).scope(Tenant.objects.all(), self.changes, "pk")
            kwargs |= {"queryset": choices, "initial": choices.first() if choices.count() == 1 else None}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        """Removes "add another tenant" beside the choice of a tenant, and assumes https for a URL without a scheme."""
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        shown = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "tenant" and shown is not None:
            shown.widget = shown.widget.widget
        return shown
