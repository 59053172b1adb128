"""The kinds of source that are named one by one: one row a kind. Help centres come with their connections
(klark.knowledge.sync), and so do macros and canned replies where integrations/helpdesks reads them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from klark.sources import folder, site
from klark.sources.base import Listing


@dataclass(frozen=True, slots=True)
class Kind:
    """How a source is listed, and whether every worker can reach it: a folder may be on another machine than the worker."""

    listing: Callable[[str], Listing]
    everywhere: bool


KINDS: Mapping[str, Kind] = {
    "folder": Kind(folder.listing, everywhere=False),
    "site": Kind(site.listing, everywhere=True),
}


def kind_of(address: str) -> str:
    """What an address is: a site's begins with its scheme, everything else is a path."""
    return "site" if address.lower().startswith(("https://", "http://")) else "folder"
