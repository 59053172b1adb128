"""What an account publishes: its help centre, and the replies that its agents share."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class HelpArticle:
    """A published text: an article of the help centre in one language, or a saved reply. `id` has its kind and its
    language in it, so that it is unique on the account; `brand_id` "" is for every brand."""

    id: str
    title: str
    body_html: str
    language: str
    url: str = ""
    updated_at: datetime | None = None
    brand_id: str = ""


@dataclass(frozen=True, slots=True)
class HelpCentrePage:
    """One page of what an account publishes, read on at `cursor`.

    A walk goes through everything: it begins at the cursor "" and `walk` is true on all its pages, so that what none of
    them shows is gone. Where the helpdesk tells changes, the cursor after a walk goes on with those: `touched` are ids
    without their language of which only what stands in `articles` is still published.
    """

    articles: tuple[HelpArticle, ...]
    cursor: str = ""
    more: bool = False
    walk: bool = True
    touched: tuple[str, ...] = ()


def read_cursor(cursor: str) -> Mapping[str, Any]:
    """A cursor of `packed`; one that nobody can read begins anew."""
    try:
        at = json.loads(cursor or "{}")
    except ValueError:
        return {}
    return at if isinstance(at, dict) else {}


def packed(**at: Any) -> str:
    """Where to read on, as text."""
    return json.dumps(at, separators=(",", ":"))
