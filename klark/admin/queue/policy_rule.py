"""Which rule of a policy decided, in words that a service lead understands."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from klark.admin.choice_labels import labelled
from klark.admin.policy.changes import place_words, value_words
from klark.models import Decision, Topic
from klark.values.policy.differences import Path
from klark.values.policy.plain_rules import as_plain
from klark.values.reasons import Reason

RULES: Mapping[str, tuple[str, ...]] = {
    Reason.POLICY_OFF: ("mode",),
    Reason.NOTE_BY_POLICY: ("mode",),
    Reason.QUEUE_BY_POLICY: ("mode",),
    Reason.READY: ("mode",),
    Reason.NOT_YET_EARNED: ("autonomy", "autonomy_bar"),
    Reason.LOW_CONFIDENCE: ("minimum_confidence",),
    Reason.BLOCKED_BY_GUARD: ("tolerate_note",),
    Reason.SENSITIVE: ("dial",),
    Reason.PERHAPS_SENSITIVE: ("dial",),
    Reason.UNSUPPORTED_LANGUAGE: ("languages",),
    Reason.THIRD_PARTY_IN_COPY: ("reply_with_third_party",),
    Reason.LED_BY_PERSON: ("reply_when_led",),
    Reason.SECTIONS_ONLY: ("public_sections",),
    Reason.SECTIONS_BY_POLICY: ("public_sections",),
    Reason.EXCLUDED_IN_COPY: ("excluded_senders",),
    Reason.EXCLUDED_SENDER: ("excluded_senders",),
    Reason.EXCLUDED_TAG: ("excluded_tags",),
    Reason.EXCLUDED_CHANNEL: ("excluded_channels",),
    Reason.BUDGET_SPENT: ("budget_day", "budget_month"),
    Reason.FLOOD_TICKET: ("runs_per_ticket",),
    Reason.FLOOD_REQUESTER: ("runs_per_requester",),
}
"""The fields of a policy that a reason comes from. The others are klark's own, and no policy changes them."""
HELD: Mapping[str, str] = {"NOTE": "tolerate_queue", "WAIT": "tolerate_reply"}


def rule_words(decision: Decision) -> str:
    """Returns the rule as in "Mode for other topics: note (v3)", or that it is none of the policy's."""
    fields = RULES.get(decision.reason, ())
    if decision.reason == Reason.HELD_BY_GUARD:
        fields = (HELD.get(decision.kind, "tolerate_reply"),)
    if not fields or decision.policy is None:
        return (
            _("None of the policy's: klark always does so.") if not fields else _("klark's defaults, without a policy.")
        )
    plain = as_plain(decision.policy.rules())
    told: dict[Path, Any] = {(name,): plain[name] for name in fields}
    if fields == ("mode",) and decision.topic in plain["topics"]:
        told = {("topics", decision.topic): plain["topics"][decision.topic]}
    topics = Topic.titles(decision.tenant_id)
    parts = (labelled(place_words(topics, path), value_words(path, value)) for path, value in told.items())
    return f"{', '.join(parts)} ({decision.policy})"
