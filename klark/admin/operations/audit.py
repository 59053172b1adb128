"""The pages of the audit chain: who did, saw or changed what. Read-only; leads and operators see their tenants'."""

from django.apps import apps
from django.contrib.admin import DateFieldListFilter
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power
from klark.admin.operations.audit_words import act_words, detail_lines
from klark.admin.operations.log import Log
from klark.admin.unfold_classes import display
from klark.models import AuditEntry


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
        detail = getattr(entry, "detail", None)
        return act_words(entry, detail.content if detail else {})

    @display(description=_("about"))
    def about(self, entry: AuditEntry) -> str:
        """Returns the kind of row and its number; the row itself may be gone."""
        names = {model._meta.model_name: model._meta.verbose_name for model in apps.get_models()}
        return f"{capfirst(str(names.get(entry.kind, entry.kind)))} {entry.row}" if entry.kind else "—"

    @display(description=_("details"))
    def details(self, entry: AuditEntry) -> str:
        """Returns what the act consisted of, a line each, unless that was erased."""
        detail = getattr(entry, "detail", None)
        lines = detail_lines(entry, detail.content) if detail else [gettext("erased")]
        return "\n".join(lines) or "—"
