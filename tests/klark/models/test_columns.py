"""Values on their way into the database: hostile texts, and rules that a policy's row or a file may hold."""

import json
import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrails.base import Level
from klark.values.policy import Rules, everything_allowed, read_rules
from klark.values.policy_fields import BadRules
from klark.values.storable_text import clip, storable

CLIPPED: tuple[tuple[str, int, str], ...] = (
    ("short", 10, "short"),
    ("short", 5, "short"),
    ("short", 3, "sho"),
    ("short", 0, ""),
    ("", 5, ""),
    ("a\0b", 10, "ab"),
    ("\0\0\0", 10, ""),
    ("\ud800", 10, "?"),
    ("a\udfffb", 10, "a?b"),
    ("\0\ud800x", 2, "?"),
    ("é" * 10, 4, "éééé"),
    ("👩\u200d👩\u200d👧", 1, "👩"),
    ("\u202eright to left", 30, "\u202eright to left"),
    ("line\r\nline", 30, "line\r\nline"),
)


@pytest.mark.parametrize(("text", "most", "expected"), CLIPPED)
def test_a_text_as_a_column_takes_it(text: str, most: int, expected: str) -> None:
    assert clip(text, most) == expected


@given(st.text(alphabet=st.characters(), max_size=60), st.integers(0, 40))
@settings(max_examples=200, deadline=None)
def test_no_text_is_refused_by_any_column(text: str, most: int) -> None:
    kept = clip(text, most)
    assert (len(kept) <= most, "\0" in kept, kept.encode().decode() == kept) == (True, False, True)


STORED: tuple[tuple[Any, Any], ...] = (
    (None, None),
    (True, True),
    (7, 7),
    (1.5, 1.5),
    ("a\0\ud800b", "a?b"),
    (("a", "b"), ["a", "b"]),
    ([1, [2, [3]]], [1, [2, [3]]]),
    ({"a": ("x",)}, {"a": ["x"]}),
    ({1: "x"}, {"1": "x"}),
    ({"a\0": "b\0"}, {"a": "b"}),
    ({"\ud800": 1}, {"?": 1}),
    (datetime(2026, 3, 1, 9, tzinfo=UTC), "2026-03-01 09:00:00+00:00"),
    (date(2026, 3, 1), "2026-03-01"),
    (Decimal("1.50"), "1.50"),
    (math.nan, "nan"),
    ({"score": [1.0, -math.inf]}, {"score": [1.0, "-inf"]}),
    (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
    (Level.HOLD, Level.HOLD.value),
    ({"deep": {"deeper": {"deepest": ("\0",)}}}, {"deep": {"deeper": {"deepest": [""]}}}),
    ({}, {}),
    ((), []),
)


@pytest.mark.parametrize(("value", "expected"), STORED)
def test_a_value_as_jsonb_takes_it(value: Any, expected: Any) -> None:
    assert storable(value) == expected


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet=st.characters(), max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=9,
))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_what_is_storable_is_json_and_stays_as_it_is_the_second_time(value: Any) -> None:
    kept = storable(value)
    assert json.loads(json.dumps(kept, ensure_ascii=False).encode()) == kept
    assert storable(kept) == kept


# A field, what somebody gives for it, and the words that must stand in the complaint.
WRONG: tuple[tuple[str, Any, str], ...] = (
    ("mode", "REPLY", "off, note, queue, reply"), ("mode", "", "mode"), ("mode", None, "mode"), ("mode", 1, "mode"),
    ("mode", ["reply"], "mode"),
    ("topics", [], "topic → mode"), ("topics", "reply", "topic → mode"), ("topics", {"a": "maybe"}, "topics.a"),
    ("topics", {"a": None}, "topics.a"), ("topics", {"a": {"mode": "reply"}}, "topics.a"),
    ("languages", "en", "a list of texts"), ("languages", [1], "a list of texts"), ("languages", None, "languages"),
    ("languages", {"en": True}, "a list of texts"),
    ("tolerate_note", "LOW", "INFO, HOLD, BLOCK"), ("tolerate_queue", 3, "INFO, HOLD, BLOCK"),
    ("tolerate_reply", None, "INFO, HOLD, BLOCK"), ("tolerate_reply", "", "tolerate_reply"),
    ("sign_off", "Bye", "name → text"), ("sign_off", {"en": 1}, "name → text"),
    ("sign_off", {"en": None}, "name → text"), ("disclosure", ["x"], "name → text"),
    ("disclose", "yes", "disclose takes true or false"), ("disclose", 1, "disclose takes true or false"),
    ("disclose", None, "disclose"),
    ("forbidden_phrases", "never", "a list of texts"), ("trusted_domains", {"a.example": 1}, "a list of texts"),
    ("trusted_domains", [None], "a list of texts"),
    ("judge_model", 3, "judge_model takes a text"), ("public_sections", 1, "public_sections takes true or false"),
    ("section_intro", "We say:", "an object"), ("section_intro", 3, "an object"),
    ("source_tokens", -1, "source_tokens"), ("source_tokens", 1.5, "source_tokens"),
    ("source_tokens", True, "source_tokens"), ("model_search", True, "is not part of a policy"),
    ("allowed_promises", ["refund"], "is not part of a policy"),
    ("runs_per_ticket", -1, "not negative"), ("runs_per_ticket", True, "whole number"),
    ("runs_per_ticket", 1.0, "whole number"), ("runs_per_ticket", "6", "whole number"),
    ("runs_per_requester", None, "whole number"), ("runs_per_requester", math.inf, "whole number"),
    ("budget_day", -0.01, "amount of money"), ("budget_day", "a lot", "amount of money"),
    ("budget_day", "NaN", "amount of money"), ("budget_month", math.inf, "amount of money"),
    ("budget_month", [1], "amount of money"), ("price_in", "-1", "amount of money"), ("price_out", {}, "amount of money"),
    ("currency", 978, "currency takes a text"), ("country", None, "country takes a text"), ("country", ["FR"], "country"),
    ("time_zone", "Mars/Base", "Europe/Paris"), ("time_zone", "", "Europe/Paris"), ("time_zone", 2, "Europe/Paris"),
    ("escalate_group", 7, "escalate_group takes a text"), ("escalate_tags", "vip", "a list of texts"),
    ("excluded_tags", ["a", 1], "a list of texts"), ("excluded_channels", "chat", "a list of texts"),
    ("excluded_senders", {"a"}, "a list of texts"), ("reply_with_third_party", "no", "takes true or false"),
    ("reply_when_led", 0, "takes true or false"), ("version", "1", "version takes a whole number"),
    ("version", True, "version takes a whole number"),
    ("secret", 1, "is not part of a policy"), ("__class__", "x", "is not part of a policy"), ("", 1, "not part"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "value", "words"), WRONG)
def test_what_a_policy_cannot_hold_is_named_with_what_it_takes(name: str, value: Any, words: str) -> None:
    with pytest.raises(BadRules) as complaint:
        read_rules({name: value})
    assert (words in str(complaint.value), name in str(complaint.value)) == (True, True)


READ: tuple[tuple[str, Any, Any], ...] = (
    ("mode", "queue", "queue"), ("topics", {"a": "off"}, {"a": "off"}), ("languages", ["fr"], ("fr",)),
    ("languages", [], ()), ("tolerate_note", "info", Level.INFO), ("tolerate_reply", "BLOCK", Level.BLOCK),
    ("sign_off", {"fr": "Ciao"}, {"fr": "Ciao"}), ("disclose", False, False),
    ("trusted_domains", ["a.example", "a.example"], frozenset({"a.example"})),
    ("runs_per_ticket", 0, 0), ("budget_day", None, None), ("budget_day", 0, Decimal(0)),
    ("budget_day", "1.50", Decimal("1.50")), ("budget_month", 0.1, Decimal("0.1")), ("price_in", "2", Decimal(2)),
    ("time_zone", "Europe/Paris", "Europe/Paris"), ("escalate_tags", ["x", "y"], ("x", "y")),
    ("excluded_channels", [], frozenset()), ("excluded_senders", ("@a.example",), frozenset({"@a.example"})),
    ("country", "FR", "FR"), ("reply_when_led", True, True), ("judge_model", "a-judge", "a-judge"),
    ("public_sections", True, True),
    ("source_tokens", 4_000, 4_000), ("section_intro", {"fr": "Voici :"}, {"fr": "Voici :"}),
)  # fmt: skip


@pytest.mark.parametrize(("name", "value", "expected"), READ)
def test_what_a_policy_holds_is_read(name: str, value: Any, expected: Any) -> None:
    assert getattr(read_rules({name: value}), name) == expected


def test_the_rest_of_a_policy_stays_careful_whatever_one_field_says() -> None:
    rules = read_rules({"mode": "reply"})
    assert (rules.tolerate_reply, rules.reply_when_led, rules.reply_with_third_party, rules.disclose) == (
        Level.INFO,
        False,
        False,
        True,
    )


def test_of_several_unknown_names_the_first_is_told_with_all_that_are_known() -> None:
    with pytest.raises(BadRules) as complaint:
        read_rules({"zeta": 1, "alpha": 2})
    assert str(complaint.value).startswith('"alpha" is not part of a policy; known are: act_tags, ')


@pytest.mark.parametrize("domains", [(), ("shop.example",), ("shop.example", "help.example")])
def test_a_trial_without_a_policy_allows_replies_and_the_links_of_its_articles(domains: tuple[str, ...]) -> None:
    rules = everything_allowed(domains)
    assert (rules.mode, rules.trusted_domains, rules.tolerate_reply) == ("reply", frozenset(domains), Level.INFO)


def test_rules_are_never_changed_in_place() -> None:
    with pytest.raises(AttributeError):
        Rules().mode = "reply"  # type: ignore[misc]  # that is what must fail
