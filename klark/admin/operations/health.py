"""The page "Is it well?": the facts of klark.health in plain words, each with a light and what to do."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power, access_of
from klark.admin.admin_page import admin_page
from klark.health import BASIC, OTHER, ROWS, facts

NAMES: Mapping[str, Any] = {
    "database": _("Database"),
    "disk": _("Disk"),
    "triage": _("Triage model"),
    "embeddings": _("Vectors for search by meaning"),
    "broker": _("Broker"),
    "queue": _("Work that is due"),
    "stops": _("Stopped by hand"),
    "parked": _("Parked"),
    "notifications": _("Notifications to programs"),
    "budgets": _("Budgets for models"),
    "helpdesks": _("Helpdesks"),
    "rate_limits": _("Rate limits"),
}
LIGHTS: Mapping[str, tuple[str, Any]] = {
    "good": ("success", _("well")), "warning": ("warning", _("look")), "bad": ("danger", _("not well")),
}  # fmt: skip
PAGES: Mapping[str, tuple[tuple[Any, str], ...]] = {
    "queue": ((_("Events"), "klark_webhookevent_changelist"), (_("Deliveries"), "klark_delivery_changelist")),
    "parked": ((_("Events"), "klark_webhookevent_changelist"), (_("Deliveries"), "klark_delivery_changelist")),
    "notifications": ((_("Notifications"), "klark_notification_changelist"),),
    "budgets": ((_("Policy"), "klark_policy_changelist"),),
    "helpdesks": ((_("Connections"), "klark_connection_changelist"),),
}


def page(request: HttpRequest) -> HttpResponse:
    """Returns the page; its facts on rows are about the user's own tenants. Raises PermissionDenied if the user operates
    none."""
    if not access_of(request).may(Power.OPERATE):
        raise PermissionDenied
    shown = [
        {"fact": fact, "name": NAMES[fact.part], "light": LIGHTS[fact.light], "pages": _pages(fact.part, fact.light)}
        for fact in facts(BASIC, OTHER, ROWS)
    ]
    well = all(each["fact"].light == "good" for each in shown)
    return admin_page(request, "klark/health.html", {"shown": shown, "well": well, "title": _("Is it well?")})


def _pages(part: str, light: str) -> list[tuple[Any, str]]:
    return [(name, reverse(f"admin:{page}")) for name, page in PAGES.get(part, ()) if light != "good"]
