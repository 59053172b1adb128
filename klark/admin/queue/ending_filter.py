"""A filter of drafts by what became of them in the last weeks, as klark.evidence.outcomes defines it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
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
from klark.admin.evidence.outcome_words import FIGURES
from klark.evidence.kpis import ANSWERS, tickets_of
from klark.evidence.outcomes import (
    Ending,
    Turn,
    answered,
    deflected,
    ending,
    facts_changed,
    handed_over_alone,
    needed_person,
    reopened,
    resolved_alone,
    satisfied,
    values_changed,
)
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


BY_TICKET: Mapping[str, Callable[[Sequence[Turn], datetime], bool | None]] = {
    "resolved_alone": resolved_alone, "deflected": deflected,
    "satisfied": lambda turns, _now: satisfied(turns),
    "satisfied_without": lambda turns, _now: satisfied(turns, with_klark=False),
}  # fmt: skip
"""Figures that count tickets: of each the list has the last draft."""
HANDED_OVER_RIGHTLY = ("handover_precision", "handover_recall")


def _names(turn: Turn, now: datetime) -> Iterator[str]:
    """Yields the names under which a draft is counted: of ENDINGS, COMPARED and FIGURES, and "what:was:now" for what people said
    otherwise."""
    yield ending(turn)
    yield f"answer_{answered(turn)}"
    is_checked = turn.sent_at is not None and turn.checked is not None
    told = {"values_changed": values_changed(turn), "facts_changed": facts_changed(turn), "precision": is_checked,
            "reopened": reopened(turn, now)}  # fmt: skip
    yield from (name for name, one in told.items() if one)
    if handed_over_alone(turn) and needed_person(turn, now):
        yield from HANDED_OVER_RIGHTLY
    yield from (f"{what}:{was}:{said}" for what, was, said in turn.said if was != said)


def _counted(turns: Iterable[Turn], name: str, now: datetime) -> list[int]:
    """Returns the ids of the drafts that are counted under this name."""
    live = [turn for turn in turns if turn.live]
    if name in BY_TICKET:
        return [ticket[-1].draft_id for ticket in tickets_of(live) if BY_TICKET[name](ticket, now)]
    return [turn.draft_id for turn in live if name in _names(turn, now)]


class EndingFilter(SimpleListFilter):
    """A filter by ending. It leaves out drafts that were made anew, and what is older than the page *Outcomes* counts."""

    title = _("outcome")
    parameter_name = "ending"

    def lookups(self, request: HttpRequest, model_admin: "AnyPages[Any]") -> list[tuple[str, Any]]:
        """Returns the endings with their names, what they come to where they were compared, and the figures of the page."""
        return [*ENDINGS.items(), *COMPARED.items(), *FIGURES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Draft]) -> QuerySet[Draft]:
        """Returns the drafts that ended so."""
        chosen = self.value()
        if not chosen:
            return queryset
        tenants = access_of(request).scope(Tenant.objects.all(), Power.SEE, "pk").values_list("pk", flat=True)
        now = timezone.now()
        turns = [turn for tenant in tenants for turn in turns_of(tenant, *last_weeks(tenant, now))]
        return queryset.filter(pk__in=_counted(turns, chosen, now))
