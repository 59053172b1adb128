"""Tables as CSV, for spreadsheets: rows are streamed batch by batch, each in a transaction of its own."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer

from klark.api import filters
from klark.api.serializers import DecisionSerializer
from klark.api.token_access import Scope, token_of
from klark.models import ApiToken, Decision, within
from klark.models.base import AT_ONCE
from klark.runtime.csv_lines import csv_headers, line

CSV = {(200, "text/csv"): OpenApiTypes.STR}


class Csv(JSONRenderer):
    """Lets a client ask for text/csv, which the view writes itself; an error is JSON all the same."""

    media_type = "text/csv"


class RowsAsCsv(GenericAPIView[Any]):
    """All rows that the query asks for, as a table: the oldest first."""

    scope = Scope.READ
    renderer_classes = (Csv,)
    query: type[filters.Query]
    filename: str

    def rows(self, token: ApiToken) -> QuerySet[Any]:
        """Returns the rows that the token may see."""
        raise NotImplementedError

    def shown(self, token: ApiToken, rows: QuerySet[Any]) -> BaseSerializer[Any]:
        """Returns the serializer of a batch of them, in their order."""
        return self.get_serializer(rows, many=True)

    def stream(self, request: Request) -> StreamingHttpResponse:
        """Answers with the table."""
        token = token_of(request)
        rows = self.query.narrow(self.rows(token), request.query_params)
        return StreamingHttpResponse(self._lines(token, rows), headers=csv_headers(self.filename))

    def _lines(self, token: ApiToken, rows: QuerySet[Any]) -> Iterator[str]:
        """Yields the table. It ends early where the token is revoked or expires meanwhile."""
        head: Any = self.get_serializer()
        columns = list(head.fields)
        yield line(columns)
        last = 0
        while True:
            with within(token.tenant_id):
                if not token.is_good():
                    return
                keys = list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
                shown = self.shown(token, rows.filter(pk__in=keys).order_by("pk")).data
            if not keys:
                return
            yield "".join(line([each[name] for name in columns]) for each in shown)
            last = keys[-1]


class DecisionsAsCsv(RowsAsCsv):
    """All decisions that the query asks for, as a table: the oldest first."""

    serializer_class = DecisionSerializer
    query, filename = filters.DecisionQuery, "decisions.csv"

    def rows(self, token: ApiToken) -> QuerySet[Any]:
        """Adds the policy, whose version is shown."""
        return Decision.of(token.tenant_id).select_related("policy")

    @extend_schema(parameters=[filters.DecisionQuery], responses=CSV)
    def get(self, request: Request) -> StreamingHttpResponse:
        """Streams the table, batch by batch, each in a transaction of its own."""
        return self.stream(request)
