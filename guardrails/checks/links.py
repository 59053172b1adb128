"""Checks that every link and e-mail address in the reply is one that the customer may be sent to.

G070 untrusted domain   hit: a domain that the policy does not trust. miss: "help.shop.example" under "shop.example".
G071 in no source       hit: a trusted link that no cited source contains. miss: one copied from a source.
G072 disguised          hit: "http://shop.example@evil.test", "xn--…", an IP address. miss: "https://shop.example/a".
G073 dangerous scheme   hit: "javascript:…", "data:…". miss: "https://…".
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from guardrails.base import Finding, Level, Options, Reply, Sentence
from guardrails.grounding.allowed_sources import cited, surroundings, trusted_sentences
from guardrails.text.contacts import Link, find_links, find_mails
from guardrails.text.vocabulary import word_set

UNTRUSTED = "klark.G070"
UNCITED = "klark.G071"
DISGUISED = "klark.G072"
SCHEME = "klark.G073"

_HELP = re.compile(r"^(?:www|help|aide|support|faq|docs?|kb|centre-aide|help-cent(?:er|re))\.")
_SHARED = re.compile(r"(?:^|\.)(?:zendesk|freshdesk)\.com$")
"""Helpdesk vendors' domains, shared by all tenants: each tenant has its own subdomain."""
_SAFE = frozenset({"", "http", "https", "mailto", "tel"})
_SHORTENERS = word_set(
    "bit.ly tinyurl.com t.co goo.gl ow.ly is.gd buff.ly cutt.ly rebrand.ly lnkd.in t.ly tiny.cc rb.gy shorturl.at"
    " v.gd s.id bl.ink qr.ae"
)
_NUMERIC = re.compile(r"(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+)){0,3}|\[[0-9a-f:.]+\]?", re.IGNORECASE)


def links(reply: Reply, options: Options) -> list[Finding]:
    """Returns findings on links and e-mail addresses. One that no cited source contains is BLOCK, since readers follow a
    link before they question it; one that the tenant has published in a cited source is HOLD, for a person to judge."""
    trusted = frozenset(domain.lower().removeprefix("www.") for domain in options.trusted_domains)
    return [
        _finding(id_, f"{why}: {words}", place, words, sentence)
        for place, sentence in trusted_sentences(reply)
        for id_, why, words in _in_sentence(sentence, trusted | _own_domains(sentence))
    ]


def _finding(id_: str, why: str, place: int, words: str, sentence: Sentence) -> Finding:
    published = any(words in source.text for source in sentence.sources)
    return Finding(id_, Level.HOLD if published else Level.BLOCK, why, place, words, never_alone=True)


def _own_domains(sentence: Sentence) -> frozenset[str]:
    """Returns the domains that the cited articles are published on: "aide.shop.example" is the help centre of
    "shop.example"."""
    hosts = (urlsplit(source.url).hostname or "" for source in sentence.sources)
    return frozenset(_HELP.sub("", host) for host in hosts if host.count(".") and not _SHARED.search(host))


def _in_sentence(sentence: Sentence, trusted: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    # A link may come from the passage around the cited sentence: what matters is that the tenant published it.
    known = f"{cited(sentence.sources)}\n{surroundings(sentence.sources)}"
    keys = {_told(link) for link in find_links(known)} if sentence.sources else set()
    for link in find_links(sentence.text):
        if fault := _fault(link, trusted, keys):
            yield (*fault, link.text)
    mails = set(find_mails(known)) if sentence.sources else set()
    for mail in find_mails(sentence.text):
        if not is_trusted(mail.rpartition("@")[2], trusted):
            yield UNTRUSTED, "an e-mail address of a domain that the policy does not trust", mail
        elif mail not in mails:
            yield UNCITED, "an e-mail address that no cited source has", mail


def _fault(link: Link, trusted: frozenset[str], keys: set[tuple[str, bool]]) -> tuple[str, str] | None:
    if link.scheme not in _SAFE:
        return SCHEME, "a link that runs something"
    if is_disguised(link, trusted):
        return DISGUISED, "a link that does not lead where it seems to"
    if link.scheme == "tel":
        return None  # a phone number: see checks.personal
    if not is_trusted(link.host, trusted):
        return UNTRUSTED, "a link to a domain that the policy does not trust"
    if link.scheme != "mailto" and not keys & {_told(link), (link.key, False)}:
        return UNCITED, "a link that no cited source has"
    return None


def _told(link: Link) -> tuple[str, bool]:
    """Returns where a link leads, and whether securely: a source with the https link does not justify the http one."""
    return link.key, link.scheme != "http"


def is_trusted(host: str, trusted: frozenset[str]) -> bool:
    """Returns whether `host` is a trusted domain or a subdomain of one."""
    return any(host == domain or host.endswith(f".{domain}") for domain in trusted)


def is_disguised(link: Link, trusted: frozenset[str]) -> bool:
    """Returns whether a link hides its host: behind "@", in punycode or another script, as a number, behind a
    shortener, or by imitating a trusted domain."""
    if link.scheme in ("mailto", "tel"):
        return False
    authority = re.split(r"[/?#]", re.sub(r"^[a-z+.-]+:[/\\]*", "", link.text.lower()).replace("\\", "/"), maxsplit=1)[
        0
    ]
    return (
        "@" in authority
        or "%" in authority
        or not link.host.isascii()
        or "xn--" in link.host
        or link.host in _SHORTENERS
        or bool(_NUMERIC.fullmatch(link.host))
        or _imitates(link.host, trusted)
    )


def _imitates(host: str, trusted: frozenset[str]) -> bool:
    """Returns whether an untrusted host resembles a trusted one: "shop.example.evil.test" and "sh0p.example" imitate
    "shop.example"."""
    if is_trusted(host, trusted):
        return False
    return any(f".{domain}." in f".{host}." or _plain(domain) == _plain(host) for domain in trusted)


def _plain(host: str) -> str:
    return (
        host.replace("rn", "m")
        .replace("vv", "w")
        .translate(str.maketrans("01345|-", "oleasl."))
        .replace(".", "")
        .replace("i", "l")
    )
