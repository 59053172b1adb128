"""Reading a tenant's rows: each list is paged by a cursor, newest first, and every query starts from the token's tenant."""

import re
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.exceptions import NotFound
from rest_framework.generics import RetrieveAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from klark.api import filters, serializers
from klark.api.token_access import Scope, token_of
from klark.models import (
    Article,
    AuditAct,
    Decision,
    Delivery,
    Draft,
    Owned,
    Policy,
    Topic,
    policy_in_force,
    record,
    within,
)
from klark.models.delivery import NO_COMMENT

KEY = re.compile(r"\d{1,18}")
LARGE = ("record", "reply_text", "sentences", "findings")
"""Columns of drafts that no list shows."""


class Pages(CursorPagination):
    """A page of at most 200 rows, newest first. `next` is the address of the page after it."""

    ordering = "-pk"
    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200

    def decode_cursor(self, request: Request) -> Any:
        """Returns the place that the query names; raises NotFound for one that no page of klark's has."""
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None and not KEY.fullmatch(str(cursor.position)):
            raise NotFound(self.invalid_cursor_message)
        return cursor


class TenantRows(ReadOnlyModelViewSet[Any]):
    """A list and its rows. Whoever opens a row with a ticket's content, which `audited` says, has seen it."""

    scope = Scope.READ
    pagination_class = Pages
    lookup_value_regex = r"\d{1,18}"
    query: type[filters.Query] = filters.Query
    audited = False
    rows: type[Owned]

    def get_queryset(self) -> QuerySet[Any]:
        """Returns the rows that the token may see."""
        return self.rows.of(token_of(self.request).tenant_id)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Returns those that the query asks for; a single row is asked for by its id alone."""
        if self.action != "list":
            return queryset
        return self.query.narrow(queryset, self.request.query_params)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of rows, newest first. `next` is the address of the page after it, null on the last."""
        with within(token_of(request).tenant_id):
            return super().list(request, *args, **kwargs)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One row. That a decision, a draft or a delivery was seen is added to the audit chain."""
        token = token_of(request)
        with within(token.tenant_id):
            row = self.get_object()
            answer = Response(self.get_serializer(row).data)
            if self.audited:
                record(token.tenant_id, token.actor, AuditAct.SAW, row)
        return answer


@extend_schema_view(list=extend_schema(parameters=[filters.DecisionQuery]))
class Decisions(TenantRows):
    """Decisions: one for each event, whether or not there is a draft."""

    rows, query, audited, serializer_class = Decision, filters.DecisionQuery, True, serializers.DecisionSerializer

    def get_queryset(self) -> Any:
        """Adds the policy, whose version is shown."""
        return super().get_queryset().select_related("policy")


@extend_schema_view(list=extend_schema(parameters=[filters.DraftQuery]))
class Drafts(TenantRows):
    """Drafts. The list leaves out their texts; a draft by its id has them, with sentences, sources and findings."""

    rows, query, audited = Draft, filters.DraftQuery, True

    def get_queryset(self) -> QuerySet[Any]:
        """Adds the state of the last write, as the queue shows it."""
        comments = Delivery.objects.exclude(kind__in=NO_COMMENT)
        last = comments.filter(draft=OuterRef("pk")).order_by("-created_at", "-pk")
        drafts: QuerySet[Any] = super().get_queryset().annotate(state=Subquery(last.values("state")[:1]))
        return drafts.defer(*LARGE) if self.action == "list" else drafts.defer("record")

    def get_serializer_class(self) -> type[serializers.DraftSerializer]:
        """Returns the serializer of a list's row, or of a draft with all it has."""
        return serializers.DraftSerializer if self.action == "list" else serializers.WholeDraftSerializer


@extend_schema_view(list=extend_schema(parameters=[filters.DeliveryQuery]))
class Deliveries(TenantRows):
    """Writes to tickets: what was written, what is due, and what is parked with its trouble. The list leaves out their texts."""

    rows, query, audited = Delivery, filters.DeliveryQuery, True

    def get_serializer_class(self) -> type[serializers.DeliverySerializer]:
        """Returns the serializer of a list's row, or of a write with what it says."""
        return serializers.DeliverySerializer if self.action == "list" else serializers.WholeDeliverySerializer


class Topics(TenantRows):
    """The tenant's topics."""

    rows, serializer_class = Topic, serializers.TopicSerializer


@extend_schema_view(list=extend_schema(parameters=[filters.ArticleQuery]))
class Articles(TenantRows):
    """The tenant's knowledge: the current version of each article."""

    rows, query, serializer_class = Article, filters.ArticleQuery, serializers.ArticleSerializer


class PolicyInForce(RetrieveAPIView[Policy]):
    """The policy that is in force."""

    scope = Scope.READ
    serializer_class = serializers.PolicySerializer

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Returns the newest version; 404 where the tenant has none, and klark's careful defaults hold."""
        with within(token_of(request).tenant_id):
            policy = policy_in_force(token_of(request).tenant_id)
            if policy is None:
                raise Http404
            return Response(self.get_serializer(policy).data)
