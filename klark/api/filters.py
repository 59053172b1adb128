"""The query parameters of the lists: by time, ticket, topic and the like. A wrong one is answered 400, an unknown one ignored.

Each field's `source` is the lookup that it stands for.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework import serializers

from klark.models import DecisionKind, Delivery

Row = TypeVar("Row", bound=Model)


class Query(serializers.Serializer[Any]):
    """What a list can be asked for; nothing, unless a subclass says so."""

    @classmethod
    def narrow(cls, rows: QuerySet[Row], given: Mapping[str, Any]) -> QuerySet[Row]:
        """Returns the rows that the parameters ask for. Raises ValidationError."""
        query = cls(data=given)
        query.is_valid(raise_exception=True)
        return rows.filter(**query.validated_data)


def since(column: str) -> serializers.DateTimeField:
    """Returns the parameter for rows from a time on."""
    return serializers.DateTimeField(required=False, source=f"{column}__gte", help_text="From this time on.")


def until(column: str) -> serializers.DateTimeField:
    """Returns the parameter for rows before a time."""
    return serializers.DateTimeField(required=False, source=f"{column}__lt", help_text="Before this time.")


class OfTicket(Query):
    """What every row about a ticket can be asked for."""

    ticket = serializers.CharField(
        required=False, max_length=40, source="ticket_id", help_text="The ticket's number at the helpdesk."
    )
    connection = serializers.UUIDField(
        required=False, source="connection_id", help_text="The helpdesk account's id in klark."
    )


class OfTopic(OfTicket):
    """What decisions and drafts can be asked for."""

    topic = serializers.CharField(required=False, max_length=60, help_text="The topic's key.")


class DecisionQuery(OfTopic):
    """Of decisions."""

    since, until = since("decided_at"), until("decided_at")
    kind = serializers.ChoiceField(choices=DecisionKind.choices, required=False)
    reason = serializers.CharField(required=False, max_length=40)


class DraftQuery(OfTopic):
    """Of drafts."""

    since, until = since("created_at"), until("created_at")
    state = serializers.ChoiceField(choices=Delivery.State.choices, required=False, help_text="Of its last write.")


class OutcomeQuery(OfTopic):
    """Of what became of drafts."""

    since, until = since("created_at"), until("created_at")
    language = serializers.CharField(required=False, max_length=10)


class DeliveryQuery(OfTicket):
    """Of deliveries."""

    since, until = since("created_at"), until("created_at")
    state = serializers.ChoiceField(choices=Delivery.State.choices, required=False)
    kind = serializers.ChoiceField(choices=Delivery.Kind.choices, required=False)
    draft = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1, source="draft_id")


class ArticleQuery(Query):
    """Of articles: current versions alone, unless `current` is false."""

    key = serializers.CharField(required=False, max_length=200)
    language = serializers.CharField(required=False, max_length=10)
    current = serializers.BooleanField(default=True)
