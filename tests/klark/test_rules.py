"""A policy as a plain value: what cannot be followed is refused with the field's name."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from guardrails.base import Level
from klark.models import Policy
from klark.models.rules import BadRules, Rules, read_rules
from tests.klark import rows

BAD: list[tuple[str, Any]] = [
    ("mode", "loud"), ("mode", None), ("mode", ["reply"]), ("topics", ["delivery"]), ("topics", {"delivery": "loud"}),
    ("topics", {"delivery": []}), ("languages", "en"), ("languages", [1]), ("languages", {"en": 1}), ("tolerate_note", "HUGE"),
    ("tolerate_reply", None), ("tolerate_queue", 20), ("sign_off", "Bye"), ("sign_off", {"en": 1}), ("disclose", "yes"),
    ("disclose", 1), ("forbidden_phrases", "x"), ("trusted_domains", [None]), ("allowed_promises", 3),
    ("runs_per_ticket", "6"), ("runs_per_ticket", True), ("runs_per_ticket", -1), ("runs_per_ticket", 1.5),
    ("runs_per_requester", None), ("budget_day", "much"), ("budget_day", -1), ("budget_month", "NaN"),
    ("budget_month", "Infinity"),
    ("price_in", []), ("currency", 7), ("time_zone", "Mars/Base"), ("time_zone", None), ("time_zone", "../etc"),
    ("country", None), ("escalate_tags", "tag"), ("excluded_senders", [[]]), ("reply_when_led", "no"), ("version", "1"),
    ("unheard_of", 1), ("mode_of", "reply"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), BAD)
def test_what_cannot_be_followed_is_named(name: str, value: Any) -> None:
    with pytest.raises(BadRules, match=name):
        read_rules({name: value})


GOOD: list[tuple[str, Any, Any]] = [
    ("mode", "off", "off"), ("topics", {"a": "note"}, {"a": "note"}), ("languages", ["fr"], ("fr",)), ("languages", [], ()),
    ("tolerate_note", "block", Level.BLOCK), ("tolerate_reply", "HOLD", Level.HOLD), ("budget_day", None, None),
    ("budget_day", "1.50", Decimal("1.50")), ("budget_day", 0, Decimal(0)), ("price_in", 0.1, Decimal("0.1")),
    ("trusted_domains", ["a.example", "a.example"], frozenset({"a.example"})), ("runs_per_ticket", 0, 0),
    ("disclose", False, False), ("sign_off", {"fr": "Bien à vous"}, {"fr": "Bien à vous"}),
    ("time_zone", "Europe/Paris", "Europe/Paris"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "read"), GOOD)
def test_what_can_be_followed_is_read(name: str, value: Any, read: Any) -> None:
    assert getattr(read_rules({name: value}), name) == read


def test_nothing_given_is_the_careful_default() -> None:
    rules = read_rules({})
    assert rules == Rules()
    assert (rules.mode, rules.tolerate_reply, rules.disclose, rules.reply_when_led) == ("note", Level.INFO, True, False)


def test_a_topic_without_a_mode_of_its_own_has_the_policys() -> None:
    rules = read_rules({"mode": "queue", "topics": {"delivery": "reply"}})
    assert (rules.mode_of("delivery"), rules.mode_of("returns"), rules.mode_of("")) == ("reply", "queue", "queue")


@pytest.mark.django_db
def test_a_policy_row_reads_back_as_its_rules() -> None:
    tenant = rows.tenant()
    row = rows.policy(tenant, {"delivery": "queue"}, mode="reply", languages=["fr"], budget_day=Decimal("2.5"),
                      trusted_domains=["a.example"], tolerate_reply="HOLD", escalate_tags=["x"])  # fmt: skip
    with rows.within(tenant):
        rules = row.rules()
    assert (rules.mode, rules.topics, rules.languages, rules.budget_day) == (
        "reply",
        {"delivery": "queue"},
        ("fr",),
        Decimal("2.5"),
    )
    assert (rules.trusted_domains, rules.tolerate_reply, rules.version) == (frozenset({"a.example"}), Level.HOLD, 2)


@pytest.mark.django_db
def test_an_empty_policy_row_is_the_careful_default() -> None:
    tenant = rows.tenant(mode="note")
    with rows.within(tenant):
        assert Policy.objects.get().rules() == Rules(version=1)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "value"), [("time_zone", "Mars/Base"), ("languages", [1]), ("sign_off", ["Bye"]),
                                             ("trusted_domains", {"a": 1})])  # fmt: skip
def test_a_policy_row_that_cannot_be_followed_is_not_valid(name: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        Policy(tenant_id=1, version=1, **{name: value}).clean()
