"""What an audited act consisted of, in the reader's language: a line for each fact, and both values of what was changed."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from klark.admin.policy.changes import value_words
from klark.admin.policy.versions import changes_of
from klark.autonomy.words import STEPS
from klark.models import AuditAct, AuditEntry, Correction, Delivery, Judgement, Membership, Policy, Topic
from klark.values.policy import part_words
from klark.values.wording import language_words, local_day, local_moment

LABELS: Mapping[str, Any] = {
    "anew": _("Sealed anew"), "articles": _("Articles"), "asks_models": _("Asks models"),
    "at_least": _("At least right"), "clear": _("Unmasked"), "cost": _("Cost"),
    "delivery": _("Number of the write"), "documents": _("Documents"), "draft": _("Draft"), "drafts": _("Drafts"),
    "examples": _("Examples"), "files": _("Digests of the files"), "idle_since": _("Idle since"), "invited": _("Invited"),
    "is_case": _("In the set"), "kind": _("Kind"), "left_out": _("Left out"), "lost": _("Could not be opened"),
    "newest": _("Newest key"), "of": _("Of"), "pressed": _("Button"), "reason": _("Digest of the reason"),
    "removed": _("Removed"), "restored": _("As in version"), "right": _("Right"), "role": _("Role"), "rows": _("Rows"),
    "serious": _("Serious errors"), "since": _("Since"), "snoozed_until": _("Snoozed until"), "starter": _("Begun with"),
    "steps": _("By"), "text": _("Digest of the text"), "tickets": _("Tickets"), "topic": _("Topic"), "what": _("What"),
    "why": _("Why"), "wrong": _("Wrong"),
}  # fmt: skip
DONE: Mapping[str, Any] = {
    "added": _("Added"), "changed": _("Changed"), "deleted": _("Deleted"), "disconnected": _("Disconnected"),
    "put in": _("Put in"), "removed": _("Removed"), "renewed": _("Renewed"), "set by a link": _("Set by a link"),
    "set up": _("Set up"), "taken out": _("Taken out"), "used": _("Used"),
}  # fmt: skip
CHOICES: Mapping[str, Mapping[str, Any]] = {
    "before": {**dict(Policy.Mode.choices), **dict(Judgement.Verdict.choices), **part_words.CHOICES},
    "kind": dict(Delivery.Kind.choices), "role": dict(Membership.Role.choices), "what": dict(Correction.What.choices),
}  # fmt: skip
"""Choices by what they are called here; `before` stands for both values of a change."""
AFTER = ("now", "verdict")
ABOUT_OTHERS: Mapping[tuple[str, str], Any] = {
    (AuditAct.JUDGED, "recall"): _("decided on an outdated answer"),
    (AuditAct.ARTICLE, "draftedarticle"): _("decided on an article from a gap"),
    (AuditAct.ASKED, "backtestrun"): _("had a backtest run"),
    (AuditAct.ASKED, "regressionrun"): _("had the regression set tried"),
}  # fmt: skip
"""What an act on another kind of row is called than most rows of it."""


def act_words(entry: AuditEntry, content: Mapping[str, Any]) -> str:
    """Returns what was done, more closely than the kind of act where the content tells."""
    if (entry.act, entry.kind) in ABOUT_OTHERS:
        return str(ABOUT_OTHERS[entry.act, entry.kind])
    if entry.act == AuditAct.POLICY and "restored" in content:
        return gettext("restored a policy")
    if entry.act == AuditAct.TOKEN and content.get("pressed") == "revoke":
        return gettext("revoked an API token")
    if entry.act == AuditAct.TOKEN and "added" in {verb for each in content.get("done", ()) for verb in each}:
        return gettext("made an API token")
    return entry.get_act_display()


def detail_lines(entry: AuditEntry, content: Mapping[str, Any]) -> list[str]:
    """Returns what the act consisted of. What no name is known of is told as it is kept."""
    rest = dict(content)
    lines = [
        *_done(entry.kind, rest.pop("done", "")),
        *_done(entry.kind, [{"changed": {"fields": rest.pop("fields", [])}}]),
    ]
    if entry.act == AuditAct.POLICY and (policy := Policy.objects.filter(pk=entry.row).first()):
        lines = list(changes_of(policy)) or lines
    if "before" in rest and (after := next((name for name in AFTER if name in rest), "")):
        key = "language" if rest.get("what") == Correction.What.LANGUAGE else "before"
        old, new = (_words(entry, key, rest.pop(name)) for name in ("before", after))
        lines.append(f"{old} → {new}")
    rest = {key: value for key, value in rest.items() if value != "" or key not in ("why", "topic")}  # none was given
    if "topic" in rest and entry.tenant_id:
        rest["topic"] = Topic.titles(entry.tenant_id).get(rest["topic"], rest["topic"])
    return [*lines, *(_line(LABELS.get(key, key), _words(entry, key, value)) for key, value in rest.items())]


def _done(kind: str, done: Any) -> list[str]:
    """Returns what was done to a row: one word of klark's, or Django's list of what was added, changed and deleted."""
    if isinstance(done, str):
        return [str(DONE.get(done, done))] if done else []
    said = [(verb, about.get("name", ""), about.get("fields")) for each in done for verb, about in each.items()]
    return [
        _line(f"{DONE.get(verb, verb)} {name}".strip(), ", ".join(_field(kind, each) for each in fields or ()))
        for verb, name, fields in said
        if fields != []
    ]


def _field(kind: str, name: str) -> str:
    """Returns a field's label: klark keeps its name, Django its label in English."""
    model = _model(kind)
    for field in model._meta.fields if model else ():
        with override("en"):
            english = capfirst(str(field.verbose_name))
        if name in (field.name, english):
            return capfirst(str(field.verbose_name))
    return capfirst(gettext(name))


def _model(kind: str) -> Any:
    return next((each for each in apps.get_models() if each._meta.model_name == kind), None)


def _words(entry: AuditEntry, key: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(_line(name, _words(entry, "", each)) for name, each in value.items())
    if not isinstance(value, str):
        return value_words(("", ""), value)
    if key == "pressed":
        acts = getattr(admin.site._registry.get(_model(entry.kind)), "acts", ())
        return str(next((act.label for act in acts if act.name == value), value))
    if key == "why" and entry.kind == "standing" and value in STEPS:
        return str(STEPS[value]) % {"by": entry.who, "day": local_day(entry.at)}
    if key == "language" and value:
        return language_words(value, get_language() or "en")
    at = parse_datetime(value) if key in ("idle_since", "snoozed_until") else None
    return local_moment(at) if at else str(CHOICES.get(key, {}).get(value, value or "—"))


def _line(name: Any, told: str) -> str:
    return gettext("%(place)s: %(told)s") % {"place": name, "told": told} if told else str(name)
