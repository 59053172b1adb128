"""The pages of judge checks: whether the model that checks drafts has caught enough of klark's own wrong claims."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power
from klark.admin.base import Act
from klark.admin.choice_labels import Coloured, labelled
from klark.admin.operations.log import Log
from klark.admin.policy.read_once import policy_now_of
from klark.admin.unfold_classes import display
from klark.drafting.judge_qualification import passes, want
from klark.drafting.tenant_settings import judge_names, writes
from klark.models import JudgeCheck, Policy, policy_in_force

State = JudgeCheck.State
COLOURS = {"passed": "success", "not_passed": "danger", "wanted": "info", "running": "info", "failed": "warning"}

KINDS: Mapping[str, Any] = {
    "applied": _("a rule applied to the customer"), "condition": _("a condition left out"),
    "incomplete": _("a question left open"), "invented": _("invented"), "merge": _("two things merged"),
    "modality": _("may for must"), "negation": _("a negation"), "number": _("another number"), "promise": _("a promise"),
    "relevance": _("beside the question"), "scope": _("another scope"), "subject": _("another subject"),
}  # fmt: skip
"""What each kind of error in a claim is called."""


def check_now(request: HttpRequest, row: JudgeCheck | Policy) -> str:
    """Requests that a worker check the judge, since a check takes too long for a page. Returns the sentence to show."""
    judge = next(iter(judge_names(policy_in_force(row.tenant_id))), "")
    if not want(row.tenant_id, judge):
        return gettext("It is asked for already: a worker takes it up.")
    return gettext("A worker checks the judge now; look again in a few minutes.")


def has_judge(row: JudgeCheck | Policy) -> bool:
    """Returns whether the tenant has a model now, and so a judge."""
    return writes(policy_now_of(row))


CHECK_NOW = Act(
    "check-judge", _("Check the judge now"), check_now, has_judge,
    _("klark's own claims, half of them wrong, are put before the model that judges drafts. It costs what 70 drafts cost."),
)  # fmt: skip


class JudgeCheckPages(Log):
    """Judge checks, read-only except for the button that requests another check."""

    sees = Power.LEAD
    list_display = ("judge", "result", "wrong_caught", "right_passed", "at", "trouble_shown", "tenant")
    list_filter = ("state", "tenant")
    list_select_related = ("tenant",)
    ordering = ("-at",)
    fields = ("tenant", "judge", "version", "result", "wrong_caught", "right_passed", "kinds", "trouble_shown", "at")
    readonly_fields = fields
    acts = (CHECK_NOW,)

    @display(description=_("result"), label=COLOURS)
    def result(self, check: JudgeCheck) -> Coloured:
        """Returns whether the judge passed, or else the check's state, each with its colour."""
        if check.state != State.DONE:
            return Coloured(check.state, State(check.state).label)
        return Coloured("passed", gettext("passed")) if passes(check) else Coloured("not_passed", gettext("not passed"))

    @display(description=_("wrong claims caught"))
    def wrong_caught(self, check: JudgeCheck) -> str:
        """Returns how many wrong claims were caught, as in "127 / 129"."""
        return f"{check.caught} / {check.wrong}" if check.wrong else "—"

    @display(description=_("right claims passed"))
    def right_passed(self, check: JudgeCheck) -> str:
        """Returns how many right claims were passed, as in "127 / 129"."""
        return f"{check.passed} / {check.right}" if check.right else "—"

    @display(description=_("caught by kind of error"))
    def kinds(self, check: JudgeCheck) -> SafeString | str:
        """Returns one line for each kind of error."""
        lines = ((labelled(KINDS.get(kind, kind), caught), of) for kind, (caught, of) in check.by_kind.items())
        return format_html_join("", "<div>{} / {}</div>", lines) or "—"
