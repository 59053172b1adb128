"""Help texts for the fields of a policy."""

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
    "As in 9:00-18:00, or 9:00-12:00, 13:30-18:00. A day left empty is closed; without any hours it is always open."
)
DOMAINS = _("One a line, as in shop.example. Subdomains are included. Other links hold a draft back.")

CHANNELS_HELP = _(
    "One a line, of email, web, api, phone, chat, social, side_conversation and other; or the one word none. "
    "Empty: chat, social, phone and side_conversation."
)
OF_KEEPING = _("In days. Empty: as many as stand there in grey.")
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
