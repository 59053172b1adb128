"""Zendesk's help centre: articles by locale, translations, incremental export.

The functions in the table at the end take the world, the desk, the call and the path's groups, and return the
response.
"""

import zlib
from collections.abc import Iterable
from typing import Any

from integrations.sandbox.records import AGENT_ID, Article, Desk
from integrations.sandbox.routing import Call, DeskAnswer, Route
from integrations.sandbox.store import stamp
from integrations.sandbox.world import World
from integrations.sandbox.zendesk import shapes
from integrations.sandbox.zendesk.shapes import NOT_FOUND

LOCALE = r"([a-z]{2}(?:-[a-zA-Z0-9]{2,4})?)"
DEFAULT_LOCALE = "en-us"


def made_id(*names: str) -> int:
    """Returns a stable id for what only has a name: a section, a category, a translation."""
    return 360_000_000_000 + zlib.crc32("/".join(names).encode())


def shape(record: Article, base: str) -> dict[str, Any]:
    """Returns an article as JSON."""
    page = f"{base}/hc/{record.language}/articles/{record.id}"
    return {
        "id": record.id,
        "url": f"{base}/api/v2/help_center/{record.language}/articles/{record.id}.json",
        "html_url": page,
        "author_id": AGENT_ID,
        "comments_disabled": False,
        "draft": record.draft,
        "promoted": False,
        "position": 0,
        "vote_sum": 0,
        "vote_count": 0,
        "section_id": made_id(record.category, record.section),
        "created_at": stamp(record.created_at),
        "updated_at": stamp(record.updated_at),
        "edited_at": stamp(record.updated_at),
        "name": record.title,
        "title": record.title,
        "source_locale": record.language,
        "locale": record.language,
        "outdated": False,
        "outdated_locales": [],
        "user_segment_id": record.user_segment_id,
        "permission_group_id": 8001,
        "content_tag_ids": [],
        "label_names": list(record.labels),
        "body": record.body_html,
    }


def translation(record: Article, base: str) -> dict[str, Any]:
    """Returns a translation as JSON."""
    return {
        "id": made_id(str(record.id), record.language),
        "url": f"{base}/api/v2/help_center/articles/{record.id}/translations/{record.language}.json",
        "html_url": f"{base}/hc/{record.language}/articles/{record.id}",
        "source_id": record.id,
        "source_type": "Article",
        "locale": record.language,
        "title": record.title,
        "body": record.body_html,
        "outdated": False,
        "draft": record.draft,
        "hidden": False,
        "created_at": stamp(record.created_at),
        "updated_at": stamp(record.updated_at),
        "updated_by_id": AGENT_ID,
        "created_by_id": AGENT_ID,
    }


def articles(world: World, desk: Desk, call: Call, locale: str) -> DeskAnswer:
    """The account's own articles in a locale. Agents see drafts, and klark is one."""
    found = [record for record in _at_home(desk) if record.language.lower() == locale.lower()]
    return shapes.paged(call, "articles", [shape(record, call.base) for record in found])


def _at_home(desk: Desk) -> list[Article]:
    """Returns the articles without those of the other brands, whose help centres are at their own subdomains."""
    return [record for record in desk.articles.values() if not record.brand]


def first_of_each(records: Iterable[Article]) -> list[Article]:
    """Returns each article once, in its first language."""
    first: dict[int, Article] = {}
    for record in records:
        first.setdefault(record.id, record)
    return list(first.values())


def translations_of(desk: Desk, article_id: str) -> list[Article]:
    """Returns an article in all its languages."""
    return [record for (number, _), record in desk.articles.items() if number == int(article_id)]


def translations(world: World, desk: Desk, call: Call, article_id: str) -> DeskAnswer:
    """An article's translations."""
    found = translations_of(desk, article_id)
    rows = [translation(record, call.base) for record in found]
    return shapes.paged(call, "translations", rows) if found else NOT_FOUND


def incremental(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """Articles whose metadata changed since `start_time`, oldest change first; deleted ones are not listed."""
    start = call.query.get("start_time", "")
    if not start.isdigit():
        return DeskAnswer(400, {"error": "InvalidStartTime", "description": "start_time is missing or not a number"})
    changed = [r for r in first_of_each(_at_home(desk)) if r.updated_at.timestamp() >= int(start)]
    changed.sort(key=lambda record: (record.updated_at, record.id))
    end = int(changed[-1].updated_at.timestamp()) if changed else int(start)
    rows = [shape(record, call.base) for record in changed]
    body = {"articles": rows, "next_page": None, "count": len(rows), "end_time": end, "end_of_stream": True}
    return DeskAnswer(200, body)


def locales(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """The locales that have articles."""
    known = list(dict.fromkeys(record.language for record in _at_home(desk))) or [DEFAULT_LOCALE]
    return DeskAnswer(
        200, {"locales": known, "default_locale": DEFAULT_LOCALE if DEFAULT_LOCALE in known else known[0]}
    )


def of_brand(world: World, desk: Desk, call: Call, brand: str, locale: str) -> DeskAnswer:
    """The articles at another brand's subdomain, as everyone sees them: no drafts, nothing for a user segment."""
    found = [r for r in desk.articles.values() if (r.brand, r.language.lower()) == (brand, locale.lower())]
    open_ones = [record for record in found if not record.draft and record.user_segment_id is None]
    return shapes.paged(call, "articles", [shape(record, call.base) for record in open_ones])


def locales_of_brand(world: World, desk: Desk, call: Call, brand: str) -> DeskAnswer:
    """The locales of another brand's help centre."""
    known = list(dict.fromkeys(record.language for record in desk.articles.values() if record.brand == brand))
    return DeskAnswer(200, {"locales": known, "default_locale": known[0]}) if known else NOT_FOUND


GUIDE = r"/api/v2/help_center"
BRAND = rf"/~([a-z0-9-]+){GUIDE}"
GUIDE_ROUTES = (
    Route("GET", rf"{BRAND}/locales", locales_of_brand),
    Route("GET", rf"{BRAND}/{LOCALE}/articles", of_brand),
    Route("GET", rf"{GUIDE}/locales", locales),
    Route("GET", rf"{GUIDE}/incremental/articles", incremental),
    Route("GET", rf"{GUIDE}/{LOCALE}/articles", articles),
    Route("GET", rf"{GUIDE}/articles/(\d+)/translations", translations),
)
