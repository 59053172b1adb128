"""What a program asks klark: what it would do with a question or a ticket (klark.evidence.asking)."""

from typing import Any

from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import Throttled, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from integrations.helpdesks.base import Ticket
from klark.api.problems import Unusable
from klark.api.serializers import Findings, Sentences, why
from klark.api.token_access import Scope, token_of
from klark.delivery.record import sentence_records
from klark.evidence.asking import LONGEST, Busy, Stopped, as_ticket, ask, question
from klark.models import DecisionKind
from klark.trial_files import BadLine

BUSY_S = 10


class QuestionSerializer(serializers.Serializer[Any]):
    """A question in plain text, or a ticket with the keys of docs/try.md."""

    question = serializers.CharField(required=False, max_length=LONGEST)
    ticket = serializers.DictField(required=False, help_text="As a line of the file that `manage.py try` reads.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Reads the ticket into `asked`. Raises ValidationError."""
        if len(attrs) != 1:
            raise ValidationError(gettext("Give a question or a ticket, and not both."))
        return {"asked": _ticket(attrs)}


class AnswerSerializer(serializers.Serializer[Any]):
    """What klark would do, and why."""

    decision = serializers.ChoiceField(choices=DecisionKind.choices)
    reason = serializers.CharField()
    why = serializers.CharField()
    language = serializers.CharField(allow_null=True)
    topic = serializers.CharField()
    priority = serializers.CharField()
    sentiment = serializers.CharField()
    sensitive = serializers.ListField(child=serializers.CharField())
    reply_text = serializers.CharField()
    sentences = Sentences()
    findings = Findings()
    confidence = serializers.FloatField(allow_null=True)
    cost = serializers.FloatField(help_text="In the policy's currency.")
    ms = serializers.IntegerField()


class Ask(GenericAPIView[Any]):
    """What klark would do with a question, under the policy in force: decision, draft, sources, why and cost."""

    scope = Scope.ASK
    serializer_class = QuestionSerializer

    @extend_schema(responses=AnswerSerializer)
    def post(self, request: Request) -> Response:
        """Runs the whole path but its writes; that may take as long as the model takes. 429 where two run already."""
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            asked = ask(token_of(request).tenant_id, given.validated_data["asked"])
        except Stopped as error:
            raise Unusable(gettext("klark is stopped: it drafts nothing until somebody releases it.")) from error
        except Busy as error:
            raise Throttled(BUSY_S) from error
        run, line = asked.run, asked.line
        said = why(run.decided.reason, run.decided.words)
        return Response(AnswerSerializer({**line, "why": said, "sentences": sentence_records(run)}).data)


def _ticket(given: dict[str, Any]) -> Ticket:
    if not given.get("ticket"):
        return question(given.get("question", ""))
    try:
        return as_ticket(given["ticket"])
    except BadLine as error:
        raise ValidationError({"ticket": str(error)}) from error
