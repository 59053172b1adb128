"""A site by its sitemap: robots.txt is obeyed, the host is not left, and what comes back is bounded."""

import gzip
from collections.abc import Iterator

import pytest

from integrations import sites
from integrations.errors import IntegrationError, Refused, TryLater
from integrations.http.transports import Outbound
from integrations.sites import Place, Site, WebPage
from tests.klark.sources.web import Answer, Web, web


@pytest.fixture
def site() -> Iterator[Web]:
    with web() as one:
        one.maps("/a", "/b")
        yield one


def opened(site: Web, path: str = "", **more: int) -> Site:
    return Site(site.home + path, Outbound(private=(site.host,), **more), pause_s=0)


def paths(site: Web, path: str = "") -> list[str]:
    return [place.url.removeprefix(site.home) for place in opened(site, path).places()]


def test_the_sitemap_names_the_pages_each_once(site: Web) -> None:
    site.maps("/a", "/b", "/a", changed="2026-11-01")
    assert opened(site).places() == [Place(f"{site.home}/a", "2026-11-01"), Place(f"{site.home}/b", "2026-11-01")]


def test_robots_txt_is_asked_first_and_obeyed(site: Web) -> None:
    site.answers["/robots.txt"] = Answer("User-agent: *\nDisallow: /b\n", kind="text/plain")
    assert paths(site) == ["/a"]
    assert site.asked == ["/robots.txt", "/sitemap.xml"]
    site.answers["/robots.txt"] = Answer("User-agent: klark\nDisallow: /\n", kind="text/plain")
    assert paths(site) == []


def test_the_sitemap_that_robots_txt_names_is_read(site: Web) -> None:
    site.answers["/other.xml"] = site.answers.pop("/sitemap.xml")
    site.answers["/robots.txt"] = Answer(f"Sitemap: {site.home}/other.xml\nSitemap: https://elsewhere.example/x.xml\n")
    assert paths(site) == ["/a", "/b"]
    assert paths(site, "/other.xml") == ["/a", "/b"]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_robots_txt_that_does_not_answer_means_later(site: Web, status: int) -> None:
    site.answers["/robots.txt"] = Answer("", status)
    with pytest.raises(TryLater):
        opened(site).places()


def test_a_site_that_asks_for_time_is_given_it_up_to_a_limit(site: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites, "LONGEST_PAUSE_S", 0.03)
    paused = []
    for asked in ("0.02", "9999"):
        site.answers["/robots.txt"] = Answer(f"User-agent: *\nCrawl-delay: {asked}\n")
        one = opened(site)
        one.places()
        paused.append(one.pause_s)
    assert paused == [0.02, 0.03]


def test_a_place_that_is_no_address_costs_itself_and_no_other(site: Web) -> None:
    site.maps("/a", "http://[", "https://shop.example:port/x", "http:///x", "http://\u2100.example/", "/b")
    assert paths(site) == ["/a", "/b"]


@pytest.mark.parametrize(
    "foreign", ["https://elsewhere.example/x", "http://127.0.0.1:1/x", "ftp://127.0.0.1/x", "file:///etc/passwd"]
)
def test_another_host_is_never_read(site: Web, foreign: str) -> None:
    site.maps("/a", foreign)
    assert paths(site) == ["/a"]


def test_a_sitemap_of_sitemaps_is_followed_on_the_same_host_only_and_never_in_circles(site: Web) -> None:
    site.answers["/inner.xml"] = site.answers["/sitemap.xml"]
    site.answers["/sitemap.xml"] = Answer(
        f"<sitemapindex><sitemap><loc>{site.home}/inner.xml</loc></sitemap><sitemap><loc>{site.home}/sitemap.xml</loc>"
        "</sitemap><sitemap><loc>https://elsewhere.example/x.xml</loc></sitemap></sitemapindex>", kind="text/xml"
    )  # fmt: skip
    assert paths(site) == ["/a", "/b"]


def test_a_packed_sitemap_is_unpacked_up_to_its_limit(site: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = str(site.answers["/sitemap.xml"].body).encode()
    site.answers["/sitemap.xml.gz"] = Answer(gzip.compress(plain), kind="application/gzip")
    assert paths(site, "/sitemap.xml.gz") == ["/a", "/b"]
    monkeypatch.setattr(sites, "MAP_BYTES", len(plain) - 1)
    with pytest.raises(Refused, match="unpacks to more"):
        paths(site, "/sitemap.xml.gz")


@pytest.mark.parametrize(
    "raw", ["<urlset", "not xml", "", '<!DOCTYPE u [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset>&a;']
)
def test_a_broken_sitemap_is_no_list(site: Web, raw: str) -> None:
    site.answers["/sitemap.xml"] = Answer(raw, kind="text/xml")
    with pytest.raises(Refused, match="is no sitemap"):
        paths(site)


def test_a_packed_sitemap_that_is_damaged_is_no_list(site: Web) -> None:
    whole = gzip.compress(b"<urlset><url><loc>" + site.home.encode() + b"/a</loc></url></urlset>")
    damaged = {
        "cut": whole[:-9], "of no blocks": whole[:10] + b"\x07" + whole[11:], "another sum": whole[:-8] + b"\0" * 8,
        "a head alone": whole[:10], "another kind": b"\x1f\x8b\x09" + whole[3:],
    }  # fmt: skip
    for raw in damaged.values():
        site.answers["/sitemap.xml"] = Answer(raw, kind="application/gzip")
        with pytest.raises(Refused, match="is no sitemap"):
            paths(site)


def test_half_a_list_is_no_list(site: Web) -> None:
    site.answers["/sitemap.xml"] = Answer(
        f"<sitemapindex><sitemap><loc>{site.home}/one.xml</loc></sitemap><sitemap><loc>{site.home}/two.xml</loc></sitemap>"
        "</sitemapindex>"
    )  # fmt: skip
    site.answers["/one.xml"] = Answer(f"<urlset><url><loc>{site.home}/a</loc></url></urlset>")
    site.answers["/two.xml"] = Answer("", 503)
    with pytest.raises(TryLater):
        paths(site)


def test_a_page_comes_as_its_server_sent_it(site: Web) -> None:
    site.answers["/a"] = Answer("é".encode("cp1252"), kind="text/html; charset=windows-1252")
    site.answers["/b"] = Answer("é")
    assert opened(site).page(f"{site.home}/a") == WebPage(b"\xe9", "windows-1252")
    site.answers["/b"].kind = "text/html"
    assert opened(site).page(f"{site.home}/b") == WebPage("é".encode(), "")


@pytest.mark.parametrize("answer", [Answer("", 404), Answer("", 410), Answer("x", headers={"X-Robots-Tag": "noindex"})])
def test_a_page_that_is_gone_or_asks_not_to_be_kept_is_none(site: Web, answer: Answer) -> None:
    site.answers["/a"] = answer
    assert opened(site).page(f"{site.home}/a") is None


@pytest.mark.parametrize(("answer", "error", "why"), [
    (Answer("", 301, headers={"Location": "https://elsewhere.example/"}), Refused, "follows no redirect"),
    (Answer("", 302, headers={"Location": "/b"}), Refused, "follows no redirect"),
    (Answer("", 403), Refused, "is refused to klark"),
    (Answer("", 500), TryLater, "is not available"),
    (Answer("x", kind="application/pdf"), Refused, "is no page of HTML but application/pdf"),
    (Answer("x", kind=""), Refused, "of no stated kind"),
])  # fmt: skip
def test_a_page_that_cannot_be_read_says_why(
    site: Web, answer: Answer, error: type[IntegrationError], why: str
) -> None:
    site.answers["/a"] = answer
    with pytest.raises(error, match=why):
        opened(site).page(f"{site.home}/a")
    assert "/b" not in site.asked


def test_a_page_that_is_too_large_is_refused(site: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites, "PAGE_BYTES", 10)
    site.answers["/a"] = Answer("x" * 11)
    with pytest.raises(Refused, match="is larger than"):
        opened(site).page(f"{site.home}/a")


def test_a_sitemap_that_never_ends_is_cut(site: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites, "MAP_BYTES", 50)
    with pytest.raises(TryLater, match="larger than 50 bytes"):
        paths(site)
    monkeypatch.undo()
    monkeypatch.setattr(sites, "MOST_PAGES", 1)
    with pytest.raises(Refused, match="more than 1 pages"):
        paths(site)


def test_what_is_not_public_is_not_reached(site: Web) -> None:
    with pytest.raises(Refused, match="not on the public internet"):
        Site(site.home, Outbound(), pause_s=0).places()
    assert site.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "ftp://shop.example",
        "shop.example",
        "https://",
        "https://user:secret@shop.example",
        "https://[",
        "https://shop.example:port",
        "https://shop.example:99999",
        "https://\u2100.example",
        "",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Refused, match="is not the address of a site"):
        Site(address, Outbound())
