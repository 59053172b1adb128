"""Builds the admin's sidebar from what the user may do, and names klark's style sheet, script and icon."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Access, Power, access_of
from klark.admin.once import once
from klark.models import Tenant

Entry = tuple[str, Any, str, Power]

GROUPS: Sequence[tuple[Any, Sequence[Entry]]] = (
    ("", (
        ("index", _("Overview"), "monitoring", Power.SEE),
        ("klark_draft_changelist", _("Queue"), "inbox", Power.SEE),
        ("klark_decision_changelist", _("Decisions"), "rule", Power.SEE),
        ("klark_outcomes", _("Outcomes"), "bar_chart", Power.SEE),
        ("klark_trends", _("Trends"), "show_chart", Power.SEE),
        ("klark_recall_changelist", _("Recall"), "published_with_changes", Power.REVIEW),
        ("klark_backtestrun_changelist", _("Backtests"), "history_edu", Power.LEAD),
        ("klark_regressionrun_changelist", _("Regression set"), "checklist", Power.LEAD),
    )),
    (_("What klark knows and may do"), (
        ("klark_first_run", _("First steps"), "flag", Power.LEAD),
        ("klark_ask", _("Ask klark"), "contact_support", Power.LEAD),
        ("klark_policy_changelist", _("Policy"), "gavel", Power.LEAD),
        ("klark_autonomy", _("Autonomy"), "trending_up", Power.LEAD),
        ("klark_suggestions", _("Suggestions"), "lightbulb", Power.LEAD),
        ("klark_topic_changelist", _("Topics"), "label", Power.LEAD),
        ("klark_article_changelist", _("Knowledge"), "menu_book", Power.LEAD),
        ("klark_article_gaps", _("Gaps"), "help", Power.LEAD),
        ("klark_source_changelist", _("Sources"), "folder_open", Power.LEAD),
        ("klark_judgecheck_changelist", _("Checks of judges"), "balance", Power.LEAD),
        ("klark_personal_data", _("A person's data"), "person_search", Power.LEAD),
    )),
    (_("Operation"), (
        ("klark_auditentry_changelist", _("Audit"), "history", Power.LEAD),
        ("klark_connection_changelist", _("Connections"), "cable", Power.OPERATE),
        ("klark_webhookevent_changelist", _("Events"), "move_to_inbox", Power.OPERATE),
        ("klark_delivery_changelist", _("Deliveries"), "outbox", Power.OPERATE),
        ("klark_apitoken_changelist", _("API tokens"), "key", Power.OPERATE),
        ("klark_outgoingwebhook_changelist", _("Outgoing webhooks"), "webhook", Power.OPERATE),
        ("klark_notification_changelist", _("Notifications"), "notifications", Power.OPERATE),
        ("klark_connection_health", _("Is it well?"), "vital_signs", Power.OPERATE),
    )),
    (_("Administration"), (
        ("klark_tenant_changelist", _("Companies"), "domain", Power.OWN),
        ("auth_user_changelist", _("Users"), "group", Power.OWN),
    )),
)  # fmt: skip


NAMES: Mapping[str, Any] = {name: title for _group, entries in GROUPS for name, title, *_more in entries}
"""The menu's name of each page, which its title and the breadcrumbs say too."""
WITHOUT_TENANT = ("index", "klark_connection_health", "klark_tenant_changelist", "auth_user_changelist")
"""Pages that have something to show before there is a tenant."""
WORK = ("klark_draft_changelist", "klark_autonomy", "klark_recall_changelist")
"""Pages whose count is work that waits, not trouble."""
STOPPED, IN_SHADOW = "stopped", "in_shadow"
"""What the bars on every page are about; usually there is none."""
COUNTED: Mapping[str, tuple[Power, str]] = {
    "klark_draft_changelist": (
        Power.SEE,
        "klark_delivery WHERE state = 'waiting' AND (snoozed_until IS NULL OR snoozed_until <= statement_timestamp())",
    ),
    "klark_recall_changelist": (Power.REVIEW, "klark_recall WHERE state = 'open'"),
    "klark_autonomy": (Power.LEAD, "klark_standing WHERE proposed"),
    "klark_webhookevent_changelist": (Power.OPERATE, "klark_webhookevent WHERE state = 'parked'"),
    "klark_delivery_changelist": (Power.OPERATE, "klark_delivery WHERE state = 'parked'"),
    STOPPED: (Power.SEE, "klark_stop WHERE released_at IS NULL"),
    IN_SHADOW: (Power.SEE, "klark_connection WHERE shadow AND active"),
}
"""The rows that every page counts, and the power that sees each count. In SQL: Django takes longer to put such a query
together than PostgreSQL to answer it."""


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Returns Unfold's navigation with only the pages that the user may open, and counts of what needs attention."""
    counts, access = page_counts(request), access_of(request)
    empty = access.everywhere and not Tenant.objects.exists()
    groups = [
        (title, [entry for entry in entries if access.may(entry[3]) and (entry[0] in WITHOUT_TENANT or not empty)])
        for title, entries in GROUPS
    ]
    links = {entry[0]: _addresses()[entry[0]] for _, entries in groups for entry in entries}
    here = max((link for link in links.values() if _leads_to(link, request.path)), key=len, default="")
    return [
        {"title": title, "items": [_entry(each, links[each[0]], counts.get(each[0], 0), here) for each in entries]}
        for title, entries in groups
        if entries
    ]


def page_names(_request: HttpRequest) -> Mapping[str, Any]:
    """Gives every template the menu's names by the pages' addresses, as a context processor."""
    return {"page_names": _titles()}


@cache
def _addresses() -> Mapping[str, str]:
    """Returns the pages' addresses by their names, looked up once a process."""
    return {name: reverse(f"admin:{name}") for name in NAMES}


@cache
def _titles() -> Mapping[str, Any]:
    return {address: NAMES[name] for name, address in _addresses().items()}


def _leads_to(link: str, path: str) -> bool:
    """Returns whether `path` is the link's page or below it. Every page is below the overview, so that matches only itself."""
    return path == link or (path.startswith(link) and link != _addresses()["index"])


def _entry(entry: Entry, link: str, count: int, here: str) -> dict[str, Any]:
    name, title, icon, _power = entry
    badge = {"badge": str(count), "badge_variant": "primary" if name in WORK else "danger"}
    return {"title": title, "icon": icon, "link": link, "active": link == here, **(badge if count else {})}


def page_counts(request: HttpRequest) -> dict[str, int]:
    """Returns the count of each entry of `COUNTED`, by one query a request."""
    return once(request, "page_counts", lambda: _counts(access_of(request)))


def _counts(access: Access) -> dict[str, int]:
    own = "" if access.everywhere else " AND tenant_id = ANY(%s)"
    asked = {power: access.tenants(power) for power, _ in COUNTED.values() if access.may(power)}
    counts = (
        f"(SELECT count(*) FROM {rows}{own})" if power in asked else "0"  # noqa: S608  # of constants
        for power, rows in COUNTED.values()
    )
    tenants = [asked[power] for power, _ in COUNTED.values() if power in asked]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}", [] if access.everywhere else tenants)
        return dict(zip(COUNTED, cursor.fetchone(), strict=True))


def own_pages(request: HttpRequest) -> list[dict[str, Any]]:
    """Returns the entries of the user's menu."""
    factor = {"title": _("Second factor"), "link": reverse("mfa_index")}
    password = {"title": _("Change password"), "link": reverse("admin:password_change")}
    return [factor, password] if _has_password(request) else [factor]


def _has_password(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.has_usable_password() and not settings.KLARK_OIDC_ONLY


def colours(request: HttpRequest) -> str:
    """Returns the address of the colours, which every page loads."""
    return static("klark/colours.css")


def style(request: HttpRequest) -> str:
    """Returns the address of klark's own style sheet, which every page loads."""
    return static("klark/admin.css")


def script(request: HttpRequest) -> str:
    """Returns the address of klark's own script, which every page loads."""
    return static("klark/queue.js")


def reader_script(request: HttpRequest) -> str:
    """Returns the address of the script for the keyboard, for screen readers and for the reader's clock; every page loads it."""
    return static("klark/reader.js")


def icon(request: HttpRequest) -> str:
    """Returns the address of the icon for the browser's tab."""
    return static("klark/favicon.svg")
