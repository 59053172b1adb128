"""Which rule speaks first where a ticket is not for klark for several reasons, and who exactly is excluded."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.helpdesks.base import Comment, Person, Ticket
from klark.intake.skip import Skip, Skipping, excluded, skip
from klark.values.policy.rules import Rules
from klark.values.reasons import Reason
from tests.klark.said import ALEX, CAMILLE, KLARK, RULE, TONI, comment, ticket

NOW = datetime(2026, 3, 3, 10, tzinfo=UTC)
ASKS = "Where is my parcel? I ordered it on Monday."


def mine(one: Comment) -> bool:
    return one.author == KLARK


def asks(number: int = 1, author: Person = CAMILLE, **more: Any) -> Comment:
    return comment(number, author, more.pop("text", ASKS), created_at=NOW, **more)


def what(*comments: Comment, rules: Rules | None = None, known: dict[str, Any] | None = None, **fields: Any) -> str:
    found = skip(ticket(*(comments or (asks(),)), **fields), Skipping(rules or Rules(), mine, **(known or {})))
    return str(found.reason) if found else ""


EXCLUDING = Rules(
    excluded_channels=frozenset({"chat"}), excluded_tags=frozenset({"vip"}),
    excluded_senders=frozenset({"camille.durand@example.org"}), runs_per_ticket=1, runs_per_requester=1,
)  # fmt: skip
FLOODED = {"runs_of_ticket": 1, "runs_of_requester": 1}
OLD = {"connected_at": NOW + timedelta(days=1)}
ROBOT = {"headers": {"Auto-Submitted": "auto-replied"}}

# Every row adds one more reason to the row below it; the one that is told is named.
ORDER: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("an ended ticket", "solved", {"status": "solved", "comments": ()}),
    ("nothing was ever written", "empty", {"comments": ()}),
    ("klark wrote last", "own_comment", {"comments": (asks(), asks(2, KLARK, marker="m"))}),
    ("an agent wrote last", "agent_wrote_last", {"comments": (asks(), asks(2, ALEX))}),
    ("an agent opened it", "agent_opened", {"comments": (asks(1, ALEX),)}),
    ("dealt with already", "already_answered", {"known": {"answered_turns": {"1"}, **OLD, **FLOODED}}),
    ("older than the connection", "older_than_connection", {"known": {**OLD, **FLOODED}}),
    ("an excluded channel", "excluded_channel", {"channel": "chat", "tags": ("vip",)}),
    ("an excluded tag", "excluded_tag", {"tags": ("vip",)}),
    ("an excluded sender", "excluded_sender", {}),
    ("a robot", "auto_reply", {"rules": Rules(), "comments": (asks(**ROBOT),)}),
    ("only thanks", "thanks_only", {"rules": Rules(), "comments": (asks(text="Thank you!"),)}),
    ("too much on one ticket", "flood_ticket", {"rules": Rules(runs_per_ticket=1, runs_per_requester=1)}),
    ("too much by one person", "flood_requester", {"rules": Rules(runs_per_requester=1)}),
)


@pytest.mark.parametrize(("name", "expected", "given"), ORDER, ids=[row[0] for row in ORDER])
def test_the_first_rule_that_applies_is_told(name: str, expected: str, given: dict[str, Any]) -> None:
    values = {"rules": EXCLUDING, "known": FLOODED, **given}
    comments = values.pop("comments", (asks(),))
    rules, known = values.pop("rules"), values.pop("known")
    found = skip(ticket_of(comments, **values), Skipping(rules, mine, **known))
    assert (str(found.reason) if found else "") == expected


def ticket_of(comments: tuple[Comment, ...], **fields: Any) -> Ticket:
    return replace(ticket(**fields), comments=comments)


# What the policy excludes, who writes, whose ticket it is, whether it is left alone.
SENDERS = (
    ("camille.durand@example.org", CAMILLE, CAMILLE, True),
    ("Camille.Durand@Example.ORG", CAMILLE, CAMILLE, True),
    ("@example.org", CAMILLE, CAMILLE, True),
    ("example.org", CAMILLE, CAMILLE, True),
    ("@EXAMPLE.ORG", CAMILLE, CAMILLE, True),
    ("@example.com", CAMILLE, CAMILLE, False),
    ("@le.org", CAMILLE, CAMILLE, False),
    ("@sub.example.org", CAMILLE, CAMILLE, False),
    ("durand@example.org", CAMILLE, CAMILLE, False),
    ("camille", CAMILLE, CAMILLE, False),
    ("toni@partner.example", TONI, CAMILLE, True),
    ("toni@partner.example", CAMILLE, TONI, True),
    ("@partner.example", CAMILLE, TONI, True),
    ("@partner.example", CAMILLE, CAMILLE, False),
    ("@", CAMILLE, CAMILLE, False),
)


@pytest.mark.parametrize(("sender", "writer", "requester", "left_alone"), SENDERS)
def test_a_sender_is_excluded_by_address_or_by_whole_domain(
    sender: str, writer: Person, requester: Person, left_alone: bool
) -> None:
    rules = Rules(excluded_senders=frozenset({sender}))
    assert what(asks(author=writer), rules=rules, requester=requester) == ("excluded_sender" if left_alone else "")


@pytest.mark.parametrize(("requester", "found"), [
    (CAMILLE, Skip(Reason.EXCLUDED_SENDER, "example.org")), (TONI, None),
])  # fmt: skip
def test_where_no_customer_wrote_the_requester_alone_is_the_sender(requester: Person, found: Skip | None) -> None:
    assert excluded(ticket(asks(1, ALEX), requester=requester), None, EXCLUDING) == found


def test_a_sender_without_an_address_is_not_excluded_by_a_stray_line_of_the_policy() -> None:
    nobody = Person("5", "Nobody", "", "customer")
    rules = Rules(excluded_senders=frozenset({"@example.org", "someone@example.org"}))
    assert what(asks(author=nobody), rules=rules, requester=nobody) == ""


@pytest.mark.parametrize(
    ("channel", "left_alone"),
    [("email", False), ("web", False), ("api", False), ("other", False), (None, False),
     ("chat", True), ("social", True), ("phone", True), ("side_conversation", True)],
)  # fmt: skip
def test_without_a_policy_of_ones_own_only_written_channels_are_answered(channel: Any, left_alone: bool) -> None:
    assert what(channel=channel) == ("excluded_channel" if left_alone else "")


@pytest.mark.parametrize(
    ("tags", "told"), [((), ""), (("vip",), "vip"), (("b2b", "vip"), "b2b"), (("VIP",), ""), (("vip-2",), "")]
)
def test_a_tag_excludes_as_it_is_written_and_the_first_is_told(tags: tuple[str, ...], told: str) -> None:
    rules = Rules(excluded_tags=frozenset({"vip", "b2b"}))
    found = skip(ticket(asks(), tags=tags), Skipping(rules, mine))
    assert (found.words if found else "") == told


# Who wrote after the customer, and whether klark still answers.
AFTER = (
    ("a rule", asks(2, RULE, automatic=True), ""),
    ("an agent's private note", asks(2, ALEX, public=False), ""),
    ("klark's private note", asks(2, KLARK, public=False), ""),
    ("an agent in public", asks(2, ALEX), "agent_wrote_last"),
    ("an agent's automatic text in public", asks(2, ALEX, automatic=True), ""),
    ("another customer", asks(2, TONI), ""),
    ("a machine of the customer's", asks(2, CAMILLE, automatic=True), "auto_reply"),
    ("klark by its marker", asks(2, KLARK, marker="m"), "own_comment"),
    ("a marker under a customer's name", asks(2, CAMILLE, marker="m"), "own_comment"),
    ("a marker under an agent's name", asks(2, ALEX, marker="m"), "own_comment"),
)


@pytest.mark.parametrize(("who", "then", "expected"), AFTER, ids=[row[0] for row in AFTER])
def test_what_came_after_the_customers_question(who: str, then: Comment, expected: str) -> None:
    assert what(asks(), then) == expected


@pytest.mark.parametrize("answered", [True, False])
def test_klarks_own_public_comment_is_no_loop(answered: bool) -> None:
    turns = {"1"} if answered else {"0"}
    assert what(asks(), asks(2, KLARK), known={"answered_turns": turns}) == ("own_comment" if answered else "")


def test_a_turn_that_was_dealt_with_is_left_alone_even_when_an_agent_left_a_note_since() -> None:
    assert what(asks(), asks(2, ALEX, public=False), known={"answered_turns": {"1"}}) == "already_answered"


def test_what_the_customer_wrote_since_is_a_new_turn() -> None:
    assert what(asks(), asks(2, KLARK, marker="m"), asks(3), known={"answered_turns": {"1"}}) == ""


@pytest.mark.parametrize(
    ("seconds", "expected"), [(-1, ""), (0, ""), (1, "older_than_connection"), (86_400, "older_than_connection")]
)
def test_what_was_written_before_the_start_mark_is_not_answered(seconds: int, expected: str) -> None:
    assert what(known={"connected_at": NOW + timedelta(seconds=seconds)}) == expected


def test_a_comment_without_a_time_is_not_taken_for_an_old_one() -> None:
    assert what(replace(asks(), created_at=None), known={"connected_at": NOW + timedelta(days=9)}) == ""


@pytest.mark.parametrize(
    ("per_ticket", "per_person", "runs", "expected"),
    [
        (1, 1, (0, 0), ""), (1, 1, (1, 0), "flood_ticket"), (1, 1, (0, 1), "flood_requester"),
        (0, 9, (0, 0), "flood_ticket"), (9, 0, (0, 0), "flood_requester"), (6, 20, (5, 19), ""),
        (6, 20, (7, 0), "flood_ticket"), (6, 20, (0, 200), "flood_requester"),
    ],
)  # fmt: skip
def test_caps_on_runs(per_ticket: int, per_person: int, runs: tuple[int, int], expected: str) -> None:
    rules = Rules(runs_per_ticket=per_ticket, runs_per_requester=per_person)
    assert what(rules=rules, known={"runs_of_ticket": runs[0], "runs_of_requester": runs[1]}) == expected


# A header, its value, and whether that proves a machine. RFC 3834, and what mail programs write instead of it.
HEADERS = (
    ("Auto-Submitted", "auto-replied", True), ("auto-submitted", "auto-generated", True),
    ("AUTO-SUBMITTED", "Auto-Replied; owner-email=a@example.com", True), ("Auto-Submitted", "no", False),
    ("Auto-Submitted", "No", False), ("Auto-Submitted", "", False), ("X-Autoreply", "yes", True),
    ("X-Autorespond", "", True), ("X-Autoreply", "no", False), ("Precedence", "auto_reply", True),
    ("Precedence", "bulk", True), ("Precedence", "junk", True), ("Precedence", "list", False),
    ("X-Auto-Response-Suppress", "All", True), ("X-Auto-Response-Suppress", "DR, AutoReply", True),
    ("X-Auto-Response-Suppress", "OOF", False), ("Return-Path", "<>", True),
    ("Return-Path", "<camille.durand@example.org>", False), ("List-Unsubscribe", "<https://x.example>", False),
    ("List-Id", "<support.example.com>", False), ("X-Mailer", "auto-replied", False),
)  # fmt: skip


@pytest.mark.parametrize(("name", "value", "automatic"), HEADERS)
def test_a_header_that_proves_a_machine_and_one_that_does_not(name: str, value: str, automatic: bool) -> None:
    assert what(asks(headers={name: value})) == ("auto_reply" if automatic else "")


@pytest.mark.parametrize(
    ("text", "subject", "expected"),
    [
        ("", "", "empty"), ("  \n\t ", "", "empty"), ("", "Where is my parcel?", ""), ("\u200b", "", "empty"),
        ("Thanks!", "Where is my parcel?", "thanks_only"), ("?", "", ""),
    ],
)  # fmt: skip
def test_a_ticket_without_words(text: str, subject: str, expected: str) -> None:
    assert what(Comment("1", CAMILLE, "", text, public=True, from_customer=True), subject=subject) == expected


def test_the_words_that_decided_are_kept_short_for_the_log() -> None:
    found = skip(ticket(asks(text="Thank you very much! " * 15)), Skipping(Rules(), mine))
    assert found is not None
    assert (str(found.reason), len(found.words) <= 200) == ("thanks_only", True)


def test_skips_are_values_that_compare() -> None:
    first, second = (skip(ticket(asks(), status="closed"), Skipping(Rules(), mine)) for _ in range(2))
    assert (first, type(first)) == (second, Skip)
