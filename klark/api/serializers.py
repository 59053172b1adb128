"""What the API shows of each kind of row. Money is text, so that no decimal place is lost; times are in UTC."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from klark.delivery.reason_words import kept_words
from klark.models import Article, Decision, Delivery, Draft, Outcome, Policy, Topic, rules_of
from klark.values.policy.plain_rules import as_plain
from klark.values.reasons import Reason


def why(reason: str, words: str) -> str:
    """Returns a decision's reason in a sentence, with what was stored beside it; an unknown one, of a later klark, as it is."""
    title = Reason(reason).title("en") if reason in Reason.__members__.values() else reason
    return ": ".join(each for each in (title, kept_words(reason, words, "en")) if each)


SOURCE: dict[str, Any] = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("article", "title", "url", "text")}
    | {"version": {"type": "integer"}},
}
SENTENCES: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "text": {"type": "string"},
            "state": {"type": "string"},
            "sources": {"type": "array", "items": SOURCE},
        },
    },
}
FINDINGS: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {name: {"type": "string"} for name in ("id", "level", "why")},
    },
}


@extend_schema_field(SENTENCES)
class Sentences(serializers.JSONField):
    """The sentences of a draft, each with what it rests on."""


@extend_schema_field(FINDINGS)
class Findings(serializers.JSONField):
    """What the checks found in a draft."""


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    """What klark decided on one event, and why."""

    why = serializers.SerializerMethodField()
    policy = serializers.IntegerField(source="policy.version", default=None, read_only=True)

    class Meta:
        model = Decision
        fields = (
            "id", "ticket_id", "connection", "kind", "reason", "why", "topic", "language", "draft", "policy",
            "milliseconds", "decided_at",
        )  # fmt: skip

    def get_why(self, decision: Decision) -> str:
        """Returns the reason in a sentence, with what was stored beside it."""
        return why(decision.reason, decision.words)


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """One write to a ticket as the list has it, and where it stands."""

    class Meta:
        model = Delivery
        fields: tuple[str, ...] = (
            "id", "draft", "ticket_id", "connection", "kind", "state", "tags", "trouble", "comment_id", "created_at",
            "ended_at", "taken_by", "snoozed_until",
        )  # fmt: skip


class WholeDeliverySerializer(DeliverySerializer):
    """One write with what it says."""

    class Meta(DeliverySerializer.Meta):
        fields = (*DeliverySerializer.Meta.fields, "text")


class OutcomeSerializer(serializers.ModelSerializer[Outcome]):
    """What somebody did with a draft afterwards."""

    class Meta:
        model = Outcome
        fields = ("kind", "by", "reason", "text", "at")


class DraftSerializer(serializers.ModelSerializer[Draft]):
    """A draft as the list has it. `state` is that of its last write: waiting, due, sending, sent, retired or parked."""

    state = serializers.ChoiceField(choices=Delivery.State.choices, read_only=True, allow_null=True)

    class Meta:
        model = Draft
        fields: tuple[str, ...] = (
            "id", "ticket_id", "connection", "state", "subject", "requester", "language", "topic", "confidence",
            "model", "tokens_in", "tokens_out", "cost", "customer_wrote_at", "created_at",
        )  # fmt: skip


class WholeDraftSerializer(DraftSerializer):
    """A draft with its text, its evidence, and what became of it."""

    sentences = Sentences(read_only=True)
    findings = Findings(read_only=True)
    deliveries = WholeDeliverySerializer(many=True, read_only=True)
    outcomes = OutcomeSerializer(many=True, read_only=True)
    decisions = DecisionSerializer(many=True, read_only=True)

    class Meta(DraftSerializer.Meta):
        fields = (
            *DraftSerializer.Meta.fields, "reply_text", "instruction", "sentences", "findings", "decisions", "deliveries",
            "outcomes",
        )  # fmt: skip


class TopicSerializer(serializers.ModelSerializer[Topic]):
    """A subject of tickets, in the tenant's own words."""

    class Meta:
        model = Topic
        fields = ("id", "key", "name", "description", "words")


class PolicySerializer(serializers.ModelSerializer[Policy]):
    """The policy in force. `rules` has its fields as a policy's file has them (docs/policy.md)."""

    rules = serializers.SerializerMethodField()

    class Meta:
        model = Policy
        fields = ("version", "created_at", "rules")

    def get_rules(self, policy: Policy) -> dict[str, Any]:
        """Returns the rules by field, without any key."""
        return as_plain(rules_of(policy))


class ArticleSerializer(serializers.ModelSerializer[Article]):
    """One version of an article. `id` changes with each version, `source` and `key` do not."""

    class Meta:
        model = Article
        fields = (
            "id", "source", "key", "version", "current", "title", "body_html", "language", "url", "brand", "audience",
            "valid_from", "valid_until", "warning", "created_at", "updated_at", "added_at",
        )  # fmt: skip
