"""Helpdesks that klark can be connected to: adding one is a file and a row here."""

from integrations.helpdesks.base import Helpdesk
from integrations.helpdesks.freshdesk import Freshdesk
from integrations.helpdesks.zendesk import Zendesk

HELPDESKS: dict[str, type[Helpdesk]] = {
    "zendesk": Zendesk,
    "freshdesk": Freshdesk,
}
