"""What the page "Outcomes" calls its figures, and which of them stand together in its tables."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from klark.evidence.backtests.report import WHY_NOT_COMPARED

TITLES: Mapping[str, Any] = {
    "topic": _("By topic"), "language": _("By language"), "desk": _("By helpdesk"), "week": _("By week"),
}  # fmt: skip
FIGURES: Mapping[str, Any] = {
    "resolved_alone": _("Tickets resolved without a person"),
    "deflected": _("Tickets that took no person's work"),
    "precision": _("Sentences that held, of replies that a person looked at"),
    "handover_precision": _("Handovers that needed a person"),
    "handover_recall": _("Of what needed a person, handed over"),
    "reopened": _("Replies whose ticket was reopened within seven days"),
    "satisfied": _("Customers who rated the help as good"),
    "satisfied_without": _("The same, where no reply of klark's was sent"),
}  # fmt: skip
CLASSIFIED: Mapping[str, Any] = {"topic": _("Topic"), "priority": _("Priority"), "language": _("Language")}
COLUMNS: Mapping[str, tuple[Any, Mapping[str, Any]]] = {
    "ends": (_("How drafts ended"), {
        "unchanged": _("Sent unchanged"), "edited": _("Edited"), "facts_changed": _("Facts changed"),
        "answer_contradicts": _("Contradicted"), "rejected": _("Rejected"), "handed_over": _("Handed over"),
    }),
    "work": (_("Work and handovers"), {
        "resolved_alone": _("Resolved without a person"), "deflected": _("No person's work"),
        "handover_precision": _("Handovers needed"), "handover_recall": _("Needed, handed over"), "reopened": _("Reopened"),
    }),
    "worth": (_("Quality, time and cost"), {
        "precision": _("Sentences held"), "satisfied": _("Satisfied"), "satisfied_without": _("Satisfied without klark"),
        "topic_right": _("Topic right"), "first_response": _("First response"), "minutes_saved": _("Minutes saved"),
        "cost_per_ticket": _("Cost per ticket"),
    }),
}  # fmt: skip
"""Columns of the tables, in parts that fit a laptop's width: the part's title, and each figure's."""
UNCOMPARED: Mapping[str, Any] = {
    **WHY_NOT_COMPARED,
    "untold": _("the judge could not tell"), "no_draft": _("klark had drafted nothing"),
    "in_part": _("the answer is longer than klark keeps"), "gone": _("the text is no longer there"),
    "not_kept": _("too little is kept of the draft"), "excluded": _("the policy excludes the ticket by now"),
    "late": _("it was not compared while its week was counted"), "off": _("the policy has nothing compared by a judge"),
    "no_model": _("there is no model"), "spent": _("the budget for models is spent"),
    "no_judge": _("no judge has passed its check"), "stopped": _("klark is stopped there"),
    "soon": _("not yet: klark compares once an hour, as long as the share of the budget for it lasts"),
}  # fmt: skip
"""Why no judge compared what people wrote with a draft (klark.evidence.uncompared)."""
