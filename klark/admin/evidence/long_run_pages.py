"""What the pages of all long runs share: who sees them, the buttons that cancel one or take it up again, its state in words."""

from collections.abc import Mapping
from typing import Any

from django.contrib.admin.utils import unquote
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power, actor
from klark.admin.admin_page import admin_page
from klark.admin.base import Act, Pages
from klark.evidence.long_runs import cancel, go_on
from klark.models import AuditAct, record
from klark.models.evidence.long_run import UNDER_WAY, LongRun

State = LongRun.State
COLOURS = {State.WANTED: "info", State.RUNNING: "info", State.DONE: "success", State.FAILED: "danger"}
UNDER_WAY_ALREADY = _("One of this company is under way: wait for its end, or cancel it.")


def buttons(explains: Any) -> tuple[Act, ...]:
    """Returns the buttons of a run. `explains`: what is said beside the one that takes it up again."""
    return (
        Act("cancel", _("Cancel"), _stop, lambda run: run.state in UNDER_WAY),
        Act("go-on", _("Go on"), _resume, lambda run: run.state in (State.FAILED, State.CANCELLED), explains),
    )


def _stop(request: HttpRequest, run: LongRun) -> str:
    if cancel(run):
        return gettext("Cancelled: it ends before its next ticket. What was tried is kept until it is taken up again.")
    return gettext("It had ended already.")


def _resume(request: HttpRequest, run: LongRun) -> str:
    if not go_on(run):
        return str(UNDER_WAY_ALREADY)
    record(run.tenant_id, actor(request), AuditAct.ASKED, run, pressed="go-on")
    return gettext("It goes on where it stopped.")


class LongRunPages(Pages):
    """Long runs of one kind: whoever leads a tenant starts them and reads what came of them."""

    sees = Power.LEAD

    def run_of(self, request: HttpRequest, object_id: str) -> Any:
        """Returns the run. Raises Http404 for one that the user may not see."""
        run = self.get_object(request, unquote(object_id))
        if run is None:
            raise Http404
        return run

    def shown(self, request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
        """Returns a page at full width."""
        return admin_page(request, template, {"opts": self.opts, "is_fullwidth": "1", **context})


def state_of(run: Any, away: str) -> dict[str, Any]:
    """Returns what a page shows of any run. `away`: what a trouble begins with that goes on in another program's words, which
    stay as they are."""
    known = away if run.trouble.startswith(away) else run.trouble
    return {
        "run": run, "state": run.get_state_display(), "colour": COLOURS.get(run.state, ""), "under_way": run.state in UNDER_WAY,
        "trouble": f"{gettext(known)}{run.trouble.removeprefix(known)}" if known else "",
    }  # fmt: skip
