"""How the demo's files are read: articles, topics, tickets."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from klark.demo import shop
from klark.demo.shop import ShopArticle, read_article
from klark.demo.tickets import read_ticket, read_tickets

ROOT = Path(shop.__file__).parents[2]
HEAD = {
    "id": "x-fr",
    "subject": "x",
    "title": "X",
    "language": "fr",
    "section": "S",
    "updated": "2026-01-31",
    "desk": "both",
    "url": "https://fanalou.example/aide/x",
}
TICKET = {
    "id": "T1",
    "shows": ["answerable"],
    "desk": "zendesk",
    "topic": "delivery",
    "requester": {"name": "Ada Quill", "email": "ada@example.com"},
    "subject": "Hello",
    "body_html": "<p>Hello?</p>",
    "expect": {"decision": "REPLY", "reason": "ready"},
}


def written(folder: Path, name: str, text: str) -> Path:
    """A content file of a test's own."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_an_article_keeps_its_body_as_it_was_left(tmp_path: Path):
    path = written(tmp_path, "x-fr.html", f"<!-- {json.dumps(HEAD)} -->\n<p>Où\u00a0?</p>\n")
    article = read_article(path)
    assert article.body_html == "<p>Où\u00a0?</p>\n"
    assert article.updated.isoformat() == "2026-01-31"


@pytest.mark.parametrize(
    ("desk", "on"), [("zendesk", (True, False)), ("freshdesk", (False, True)), ("both", (True, True))]
)
def test_an_article_is_published_by_its_desk_or_by_both(desk: str, on: tuple[bool, bool]):
    article = ShopArticle(**{**HEAD, "updated": shop.date(2026, 1, 31), "desk": desk}, body_html="")
    assert (article.on("zendesk"), article.on("freshdesk")) == on


@pytest.mark.parametrize(
    "change", [{"mood": "x"}, {"expect": {"decision": "REPLY"}}, {"requester": {"name": "Ada Quill"}}]
)
def test_a_name_that_is_unknown_or_missing_is_refused(change: dict[str, object]):
    with pytest.raises(TypeError):
        read_ticket(TICKET | change)


def test_a_ticket_that_says_nothing_more_gets_the_usual():
    ticket = read_ticket(TICKET)
    assert (ticket.channel, ticket.status, ticket.opened_by) == ("email", "new", "customer")
    assert (ticket.expect.decisions, ticket.expect.reasons, ticket.expect.replies) == (("REPLY",), ("ready",), 1)


def test_a_ticket_keeps_who_said_what_before_it_and_its_headers():
    history = [
        {"author": "customer", "public": True, "body_html": "a"},
        {"author": "agent", "public": False, "body_html": "b"},
    ]
    ticket = read_ticket(TICKET | {"history": history, "headers": {"Auto-Submitted": "auto-replied"}})
    assert [(one.author, one.public, one.body_html) for one in ticket.history] == [
        ("customer", True, "a"),
        ("agent", False, "b"),
    ]
    assert ticket.headers == (("Auto-Submitted", "auto-replied"),)


def test_an_event_keeps_what_it_needs_and_nothing_else():
    ticket = read_ticket(TICKET | {"events": [{"do": "fault", "kind": "drop", "on": "write"}]})
    (event,) = ticket.events
    assert (event.do, event.kind, event.on, event.times, event.body) == ("fault", "drop", "write", 1, "")


def test_a_list_of_decisions_is_one_for_each_turn():
    ticket = read_ticket(TICKET | {"expect": {"decision": ["REPLY", "SKIP"], "reason": ["ready", "thanks_only"]}})
    assert ticket.expect.decisions == ("REPLY", "SKIP")
    assert ticket.expect.replies == 1


def test_scripts_are_played_in_the_order_of_their_files(tmp_path: Path):
    written(tmp_path, "2.json", json.dumps([TICKET | {"id": "B"}]))
    written(tmp_path, "1.json", json.dumps([TICKET | {"id": "C"}, TICKET | {"id": "A"}]))
    assert [ticket.id for ticket in read_tickets(tmp_path)] == ["C", "A", "B"]


def test_the_shop_is_read_without_django():
    code = "import sys; from klark.demo import shop; shop.tickets(); shop.about(); print('django' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
