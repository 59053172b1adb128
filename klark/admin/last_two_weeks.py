"""What happened to tickets in the last two weeks, each ticket once: for the overview, and the lists that it links to."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import ModelAdmin as AnyPages
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, TextChoices, Value, When
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power, access_of
from klark.evidence.outcomes import BY_HAND
from klark.models import Decision, DecisionKind, Delivery, Draft, Outcome
from klark.values.day_start import midnight
from klark.values.reasons import Reason

DAYS = 14
NO_TURN = frozenset({
    Reason.OWN_COMMENT, Reason.AGENT_WROTE_LAST, Reason.AGENT_OPENED, Reason.NO_CUSTOMER_COMMENT, Reason.ALREADY_ANSWERED,
    Reason.OLDER_THAN_CONNECTION, Reason.CORRECTION,
})  # fmt: skip
"""Reasons of events that brought nothing new from a customer: echoes of klark's own writes, corrections, what agents did."""
JUDGED = (Outcome.Kind.APPROVED, Outcome.Kind.EDITED, Outcome.Kind.REJECTED)
EACH = "each"
SORTED_IN = "32MB"
"""Memory that the database may sort two weeks' tickets in: a hundred thousand take 10 MB, and its default is 4."""
SENT_REPLIES = {"kind": Delivery.Kind.REPLY, "state": Delivery.State.SENT, "adds": False, "corrects": False}


class Became(TextChoices):
    """What became of a ticket."""

    ALONE = "alone", _("answered without a person")
    APPROVED = "approved", _("answered after approval")
    UNSENT = "unsent", _("drafted, but no reply was sent")
    NOTE = "note", _("internal note")
    HANDED_OVER = "handed_over", _("handed over to a person")
    LEFT_ALONE = "left_alone", _("left alone")


def began() -> datetime:
    """Returns the midnight at which the two weeks up to today began, in the reader's time zone."""
    return midnight(timezone.localtime()) - timedelta(days=DAYS - 1)


def tickets(decisions: QuerySet[Decision]) -> QuerySet[Any]:
    """Returns one decision for each ticket of the two weeks, annotated with what it `became`: the last one, but a skip only
    where there is nothing else."""
    return decisions.filter(pk__in=_last(decisions).values("pk")).annotate(became=_became())


def counted(decisions: QuerySet[Decision]) -> dict[tuple[int, date, str], int]:
    """Returns how many tickets of the two weeks became what, by the tenant and the day of that decision. The database counts them
    as it comes to them: to look each up again, as a queryset does, takes it three times as long."""
    named = _last(decisions).annotate(became=_became(), day=TruncDate("decided_at"))
    each = named.values_list("tenant_id", "day", "became")
    try:
        sql, values = each.query.sql_with_params()
    except EmptyResultSet:  # whoever asks belongs to no tenant
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', %s, true)", [SORTED_IN])
        each_day = f"SELECT tenant_id, day, became, count(*) FROM ({sql}) AS ticket GROUP BY 1, 2, 3"  # noqa: S608  # Django's
        cursor.execute(each_day, values)
        return {(tenant, day, became): count for tenant, day, became, count in cursor.fetchall()}


def _last(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    skipped = Case(When(kind=DecisionKind.SKIP, then=1), default=0)
    ours = decisions.filter(decided_at__gte=began()).exclude(reason__in=NO_TURN)
    return ours.order_by("ticket_id", "connection", skipped, "-decided_at").distinct("ticket_id", "connection")


def _became() -> Case:
    """Returns what a decision came to. A reply to one of the two weeks was sent within them."""
    return Case(
        When(kind=DecisionKind.SKIP, then=Value(Became.LEFT_ALONE)),
        When(kind=DecisionKind.ESCALATE, then=Value(Became.HANDED_OVER)),
        When(kind=DecisionKind.NOTE, then=Value(Became.NOTE)),
        When(handed_over_by_hand(), then=Value(Became.HANDED_OVER)),
        When(~Q(draft__in=sent(Delivery.objects.all()).values("draft")), then=Value(Became.UNSENT)),
        When(kind=DecisionKind.REPLY, then=Value(Became.ALONE)),
        default=Value(Became.APPROVED),
    )


def handed_over_by_hand() -> Q:
    """Returns the condition for a decision whose draft a reviewer left to a person (or nobody decided on in time) with a note on
    the ticket; a draft that was rejected without a word hands nothing over."""
    notes = Delivery.objects.filter(draft=OuterRef("draft"), kind=Delivery.Kind.HANDOVER)
    left = Outcome.objects.filter(kind__in=BY_HAND, at__gte=began()).values("draft")
    return Q(draft__in=left) & Q(Exists(notes.exclude(state=Delivery.State.RETIRED)))


def judged(outcomes: QuerySet[Outcome]) -> QuerySet[Outcome]:
    """Returns what people decided on drafts in the two weeks."""
    return outcomes.filter(at__gte=began(), kind__in=JUDGED)


def sent(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Returns the replies that were sent in the two weeks."""
    return deliveries.filter(**SENT_REPLIES, ended_at__gte=began())


class BecameFilter(SimpleListFilter):
    """A filter of decisions: the tickets of the two weeks, each once, by what became of them."""

    title = _("tickets of the last 14 days")
    parameter_name = "became"

    def lookups(self, request: HttpRequest, model_admin: "AnyPages[Any]") -> list[tuple[str, Any]]:
        """Returns what a ticket may become, and "each"."""
        return [*Became.choices, (EACH, _("each ticket once"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Decision]) -> QuerySet[Decision]:
        """Returns the decisions of these tickets."""
        if not self.value():
            return queryset
        found = tickets(access_of(request).scope(Decision.objects.all(), Power.SEE))
        wanted = found if self.value() == EACH else found.filter(became=self.value())
        return queryset.filter(pk__in=wanted.values("pk"))


class JudgedFilter(SimpleListFilter):
    """A filter of drafts: those that people decided on in the two weeks, or whose reply was sent then."""

    title = _("what people did in the last 14 days")
    parameter_name = "judged"

    def lookups(self, request: HttpRequest, model_admin: "AnyPages[Any]") -> list[tuple[str, Any]]:
        """Returns what people decide, and that a reply was sent."""
        return [*((kind.value, kind.label) for kind in JUDGED), ("sent", _("reply sent"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Draft]) -> QuerySet[Draft]:
        """Returns these drafts."""
        if not self.value():
            return queryset
        if self.value() == "sent":
            return queryset.filter(pk__in=sent(Delivery.objects.all()).values("draft"))
        return queryset.filter(pk__in=judged(Outcome.objects.all()).filter(kind=self.value()).values("draft"))
