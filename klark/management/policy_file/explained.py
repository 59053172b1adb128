"""What each field of a policy's file means, in the words of the admin's form, and the JSON Schema of the file."""

from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import override

from guardrails.text.language import CODES
from klark.admin.policy.pages import PolicyForm, TopicRules
from klark.management.policy_file.check import NAMES, TESTS
from klark.management.policy_file.expectations import KINDS
from klark.models import Policy
from klark.models.policy import RULE_FIELDS
from klark.values.policy.fields import Reader, object_of, part
from klark.values.policy.parts import BRAND, OFFER
from klark.values.policy.plain_rules import as_plain
from klark.values.policy.rules import READERS, Rules
from klark.values.policy.validation import CHANNELS, NO_CHANNEL
from klark.values.reasons import Reason

OTHERS: Mapping[str, str] = {
    "version": "The version that this file starts from. Once another is in force, `policy apply` refuses the file.",
    TESTS: "Tickets, each with the decision that it must get and, if that matters, the reason; `policy test` tries them.",
}
BESIDE: Mapping[str, str] = {
    "disclosure": "Empty: klark's own words.",
    "section_intro": "Empty: klark's own words.",
    "updates": "For each: status, or status_name (one of your own); priority, assignee (an agent's id, or klark), tags, fields.",
    "keep_days": "What is left out is kept as by default.",
}
"""What the form says with its inputs, or beside them."""
LANGUAGES = {"type": "array", "items": {"enum": sorted(CODES)}}
NARROWED: Mapping[str, Mapping[str, Any]] = {
    "version": {"minimum": 0},
    "languages": LANGUAGES,
    "brands": object_of(part({**BRAND, "languages": Reader(BRAND["languages"], LANGUAGES)})),
    "offers": {"additionalProperties": {
        **part(OFFER).schema, "required": list(OFFER), "properties": {
            "topics": {**OFFER["topics"].schema, "minItems": 1},
            "text": {**OFFER["text"].schema, "propertyNames": {"enum": sorted(CODES)}, "minProperties": 1},
        },
    }},
    "excluded_channels": {"items": {"enum": list(CHANNELS)}},
    "rollout_channels": {"items": {"enum": [name for name in CHANNELS if name != NO_CHANNEL]}},
    "country": {"pattern": "^([A-Za-z]{2})?$"},
}  # fmt: skip
"""What the readers leave to klark.values.policy.validation."""
TEST_SCHEMA = {
    "type": "object",
    "properties": {
        "id": {"type": ["string", "integer"]}, "subject": {"type": "string"}, "body_html": {"type": "string"},
        "decision": {"enum": list(KINDS)}, "reason": {"enum": [str(reason) for reason in Reason]},
    },
    "required": ["id", "body_html", "decision"],
}  # fmt: skip


def explained(name: str) -> str:
    """Returns what a field means, in one line of English."""
    if name in OTHERS:
        return OTHERS[name]
    with override("en"):
        if name == "topics":
            return f"{TopicRules.verbose_name_plural}."
        shown, column = PolicyForm.base_fields[name], Policy._meta.get_field(name)
        choices = ", ".join(value for value, _ in getattr(column, "choices", None) or ())
        told = shown.help_text or getattr(column, "help_text", "")
        words = (told, BESIDE.get(name), f"One of {choices}." if choices else "")
        return " ".join([f"{capfirst(str(shown.label))}.", *(str(each) for each in words if each)])


def schema() -> dict[str, Any]:
    """Returns the JSON Schema of a policy's file, for editors and for CI."""
    defaults = as_plain(Rules())
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A policy of klark",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _property(name, defaults) for name in NAMES},
    }


def _property(name: str, defaults: Mapping[str, Any]) -> dict[str, Any]:
    if name == TESTS:
        return {"description": explained(name), "type": "array", "items": TEST_SCHEMA}
    told = {"description": explained(name), **READERS[name].schema, **NARROWED.get(name, {})}
    return {**told, "default": defaults[name]} if name in RULE_FIELDS else told
