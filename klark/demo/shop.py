"""Loads the shop: its articles, its topics, its policy and its customers' tickets.

Articles are in `articles/*.html` (the first line is a comment with a JSON object), topics and policy in `shop.json`, and
tickets in `script/*.json`. Does not use Django.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from klark.demo.tickets import ScriptTicket, read_tickets

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class ShopArticle:
    """One article in one language.

    `subject` is shared by its translations and copies. `desk` is the help centre that publishes it ("zendesk", "freshdesk"
    or "both"). `body_html` is as an editor left it, so not sanitized.
    """

    id: str
    subject: str
    title: str
    language: str
    section: str
    updated: date
    desk: str
    url: str
    body_html: str

    def on(self, desk: str) -> bool:
        """Returns whether `desk` publishes the article."""
        return self.desk in (desk, "both")


@dataclass(frozen=True, slots=True)
class ShopTopic:
    """A subject of tickets, recognized by its `words`. `action` is the policy's mode: off, note, queue or reply."""

    key: str
    name: Mapping[str, str]
    description: str
    words: Mapping[str, Sequence[str]]
    action: str


@cache
def articles() -> tuple[ShopArticle, ...]:
    """Returns every article, in both languages, in order of file names."""
    return tuple(read_article(path) for path in sorted((HERE / "articles").glob("*.html")))


@cache
def about() -> dict[str, Any]:
    """Returns shop.json: the shop's name and site, its agents, the rules of its policy (by the names of `Rules`), its topics."""
    found: dict[str, Any] = json.loads((HERE / "shop.json").read_text(encoding="utf-8"))
    return found


@cache
def topics() -> tuple[ShopTopic, ...]:
    """Returns the topics in the order in which shop.json lists them."""
    return tuple(ShopTopic(**raw) for raw in about()["topics"])


@cache
def tickets() -> tuple[ScriptTicket, ...]:
    """Returns the tickets of the script, in the order in which they are played."""
    return read_tickets(HERE / "script")


def read_article(path: Path) -> ShopArticle:
    """Reads one article's file: the JSON object in its first line, then its body."""
    front, _, body = path.read_text(encoding="utf-8").partition("\n")
    head = json.loads(front.removeprefix("<!-- ").removesuffix(" -->"))
    return ShopArticle(**{**head, "updated": date.fromisoformat(head["updated"])}, body_html=body)
