"""Lists a website's pages as a source, from its sitemap. No site is read unless an operator or a lead adds it.

A page is read again when the sitemap says that it changed.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from integrations.http.transports import Outbound
from integrations.sites import Place, Site, WebPage
from klark.sources.base import BadDocument, Entry, Listing, Sheet, Vanished
from klark.sources.refusals import Refusal
from klark.sources.webpage import page


def listing(address: str, private: Sequence[str] = ()) -> Listing:
    """Returns the pages in the sitemap of the site at `address`, which must be public unless it is one of the `private` hosts.

    Raises Vanished if the sitemap has no page that klark may read, and an error of `integrations.errors` if the sitemap
    cannot be read.
    """
    site = Site(address, Outbound(private=tuple(private)))
    places = site.places()
    if not places:
        raise Vanished("the sitemap names no page that klark may read")
    return Listing([Entry(place.url, place.changed, partial(_read, site, place)) for place in places], lambda: True)


def _read(site: Site, place: Place) -> Iterator[Sheet]:
    found = site.page(place.url)
    if found is None:
        return
    read = page(_text(found))
    if read.indexed:
        yield Sheet(read.title, read.html, language=read.language, url=place.url)


def _text(found: WebPage) -> str:
    """Decodes a page by the encoding that the server states, else the one that the page states, else UTF-8."""
    encoding = found.encoding or _stated(found.raw) or "utf-8"
    try:
        return found.raw.decode(encoding)
    except (LookupError, UnicodeDecodeError) as error:
        raise BadDocument(Refusal.OTHER_ENCODING % {"encoding": encoding}) from error


def _stated(raw: bytes) -> str:
    _, found, rest = raw[:2_048].lower().partition(b"charset=")
    return (
        rest.lstrip(b"\"' ").split(b'"')[0].split(b"'")[0].split(b">")[0].strip(b" /;").decode("ascii", "replace")
        if found
        else ""
    )
