"""Reads a site's pages by its sitemap. https://www.sitemaps.org/protocol.html, https://www.rfc-editor.org/rfc/rfc9309

robots.txt is read first and obeyed; pages of another host are not read; no redirect is followed; responses are
bounded in size and time, and nothing that is not public is reached (integrations/http/transports.py).
"""

import gzip
import io
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin, urlsplit

import requests
from lxml import etree
from protego import Protego
from urllib3.exceptions import HTTPError

from integrations.errors import Gone, Refused, TryLater
from integrations.http.outbound import web_address
from integrations.http.transports import Outbound, requests_transport
from integrations.http_failures import blamed

AGENT = "klark"
MOST_PAGES = 5_000
MOST_MAPS = 200
MAP_BYTES = 50_000_000
PAGE_BYTES = 5_000_000
PAUSE_S = 0.5
LONGEST_PAUSE_S = 10.0


@dataclass(frozen=True, slots=True)
class Place:
    """A page that the sitemap lists. `changed` is its stated time of change ("" if it states none)."""

    url: str
    changed: str = ""


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page's bytes, and the encoding that its server states ("" if none)."""

    raw: bytes
    encoding: str = ""


@dataclass(slots=True)
class Site:
    """One host. `address` is the URL of a sitemap or of the site itself; `pause_s` the seconds between requests.
    Raises Refused for a URL that is no web address."""

    address: str
    outbound: Outbound
    pause_s: float = PAUSE_S
    _session: requests.Session = field(default_factory=requests.Session, repr=False)
    _rules: Protego | None = None
    _asked_at: float = 0.0

    def __post_init__(self) -> None:
        parts = web_address(self.address)
        if parts is None or parts.username or parts.password:
            raise Refused(f"{self.address!r} is not the address of a site: give https://…")
        self._session.trust_env = False
        self._session.headers.update({"User-Agent": AGENT, "Accept": "text/html, application/xml;q=0.9"})
        transport = requests_transport(replace(self.outbound, max_bytes=MAP_BYTES, read_only=True))
        self._session.mount("https://", transport)
        self._session.mount("http://", transport)

    def places(self) -> list[Place]:
        """Returns every page of the sitemap that robots.txt allows, in order, each once. Raises TryLater and Refused."""
        self._rules = self._robots()
        pause = self._rules.crawl_delay(AGENT)
        self.pause_s = min(max(self.pause_s, float(pause or 0)), LONGEST_PAUSE_S)
        found = {place.url: place for place in self._walk() if self._allowed(place.url)}
        if len(found) > MOST_PAGES:
            raise Refused(f"the sitemap names more than {MOST_PAGES} pages: name a sitemap of a part of the site")
        return list(found.values())

    def page(self, url: str) -> WebPage | None:
        """Returns a page; `None` if it is gone or asks not to be indexed. Raises TryLater and Refused."""
        try:
            answer = self._get(url)
        except Gone:
            return None
        kind = answer.headers.get("Content-Type", "").lower()
        if "html" not in kind:
            raise Refused(f"is no page of HTML but {kind.partition(';')[0] or 'of no stated kind'}")
        if len(answer.content) > PAGE_BYTES:
            raise Refused(f"is larger than {PAGE_BYTES // 1_000_000} MB")
        if "noindex" in answer.headers.get("X-Robots-Tag", "").lower():
            return None
        return WebPage(
            answer.content, requests.utils.get_encoding_from_headers(answer.headers) or "" if "charset" in kind else ""
        )

    def _robots(self) -> Protego:
        """Without a robots.txt everything is allowed; without a response nothing may be read now (RFC 9309, 2.3.1)."""
        try:
            answer = self._get(urljoin(self.address, "/robots.txt"))
        except Gone:
            return Protego.parse("")
        return Protego.parse(answer.content[:500_000].decode(errors="replace"))

    def _walk(self) -> Iterator[Place]:
        """Yields the pages of all sitemaps, which may list other sitemaps. An unreadable one ends the walk: half a
        list is useless."""
        waiting, seen = self._maps(), set[str]()
        while waiting:
            url = waiting.pop(0)
            if url in seen or not self._is_ours(url):
                continue
            seen.add(url)
            if len(seen) > MOST_MAPS:
                raise Refused(f"the site has more than {MOST_MAPS} sitemaps")
            root = _tree(self._get(url).content, url)
            if _name(root) == "sitemapindex":
                waiting += [place.url for place in _places(root)]
            else:
                yield from (place for place in _places(root) if self._is_ours(place.url))

    def _maps(self) -> list[str]:
        if urlsplit(self.address).path.lower().endswith((".xml", ".xml.gz")):
            return [self.address]
        stated = [url for url in (self._rules.sitemaps if self._rules else ()) if self._is_ours(url)]
        return stated or [urljoin(self.address, "/sitemap.xml")]

    def _is_ours(self, url: str) -> bool:
        """Returns whether a URL has the same host and scheme: klark never goes from https down to http."""
        here, there = urlsplit(self.address), web_address(url)
        return there is not None and (there.scheme, there.netloc.lower()) == (here.scheme, here.netloc.lower())

    def _allowed(self, url: str) -> bool:
        return self._rules is None or bool(self._rules.can_fetch(url, AGENT))

    def _get(self, url: str) -> requests.Response:
        host = urlsplit(url).netloc
        time.sleep(max(0.0, self._asked_at + self.pause_s - time.monotonic()))
        self._asked_at = time.monotonic()
        try:
            answer = self._session.get(url, allow_redirects=False)
        except (requests.RequestException, HTTPError) as error:
            raise blamed(error, "GET", host) from error
        return _judged(answer, url)


def _judged(answer: requests.Response, url: str) -> requests.Response:
    status = answer.status_code
    if status == 200:
        return answer
    if 300 <= status < 400:
        raise Refused(f"{url} points elsewhere ({status}); klark follows no redirect")
    if status in (404, 410):
        raise Gone(f"{url} is not there")
    if status == 429 or status >= 500:
        raise TryLater(f"{url} is not available just now ({status})")
    raise Refused(f"{url} is refused to klark ({status})")


def _tree(raw: bytes, url: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(_unpacked(raw), parser)
    except (etree.XMLSyntaxError, ValueError, OSError, EOFError, zlib.error) as error:
        raise Refused(f"{url} is no sitemap: {error}") from error


def _unpacked(raw: bytes) -> bytes:
    if not raw.startswith(b"\x1f\x8b"):
        return raw
    with gzip.open(io.BytesIO(raw)) as packed:
        text = packed.read(MAP_BYTES + 1)
    if len(text) > MAP_BYTES:
        raise ValueError(f"it unpacks to more than {MAP_BYTES // 1_000_000} MB")
    return text


def _places(root: etree._Element) -> Iterator[Place]:
    for entry in root:
        told = {_name(child): (child.text or "").strip() for child in entry}
        if told.get("loc"):
            yield Place(told["loc"], told.get("lastmod", ""))


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
