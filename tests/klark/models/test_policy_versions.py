"""A policy that decided something stays as it was: each version once, the newest in force, none of another tenant's."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models

from klark.models import Decision, Policy, Topic, TopicRule, policy_in_force, within
from klark.values.policy.fields import KEEP_DAYS
from klark.values.policy.rules import Rules, SensitiveRule
from tests.klark import rows

pytestmark = pytest.mark.django_db


def in_force(tenant_id: int) -> str:
    with within(tenant_id):
        return str(policy_in_force(tenant_id))


def test_each_saved_policy_is_the_next_version_and_the_newest_is_in_force() -> None:
    tenant = rows.tenant()
    told = [in_force(tenant)]
    for mode in ("note", "queue", "off"):
        rows.policy(tenant, mode=mode)
        told.append(in_force(tenant))
    assert told == ["v1", "v2", "v3", "v4"]


def test_the_order_in_which_versions_were_written_does_not_matter() -> None:
    tenant = rows.tenant()
    with within(tenant):
        for version in (9, 3, 7):
            Policy.objects.create(tenant_id=tenant, version=version)
    assert in_force(tenant) == "v9"


def test_a_version_exists_once_for_a_tenant_and_once_for_each_other() -> None:
    first, second = rows.tenant("first"), rows.tenant("second")
    assert (in_force(first), in_force(second)) == ("v1", "v1")
    with pytest.raises(IntegrityError), within(first):
        Policy.objects.create(tenant_id=first, version=1)


def test_without_a_policy_there_is_none_in_force_whatever_others_have() -> None:
    rows.tenant("other")
    with within("*"):
        from_scratch = rows.Tenant.objects.create(slug="fresh", name="Fresh").pk
    assert in_force(from_scratch) == "None"


def test_a_policy_that_decided_cannot_be_deleted() -> None:
    account = rows.connection(rows.tenant())
    with within(account.tenant_id):
        policy = policy_in_force(account.tenant_id)
        event = rows.event(account, state="done")
        Decision.objects.create(tenant_id=account.tenant_id, event_id=event, connection=account, ticket_id="1",
                                kind="NOTE", reason="ready", policy=policy)  # fmt: skip
        with pytest.raises(models.ProtectedError):
            policy.delete()  # type: ignore[union-attr]  # there is one
    assert rows.count(Policy) == 1


# A policy's field, a value that cannot be followed, and words that must stand in the complaint.
WRONG: tuple[tuple[str, Any, str], ...] = (
    ("time_zone", "Paris", "Europe/Paris"), ("time_zone", "", "Europe/Paris"),
    ("languages", "en", "“Languages” takes a list of texts"), ("languages", [1], "“Languages”"),
    ("sign_off", ["x"], "“Sign-off” takes an object"), ("sign_off", {"en": 2}, "“Sign-off”"),
    ("disclosure", "x", "“Disclosure line”"), ("forbidden_phrases", "x", "“Forbidden phrases”"),
    ("trusted_domains", {"a": 1}, "“Trusted link domains”"), ("section_intro", "x", "“Line before quoted sections”"),
    ("source_tokens", 50_001, "“Tokens of articles that a model reads” takes a whole number from 300 to 50000"),
    ("judge_model", 7, "“Model that judges drafts”"), ("public_sections", "yes", "“Send sections of articles to customers”"),
    ("escalate_tags", "vip", "“Tags for a handover”"), ("excluded_tags", [3], "“Excluded tags”"),
    ("excluded_channels", "chat", "“Excluded channels”"), ("excluded_senders", {"x": "y"}, "“Excluded senders”"),
    ("budget_day", Decimal("-1"), "“Budget per day”"), ("budget_month", Decimal("NaN"), "“Budget per month”"),
    ("runs_per_ticket", -1, "“Runs per ticket and day”"), ("mode", "maybe", "“Mode for other topics”"),
    ("tolerate_reply", "LOUD", "“Highest level in a reply” takes one of INFO, HOLD, BLOCK, not \"LOUD\"."),
)  # fmt: skip


@pytest.mark.parametrize(("name", "value", "words"), WRONG)
def test_a_policy_that_cannot_be_followed_says_why_at_the_field_in_plain_words(
    name: str, value: Any, words: str
) -> None:
    with pytest.raises(ValidationError) as complaint:
        Policy(version=1, **{name: value}).clean()
    assert list(complaint.value.message_dict) == [name]
    assert words in complaint.value.message_dict[name][0]


def test_every_field_that_cannot_be_followed_says_so_at_once() -> None:
    with pytest.raises(ValidationError) as complaint:
        Policy(version=1, languages=["klingon"], country="ZZ", minimum_confidence=140, time_zone="Mars/Base").clean()
    assert list(complaint.value.message_dict) == ["languages", "minimum_confidence", "time_zone", "country"]


BUDGETS: tuple[tuple[dict[str, str], list[str]], ...] = (
    ({"budget_day": "5"}, ["budget_day"]),
    ({"budget_day": "5", "budget_month": "90"}, ["budget_day", "budget_month"]),
    ({"budget_day": "5", "price_in": "0.25"}, []),
    ({"budget_month": "5", "price_out": "0.25"}, []),
    ({"budget_day": "0"}, []),
    ({}, []),
)


@pytest.mark.parametrize(("given", "refused"), BUDGETS)
def test_a_budget_is_refused_while_no_price_lets_anything_be_spent(given: dict[str, str], refused: list[str]) -> None:
    told: dict[str, list[str]] = {}
    try:
        Policy(version=1, **{name: Decimal(amount) for name, amount in given.items()}).clean()
    except ValidationError as complaint:
        told = complaint.message_dict
    assert (list(told), ["Fill in the prices" in why for (why,) in told.values()]) == (refused, [True] * len(refused))


KEPT: tuple[tuple[str, Any, Any], ...] = (
    ("languages", ["fr"], ("fr",)), ("languages", [], ("en", "fr")), ("sign_off", {"fr": "L'équipe"}, {"fr": "L'équipe"}),
    ("escalate_tags", [], ("klark-handover",)), ("escalate_tags", ["vip"], ("vip",)),
    ("excluded_channels", [], frozenset({"chat", "social", "phone", "side_conversation"})),
    ("excluded_channels", ["web"], frozenset({"web"})), ("excluded_senders", ["@a.example"], frozenset({"@a.example"})),
    ("budget_day", None, None), ("budget_day", Decimal("1.5"), Decimal("1.5")), ("budget_day", Decimal(0), Decimal(0)),
    ("runs_per_ticket", 0, 0), ("time_zone", "Europe/Paris", "Europe/Paris"), ("country", "", ""), ("country", "FR", "FR"),
    ("disclose", False, False), ("reply_when_led", True, True), ("currency", "CHF", "CHF"), ("mode", "queue", "queue"),
    ("escalate_group", "Second line", "Second line"), ("forbidden_phrases", ["free"], ("free",)),
    ("source_tokens", 4_000, 4_000), ("judge_model", "", ""), ("judge_model", "large", "large"),
    ("public_sections", True, True), ("section_intro", {}, {}), ("section_intro", {"fr": "Lu\u00a0:"}, {"fr": "Lu\u00a0:"}),
)  # fmt: skip


@pytest.mark.parametrize(("name", "value", "expected"), KEPT)
def test_a_field_of_the_row_and_the_rule_that_steps_read(name: str, value: Any, expected: Any) -> None:
    tenant = rows.tenant()
    rows.policy(tenant, **{name: value})
    with within(tenant):
        policy = policy_in_force(tenant)
        assert policy is not None
        assert getattr(policy.rules(), name) == expected


# A field as another version of klark left it in a row, and what is read of it.
UNKNOWN: tuple[tuple[str, Any, Any], ...] = (
    ("sensitive", {"weather": {"group": "Rain"}, "regulator": {"group": "Legal", "colour": "red"}},
     {"regulator": SensitiveRule(group="Legal")}),
    ("updates", {"reply": {"status": "pending", "mood": "glad"}, "fax": {}}, {"reply": {"status": "pending"}}),
    ("brands", {"5": {"languages": ["fr"], "logo": "x"}}, {"5": {"languages": ("fr",)}}),
    ("keep_days", {"drafts": 30, "faxes": 3}, {**KEEP_DAYS, "drafts": 30}),
)  # fmt: skip


@pytest.mark.parametrize(("name", "value", "expected"), UNKNOWN)
def test_a_row_with_a_name_that_klark_no_longer_knows_is_read_without_it_and_a_person_is_refused(
    name: str, value: Any, expected: Any, caplog: pytest.LogCaptureFixture
) -> None:
    tenant = rows.tenant(**{name: value})
    with within(tenant):
        policy = policy_in_force(tenant)
        assert policy is not None
        assert getattr(policy.rules(), name) == expected
    assert caplog.text.count("they are left out") == 1
    with pytest.raises(ValidationError) as complaint:
        policy.clean()
    assert list(complaint.value.message_dict) == [name]


def test_the_rules_name_their_version_and_the_topics_of_that_version_alone() -> None:
    tenant = rows.tenant(topics={"delivery": "off"})
    rows.policy(tenant, {"returns": "note"})
    with within(tenant):
        read = {policy.version: policy.rules() for policy in Policy.of(tenant)}
    assert {version: (rules.version, dict(rules.topics)) for version, rules in read.items()} == {
        1: (1, {"delivery": "off"}),
        2: (2, {"returns": "note"}),
    }


def test_a_topic_has_one_mode_in_a_policy() -> None:
    tenant = rows.tenant(topics={"delivery": "off"})
    with pytest.raises(IntegrityError), within(tenant):
        TopicRule.objects.create(
            tenant_id=tenant, policy=Policy.of(tenant).get(), topic=Topic.of(tenant).get(), mode="reply"
        )


def test_a_policys_key_is_no_part_of_what_steps_read() -> None:
    tenant = rows.tenant()
    rows.policy(tenant, sealed_key="k1:very-secret", model_name="m")
    with within(tenant):
        policy = policy_in_force(tenant)
        assert policy is not None
        assert "very-secret" not in json.dumps(str(policy.rules()))


def test_a_fresh_row_allows_no_more_than_the_careful_default() -> None:
    tenant = rows.tenant("fresh", mode="note")
    with within(tenant):
        policy = policy_in_force(tenant)
        assert policy is not None
        assert policy.rules() == Rules(version=1)
