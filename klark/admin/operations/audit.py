"""The pages of the audit chain: who did, saw or changed what. Read-only; leads and operators see their tenants'."""

from collections.abc import Mapping
from typing import Any

from django.contrib.admin import DateFieldListFilter
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power
from klark.admin.operations.audit_rows import AuditList, about_words, rows_of
from klark.admin.operations.audit_words import act_words, detail_lines
from klark.admin.operations.log import Log
from klark.admin.unfold_classes import display
from klark.models import AuditEntry, Topic


class AuditPages(Log):
    """Entries of the audit chain. `manage.py audit verify` says whether it is whole."""

    sees = Power.LEAD
    list_display = ("number", "at", "who", "what", "about", "tenant")
    list_filter = ("act", ("at", DateFieldListFilter), "tenant")
    search_fields = ("who__exact", "row__exact")
    search_help_text = _("Who, or the number of what it is about")
    list_select_related = ("tenant", "detail")
    fields = ("tenant", "number", "at", "who", "user_id", "what", "about", "details", "digest", "previous", "link")
    readonly_fields = fields

    @display(description=_("what"), ordering="act")
    def what(self, entry: AuditEntry) -> str:
        """Returns what was done, as closely as the details tell unless they were erased."""
        return act_words(entry, _content(entry))

    def get_changelist(self, request: HttpRequest, **more: Any) -> type[AuditList]:
        """Returns the list that reads what its entries are about at once."""
        return AuditList

    @display(description=_("about"))
    def about(self, entry: AuditEntry) -> str:
        """Returns what it was about by its name, or by its number."""
        known = vars(entry)  # the list has read them all
        row = known["found"] if "found" in known else rows_of([entry]).get((entry.kind, entry.row))
        return about_words(entry, row, _content(entry), known.get("titles", Topic.titles))

    @display(description=_("details"))
    def details(self, entry: AuditEntry) -> str:
        """Returns what the act consisted of, a line each, unless that was erased."""
        detail = getattr(entry, "detail", None)
        lines = detail_lines(entry, detail.content) if detail else [gettext("erased")]
        return "\n".join(lines) or "—"


def _content(entry: AuditEntry) -> Mapping[str, Any]:
    """Returns what the act consisted of; nothing where that was erased."""
    detail = getattr(entry, "detail", None)
    return detail.content if detail else {}
