"""What a list says while it has no rows: why it is empty, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

FIRST_STEPS = "admin:klark_first_run"


@dataclass(frozen=True, slots=True)
class Empty:
    """What to say, and the name of a page where something can be done about it."""

    says: Any = ""
    leads: str = ""


EMPTY: Mapping[str, Empty] = {
    "draft": Empty(_(
        "No draft waits for you. One comes here where the policy wants a person to approve, or where a check found something. "
        "“All drafts”, above, shows the others."
    )),
    "decision": Empty(
        _("No ticket has come yet. Write one to your helpdesk as a customer would: what klark decides stands here.")
    ),
    "policy": Empty(_("Without a policy klark writes internal notes only. Choose one of three to begin with."), FIRST_STEPS),
    "topic": Empty(_(
        "Without topics every ticket follows the policy's general mode. The policies to begin with bring fourteen common ones."
    ), FIRST_STEPS),
    "article": Empty(_(
        "klark answers from your articles and from nothing else. Name a site, add documents, or connect a helpdesk: its help "
        "centre is read by itself."
    ), FIRST_STEPS),
    "source": Empty(_("Besides help centres nothing is read yet. Name a site above, or add documents."), FIRST_STEPS),
    "judgecheck": Empty(_(
        "No judge was checked yet. A worker does it by itself each week once a model is set; “Check the judge now”, on the "
        "policy's page, does it at once."
    )),
    "auditentry": Empty(_("Nothing was recorded yet. What people do in klark from now on stands here.")),
    "connection": Empty(_(
        "No helpdesk is connected. Add a connection, then press “Set up at the helpdesk” on its page; on the machine, "
        "manage.py connect does both."
    )),
    "webhookevent": Empty(_(
        "The helpdesk has told klark of no ticket yet. If there are new ones, see “Is it well?” and the connection's page."
    )),
    "delivery": Empty(_("klark has written nothing yet. What it is to write on a ticket stands here before it goes out.")),
    "apitoken": Empty(_("No program may use the API. Make a token for each one that should.")),
    "outgoingwebhook": Empty(_("No program is told what klark does. Add the address of one that should be.")),
    "notification": Empty(_("No program was told anything yet. “Outgoing webhooks” names those that are.")),
}  # fmt: skip
"""By the model's name."""
