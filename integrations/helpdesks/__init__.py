"""The helpdesks that klark can be connected to: adding one is a file or folder and a row here."""

from integrations.helpdesks.base import Helpdesk
from integrations.helpdesks.freshdesk.client import Freshdesk
from integrations.helpdesks.freshdesk.setup import FreshdeskSetup
from integrations.helpdesks.setup import Installer
from integrations.helpdesks.zendesk.client import Zendesk
from integrations.helpdesks.zendesk.setup import ZendeskSetup

HELPDESKS: dict[str, type[Helpdesk]] = {
    "zendesk": Zendesk,
    "freshdesk": Freshdesk,
}

# Those that klark can set up by itself; any other is set up by hand.
INSTALLERS: dict[str, type[Installer]] = {
    "zendesk": ZendeskSetup,
    "freshdesk": FreshdeskSetup,
}
