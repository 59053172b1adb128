"""What a browser is shown at the addresses that klark links to: a ticket or an article, to be read only, on loopback.

No credentials are asked for, as only a stand-in has these pages. What people wrote is shown as text, never as HTML.
"""

import base64
import hashlib
from collections.abc import Mapping
from html import escape

from integrations.sandbox.records import KLARK_ID, Comment, Desk
from integrations.sandbox.routing import Call, DeskAnswer, Route, find
from integrations.sandbox.store import live, to_text

STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1f2430}
h1{font-size:1.4rem}section{border:1px solid #d5d9e0;border-radius:8px;padding:.75rem 1rem;margin:1rem 0}
section.note{background:#fff7e0}section p{white-space:pre-wrap;margin:.5rem 0 0}small{color:#535b6b}"""
HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS: Mapping[str, str] = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{HASH}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
GONE = "It is not here. A stand-in keeps all in memory, and what an earlier demo had ended with it."


def page(desk: Desk, call: Call) -> DeskAnswer | None:
    """Returns the page at an address, with the status 404 if there is no such ticket or article; `None` for other addresses."""
    found = find(PAGES, call)
    return found[0](desk, *found[1]) if found else None


def ticket(desk: Desk, number: str) -> DeskAnswer:
    """Returns the page of a ticket: status, tags, who asks, and all its comments, private ones too."""
    one = live(desk, number)
    if one is None:
        return _shown(desk, f"Ticket {number}", GONE, "", 404)
    asker = desk.users[one.requester_id]
    facts = f"Ticket {number} · {one.status} · {asker.name} <{asker.email}> · tags: {', '.join(one.tags) or 'none'}"
    return _shown(desk, one.subject, facts, "".join(_said(desk, each) for each in one.comments))


def article(desk: Desk, *place: str) -> DeskAnswer:
    """Returns the page of an article. `place`: its language, if the address names one (else all are shown), and its id."""
    *languages, number = place
    every = [each for each in desk.articles.values() if each.id == int(number) and not each.draft]
    found = [each for each in every if not languages or each.language in languages]
    if not found:
        return _shown(desk, f"Article {number}", GONE, "", 404)
    texts = "".join(_section(each.language, to_text(each.body_html)) for each in found)
    return _shown(desk, found[0].title, f"Article {number} · {found[0].section}", texts)


def _said(desk: Desk, comment: Comment) -> str:
    author = desk.users[comment.author_id]
    kind = "" if comment.public else " · private note"
    who = author.name if author.role == "end-user" or author.id == KLARK_ID else f"{author.name}, agent"
    return _section(f"{who} · {comment.created_at:%Y-%m-%d %H:%M} UTC{kind}", comment.text, note=not comment.public)


def _section(head: str, text: str, *, note: bool = False) -> str:
    return f'<section class="{"note" if note else "said"}"><small>{escape(head)}</small><p>{escape(text)}</p></section>'


def _shown(desk: Desk, title: str, facts: str, body: str, status: int = 200) -> DeskAnswer:
    """Returns the page; `body` is HTML, the rest text."""
    html = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{STYLE}</style><main><small>A stand-in for {desk.name.capitalize()}, "
        f"to be read only</small><h1>{escape(title)}</h1><p>{escape(facts)}</p>{body}</main></html>"
    )
    return DeskAnswer(status, headers=HEADERS, raw=html.encode())


PAGES = (
    Route("GET", r"/(?:agent|a)/tickets/(\d{1,18})", ticket),
    Route("GET", r"/hc/([\w-]+)/articles/(\d{1,18})", article),
    Route("GET", r"/support/solutions/articles/(\d{1,18})", article),
)
