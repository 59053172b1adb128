"""Help texts for the fields of a policy."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klark.context.customer_facts import signing_key
from klark.models import Policy

UPDATES = _("What klark changes on a ticket besides adding its comment. What is left empty stays as it is.")
ASSIGNEE = _("An agent's id, or klark for klark's own seat.")
FIELDS = _("One a line: the field's id = its value, as in 7001 = klark.")
OF_BRANDS = _("A brand (Freshdesk: product) may have its own languages and sign-off. Others have those of the policy.")
OFFERS = _("What a person may have added to a reply, by a button on drafts of the topics that you choose.")
SENSITIVE = _(
    "Your own way with a topic. What is left empty is as klark has it. In a note, {help_line} and {emergency} become the "
    "country's numbers."
)
HOURS = _(
    "As in 9:00-18:00, or 9:00-12:00, 13:30-18:00. A day left empty is closed; without any hours it is always open. Only these "
    "hours count for a draft that waits."
)
COSTS: Mapping[str, Any] = {
    "tolerate_note": _("Higher: notes with more to check. Lower: more tickets without a draft."),
    "tolerate_queue": _("Higher: agents get drafts with more to mend. Lower: more drafts end in a note."),
    "tolerate_reply": _("Higher: replies go out that nobody has looked at although a check remarked on them."),
    "reply_with_third_party": _("On: whoever is in copy gets the answer as well. Off: such a reply waits."),
    "reply_when_led": _("On: klark may answer where a colleague has begun. Off: such a ticket gets a note at most."),
    "disclose": _("Off: the customer cannot tell."),
    "rollout_hours": _("At other hours klark only watches; models cost the same."),
    **dict.fromkeys(("runs_per_ticket", "runs_per_requester"), _("More is left alone. Each run costs what its models cost.")),
    **dict.fromkeys(("budget_day", "budget_month"), _("Once spent, klark quotes articles or hands over. Empty: no ceiling.")),
    **dict.fromkeys(("price_in", "price_out"), _("0: klark cannot count what a model costs, and no budget is spent.")),
    **dict.fromkeys(("fallback_price_in", "fallback_price_out"), _("Empty: that of the model above. 0: it costs no budget.")),
    "time_zone": _("Office hours, and the days of a budget, are counted in it."),
    "escalate_group": _("Empty: the helpdesk's own rules decide who gets it."),
}  # fmt: skip
"""What a choice costs, in words, where its field says nothing else."""
DOMAINS = _("One a line, as in shop.example. Subdomains are included. Other links hold a draft back.")

CHANNELS_HELP = _(
    "One a line, of email, web, api, phone, chat, social, side_conversation and other; or the one word none. "
    "Empty: chat, social, phone and side_conversation."
)
OF_KEEPING = _(
    "In days. Empty: as many as stand there in grey. Fewer: less to learn from, and older drafts can no longer be explained."
)
LEVELS_HELP = _(
    "A check's finding is for information, a reason to hold the draft until a person has looked, or a reason to block it: it "
    "must not go out. A draft with a finding above the level chosen here goes the next more careful way."
)


def crm_help(policy: Policy) -> str:
    """Returns the help for customer facts, with the key that requests there are signed with."""
    told = gettext("What agents, and drafts, may know of the requester.")
    if not policy.pk or not policy.crm.get("url"):
        return told
    key = signing_key(policy.tenant_id, policy.crm["url"])
    return f"{told} {gettext('What klark asks there is signed with %(key)s') % {'key': key}}"
