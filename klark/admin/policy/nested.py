"""The fields of a policy that hold objects, as inputs: office hours by day, offers by name, and the like."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guardrails.triage.sensitive_topics import CATEGORIES
from klark.admin.fields import Lines, Pairs, Text
from klark.admin.nested_fields import Parts, Rows, by_language
from klark.admin.policy.brand_choices import offered
from klark.admin.policy.field_help import (
    ASSIGNEE,
    FIELDS,
    HOURS,
    OF_BRANDS,
    OF_KEEPING,
    OFFERS,
    SENSITIVE,
    UPDATES,
    crm_help,
)
from klark.admin.policy.read_once import topics_of
from klark.admin.unfold_classes import CheckboxSelectMultiple, IntegerInput, Select, TextInput
from klark.models import Policy
from klark.values.policy.fields import KEEP_DAYS
from klark.values.policy.part_words import CHOICES, PARTS, topic_title
from klark.values.policy.parts import ACT_TAGS, KINDS, STATUSES
from klark.values.triage import PRIORITIES
from klark.values.wording import language_words

AS_IT_IS = [("", pgettext_lazy("a ticket's status", "as it is"))]
IN_ROWS = ("text", "sign_off", "note", "todo", "call")
"""The texts by language in rows."""
LONGEST = 500
"""Characters that fit into one line of input."""
BY_LANGUAGE: Mapping[str, Any] = {
    "greeting": Policy._meta.get_field("greeting").help_text, "sign_off": "",
    "disclosure": _("Empty: klark's own words."), "section_intro": _("Empty: klark's own words."),
}  # fmt: skip


def nested_fields(policy: Policy, brands: Mapping[str, str]) -> dict[str, forms.Field]:
    """Returns the fields for this policy's objects. `brands`: names by the helpdesk's id. Call inside `within(tenant_id)`."""
    spoken = _languages(policy)
    texts = {name: by_language(spoken, label=_label(name), help_text=told) for name, told in BY_LANGUAGE.items()}
    return {
        **texts,
        "office_hours": _lines("office_hours", HOURS, {}),
        "act_tags": _lines("act_tags", _("Empty: the tag that stands there in grey."), ACT_TAGS),
        "keep_days": _keep_days(),
        "updates": Parts({kind: _update(kind) for kind in KINDS}, label=_label("updates"), help_text=UPDATES),
        "crm": _crm(policy),
        "sensitive": _sensitive(spoken),
        "brands": _brands(policy, brands, spoken),
        "offers": _offers(policy, spoken),
    }


def _languages(policy: Policy) -> list[tuple[str, str]]:
    """Returns the languages that texts are written in, as (code, name): the admin's, the policy's, and those of its texts."""
    rows = [each for name in ("offers", "brands", "sensitive") for each in getattr(policy, name).values()]
    texts = [*(getattr(policy, name) for name in BY_LANGUAGE), *(row.get(name, {}) for row in rows for name in IN_ROWS)]
    written = (code for each in texts for code in each)
    codes = dict.fromkeys((*dict(settings.LANGUAGES), *policy.languages, *written))
    return [(code, language_words(code, get_language() or "en")) for code in codes]


def _label(name: str) -> str:
    return Policy.label(name)


def _line(label: Any, help_text: Any = "", **attrs: str) -> Text:
    return Text(label=label, help_text=help_text, max_length=LONGEST, widget=TextInput(attrs))


def _lines(name: str, help_text: Any, shown: Mapping[str, str]) -> Parts:
    parts = {key: _line(label, placeholder=shown.get(key, "")) for key, label in PARTS[name].items()}
    return Parts(parts, label=_label(name), help_text=help_text)


def _keep_days() -> Parts:
    inputs = {
        kind: forms.IntegerField(label=capfirst(label), required=False, widget=IntegerInput({"placeholder": KEEP_DAYS[kind]}))
        for kind, label in PARTS["keep_days"].items()
    }  # fmt: skip
    return Parts(inputs, label=_label("keep_days"), help_text=OF_KEEPING)


def _choice(label: Any, choices: list[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=capfirst(label), choices=choices, required=False, widget=Select())


def _update(kind: str) -> Parts:
    words = PARTS["updates"]
    inputs = {
        "status": _choice(words["status"], [*AS_IT_IS, *((each, CHOICES[each]) for each in STATUSES)]),
        "status_name": _line(words["status_name"]),
        "priority": _choice(words["priority"], [*AS_IT_IS, *((each, CHOICES[each]) for each in PRIORITIES)]),
        "assignee": _line(words["assignee"], ASSIGNEE),
        "tags": Lines(label=words["tags"], help_text=_("One a line.")),
        "fields": Pairs(label=words["fields"], help_text=FIELDS),
    }
    return Parts(inputs, label=words[kind])


class Crm(Parts):
    """The customer facts."""

    def merged(self, before: Any, now: Any) -> dict[str, Any]:
        """Forgets what kind the CRM was where there is none any more."""
        found = super().merged(before, now)
        return found if "url" in found else {name: each for name, each in found.items() if name != "kind"}


def _crm(policy: Policy) -> Parts:
    words = PARTS["crm"]
    inputs = {
        "url": _line(words["url"], _("It is asked about the requester of each ticket.")),
        "facts": Pairs(
            label=words["facts"], help_text=_("What it is called = where it stands, as in Order = orders.0.number.")
        ),
        "helpdesk": Pairs(
            label=words["helpdesk"], help_text=_("As in Plan = user.plan, or Contract = organization.contract.")
        ),
    }
    return Crm(inputs, label=_label("crm"), help_text=crm_help(policy), validators=[_address_and_facts])


def _address_and_facts(crm: Mapping[str, Any]) -> None:
    if ("url" in crm) != ("facts" in crm):
        raise ValidationError(
            _("The address of your CRM and the facts from there go together: fill in both, or neither.")
        )


def _sensitive(spoken: list[tuple[str, str]]) -> Rows:
    words = PARTS["sensitive"]
    topics = [("", "—"), *((name, topic_title(name)) for name in CATEGORIES)]
    texts = {name: by_language(spoken, label=words[name]) for name in ("note", "todo", "call")}
    parts = {"group": _line(words["group"]), "tags": Lines(label=words["tags"], help_text=_("One a line.")), **texts}
    return Rows(_choice(_("sensitive topic"), topics), parts, label=_label("sensitive"), help_text=SENSITIVE)


def _brands(policy: Policy, names: Mapping[str, str], spoken: list[tuple[str, str]]) -> Rows:
    """Offers the tenant's brands by name where a helpdesk has told them, and ids of the policy's as they are."""
    words, label = PARTS["brands"], _("brand")
    known = [("", "—"), *offered(names, policy.brands)]
    name = _choice(label, known) if names else _line(label, _("The helpdesk's id of it."))
    parts = {
        "languages": Lines(label=words["languages"], help_text=_("One code a line, the main one first, as in en.")),
        "sign_off": by_language(spoken, label=words["sign_off"]),
    }
    return Rows(name, parts, label=_label("brands"), help_text=OF_BRANDS)


def _offers(policy: Policy, spoken: list[tuple[str, str]]) -> Rows:
    words = PARTS["offers"]
    topics = {each.key: str(each) for each in topics_of(policy)}
    written = {key: key for each in policy.offers.values() for key in each.get("topics", ())}
    topic = forms.MultipleChoiceField(
        label=capfirst(words["topics"]),
        choices=({**written, **topics}).items(),
        required=False,
        widget=CheckboxSelectMultiple,
    )
    parts = {"topics": topic, "text": by_language(spoken, label=words["text"])}
    return Rows(_line(_("name")), parts, label=_label("offers"), help_text=OFFERS)
