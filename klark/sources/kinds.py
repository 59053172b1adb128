"""The kinds of source that are named one by one: one row a kind. Help centres come with their connections
(klark.steps.sync), and so do macros and canned replies where integrations/helpdesks reads them."""

from collections.abc import Callable, Mapping

from klark.sources import folder, site
from klark.sources.base import Listing

KINDS: Mapping[str, Callable[[str], Listing]] = {"folder": folder.listing, "site": site.listing}


def kind_of(address: str) -> str:
    """What an address is: a site's begins with its scheme, everything else is a path."""
    return "site" if address.lower().startswith(("https://", "http://")) else "folder"
