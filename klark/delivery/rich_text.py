"""Renders plain text, by a drafter or a person, as what a ticket may contain: paragraphs, lists, links to trusted domains.

There are no images and no styles. Each block finds its own text direction, and characters that turn the direction of
what follows are left out: they make a link or an amount read differently. https://www.unicode.org/reports/tr9/
"""

import html
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import nh3

from guardrails.checks.links import is_disguised, is_trusted
from guardrails.text.contacts import find_links

TAGS = {"p", "br", "ul", "ol", "li", "a", "b", "strong", "em", "i", "blockquote"}
_TURNING = dict.fromkeys(map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
_BULLET = re.compile(r"^\s{0,8}[-*•‣–]\s+(?=\S)")
_NUMBERED = re.compile(r"^\s{0,8}(\d{1,3})[.)]\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Rendered:
    """The same words twice: as sanitized HTML, and as plain text."""

    html: str
    text: str


def sanitize(raw_html: str) -> str:
    """Returns the HTML without anything that a ticket may not contain, images and styles included."""
    return nh3.clean(
        raw_html,
        tags=TAGS,
        attributes={"a": {"href"}, "p": {"dir"}, "ul": {"dir"}, "ol": {"dir", "start"}, "blockquote": {"dir"}},
        url_schemes={"https", "mailto", "tel"},
        link_rel=None,
    )


def render_text(text: str, trusted: Collection[str] = ()) -> Rendered:
    """Returns the text as HTML and plain text. Addresses in `trusted` domains become links; any other stays plain text."""
    domains = frozenset(domain.lower().removeprefix("www.") for domain in trusted)
    plain = text.replace("\r\n", "\n").translate(_TURNING)
    parts = [part.strip() for part in re.split(r"\n\s*\n", plain) if part.strip()]
    body = "".join(block for part in parts for block in _blocks(part.split("\n"), domains))
    return Rendered(sanitize(body), "\n\n".join(parts))


def _blocks(lines: Sequence[str], trusted: frozenset[str]) -> Iterator[str]:
    """Yields runs of lines of one kind as HTML: a list, or a paragraph."""
    for kind, run in groupby(lines, _kind):
        block = list(run)
        yield (
            _list(kind, block, trusted)
            if kind
            else f'<p dir="auto">{"<br>".join(_line(x, trusted) for x in block)}</p>'
        )


def _kind(line: str) -> str:
    if _BULLET.match(line):
        return "ul"
    return "ol" if _NUMBERED.match(line) else ""


def _list(kind: str, lines: Sequence[str], trusted: frozenset[str]) -> str:
    mark = _BULLET if kind == "ul" else _NUMBERED
    points = "".join(f"<li>{_line(mark.sub('', line), trusted)}</li>" for line in lines)
    first = _NUMBERED.match(lines[0])
    start = f' start="{int(first[1])}"' if kind == "ol" and first and int(first[1]) != 1 else ""
    return f'<{kind} dir="auto"{start}>{points}</{kind}>'


def _line(line: str, trusted: frozenset[str]) -> str:
    """Returns one line, escaped, with its trusted addresses as links."""
    done, out = 0, []
    for address in _addresses(line, trusted):
        place = line.find(address, done)
        link = html.escape(address)
        out += [html.escape(line[done:place], quote=False), f'<a href="{link}">{link}</a>']
        done = place + len(address)
    return "".join([*out, html.escape(line[done:], quote=False)])


def _addresses(line: str, trusted: frozenset[str]) -> list[str]:
    """Returns the https addresses that lead where they seem to, in order of appearance."""
    found = [link for link in find_links(line) if link.text.startswith("https://")]
    good = [
        _whole(line, link.text) for link in found if is_trusted(link.host, trusted) and not is_disguised(link, trusted)
    ]
    return sorted(good, key=line.find)


def _whole(line: str, address: str) -> str:
    """Returns the address with the bracket that closes one of its own: "…/a_(b)", but not "(…/a)"."""
    closed = f"{address})"
    return closed if address.count("(") > address.count(")") and closed in line else address
