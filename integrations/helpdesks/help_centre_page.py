"""What an account publishes: its help centre, and the replies that its agents share."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class HelpArticle:
    """A published text: an article of the help centre in one language, or a saved reply. `id` includes its kind and
    language, so that it is unique in the account; `brand_id` "" means every brand."""

    id: str
    title: str
    body_html: str
    language: str
    url: str = ""
    updated_at: datetime | None = None
    brand_id: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HelpCentrePage:
    """One page of what an account publishes; reading continues at `cursor`.

    A full walk starts at the cursor "", and `walk` is true on all its pages: what none of them shows is gone. If the
    helpdesk can list changes, the cursor after a walk continues with those: `touched` are ids without their language,
    of which only what is in `articles` is still published.

    A refusal does not say that anything is gone. `refused` are the brands whose help centre did not let klark read since
    the walk began; `hidden`, on the first page of a walk, names what the account does not let klark list.
    """

    articles: tuple[HelpArticle, ...]
    cursor: str = ""
    more: bool = False
    walk: bool = True
    touched: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    hidden: Literal["", "brands", "languages"] = ""


def read_cursor(cursor: str) -> Mapping[str, Any]:
    """Returns the content of a cursor made by `packed`; an unreadable one starts from the beginning."""
    try:
        at = json.loads(cursor or "{}")
    except ValueError:
        return {}
    return at if isinstance(at, dict) else {}


def packed(**at: Any) -> str:
    """Returns the position to continue from, as text."""
    return json.dumps(at, separators=(",", ":"))
