"""The page on one person's data: what is kept of them, as a file, and erasing it."""

from typing import Any

import structlog
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power, access_of, actor
from klark.admin.admin_page import admin_page
from klark.admin.choice_labels import labelled
from klark.models import Tenant
from klark.personal_data.content import Counts
from klark.personal_data.erase import erase
from klark.personal_data.export import export
from klark.personal_data.person import find_person

log = structlog.get_logger(__name__)
PAGE = "admin:klark_personal_data"


class PersonForm(forms.Form):
    """Whose data, at which tenant."""

    tenant = forms.ModelChoiceField(Tenant.objects.none(), label=capfirst(_("company")), empty_label=None)
    address = forms.EmailField(label=capfirst(_("e-mail address")))

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.POST or None)
        tenants: Any = self.fields["tenant"]
        tenants.queryset = access_of(request).scope(Tenant.objects.all(), Power.LEAD, "pk")


def page(request: HttpRequest) -> HttpResponse:
    """Returns the page, the file, or after erasing a redirect to the empty page. Raises PermissionDenied."""
    if not access_of(request).may(Power.LEAD):
        raise PermissionDenied
    form, person = PersonForm(request), None
    if form.is_valid():
        tenant, address = form.cleaned_data["tenant"], form.cleaned_data["address"]
        if "export" in request.POST:
            return _file(request, tenant, address)
        if "erase" in request.POST and "sure" in request.POST:
            return _erased(request, tenant, address)
        person = find_person(tenant.pk, address)
    context = {"title": _("A person's data"), "form": form, "person": person}
    return admin_page(request, "klark/personal_data.html", context)


def _file(request: HttpRequest, tenant: Tenant, address: str) -> HttpResponse:
    log.info("a person's data were given out", tenant=tenant.pk, by=request.user.get_username())
    disposition = {"Content-Disposition": 'attachment; filename="klark-person.json"'}
    return HttpResponse(export(tenant, address, actor(request)), content_type="application/json", headers=disposition)


def _erased(request: HttpRequest, tenant: Tenant, address: str) -> HttpResponse:
    counts = erase(tenant.pk, address, actor(request))
    log.info("a person's data were erased", tenant=tenant.pk, by=request.user.get_username(), rows=counts.total())
    messages.success(request, labelled(gettext("Erased"), counted(counts)))
    return HttpResponseRedirect(reverse(PAGE))


def counted(counts: Counts) -> str:
    """Returns how many rows of each table, as in "Drafts: 2, Deliveries: 3"."""
    some = (labelled(capfirst(str(model._meta.verbose_name_plural)), count) for model, count in counts.items() if count)
    return ", ".join(some) or gettext("nothing was kept")
