"""A filter of drafts by what became of them in the last weeks, as klark.evidence.outcomes defines it."""

from collections.abc import Mapping
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import ModelAdmin as AnyPages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from klark.admin.access import Power, access_of
from klark.evidence.kpis import ANSWERS
from klark.evidence.outcomes import Ending, Turn, answered, ending, facts_changed, values_changed
from klark.evidence.turns import last_weeks, turns_of
from klark.models import Draft, Tenant

ENDINGS: Mapping[str, Any] = {
    Ending.UNCHANGED: _("sent unchanged"),
    Ending.EDITED: _("edited and sent"),
    Ending.REJECTED: _("rejected"),
    Ending.HANDED_OVER: _("handed over"),
    Ending.COPIED: _("copied by a colleague"),
    Ending.OTHER_WORDS: _("answered in other words"),
    Ending.IGNORED: _("ignored"),
    Ending.OPEN: _("still open"),
    Ending.UNKNOWN: _("not known"),
}


COLON = pgettext_lazy("after a label", ":")
COMPARED: Mapping[str, Any] = {
    **{name: format_lazy("{}{} {}", ENDINGS[Ending.OTHER_WORDS], COLON, each.label) for name, each in ANSWERS.items()},
    "values_changed": _("edited: a number, date, link or address changed"),
    "facts_changed": _("edited: a fact changed or added"),
}  # fmt: skip
"""How what people wrote instead compares with the draft."""


def _names(turn: Turn) -> frozenset[str]:
    """Returns the names of ENDINGS and COMPARED that a draft belongs to."""
    told = {"values_changed": values_changed(turn), "facts_changed": facts_changed(turn)}
    return frozenset({ending(turn), f"answer_{answered(turn)}", *(name for name, one in told.items() if one)})


class EndingFilter(SimpleListFilter):
    """A filter by ending. It leaves out drafts that were made anew, and what is older than the page *Outcomes* counts."""

    title = _("outcome")
    parameter_name = "ending"

    def lookups(self, request: HttpRequest, model_admin: "AnyPages[Any]") -> list[tuple[str, Any]]:
        """Returns the endings with their names, and what they come to where they were compared."""
        return [*ENDINGS.items(), *COMPARED.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Draft]) -> QuerySet[Draft]:
        """Returns the drafts that ended so."""
        chosen = self.value()
        if not chosen:
            return queryset
        tenants = access_of(request).scope(Tenant.objects.all(), Power.SEE, "pk").values_list("pk", flat=True)
        turns = (turn for tenant in tenants for turn in turns_of(tenant, *last_weeks(tenant, timezone.now())))
        return queryset.filter(pk__in=[turn.draft_id for turn in turns if turn.live and chosen in _names(turn)])
