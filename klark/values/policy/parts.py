"""The fields of a policy that hold objects: what may stand inside them, and how they are read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from guardrails.triage.sensitive_topics import CATEGORIES
from klark.values.policy.fields import (
    KEEP_DAYS,
    MOST_DAYS,
    BadRules,
    Reader,
    assignee,
    by_name,
    given,
    object_of,
    one_of,
    part,
    plain,
    takes,
    texts,
    whole,
)
from klark.values.triage import PRIORITIES

KINDS = ("reply", "note", "handover")
ACT_TAGS: Mapping[str, str] = {"send": "klark_send", "redo": "klark_redo", "reject": "klark_reject"}
"""What an agent may ask for by a tag on the ticket, and the tag where a policy names no other."""
STATUSES = ("open", "pending", "hold", "solved")


@dataclass(frozen=True, slots=True)
class SensitiveRule:
    """A tenant's own handling of one sensitive topic. What is empty stays as klark has it; `tags` are added to the others.

    `note`, `todo` and `call` are by language. `{help_line}` and `{emergency}` in a note become the country's.
    """

    group: str = ""
    tags: tuple[str, ...] = ()
    note: Mapping[str, str] = field(default_factory=dict)
    todo: Mapping[str, str] = field(default_factory=dict)
    call: Mapping[str, str] = field(default_factory=dict)


_text = plain(str)


_TAG = re.compile(r"[a-z0-9_-]{1,32}")


@takes(type="string", pattern=f"^{_TAG.pattern}$")
def tag(name: str, value: Any) -> str:
    """Reads a tag as every helpdesk keeps one: Zendesk writes it in small letters, Freshdesk takes 32 characters."""
    if not isinstance(value, str) or not _TAG.fullmatch(value):
        sentence = _("%(name)s takes one word of small letters, digits, - and _, 32 at most, not %(given)s.")
        raise BadRules(name, sentence, given=given(value))
    return value


UPDATE: Mapping[str, Reader] = {
    "status": one_of(*STATUSES),
    "status_name": _text,
    "priority": one_of(*PRIORITIES),
    "assignee": assignee,
    "tags": texts,
    "fields": by_name,
}
BRAND: Mapping[str, Reader] = {"languages": texts, "sign_off": by_name}
OWN_WAY: Mapping[str, Reader] = {"group": _text, "tags": texts, "note": by_name, "todo": by_name, "call": by_name}
OFFER: Mapping[str, Reader] = {"topics": texts, "text": by_name}
_brand, _offer = part(BRAND), part(OFFER)


@takes(**object_of(_brand))
def brands(name: str, value: Any) -> Any:
    """Reads brand → an object with some of the names in BRAND."""
    if not isinstance(value, dict):
        raise BadRules(name, _("%(name)s takes an object: id of a brand → its languages and sign-off."))
    return {brand: _brand(f"{name}.{brand}", own) for brand, own in value.items()}


@takes(**object_of(_offer))
def offers(name: str, value: Any) -> Any:
    """Reads name of an offer → its topics, and a text by language."""
    if not isinstance(value, dict):
        raise BadRules(name, _("%(name)s takes an object: name of an offer → its topics and its text by language."))
    return {each: _offer(f"{name}.{each}", made) for each, made in value.items()}


@takes(**part(dict.fromkeys(CATEGORIES, part(OWN_WAY))).schema)
def sensitive(name: str, value: Any) -> Any:
    """Reads sensitive topic → an object with some of the names in SensitiveRule."""
    if not isinstance(value, dict) or not all(isinstance(own, dict) for own in value.values()):
        raise BadRules(name, _("%(name)s takes an object: sensitive topic → object."))
    if unknown := sorted(set(value) - set(CATEGORIES)):
        sentence = _("%(name)s is no sensitive topic; known are: %(known)s.")
        raise BadRules(f"{name}.{unknown[0]}", sentence, known=", ".join(CATEGORIES))
    return {topic: _own_way(f"{name}.{topic}", own) for topic, own in value.items()}


def _own_way(name: str, own: Mapping[str, Any]) -> SensitiveRule:
    if unknown := sorted(set(own) - set(OWN_WAY)):
        sentence = _("%(name)s is not known; known are: %(known)s.")
        raise BadRules(f"{name}.{unknown[0]}", sentence, known=", ".join(OWN_WAY))
    return SensitiveRule(**{key: OWN_WAY[key](f"{name}.{key}", value) for key, value in own.items()})


_kept = part({kind: whole(1, most) for kind, most in MOST_DAYS.items()})


@takes(**_kept.schema)
def keep_days(name: str, value: Any) -> dict[str, int]:
    """Reads for how many days each kind of thing is kept; what is left out is kept as long as by default."""
    return {**KEEP_DAYS, **_kept(name, value)}


_acts = part(dict.fromkeys(ACT_TAGS, tag))


@takes(**_acts.schema)
def act_tags(name: str, value: Any) -> dict[str, str]:
    """Reads act → tag; what is left out has klark's own."""
    tags = {**ACT_TAGS, **_acts(name, value)}
    if len(set(tags.values())) < len(tags):
        raise BadRules(name, _("%(name)s takes another tag for each act."))
    return tags
