"""A policy's file is checked whole: every mistake at once, with its line, and nothing is built of what is refused."""

import time
from functools import cache
from typing import Any

import jsonschema
import pytest

from klark.management.policy_file.check import read_policy
from klark.management.policy_file.explained import schema
from klark.management.policy_file.yaml_text import MOST_BYTES, Unusable
from klark.values.policy.rules import Rules
from klark.values.policy.validation import read_new_rules
from tests.klark.models.test_policy_versions import KEPT
from tests.klark.values.test_policy import BAD
from tests.klark.values.test_policy_validation import MEANT


def complaints(text: str | bytes, topics: list[str] | None = None) -> list[str]:
    """What is told, a line each; [] for a good policy."""
    try:
        read_policy(text if isinstance(text, bytes) else text.encode(), topics)
    except Unusable as unusable:
        return [str(one) for one in unusable.complaints]
    return []


def test_every_mistake_is_told_at_once_with_its_line_and_its_field() -> None:
    never_spent = (
        "While both of the model's prices are 0, everything costs nothing and no budget is ever spent. Fill in the prices, or "
        "leave this empty."
    )
    text = """\
# What klark may do
mode: maybe
langauges: [fr]
languages:
  - fr
  - klingon
  - en
  - elvish
updates:
  reply:
    status: closed
    priorty: high
  note: {priority: loud}
sensitive:
  regulater: {group: Legal}
minimum_confidence: 140
budget_day: 5
"""
    told = complaints(text)
    assert [one.partition(";")[0] for one in told] == [
        'line 2: mode takes one of off, note, queue, reply, not "maybe".',
        "line 3: langauges is not known",
        'line 6: languages: klark knows no language "klingon"',
        'line 8: languages: klark knows no language "elvish"',
        'line 11: updates.reply.status takes one of open, pending, hold, solved, not "closed".',
        "line 12: updates.reply.priorty is not known",
        'line 13: updates.note.priority takes one of low, normal, high, urgent, not "loud".',
        "line 15: sensitive.regulater is not known",
        "line 16: minimum_confidence takes a whole number from 0 to 100, not 140.",
        f"line 17: budget_day: {never_spent}",
    ]  # fmt: skip
    assert [one.partition("; ")[2] for one in told if "is not known" in one] == [
        "did you mean languages?",
        "did you mean updates.reply.priority?",
        "did you mean sensitive.regulator?",
    ]


REFUSED: tuple[tuple[str | bytes, str], ...] = (
    ("mode: &m note\ntopics: {a: *m}", "line 1: The anchor &m is refused"),
    ("updates: &u\n  reply: *u", "line 1: The anchor &u"),
    ("mode: !!python/object:os.system note", "line 1: The tag"),
    ("mode: !secret note", "line 1: The tag !secret is refused"),
    ("mode: note\nmode: reply", "line 2: mode stands here again; it is in line 1 already."),
    ("brands:\n  '5': {}\n  5: {}", "line 3: 5 stands here again"),
    ("a: " + "[" * 100_000, "line 1: This is nested more than 12 levels deep."),
    ("a:\n" + "".join(f"{' ' * depth}- \n" for depth in range(1, 40)), "line 13: This is nested more than"),
    ("? [a, b]\n: c", "line 1: A name is a plain word here"),
    ("%YAML 1.1\n---\nmode: off", "line 2: Directives"),
    ("mode: note\n---\nmode: reply", "line 2: A second document begins here"),
    ("mode: note\n  topics: x", "line 2: This is not YAML: "),
    ("mode: [note", "This is not YAML: "),
    ("mode: note\nlanguages: @", "line 2: This is not YAML: "),
    ("mode: note\n\x07", "line 2: A character here is not allowed."),
    (b"mode: note\nsign_off: {fr: \xe9quipe}", "line 2: This is not in UTF-8."),
    ("mode: note".encode("utf-16"), "line 1: This is not in UTF-8."),
    ("", "line 1: The file does not hold fields"),
    ("# nothing", "line 1: The file does not hold fields"),
    ("- mode", "line 1: The file does not hold fields"),
    ("#" * (MOST_BYTES + 1), "line 1: The file has 1,000,001 bytes; at most 1,000,000 are read."),
    ("<<: {mode: note}", "line 1: "),
    ("mode: []", 'line 1: mode takes one of off, note, queue, reply, not [].'),
    ("mode:", "line 1: mode takes one of"),
    ("waiting_hours: 40000", "line 1: waiting_hours: Ensure this value is less than or equal to 32767."),
    ("currency: Euros", "line 1: currency: Ensure this value has at most 3 characters (it has 5)."),
    ("price_in: 0.12345", "line 1: price_in: Ensure that there are no more than 4 decimal places."),
    ("price_in: .inf", 'line 1: price_in takes an amount of money'),
    ("mode: " + "x" * 5_000, "line 1: mode takes one of"),
    ("runs_per_ticket: " + "9" * 5_000, "line 1: runs_per_ticket takes a whole number"),
    ("crm: {url: ftp://x, facts: {}}", "line 1: crm.url takes an address"),
    ("tests: [{id: 1, body_html: x}]", 'line 1: In this test, "decision" takes one of SKIP'),
    ("tests:\n- {id: 1, decision: SKIP, reason: x, body_html: a}", 'line 2: In this test, "reason" takes one of'),
    ("tests:\n- {id: 1, decision: SKIP}", 'line 2: In this test, "body_html" is missing'),
    ("tests:\n- {id: 1, decision: SKIP, body_html: a}\n- {id: 1, decision: SKIP, body_html: a}",
     "line 3: This test has the \"id\" of the one in line 2, '1'"),
    ("tests: [7]", "line 1: This test is not an object"), ("tests: 7", "line 1: tests takes a list of tickets"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "words"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_refused_is_told_in_one_plain_line(text: str | bytes, words: str) -> None:
    started = time.monotonic()
    told = complaints(text)
    assert told
    assert words in told[0]
    assert max(map(len, told)) < 500
    assert time.monotonic() - started < 5


def test_a_policy_of_a_thousand_laughs_takes_no_time() -> None:
    bomb = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    told = complaints(bomb)
    assert len(told) == 12 + 9 * 11


def test_of_a_field_full_of_mistakes_the_first_hundred_are_told() -> None:
    many = "".join(f"\n  t{number}: maybe" for number in range(3_000))
    assert len(complaints(f"mode: loud\ntopics:{many}")) == 101
    assert len(complaints(f"topics:{many}", ["delivery"])) == 100


def test_words_that_yaml_once_took_for_something_else_are_words() -> None:
    file = read_policy(
        b"mode: off\nlanguages: [fr]\nsign_off: {no: 2026-10-05}\nupdates: {reply: {fields: {7001: yes}}}"
    )
    assert (file.rules.mode, file.rules.languages, dict(file.rules.sign_off)) == ("off", ("fr",), {"no": "2026-10-05"})
    assert file.rules.updates == {"reply": {"fields": {"7001": "yes"}}}


def test_an_empty_field_is_as_klark_has_it_as_in_the_admins_form() -> None:
    empty = b"languages: []\nexcluded_channels: []\nescalate_tags: []\nsign_off: {}\ncountry: ''"
    assert read_policy(empty).rules == Rules()


def test_topics_are_looked_up_where_they_are_known() -> None:
    text = "topics:\n  delivery: reply\n  retruns: queue\n  moon: note"
    assert complaints(text) == []
    assert complaints(text, ["delivery", "returns"]) == [
        "line 3: topics.retruns is not known; did you mean topics.returns?",
        "line 4: There is no topic moon; there are: delivery, returns.",
    ]


@cache
def validator() -> jsonschema.protocols.Validator:
    """Of the schema, which is itself checked here once."""
    kind = jsonschema.validators.validator_for(schema())
    kind.check_schema(schema())
    return kind(schema())


def taken(name: str, value: Any) -> bool:
    return validator().is_valid({name: value})


ELSEWHERE = {"time_zone", "trusted_domains"}
"""Fields of whose values only klark knows whether they are right, as of the country ZZ. JSON takes 2500.0 for whole."""


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, value, *_ in (*BAD, *MEANT) if not (name in ELSEWHERE or value in (2500.0, "ZZ"))],
)
def test_the_schema_refuses_what_klark_refuses(name: str, value: Any) -> None:
    assert not taken(name, value)


GOOD = [(name, value) for name, value, _ in KEPT if isinstance(value, str | int | list | dict)]


@pytest.mark.parametrize(("name", "value"), GOOD)
def test_the_schema_takes_what_klark_takes(name: str, value: Any) -> None:
    assert isinstance(read_new_rules({name: value}), Rules)
    assert taken(name, value)
