"""A policy is written as a file that explains itself, and a file that is there keeps its comments and its order."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.management.base import CommandError

from guardrails.base import Level
from klark.management.policy_file.check import PolicyFile, read_policy
from klark.management.policy_file.export import as_yaml, brought_up, with_version
from klark.values.policy.parts import SensitiveRule
from klark.values.policy.rules import READERS, Rules

FULL = Rules(
    version=7, mode="queue", topics={"delivery": "reply", "returns": "off"}, languages=("fr", "en"), tolerate_reply=Level.HOLD,
    sign_off={"fr": "L'équipe :\nAda # 1", "en": "no"}, budget_day=Decimal("5.25"), price_in=Decimal(2),
    forbidden_phrases=("- free", "off", "12", ""), trusted_domains=frozenset({"a.example", "b.example"}),
    sensitive={"regulator": SensitiveRule(group="Legal", tags=("law",), note={"en": "Call.\n\n{help_line}"})},
    excluded_channels=frozenset({"none"}), reply_when_led=True, currency="CHF",
    updates={"reply": {"status": "pending", "tags": ("answered",), "fields": {"7001": "true"}}},
    brands={"5002": {"languages": ("fr",), "sign_off": {"fr": "Ö"}}},
)  # fmt: skip


def read(text: str) -> PolicyFile:
    return read_policy(text.encode())


@pytest.mark.parametrize("rules", [Rules(), FULL], ids=["defaults", "full"])
def test_what_is_written_says_the_same_when_it_is_read(rules: Rules) -> None:
    assert read(as_yaml(rules)).rules == rules


def test_each_field_stands_under_a_comment_that_explains_it() -> None:
    lines = as_yaml(FULL).splitlines()
    for name in READERS:
        above = lines[next(number for number, line in enumerate(lines) if line.startswith(f"{name}:")) - 1]
        assert above.startswith("# ")
    assert (
        "# Lowest confidence of a reply, in percent. A reply that klark is less sure of waits for a person."
        in "\n".join(lines)
    )


KEPT = """\
# Ours, see the wiki
version: 6   # bumped by hand
mode: note

# Who we write to
languages:
  # the main one first
  - en
  - fr   # since May
trusted_domains: [b.example,   a.example]   # in no order

topics:
  # carriers are slow in winter
  delivery: note   # was reply

  returns: queue
# the end of topics
updates:
  reply: {status: pending}
  note:
    status: open
tests:
  - {id: 1, body_html: Thanks!, decision: SKIP}
# The last line"""


def up(text: str, **rules: Any) -> str:
    given = {"topics": {"delivery": "note", "returns": "queue"}, "trusted_domains": frozenset({"a.example", "b.example"}),
             "updates": {"reply": {"status": "pending"}, "note": {"status": "open"}}, "version": 7}  # fmt: skip
    return brought_up(read(text), Rules(**{**given, **rules}))


def changed(before: str, after: str) -> list[str]:
    """The lines that went and came."""
    old, new = before.splitlines(), after.splitlines()
    return [*(f"-{line}" for line in old if line not in new), *(f"+{line}" for line in new if line not in old)]


VERSION = ["-version: 6   # bumped by hand", "+version: 7   # bumped by hand"]


def test_a_file_that_says_the_same_keeps_every_character_but_its_version() -> None:
    assert up(KEPT) == KEPT.replace("version: 6", "version: 7")
    assert up(KEPT.replace("version: 6   # bumped by hand\n", "")) == KEPT.replace(
        "version: 6   # bumped by hand\n", ""
    )


CHANGES: tuple[tuple[dict[str, Any], list[str]], ...] = (
    ({"mode": "off"}, ["-mode: note", "+mode: off"]),
    ({"languages": ("en", "fr", "de")}, ["+  - de"]),
    ({"languages": ("en",)}, ["-  - fr   # since May"]),
    ({"languages": ("fr",)}, ["-  - en"]),
    ({"trusted_domains": frozenset({"a.example", "c.example"})},
     ["-trusted_domains: [b.example,   a.example]   # in no order", "+trusted_domains:", "+  - a.example",
      "+  - c.example   # in no order"]),
    ({"topics": {"delivery": "reply", "returns": "queue"}},
     ["-  delivery: note   # was reply", "+  delivery: reply   # was reply"]),
    ({"topics": {"delivery": "note"}}, ["-  returns: queue"]),
    ({"topics": {"delivery": "note", "returns": "queue", "invoice": "off"}}, ["+  invoice: off"]),
    ({"updates": {"reply": {"status": "solved"}, "note": {"status": "open"}}},
     ["-  reply: {status: pending}", "+  reply:", "+    status: solved"]),
    ({"updates": {"reply": {"status": "pending"}, "note": {"status": "open", "tags": ("x",)}}}, ["+    tags:", "+      - x"]),
    ({"country": "FR"}, ["+# Country. For help lines, as in FR.", "+country: FR"]),
)  # fmt: skip


@pytest.mark.parametrize(("rules", "lines"), CHANGES)
def test_only_what_differs_is_written_anew(rules: dict[str, Any], lines: list[str]) -> None:
    assert sorted(changed(KEPT, up(KEPT, **rules))) == sorted([*VERSION, *lines])


def test_a_list_in_no_order_keeps_the_one_that_its_author_gave_it() -> None:
    text = "trusted_domains:\n  - z.example\n  - b.example # shop\n"
    wanted = Rules(trusted_domains=frozenset({"a.example", "b.example", "z.example"}))
    assert brought_up(read(text), wanted) == f"{text}  - a.example\n"


def test_what_loses_everything_is_empty() -> None:
    assert read(up(KEPT, topics={}, updates={})).rules.topics == {}


def test_lines_that_end_as_on_another_system_are_read_and_kept() -> None:
    text = KEPT.replace("\n", "\r\n")
    assert up(text) == text.replace("version: 6", "version: 7")


def test_a_file_in_one_line_is_changed_in_that_line() -> None:
    assert brought_up(read('{"mode": "note", "languages": ["en", "fr"]}'), Rules(mode="off")) == (
        '{"mode": off, "languages": ["en", "fr"]}'
    )
    with pytest.raises(CommandError, match="Export into a new file"):
        brought_up(read('{"mode": "note"}'), Rules(country="FR"))


def test_the_version_alone_is_changed_after_a_policy_was_applied() -> None:
    assert changed(KEPT, with_version(read(KEPT), 7)) == VERSION
    assert with_version(read("mode: note"), 7) == "mode: note"
