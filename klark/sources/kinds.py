"""The kinds of source that are added one by one: one row per kind. An operator adds folders and sites, a lead the others.

Help centres are not among them, since they come with their connection (klark.knowledge.sync_help_centre); so do macros and canned
replies, which integrations/helpdesks reads.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings

from klark.models import Source
from klark.sources import folder, site, uploads
from klark.sources.base import Listing

WEBSITE, UPLOAD = "website", "upload"


@dataclass(frozen=True, slots=True)
class Kind:
    """How a source is listed, and whether every worker can reach it. A folder may be on another machine than the worker.

    `may_be_empty`: that nothing is left in it is certain, so its articles are withdrawn.
    """

    listing: Callable[[Source], Listing]
    everywhere: bool
    may_be_empty: bool = False


KINDS: Mapping[str, Kind] = {
    "folder": Kind(lambda source: folder.listing(source.address), everywhere=False),
    "site": Kind(lambda source: site.listing(source.address, settings.KLARK_PRIVATE_HOSTS), everywhere=True),
    WEBSITE: Kind(lambda source: site.listing(source.address), everywhere=True),  # named by a tenant: public alone
    UPLOAD: Kind(uploads.listing, everywhere=True, may_be_empty=True),
}


def kind_of(address: str) -> str:
    """Returns the key in KINDS for an address: "site" if it begins with http:// or https://, else "folder"."""
    return "site" if address.lower().startswith(("https://", "http://")) else "folder"
