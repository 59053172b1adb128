"""The checks of a draft's sentences, cheapest first. A new check is one file here, one row in `CHECKS`, and a row for each of
its findings in `finding_meanings`."""

from collections.abc import Mapping
from types import MappingProxyType

from guardrails.base import Check
from guardrails.checks.claimed_actions import claimed_actions
from guardrails.checks.colleague_answers import colleague
from guardrails.checks.entitled_reader import audience
from guardrails.checks.forbidden_phrases import tone
from guardrails.checks.groundedness import support
from guardrails.checks.hidden_text import hidden
from guardrails.checks.language import language
from guardrails.checks.length import length
from guardrails.checks.links import links
from guardrails.checks.obeyed_instructions import injection
from guardrails.checks.past_times import expired
from guardrails.checks.personal import personal
from guardrails.checks.planted_instructions import planted
from guardrails.checks.provenance import provenance
from guardrails.checks.secrets import secrets

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "length": length,
        "colleague_answers": colleague,
        "hidden_text": hidden,
        "secrets": secrets,
        "injection": injection,
        "planted_instructions": planted,
        "tone": tone,
        "links": links,
        "personal": personal,
        "audience": audience,
        "language": language,
        "claimed_actions": claimed_actions,
        "expired": expired,
        "provenance": provenance,
        "support": support,
    }
)
