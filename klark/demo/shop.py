"""Loads the shop: its articles, its topics, its policy and its customers' tickets.

Articles are in `articles/*.html` (the first line is a comment with a JSON object), topics and policy in `shop.json`, and
tickets in `script/*.json`. Every function that loads them checks them and raises ContentError. Does not use Django.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from klark.demo.content import (
    DESKS,
    HERE,
    LANGUAGES,
    ContentError,
    by_language,
    checked,
    complain,
    one_of,
    parsed,
    texts,
    unlike,
    words_by_language,
    written,
)
from klark.demo.tickets import ScriptTicket, read_tickets

ACTIONS = ("off", "note", "queue", "reply")
FRONT = re.compile(r"<!-- (\{[^\n]*\}) -->\n")
ARTICLE = dict.fromkeys(("id", "subject", "title", "language", "section", "updated", "desk", "url"), str)
TOPIC: Mapping[str, type] = {"key": str, "name": dict, "description": str, "words": dict, "action": str}
POLICY: Mapping[str, type] = {
    "tenant": str,
    "site": str,
    "languages": list,
    "trusted_domains": list,
    "forbidden_phrases": list,
    "sign_off": dict,
    "disclosure": dict,
    "escalate_group": str,
    "escalate_tags": list,
    "agents": list,
    "time_zone": str,
    "currency": str,
    "country": str,
    "runs_per_ticket": int,
    "runs_per_requester": int,
}


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
    words: Mapping[str, tuple[str, ...]]
    action: str


@dataclass(frozen=True, slots=True)
class Agent:
    """A person who works at the shop."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class ShopPolicy:
    """The shop's policy. Texts are keyed by language; `topics` maps each topic's key to its mode."""

    tenant: str
    site: str
    languages: tuple[str, ...]
    trusted_domains: tuple[str, ...]
    forbidden_phrases: tuple[str, ...]
    sign_off: Mapping[str, str]
    disclosure: Mapping[str, str]
    escalate_group: str
    escalate_tags: tuple[str, ...]
    agents: tuple[Agent, ...]
    time_zone: str
    currency: str
    country: str
    runs_per_ticket: int
    runs_per_requester: int
    topics: Mapping[str, str]

    def rules(self) -> dict[str, Any]:
        """Returns the part that is a klark policy, as the JSON object of a policy file."""
        return {key: value for key, value in asdict(self).items() if key not in ("tenant", "site", "agents")}


@cache
def articles() -> tuple[ShopArticle, ...]:
    """Returns every article, in both languages, in order of file names."""
    found = tuple(read_article(path) for path in sorted((HERE / "articles").glob("*.html")))
    unlike([article.url for article in found], "articles")
    return found


@cache
def topics() -> tuple[ShopTopic, ...]:
    """Returns the topics in the order in which shop.json lists them."""
    found = tuple(read_topic(raw) for raw in shop_file()["topics"])
    unlike([topic.key for topic in found], "topics")
    return found


@cache
def policy() -> ShopPolicy:
    """Returns the shop's policy."""
    return read_policy(shop_file()["policy"], {topic.key: topic.action for topic in topics()})


@cache
def tickets() -> tuple[ScriptTicket, ...]:
    """Returns the tickets of the script, in the order in which they are played."""
    found = read_tickets(HERE / "script")
    for ticket in found:
        one_of(ticket.topic, tuple(topic.key for topic in topics()), f"ticket {ticket.id}, topic")
        complain(f"ticket {ticket.id}", "is answered by unknown subjects", sorted(set(ticket.answered_by) - subjects()))
    return found


def subjects() -> set[str]:
    """Returns the subjects that the shop has articles about."""
    return {article.subject for article in articles()}


def shop_file() -> dict[str, Any]:
    """Returns the content of shop.json: {"topics", "policy"}, otherwise unchecked."""
    path = HERE / "shop.json"
    return checked(parsed(written(path), path.name), path.name, {"topics": list, "policy": dict})


def read_article(path: Path) -> ShopArticle:
    """Reads one article's file: the JSON object in its first line, then its body."""
    text = written(path)
    front = FRONT.match(text)
    if not front:
        raise ContentError(f"{path.name}: the first line is not a comment with a JSON object")
    head = checked(parsed(front[1], path.name), path.name, ARTICLE)
    one_of(head["language"], LANGUAGES, path.name)
    one_of(head["desk"], (*DESKS, "both"), path.name)
    if head["id"] != path.stem:
        raise ContentError(f"{path.name}: its id is {head['id']!r}, not its file's name")
    return ShopArticle(**{**head, "updated": day(head["updated"], path.name)}, body_html=text[front.end() :])


def day(text: str, where: str) -> date:
    """Parses an ISO date."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ContentError(f"{where}: {text!r} is not a date like 2026-09-14") from error


def read_topic(raw: object) -> ShopTopic:
    """Reads one topic of shop.json."""
    fields = checked(raw, "topics", TOPIC)
    where = f"topic {fields['key']}"
    one_of(fields["action"], ACTIONS, where)
    name, words = by_language(fields["name"], where), words_by_language(fields["words"], where)
    return ShopTopic(**{**fields, "name": name, "words": words})


def read_policy(raw: object, actions: Mapping[str, str]) -> ShopPolicy:
    """Reads the policy of shop.json. `actions` are the topics' modes by key."""
    fields = checked(raw, "policy", POLICY)
    lists = [key for key, kind in POLICY.items() if kind is list and key != "agents"]
    spoken = [key for key, kind in POLICY.items() if kind is dict]
    ready = {
        **{key: texts(fields[key], f"policy, {key}") for key in lists},
        **{key: by_language(fields[key], f"policy, {key}") for key in spoken},
        "agents": tuple(read_agent(one) for one in fields["agents"]),
    }
    return ShopPolicy(**{**fields, **ready}, topics=actions)


def read_agent(raw: object) -> Agent:
    """Reads one agent of shop.json."""
    return Agent(**checked(raw, "policy, agents", {"name": str, "email": str}))
