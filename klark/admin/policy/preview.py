"""The page "Preview": which of the last tickets an unsaved policy would decide otherwise, and what became of those."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power, access_of
from klark.admin.admin_page import admin_page
from klark.admin.choice_labels import DECISION_COLOURS, labelled, reason_title
from klark.admin.policy.changes import MODEL, changes_between, label, topics_of
from klark.admin.queue.ending_filter import ENDINGS
from klark.admin.queue.next_draft import address_of
from klark.delivery.reason_words import kept_words
from klark.drafting.tenant_settings import rungs_under
from klark.evidence.outcomes import ending
from klark.evidence.rerun.decided_again import Allowed, Change, Tried, Unknown, by_change, tried
from klark.evidence.turns import turns_of
from klark.models import DecisionKind, Policy, policy_in_force, rules_of
from klark.values.decision import Decided
from klark.values.policy.rules import Rules

UNKNOWN: Mapping[str, Any] = {
    Unknown.NOT_KEPT: _("too little of it is kept: it was erased, or an older klark worked on it"),
    Unknown.OTHERWISE: _(
        "what is kept does not lead to the recorded decision any more, as after a change of klark itself"
    ),
    Unknown.UNDRAFTED: _("klark would draft for it for the first time, or no more: what came of a draft is not known"),
    Unknown.READ_AGAIN: _("a model would read it a second time"),
}
MODELS = frozenset({*MODEL, "judge_model"})
SHAPING = frozenset({
    "greeting", "sign_off", "offers", "disclose", "disclosure", "forbidden_phrases", "trusted_domains", "crm", "source_tokens",
    "colleague_days", "runs_per_ticket", "runs_per_requester", "budget_day", "budget_month", "price_in", "price_out",
    "fallback_price_in", "fallback_price_out", "section_intro",
})  # fmt: skip
"""Fields that change what is drafted, checked or paid, which kept tickets cannot show."""


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket that would be decided otherwise. `both`: what is decided under the version in force and with the change, each with
    colour, name and reason."""

    ticket: str
    subject: str
    link: str
    both: tuple[tuple[str, Any, str], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The tickets that go from one decision to another, and what became of them: (ending, how many)."""

    before: Any
    after: Any
    count: int
    endings: tuple[tuple[Any, int], ...]


def led_policy(pages: Any, request: HttpRequest, object_id: str) -> Policy:
    """Returns the version that an address names. Raises Http404, and PermissionDenied for who does not lead its tenant."""
    policy: Policy | None = pages.get_object(request, unquote(object_id))
    if policy is None:
        raise Http404
    if not access_of(request).may(Power.LEAD, policy.tenant_id):
        raise PermissionDenied
    return policy


def page(pages: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Returns the page for a form as it was sent from a policy's page; nothing is saved. Raises PermissionDenied, and Http404."""
    policy = led_policy(pages, request, object_id)
    if request.method != "POST":
        raise PermissionDenied
    form = pages.get_form(request, policy, change=True)(request.POST, instance=policy)
    good = form.is_valid()
    formsets, _inlines = pages._create_formsets(request, form.instance, change=True)
    rows = [row for each in formsets if each.is_valid() for row in each.cleaned_data]
    if not good or any(not each.is_valid() for each in formsets):
        told = [labelled(label(name), " ".join(errors)) for name, errors in form.errors.items() if name in form.fields]
        return _rendered(request, {"refused": told or [gettext("A mode by topic cannot be followed.")]})
    return _rendered(request, compared(form.instance, topics_of(rows)))


def compared(policy: Policy, topics: Mapping[str, Any]) -> dict[str, Any]:
    """Returns what a policy, saved or not, with these modes by topic would change beside the one in force."""
    before = policy_in_force(policy.tenant_id)
    now, then = rules_of(before), policy.rules_with(topics)
    found = tried(policy.tenant_id, _allowed(before, now, policy), _allowed(policy, then, policy))
    changed = changes_between(before, policy, now, then)
    return {
        "in_force": before, "changed": [line for lines in changed.values() for line in lines], "tried": found,
        "untried": [label(name) for name in changed if name in SHAPING],
        "models": [label(name) for name in changed if name in MODELS],
        "undecided": sum(map(len, found.unknown.values())),
        "unknown": [(UNKNOWN[why], ones) for why, ones in sorted(found.unknown.items(), key=lambda pair: -len(pair[1]))],
        "groups": _groups(policy.tenant_id, found), "rows": [_row(each) for each in found.changes],
    }  # fmt: skip


def _allowed(policy: Policy | None, rules: Rules, about: Policy) -> Allowed:
    return Allowed(rules, rungs_under(about.tenant_id, policy, rules))


def _groups(tenant_id: int, found: Tried) -> list[Group]:
    """Returns the changes by the decisions before and after, each with what became of its drafts."""
    if not found.changes:
        return []
    since = min(each.kept.at for each in found.changes) - timedelta(
        minutes=1
    )  # a draft is stored just before its decision
    endings = {turn.draft_id: ending(turn) for turn in turns_of(tenant_id, since, timezone.now())}
    return [_group(*pair, changes, endings) for pair, changes in by_change(found.changes).items()]


def _group(before: str, after: str, changes: Sequence[Change], endings: Mapping[int, Any]) -> Group:
    ends = Counter(endings[each.kept.draft_id] for each in changes if each.kept.draft_id in endings)
    told = tuple((ENDINGS[end], count) for end, count in ends.most_common())
    return Group(DecisionKind(before).label, DecisionKind(after).label, len(changes), told)


def _row(change: Change) -> Row:
    kept = change.kept
    return Row(kept.ticket.id, kept.subject, address_of(kept.draft_id), (_told(change.before), _told(change.after)))


def _told(decided: Decided) -> tuple[str, Any, str]:
    """Returns the decision's colour, its name, and its reason in the user's language."""
    words = kept_words(decided.reason, decided.words, get_language() or "en")
    why = reason_title(decided.reason)
    return (
        DECISION_COLOURS.get(decided.kind, ""),
        DecisionKind(decided.kind).label,
        f"{why} ({words})" if words else why,
    )


def _rendered(request: HttpRequest, shown: Mapping[str, Any]) -> HttpResponse:
    return admin_page(request, "klark/policy_preview.html", {"title": gettext("Preview"), **shown})
