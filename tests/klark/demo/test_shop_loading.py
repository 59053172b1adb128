"""What is wrong with a content file is named on load: which file, which entry, which key."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from klark.demo import shop
from klark.demo.content import ContentError, checked, parsed, unlike, words_by_language
from klark.demo.shop import read_article, read_policy, read_topic
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


def test_an_article_without_its_first_line_is_named(tmp_path: Path):
    path = written(tmp_path, "x-fr.html", "<p>Bonjour</p>")
    with pytest.raises(ContentError, match=r"^x-fr\.html: the first line is not a comment"):
        read_article(path)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"language": "de"}, "x-fr.html: 'de' is none of en, fr"),
        ({"desk": "phone"}, "x-fr.html: 'phone' is none of both, freshdesk, zendesk"),
        ({"updated": "yesterday"}, "x-fr.html: 'yesterday' is not a date like 2026-09-14"),
        ({"id": "y-fr"}, "x-fr.html: its id is 'y-fr', not its file's name"),
        ({"title": ""}, "x-fr.html: leaves empty title"),
        ({"colour": "red"}, "x-fr.html: does not know colour"),
        ({"url": 7}, "x-fr.html: has the wrong type in url"),
    ],
)
def test_an_articles_wrong_first_line_is_named(tmp_path: Path, change: dict[str, object], complaint: str):
    path = written(tmp_path, "x-fr.html", f"<!-- {json.dumps(HEAD | change)} -->\n<p>Bonjour</p>\n")
    with pytest.raises(ContentError) as caught:
        read_article(path)
    assert str(caught.value) == complaint


def test_an_article_keeps_its_body_as_it_was_left(tmp_path: Path):
    path = written(tmp_path, "x-fr.html", f"<!-- {json.dumps(HEAD)} -->\n<p>Où\u00a0?</p>\n")
    article = read_article(path)
    assert article.body_html == "<p>Où\u00a0?</p>\n"
    assert article.on("zendesk")
    assert article.on("freshdesk")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"desk": "fax"}, "ticket T1: 'fax' is none of freshdesk, zendesk"),
        ({"channel": "pigeon"}, "ticket T1: 'pigeon' is none of api, chat, email, phone, web"),
        ({"status": "lost"}, "ticket T1: 'lost' is none of new, open, pending, solved"),
        ({"opened_by": "robot"}, "ticket T1: 'robot' is none of agent, customer"),
        ({"shows": ["magic"]}, "ticket T1: shows the unknown magic"),
        ({"tags": [1]}, "ticket T1, tags: a list of texts is expected"),
        ({"mood": "x"}, "entry: does not know mood"),
        ({"requester": {"name": "Ada Quill"}}, "ticket T1, person: lacks email"),
        ({"history": ["hello"]}, "ticket T1, history: an object is expected, not str"),
        ({"events": [{"do": "explode"}]}, "ticket T1, event: 'explode' is none of "),
        ({"events": [{"do": "fault", "kind": "429"}]}, "ticket T1, fault: lacks on"),
        ({"events": [{"do": "fault", "kind": "fire", "on": "read"}]}, "ticket T1, fault: 'fire' is none of "),
        ({"events": [{"do": "webhook_times", "times": "3"}]}, "ticket T1, webhook_times: has the wrong type in times"),
        ({"expect": {"decision": "MAYBE", "reason": "ready"}}, "ticket T1, expect: does not know MAYBE"),
        ({"expect": {"decision": "REPLY", "reason": "luck"}}, "ticket T1, expect: does not know luck"),
        ({"expect": {"decision": ["REPLY", "SKIP"], "reason": ["ready"]}}, "ticket T1, expect: needs as many reasons"),
        ({"expect": {"decision": ["REPLY"], "reason": "ready"}}, "ticket T1, expect: has the wrong type in reason"),
    ],
)
def test_a_wrong_ticket_is_named(change: dict[str, object], complaint: str):
    with pytest.raises(ContentError) as caught:
        read_ticket(TICKET | change, "entry")
    assert str(caught.value).startswith(complaint)


def test_a_ticket_that_says_nothing_more_gets_the_usual():
    ticket = read_ticket(TICKET, "entry")
    assert (ticket.channel, ticket.status, ticket.opened_by) == ("email", "new", "customer")
    assert (ticket.expect.decisions, ticket.expect.reasons, ticket.expect.replies) == (("REPLY",), ("ready",), 1)


def test_a_ticket_keeps_who_said_what_before_it_and_its_headers():
    history = [
        {"from": "customer", "public": True, "body_html": "a"},
        {"from": "agent", "public": False, "body_html": "b"},
    ]
    ticket = read_ticket(TICKET | {"history": history, "headers": {"Auto-Submitted": "auto-replied"}}, "entry")
    assert [(one.author, one.public, one.body_html) for one in ticket.history] == [
        ("customer", True, "a"),
        ("agent", False, "b"),
    ]
    assert ticket.headers == (("Auto-Submitted", "auto-replied"),)


def test_an_event_keeps_what_it_needs_and_nothing_else():
    ticket = read_ticket(TICKET | {"events": [{"do": "fault", "kind": "drop", "on": "write"}]}, "entry")
    (event,) = ticket.events
    assert (event.do, event.kind, event.on, event.times, event.body) == ("fault", "drop", "write", 1, "")


def test_two_articles_at_one_address_are_refused():
    with pytest.raises(ContentError, match=r"^articles: has more than once https://fanalou\.example/a$"):
        unlike(["https://fanalou.example/a", "https://fanalou.example/b", "https://fanalou.example/a"], "articles")


def test_a_list_of_decisions_is_one_for_each_turn():
    ticket = read_ticket(
        TICKET | {"expect": {"decision": ["REPLY", "SKIP"], "reason": ["ready", "thanks_only"]}}, "entry"
    )
    assert ticket.expect.decisions == ("REPLY", "SKIP")
    assert ticket.expect.replies == 1


def test_a_script_that_is_not_a_list_or_repeats_an_id_is_refused(tmp_path: Path):
    path = written(tmp_path, "1.json", json.dumps([TICKET, TICKET]))
    with pytest.raises(ContentError, match="has more than once T1"):
        read_tickets(tmp_path)
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(ContentError, match=r"^1\.json: is not a list of tickets$"):
        read_tickets(tmp_path)


def test_scripts_are_played_in_the_order_of_their_files(tmp_path: Path):
    written(tmp_path, "2.json", json.dumps([TICKET | {"id": "B"}]))
    written(tmp_path, "1.json", json.dumps([TICKET | {"id": "C"}, TICKET | {"id": "A"}]))
    assert [ticket.id for ticket in read_tickets(tmp_path)] == ["C", "A", "B"]


def test_a_topic_with_an_unknown_action_or_no_french_words_is_refused():
    topic = {"key": "k", "name": {"fr": "a", "en": "b"}, "description": "d", "action": "shout"}
    with pytest.raises(ContentError, match=r"^topic k: 'shout' is none of note, off, queue, reply$"):
        read_topic(topic | {"words": {"fr": ["x"], "en": ["y"]}})
    with pytest.raises(ContentError, match=r"^topic k: leaves empty fr$"):
        words_by_language({"fr": [], "en": ["y"]}, "topic k")


def test_a_policy_that_lacks_a_language_is_refused():
    raw = json.loads((ROOT / "klark/demo/shop.json").read_text(encoding="utf-8"))["policy"]
    with pytest.raises(ContentError, match=r"^policy, sign_off: lacks fr$"):
        read_policy(raw | {"sign_off": {"en": "Bye"}}, {})


def test_what_is_no_json_or_no_object_is_refused():
    with pytest.raises(ContentError, match=r"^a\.json: not JSON: "):
        parsed("{", "a.json")
    with pytest.raises(ContentError, match=r"^here: an object is expected, not list$"):
        checked([], "here", {})


def test_a_yes_is_no_number():
    with pytest.raises(ContentError, match=r"^here: has the wrong type in times$"):
        checked({"times": True}, "here", {"times": int})


def test_the_shop_is_read_without_django():
    code = "import sys; from klark.demo import shop; shop.tickets(); shop.policy(); print('django' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
