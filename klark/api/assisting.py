"""Help with a draft's ticket for a program: the thread summed up, the draft reworded, a text translated. The model's bill counts
in the tenant's budget; the same request again is answered from what was kept, and costs nothing."""

from collections.abc import Mapping
from typing import Any, get_args

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from guardrails.base import State
from klark.api.problems import Unusable
from klark.api.serializers import Findings, Sentences
from klark.api.token_access import Scope, token_of
from klark.assistance.no_assistance import Busy, NoAssistance, place
from klark.assistance.quoted_summary import Kind
from klark.assistance.recorded_turn import RecordedTurn, recorded_turn
from klark.assistance.summary import Why, summary_of
from klark.assistance.thread import text_of
from klark.assistance.translation import LONGEST, translated
from klark.assistance.variants import LONGEST as LONGEST_DRAFT
from klark.assistance.variants import OFFER, WISHES, variant_of
from klark.models import AuditAct, Draft, record, within

BUSY_S = 10
LANGUAGE = r"^[a-z]{2}$"
Given = Mapping[str, Any]


class LanguageSerializer(serializers.Serializer[Any]):
    """In which language."""

    language = serializers.RegexField(
        LANGUAGE, required=False, default="", help_text="ISO 639-1. Left out, it is the policy's first language."
    )


class MessageSerializer(serializers.Serializer[Any]):
    """A message of the thread: its number there, from 1, and the helpdesk's id of the comment."""

    number = serializers.IntegerField()
    id = serializers.CharField()


class PointSerializer(serializers.Serializer[Any]):
    """A point of a summary, with the messages that it rests on."""

    kind = serializers.ChoiceField(choices=get_args(Kind))
    text = serializers.CharField()
    state = serializers.ChoiceField(choices=get_args(State))
    messages = MessageSerializer(many=True)


class DroppedSerializer(serializers.Serializer[Any]):
    """A point that was left out, and why."""

    text = serializers.CharField()
    why = serializers.ChoiceField(choices=get_args(Why))


class SummarySerializer(serializers.Serializer[Any]):
    """A summary of the thread. `quoted`: sentences of the thread, since no model wrote it, and `trouble` says why."""

    points = PointSerializer(many=True)
    dropped = serializers.SerializerMethodField()
    quoted = serializers.BooleanField()
    trouble = serializers.CharField()
    whole = serializers.BooleanField(
        allow_null=True, help_text="Whether a judge says that nothing open is missing; null if none has said."
    )

    @extend_schema_field(DroppedSerializer(many=True))
    def get_dropped(self, summary: Any) -> list[dict[str, str]]:
        """Returns what was left out."""
        return [{"text": text, "why": why} for text, why in summary.dropped]


class RewordableSerializer(serializers.Serializer[Any]):
    """How the draft should be worded."""

    wish = serializers.ChoiceField(choices=[*WISHES, OFFER])
    offer = serializers.CharField(
        required=False, default="", max_length=100, help_text="With the wish `offer`: the name of one of the policy's."
    )
    text = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=LONGEST_DRAFT, trim_whitespace=False,
        help_text="The reply as it is now. Left out, it is klark's draft.",
    )  # fmt: skip


class VariantSerializer(serializers.Serializer[Any]):
    """A reworded draft, judged and checked as a draft is. `text` is the whole letter, or "" if a check found what no customer
    must be shown; `left_out` the sentences that the judge denied."""

    wish = serializers.ChoiceField(choices=[*WISHES, OFFER])
    text = serializers.CharField()
    sentences = Sentences()
    findings = Findings()
    left_out = serializers.ListField(child=serializers.CharField())


class TranslatableSerializer(serializers.Serializer[Any]):
    """What to translate: a `text` that is written to the customer, or a `message` of the thread."""

    language = serializers.RegexField(LANGUAGE, help_text="Into which language: ISO 639-1.")
    text = serializers.CharField(required=False, default="", max_length=LONGEST, trim_whitespace=False)
    message = serializers.IntegerField(
        required=False,
        default=0,
        min_value=0,
        help_text="Its number in the thread, from 1. Left out: what waits for an answer.",
    )


class TranslationSerializer(serializers.Serializer[Any]):
    """A translation beside its original. `checked`: a judge whose word counts finds that both say the same; values are
    compared by code in any case."""

    original = serializers.CharField()
    text = serializers.CharField()
    source_language = serializers.CharField(source="source")
    language = serializers.CharField(source="target")
    checked = serializers.BooleanField()


class Help(GenericAPIView[Draft]):
    """Help with the ticket of one draft, as it was when klark read it for the draft."""

    scope = Scope.ASSIST

    def helped(self, request: Request, pk: int) -> Response:
        """Returns the help. It may take as long as two requests to a model; 429 where as many run already."""
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            with place():
                return Response(self.help(_turn(request, pk), given.validated_data))
        except Busy as error:
            raise Throttled(BUSY_S) from error
        except NoAssistance as error:
            raise Unusable(error.whole) from error

    def help(self, turn: RecordedTurn, given: Given) -> Any:
        """Returns the body of the answer. Raises NoAssistance."""
        raise NotImplementedError


def _turn(request: Request, pk: int) -> RecordedTurn:
    """Returns what the draft was made from; that it was seen is added to the audit chain."""
    token = token_of(request)
    with within(token.tenant_id):
        draft = get_object_or_404(Draft.of(token.tenant_id).select_related("connection"), pk=pk)
        turn = recorded_turn(draft)
        record(token.tenant_id, token.actor, AuditAct.SAW, draft)
    return turn


class Summarize(Help):
    """What the customer asked, what was done, what was promised, and what is open: each point with the messages it rests on."""

    serializer_class = LanguageSerializer

    @extend_schema(responses=SummarySerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Sums up a thread of five messages or more. Without a model, sentences of the thread are quoted."""
        return self.helped(request, pk)

    def help(self, turn: RecordedTurn, given: Given) -> Any:
        """Returns the summary."""
        return SummarySerializer(summary_of(turn, given["language"])).data


class Reword(Help):
    """The draft reworded: shorter, warmer, more formal, less formal, simpler, or with an offer of the policy. Nothing is sent:
    approve the text you choose."""

    serializer_class = RewordableSerializer

    @extend_schema(responses=VariantSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Rewords; 422 without a model."""
        return self.helped(request, pk)

    def help(self, turn: RecordedTurn, given: Given) -> Any:
        """Returns the variant."""
        text = given["text"].strip() or turn.letter
        return VariantSerializer(variant_of(turn, given["wish"], text, given["offer"])).data


class Translate(Help):
    """A message of the customer's, or a text for the customer, in another language."""

    serializer_class = TranslatableSerializer

    @extend_schema(responses=TranslationSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Translates; 422 without a model, and for a translation that fails its check, with the reason."""
        return self.helped(request, pk)

    def help(self, turn: RecordedTurn, given: Given) -> Any:
        """Returns the translation."""
        text = given["text"] or text_of(turn.ticket, given["message"])
        return TranslationSerializer(translated(turn, text, given["language"], from_customer=not given["text"])).data
