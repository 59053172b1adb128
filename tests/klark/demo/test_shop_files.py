"""Each way in which an article, a topic or the policy of the demo's shop may be wrong, and what is said of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from klark.demo import shop, tickets
from klark.demo.content import (
    ContentError,
)
from klark.demo.shop import Agent, ShopArticle, day, read_agent, read_article, read_policy, read_topic
from klark.demo.tickets import (
    SHOWS,
)


def complaint(read: Callable[..., object], *given: object) -> str:
    """What is said of a value; "" where it is taken."""
    try:
        read(*given)
    except ContentError as error:
        return str(error)
    return ""


HEAD = {"id": "x-fr", "subject": "x", "title": "X", "language": "fr", "section": "S", "updated": "2026-01-31", "desk": "both",
        "url": "https://fanalou.example/x"}  # fmt: skip
FRONTS: dict[str, tuple[str, str]] = {
    "no comment": ("<p>x</p>", "x-fr.html: the first line is not a comment with a JSON object"),
    "empty": ("", "x-fr.html: the first line is not a comment with a JSON object"),
    "a line too early": (f"\n<!-- {json.dumps(HEAD)} -->\n", "x-fr.html: the first line is not a comment with a JSON object"),
    "a list": ("<!-- [] -->\n", "x-fr.html: the first line is not a comment with a JSON object"),
    "half an object": ('<!-- {"id": } -->\n', "x-fr.html: not JSON: Expecting value: line 1 column 8 (char 7)"),
    "two dates": (f"<!-- {json.dumps({**HEAD, 'updated': '2026-01-31, 2026-02-01'})} -->\n",
                  "x-fr.html: '2026-01-31, 2026-02-01' is not a date like 2026-09-14"),
    "a day that was not": (f"<!-- {json.dumps({**HEAD, 'updated': '2026-02-30'})} -->\n",
                           "x-fr.html: '2026-02-30' is not a date like 2026-09-14"),
}  # fmt: skip


def test_an_articles_first_line_says_what_it_is(tmp_path: Path) -> None:
    path, said = tmp_path / "x-fr.html", {}
    for name, (text, _) in FRONTS.items():
        path.write_text(text, encoding="utf-8")
        said[name] = complaint(read_article, path)
    assert said == {name: words for name, (_, words) in FRONTS.items()}


def test_an_article_is_published_by_its_desk_or_by_both() -> None:
    def on(desk: str) -> tuple[bool, bool]:
        article = ShopArticle(**{**HEAD, "updated": day("2026-01-31", "x"), "desk": desk}, body_html="")
        return article.on("zendesk"), article.on("freshdesk")

    assert [on(desk) for desk in ("zendesk", "freshdesk", "both")] == [(True, False), (False, True), (True, True)]


POLICY = shop.shop_file()["policy"]
POLICIES: dict[str, tuple[dict[str, Any], str]] = {
    "a list of one number": ({"languages": [1]}, "policy, languages: a list of texts is expected"),
    "an empty domain": ({"trusted_domains": [" "]}, "policy, trusted_domains: a list of texts is expected"),
    "a sign-off in German": ({"sign_off": {"de": "x"}}, "policy, sign_off: lacks fr, en"),
    "a disclosure that is empty": ({"disclosure": {"en": "", "fr": "x"}}, "policy, disclosure: leaves empty en"),
    "an agent without an address": ({"agents": [{"name": "A"}]}, "policy, agents: lacks email"),
    "an agent whose address is a number": ({"agents": [{"name": "A", "email": 1}]},
                                           "policy, agents: has the wrong type in email"),
    "nobody": ({"agents": []}, "policy: leaves empty agents"),
    "runs as a text": ({"runs_per_ticket": "6"}, "policy: has the wrong type in runs_per_ticket"),
    "another name": ({"shop": "x"}, "policy: does not know shop"),
}  # fmt: skip


def test_what_is_wrong_with_the_shops_policy_is_named() -> None:
    got = {name: complaint(read_policy, {**POLICY, **change}, {}) for name, (change, _) in POLICIES.items()}
    assert got == {name: words for name, (_, words) in POLICIES.items()}
    assert complaint(read_policy, [], {}) == "policy: an object is expected, not list"
    assert read_agent({"name": "Léa", "email": "lea@example.com"}) == Agent("Léa", "lea@example.com")


def test_what_is_wrong_with_a_topic_is_named() -> None:
    good = {
        "key": "k",
        "name": {"fr": "a", "en": "b"},
        "description": "d",
        "words": {"fr": ["x"], "en": ["y"]},
        "action": "off",
    }
    wrong = {"no key": {"key": ""}, "a name in one language": {"name": {"en": "b"}},
             "a word that is empty": {"words": {"fr": [""], "en": ["y"]}},
             "words as a list": {"words": []}, "colour": {"colour": "red"}}  # fmt: skip
    assert {name: complaint(read_topic, {**good, **change}) for name, change in wrong.items()} == {
        "no key": "topics: leaves empty key", "a name in one language": "topic k: lacks fr",
        "a word that is empty": "topic k, fr: a list of texts is expected",
        "words as a list": "topics: has the wrong type in words",
        "colour": "topics: does not know colour",
    }  # fmt: skip
    assert (read_topic(good).words, read_topic(good).action) == ({"fr": ("x",), "en": ("y",)}, "off")


def test_every_ticket_of_the_script_is_about_a_topic_and_shows_what_is_known() -> None:
    played = shop.tickets()
    assert {ticket.topic for ticket in played} <= {topic.key for topic in shop.topics()}
    assert {scene for ticket in played for scene in ticket.shows} <= SHOWS
    assert {event.do for ticket in played for event in ticket.events} <= set(tickets.EVENTS)
