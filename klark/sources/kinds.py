"""The kinds of source that an operator adds one by one: one row per kind.

Help centres are not among them, since they come with their connection (klark.knowledge.sync_help_centre); so do macros and canned
replies, which integrations/helpdesks reads.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from klark.sources import folder, site
from klark.sources.base import Listing


@dataclass(frozen=True, slots=True)
class Kind:
    """How a source is listed, and whether every worker can reach it. A folder may be on another machine than the worker."""

    listing: Callable[[str], Listing]
    everywhere: bool


KINDS: Mapping[str, Kind] = {
    "folder": Kind(folder.listing, everywhere=False),
    "site": Kind(site.listing, everywhere=True),
}


def kind_of(address: str) -> str:
    """Returns the key in KINDS for an address: "site" if it begins with http:// or https://, else "folder"."""
    return "site" if address.lower().startswith(("https://", "http://")) else "folder"
