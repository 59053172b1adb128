"""What changes at a tenant: topics, moods, articles, and what no topic covers, as docs/trends.md defines them."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from klark.api.csv_files import CSV, Csv
from klark.api.token_access import Scope, token_of
from klark.evidence.trends.table import lines
from klark.evidence.trends.trends import Trends, trends
from klark.models import within
from klark.runtime.csv_lines import csv_file


class TicketSerializer(serializers.Serializer[Any]):
    """A ticket of a signal, by its first draft."""

    day = serializers.DateField()
    ticket_id = serializers.CharField()
    draft = serializers.IntegerField(source="draft_id")


class SignalSerializer(serializers.Serializer[Any]):
    """A topic that rises: so many tickets in so many `days`, and what was expected. `topic`: a key, "" for none, "*" for all;
    `tickets`: some of `peak`, the fullest of these days."""

    topic = serializers.CharField(allow_blank=True)
    days = serializers.IntegerField(source="rise.days")
    count = serializers.IntegerField(source="rise.count")
    expected = serializers.FloatField(source="rise.expected")
    threshold = serializers.FloatField(source="rise.threshold")
    counts = serializers.ListField(child=serializers.IntegerField(), help_text="By day, the newest last.")
    peak = serializers.DateField()
    tickets = TicketSerializer(source="examples", many=True)


class MoodSerializer(serializers.Serializer[Any]):
    """A topic whose customers are upset or angry more often than before, and `chance` if nothing had changed. `topic`: a key, ""
    for none, "*" for all."""

    topic = serializers.CharField(allow_blank=True)
    days = serializers.IntegerField(source="shift.days")
    unhappy_before = serializers.IntegerField(source="shift.before.hits")
    tickets_before = serializers.IntegerField(source="shift.before.of")
    unhappy_now = serializers.IntegerField(source="shift.now.hits")
    tickets_now = serializers.IntegerField(source="shift.now.of")
    chance = serializers.FloatField(source="shift.chance")
    tickets = TicketSerializer(source="examples", many=True)


class FailingSerializer(serializers.Serializer[Any]):
    """An article whose drafts people edit or reject more often than before."""

    article = serializers.IntegerField(source="article_id")
    title = serializers.CharField()
    failed_before = serializers.IntegerField(source="before.hits")
    judged_before = serializers.IntegerField(source="before.of")
    failed = serializers.IntegerField(source="now.hits")
    judged = serializers.IntegerField(source="now.of")
    chance = serializers.FloatField()
    drafts = serializers.ListField(child=serializers.IntegerField(), source="examples")


class UncoveredSerializer(serializers.Serializer[Any]):
    """What many tickets of the last four weeks ask that no topic covers. `article`: the one that their drafts rest on, or 0."""

    name = serializers.CharField()
    words = serializers.ListField(child=serializers.CharField())
    article = serializers.IntegerField(source="article_id")
    count = serializers.IntegerField()
    tickets = TicketSerializer(source="examples", many=True)


class TrendsSerializer(serializers.Serializer[Any]):
    """What changes. `until`: the first day that is not counted; `lacking`: days until there are enough to compare with."""

    until = serializers.DateField()
    lacking = serializers.IntegerField()
    counts = serializers.ListField(child=serializers.IntegerField(), help_text="All tickets by day, the newest last.")
    signals = SignalSerializer(many=True)
    moods = MoodSerializer(many=True)
    failing = FailingSerializer(many=True)
    uncovered = UncoveredSerializer(many=True)


class CurrentTrends(GenericAPIView[Any]):
    """Topics that rise, unhappier customers, failing articles, and what no topic covers, as the page *Trends* has them."""

    scope = Scope.READ
    serializer_class = TrendsSerializer

    def get(self, request: Request) -> Response:
        """Returns what changes now."""
        return Response(self.get_serializer(_trends(request)).data)


class CurrentTrendsAsCsv(GenericAPIView[Any]):
    """Topics that rise, unhappier customers, failing articles, and what no topic covers, one a line."""

    scope = Scope.READ
    serializer_class = TrendsSerializer
    renderer_classes = (Csv,)

    @extend_schema(responses=CSV)
    def get(self, request: Request) -> HttpResponse:
        """Returns the table."""
        return csv_file("trends.csv", lines(_trends(request)))


def _trends(request: Request) -> Trends:
    tenant_id = token_of(request).tenant_id
    with within(tenant_id):
        return trends(tenant_id, timezone.now())
