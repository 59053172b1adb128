"""Help texts for the fields of a policy."""

from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klark.context.customer_facts import signing_key
from klark.models import Policy
from klark.values.policy.fields import KEEP_DAYS

UPDATES = _(
    'For "reply", "note" and "handover": status, or status_name (one of your own); priority, assignee (an agent\'s id, or '
    '"klark"), tags, fields. '
    'As in {"reply": {"status": "pending", "tags": ["answered"]}}.'
)
OF_BRANDS = _(
    'Languages and sign-off by the helpdesk\'s id, as in {"5002": {"languages": ["fr"], "sign_off": {"fr": "…"}}}.'
)
DOMAINS = _("One a line, as in shop.example. Subdomains are included. Other links hold a draft back.")

CHANNELS_HELP = _(
    "One a line, of email, web, api, phone, chat, social, side_conversation and other; or the one word none. "
    "Empty: chat, social, phone and side_conversation."
)
KEEP = format_lazy(
    "{} {}",
    _('By kind, as in {"drafts": 180, "memory": 365}. What is left out is kept as by default:'),
    ", ".join(f'"{kind}": {days}' for kind, days in KEEP_DAYS.items()),
)
LEVELS_HELP = _(
    "A check's finding is for information, a reason to hold the draft until a person has looked, or a reason to block it: it "
    "must not go out. A draft with a finding above the level chosen here goes the next more careful way."
)


def crm_help(policy: Policy) -> str:
    """Returns the help for customer facts, with the key that requests there are signed with."""
    shape = gettext(
        'As in {"url": "https://crm.example/klark", "facts": {"Order": "orders.0.number"}, "helpdesk": '
        '{"Plan": "user.plan", "Contract": "organization.contract"}}.'
    )
    if not policy.pk or not policy.crm.get("url"):
        return shape
    key = signing_key(policy.tenant_id, policy.crm["url"])
    return f"{shape} {gettext('What klark asks there is signed with %(key)s') % {'key': key}}"
