"""Which tickets are left alone, and why."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from integrations.helpdesks.base import Comment, Person, Ticket
from klark.intake.automatic_mail import machine
from klark.intake.skip import Skip, Skipping, skip
from klark.intake.spam import spam
from klark.intake.thanks import only_thanks
from klark.values.policy.rules import Rules
from klark.values.reasons import Reason

ROOT = Path(__file__).resolve().parents[2]
INTENTS = ROOT / "../../shared/data/intents/intents.jsonl"
CUSTOMER = Person("7", "Ann Lowe", "ann@example.com", "customer")
AGENT = Person("2", "Tom Reed", "tom@lumio.example", "agent")
KLARK = Person("9", "klark", "klark@lumio.example", "agent")
NOW = datetime(2026, 3, 3, 10, tzinfo=UTC)
RULES = Rules(excluded_tags=frozenset({"vip"}), excluded_senders=frozenset({"@partner.example", "boss@example.com"}))


def wrote(comment: Comment) -> bool:
    return comment.author.id == KLARK.id


KNOWN = Skipping(RULES, wrote)


def says(author: Person, text: str = "Where is my order?", name: str = "c1", **more: Any) -> Comment:
    values = {"public": True, "from_customer": author.role == "customer", "created_at": NOW} | more
    return Comment(name, author, "", text, **values)


def ticket(*comments: Comment, **more: Any) -> Ticket:
    return Ticket("1", more.pop("subject", "Order"), more.pop("requester", CUSTOMER), comments, **more)


def reason(found: Skip | None) -> str:
    return found.reason if found else ""


def cases(name: str) -> Iterator[dict[str, Any]]:
    lines = (ROOT / "cases" / "skip" / name).read_text("utf-8").splitlines()
    return (json.loads(line) for line in lines)


def skipped_case(case: dict[str, Any]) -> str:
    sender = replace(CUSTOMER, email=case["from"] or CUSTOMER.email)
    comment = says(sender, case["text"], headers=case["headers"])
    return reason(skip(ticket(comment, subject=case["subject"], requester=sender), KNOWN))


def test_of_195_ordinary_tickets_none_is_dropped() -> None:
    known = list(cases("ordinary.jsonl"))
    assert ([case["id"] for case in known if skipped_case(case)], len(known)) == ([], 195)


def test_of_183_robots_bounces_offers_and_thanks_each_is_found_for_what_it_is() -> None:
    known = list(cases("not_for_us.jsonl"))
    wrong = [(case["id"], found) for case in known if (found := skipped_case(case)) != case["reason"]]
    assert (wrong, Counter(case["reason"] for case in known)) == (
        [],
        {"auto_reply": 71, "bounce": 21, "spam": 36, "thanks_only": 52, "not_a_ticket": 3},
    )


@pytest.mark.skipif(not INTENTS.exists(), reason="the shared data is not beside this checkout")
def test_of_the_shared_customer_questions_only_thanks_are_dropped() -> None:
    texts = [json.loads(line)["text"] for line in INTENTS.read_text("utf-8").splitlines()[::7]]
    dropped = [text for text in texts if machine("ann@example.com", "", text, {}) or spam("", text)]
    thanked = [text for text in texts if only_thanks(text)]
    grateful = ("thank", "appreciate", "gracias", "merci", "cheers", "danke")
    assert (dropped, [text for text in thanked if not any(word in text.lower() for word in grateful)]) == ([], [])


def test_a_customers_comment_starts_a_run() -> None:
    assert skip(ticket(says(CUSTOMER)), KNOWN) is None


@pytest.mark.parametrize(
    ("comments", "expected"),
    [
        ((), "empty"),
        ((says(AGENT),), "agent_opened"),
        ((says(AGENT), says(CUSTOMER, name="c2")), ""),
        ((says(CUSTOMER), says(AGENT, name="c2")), "agent_wrote_last"),
        ((says(CUSTOMER), says(AGENT, name="c2", marker="klark:1")), "own_comment"),
        ((says(CUSTOMER), says(AGENT, name="c2", public=False)), ""),
        ((says(CUSTOMER), says(AGENT, name="c2", automatic=True)), ""),
        ((says(CUSTOMER, public=False),), "no_customer_comment"),
        ((says(AGENT, automatic=True),), "no_customer_comment"),
        ((says(CUSTOMER, automatic=True),), "auto_reply"),
        ((says(CUSTOMER), says(AGENT, name="c2"), says(CUSTOMER, "Thanks!", name="c3")), "thanks_only"),
        ((says(CUSTOMER, ""), says(CUSTOMER, " \n", name="c2")), "empty"),
        ((says(CUSTOMER, "", attachments=("photo.jpg",)),), ""),
        ((says(CUSTOMER, "Thanks!", attachments=("photo.jpg",)),), ""),
    ],
)
def test_who_wrote_last_decides(comments: tuple[Comment, ...], expected: str) -> None:
    assert reason(skip(ticket(*comments), KNOWN)) == expected


def test_a_first_comment_without_words_still_has_its_subject() -> None:
    assert skip(ticket(says(CUSTOMER, ""), subject="Where is my order?"), KNOWN) is None


@pytest.mark.parametrize(
    ("status", "expected"),
    [("new", ""), ("open", ""), ("pending", ""), ("hold", ""), (None, ""),
     ("solved", "solved"), ("closed", "closed"), ("deleted", "gone")],
)  # fmt: skip
def test_an_ended_ticket_is_left_alone(status: Any, expected: str) -> None:
    assert reason(skip(ticket(says(CUSTOMER), status=status), KNOWN)) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"channel": "email"}, ""),
        ({"channel": "chat"}, "excluded_channel"),
        ({"channel": None}, ""),
        ({"tags": ("new", "vip")}, "excluded_tag"),
        ({"tags": ("new",)}, ""),
        ({"requester": replace(CUSTOMER, email="Boss@Example.com")}, "excluded_sender"),
        ({"requester": replace(CUSTOMER, email="tom@partner.example")}, "excluded_sender"),
        ({"requester": replace(CUSTOMER, email="tom@notpartner.example")}, ""),
    ],
)
def test_the_policy_excludes_channels_tags_and_senders(more: dict[str, Any], expected: str) -> None:
    assert reason(skip(ticket(says(CUSTOMER), **more), KNOWN)) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ""),
        ({"answered_turns": {"c1"}}, "already_answered"),
        ({"answered_turns": {"c0"}}, ""),
        ({"connected_at": NOW}, ""),
        ({"connected_at": NOW + timedelta(seconds=1)}, "older_than_connection"),
        ({"runs_of_ticket": RULES.runs_per_ticket - 1}, ""),
        ({"runs_of_ticket": RULES.runs_per_ticket}, "flood_ticket"),
        ({"runs_of_requester": RULES.runs_per_requester - 1}, ""),
        ({"runs_of_requester": RULES.runs_per_requester}, "flood_requester"),
    ],
)
def test_what_klark_already_did_decides(change: dict[str, Any], expected: str) -> None:
    assert reason(skip(ticket(says(CUSTOMER)), replace(KNOWN, **change))) == expected


def test_an_old_ticket_is_answered_when_its_customer_writes_again() -> None:
    old, fresh = says(CUSTOMER), says(CUSTOMER, name="c2", created_at=NOW + timedelta(days=9))
    assert skip(ticket(old, fresh), replace(KNOWN, connected_at=NOW + timedelta(days=1))) is None


def test_the_subject_of_an_older_mail_does_not_make_a_later_comment_a_robots() -> None:
    comments = (says(CUSTOMER, "I am away."), says(AGENT, name="c2"), says(CUSTOMER, "The blue one", name="c3"))
    assert skip(ticket(*comments, subject="Automatic reply: Order"), KNOWN) is None


def test_a_robots_words_in_the_quote_do_not_make_the_writer_a_robot() -> None:
    text = "Still broken.\n\nOn 3 Mar 2026, at 10:12, Lumio <help@lumio.example> wrote:\n> This is an automatic reply."
    assert skip(ticket(says(CUSTOMER, text)), KNOWN) is None


def test_the_words_that_decided_are_given() -> None:
    robot = says(CUSTOMER, "ok", headers={"Auto-Submitted": "auto-replied"})
    assert skip(ticket(robot), KNOWN) == Skip(Reason.AUTO_REPLY, "auto-submitted: auto-replied")


def test_every_reason_has_a_title_in_both_languages() -> None:
    assert [reason for reason in Reason if not all(reason.titles)] == []


def test_a_reason_speaks_the_readers_language() -> None:
    assert (Reason.SPAM.title(), Reason.SPAM.title("fr-CA"), Reason.SPAM.title("de")) == ("spam", "indésirable", "spam")


@pytest.mark.parametrize(("answered", "expected"), [({"c1"}, "own_comment"), (set(), ""), ({"c0"}, "")])
def test_klarks_own_reply_hides_no_comment_that_it_had_not_read(answered: set[str], expected: str) -> None:
    """Where no write is conditional, the reply may land after a comment that came in the same moment."""
    known = Skipping(RULES, wrote, answered_turns=answered)
    assert reason(skip(ticket(says(CUSTOMER), says(KLARK, name="c2")), known)) == expected
