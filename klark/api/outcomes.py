"""What became of drafts, and the figures on it, as klark.evidence.outcomes defines them."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from klark.api import filters
from klark.api.csv_files import CSV, Csv, RowsAsCsv
from klark.api.reading import TenantRows
from klark.api.token_access import Scope, token_of
from klark.evidence.figures_table import HEAD, lines
from klark.evidence.kept_figures import figures_of
from klark.evidence.kpis import ANSWERS
from klark.evidence.outcomes import (
    DEFINITIONS,
    Ending,
    Turn,
    answered,
    ending,
    facts_changed,
    sent_alone,
    values_changed,
)
from klark.evidence.turns import answering, read_turns
from klark.models import ApiToken, CountedOutcomes, Draft, within
from klark.runtime.csv_lines import csv_file

PLAIN = (
    "topic", "language", "desk", "week", "live", "cost", "drafted_at", "edit_kept", "sent_at", "agent_at", "agent_kept",
    "reopened_at", "is_over", "satisfaction", "read_at",
)  # fmt: skip


class TurnSerializer(serializers.Serializer[Turn]):
    """What became of one draft. Nothing is guessed: null is what nobody saw."""

    draft = serializers.IntegerField(source="draft_id")
    connection = serializers.UUIDField()
    ticket_id = serializers.CharField()
    topic = serializers.CharField()
    language = serializers.CharField()
    desk = serializers.CharField()
    week = serializers.DateField(help_text="The Monday of its week, in the tenant's time zone.")
    live = serializers.BooleanField(help_text="It was not drafted anew.")
    cost = serializers.DecimalField(max_digits=12, decimal_places=6)
    drafted_at = serializers.DateTimeField()
    ending = serializers.ChoiceField(choices=[each.value for each in Ending])
    sent_at = serializers.DateTimeField(allow_null=True)
    sent_alone = serializers.BooleanField()
    edit_kept = serializers.FloatField(allow_null=True)
    sentences_held = serializers.IntegerField(allow_null=True)
    sentences = serializers.IntegerField(allow_null=True)
    agent_at = serializers.DateTimeField(allow_null=True)
    agent_kept = serializers.FloatField(allow_null=True)
    answer_compared = serializers.ChoiceField(choices=[each.value for each in ANSWERS.values()], allow_null=True)
    values_changed = serializers.BooleanField(allow_null=True)
    facts_changed = serializers.BooleanField(allow_null=True)
    reopened_at = serializers.DateTimeField(allow_null=True)
    is_over = serializers.BooleanField(allow_null=True)
    satisfaction = serializers.CharField(allow_blank=True)
    read_at = serializers.DateTimeField(allow_null=True)
    definitions = serializers.IntegerField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Adds what the definitions say of it."""
        connection, ticket = instance.ticket
        held, of = instance.checked or (None, None)
        told: Any = {
            **{name: getattr(instance, name) for name in PLAIN},
            "draft_id": instance.draft_id, "connection": connection, "ticket_id": ticket, "ending": ending(instance),
            "sent_alone": sent_alone(instance), "sentences_held": held, "sentences": of, "definitions": DEFINITIONS,
            "answer_compared": answered(instance), "values_changed": values_changed(instance),
            "facts_changed": facts_changed(instance),
        }  # fmt: skip
        return super().to_representation(told)


def _turns(token: ApiToken, drafts: QuerySet[Any]) -> list[Turn]:
    return read_turns(token.tenant_id, drafts)


@extend_schema_view(list=extend_schema(parameters=[filters.OutcomeQuery]))
class Outcomes(TenantRows):
    """What became of drafts: one for each."""

    rows, query, serializer_class = Draft, filters.OutcomeQuery, TurnSerializer

    def get_queryset(self) -> QuerySet[Any]:
        """Leaves corrections out: nobody wrote what they answer."""
        return answering(token_of(self.request).tenant_id).only("pk")

    def paginate_queryset(self, queryset: Any) -> Any:
        """Reads what became of the drafts of a page."""
        page = super().paginate_queryset(queryset) or []
        drafts = Draft.of(token_of(self.request).tenant_id).filter(pk__in=[draft.pk for draft in page])
        return _turns(token_of(self.request), drafts)[::-1]

    def get_object(self) -> Turn:
        """Reads what became of the draft."""
        draft = super().get_object()
        return _turns(token_of(self.request), Draft.of(draft.tenant_id).filter(pk=draft.pk))[0]


class OutcomesAsCsv(RowsAsCsv):
    """What became of all drafts that the query asks for, as a table: the oldest first."""

    serializer_class = TurnSerializer
    query, filename = filters.OutcomeQuery, "outcomes.csv"

    def rows(self, token: ApiToken) -> QuerySet[Any]:
        """Leaves corrections out."""
        return answering(token.tenant_id)

    def shown(self, token: ApiToken, rows: QuerySet[Any]) -> Any:
        """Reads what became of a batch."""
        return self.get_serializer(_turns(token, rows), many=True)

    @extend_schema(parameters=[filters.OutcomeQuery], responses=CSV)
    def get(self, request: Request) -> StreamingHttpResponse:
        """Streams the table, batch by batch, each in a transaction of its own."""
        return self.stream(request)


class CountedSerializer(serializers.ModelSerializer[CountedOutcomes]):
    """Figures of some weeks: with `all`, `topic`, `language`, `desk`, `week` and `confusions` those of the last thirteen, else of
    one. `docs/evidence.md` defines each."""

    figures = serializers.DictField()

    class Meta:
        model = CountedOutcomes
        fields = ("since", "weeks", "definitions", "counted_at", "figures")


class Figures(GenericAPIView[Any]):
    """The figures on outcomes of the last thirteen weeks, as the page *Outcomes* has them."""

    scope = Scope.READ
    serializer_class = CountedSerializer

    def get(self, request: Request) -> Response:
        """Counts them; where there are many drafts, they are counted once an hour."""
        return Response(self.get_serializer(_counted(request)).data)


class KeptWeeks(TenantRows):
    """The figures of weeks that were counted for good, by the definitions of then."""

    rows, serializer_class = CountedOutcomes, CountedSerializer

    def get_queryset(self) -> QuerySet[Any]:
        """Leaves out what is counted again and again."""
        return super().get_queryset().filter(weeks=1)


class FiguresAsCsv(GenericAPIView[Any]):
    """The figures on outcomes of the last thirteen weeks, one a line."""

    scope = Scope.READ
    serializer_class = CountedSerializer
    renderer_classes = (Csv,)

    @extend_schema(responses=CSV)
    def get(self, request: Request) -> HttpResponse:
        """Returns the table."""
        return csv_file("figures.csv", [HEAD, *lines(_counted(request).figures)])


def _counted(request: Request) -> CountedOutcomes:
    tenant_id = token_of(request).tenant_id
    with within(tenant_id):
        return figures_of(tenant_id, timezone.now())
