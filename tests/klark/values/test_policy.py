"""A policy as a plain value: what cannot be followed is refused with the field's name."""

from dataclasses import fields
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from guardrails.base import Level
from klark.models import Policy
from klark.values.policy.fields import BadRules
from klark.values.policy.rules import READERS, Rules, SensitiveRule, read_rules
from klark.values.policy.validation import read_new_rules, read_stored_rules
from tests.klark import rows

BAD: list[tuple[str, Any]] = [
    ("mode", "loud"), ("mode", None), ("mode", ["reply"]), ("topics", ["delivery"]), ("topics", {"delivery": "loud"}),
    ("topics", {"delivery": []}), ("languages", "en"), ("languages", [1]), ("languages", {"en": 1}), ("tolerate_note", "HUGE"),
    ("tolerate_reply", None), ("tolerate_queue", 20), ("sign_off", "Bye"), ("sign_off", {"en": 1}), ("disclose", "yes"),
    ("disclose", 1), ("forbidden_phrases", "x"), ("trusted_domains", [None]),
    ("source_tokens", 299), ("source_tokens", 50_001), ("source_tokens", "2500"), ("source_tokens", 2500.0),
    ("source_tokens", True), ("source_tokens", None), ("judge_model", None), ("judge_model", ["large"]),
    ("public_sections", "yes"), ("public_sections", 1), ("section_intro", "We say:"), ("section_intro", {"en": 1}),
    ("allowed_promises", ["refund"]), ("model_search", True),
    ("runs_per_ticket", "6"), ("runs_per_ticket", True), ("runs_per_ticket", -1), ("runs_per_ticket", 1.5),
    ("runs_per_requester", None), ("budget_day", "much"), ("budget_day", -1), ("budget_month", "NaN"),
    ("budget_month", "Infinity"),
    ("price_in", []), ("currency", 7), ("time_zone", "Mars/Base"), ("time_zone", None), ("time_zone", "../etc"),
    ("country", None), ("escalate_tags", "tag"), ("excluded_senders", [[]]), ("reply_when_led", "no"), ("version", "1"),
    ("sensitive", []), ("sensitive", {"weather": {}}), ("sensitive", {"regulator": "legal"}),
    ("sensitive", {"regulator": {"x": 1}}),
    ("sensitive", {"regulator": {"group": 7}}), ("sensitive", {"regulator": {"tags": "law"}}),
    ("sensitive", {"regulator": {"note": "Call."}}), ("sensitive", {"regulator": {"call": {"en": 3}}}),
    ("minimum_confidence", 101), ("minimum_confidence", -1), ("minimum_confidence", 0.6), ("minimum_confidence", "60"),
    ("minimum_confidence", True), ("minimum_confidence", None),
    ("waiting_tag", "two words"), ("waiting_tag", "Klark"), ("waiting_tag", "x" * 33), ("ticket_acts", "everybody"),
    ("act_tags", ["klark_send"]), ("act_tags", {"shout": "x"}), ("act_tags", {"send": "a b"}),
    ("office_hours", {"monday": "9:00-18:00"}), ("office_hours", {"mon": "9-18"}),
    ("office_hours", {"mon": ["9:00-18:00"]}), ("office_hours", {"mon": "9:00-24:30"}), ("office_hours", []),
    ("rollout_percent", 101), ("rollout_percent", "20"), ("rollout_hours", "nights"), ("rollout_channels", "email"),
    ("unheard_of", 1), ("mode_of", "reply"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), BAD)
def test_what_cannot_be_followed_is_named(name: str, value: Any) -> None:
    with pytest.raises(BadRules, match=name):
        read_rules({name: value})


@pytest.mark.parametrize(("name", "value"), [
    ("act_tags", {"send": "klark_redo"}), ("act_tags", {"send": "x", "reject": "x"}),
    ("office_hours", {"mon": "10:00-13:00, 9:00-12:00"}),
    ("office_hours", {"mon": "18:00-9:00"}), ("office_hours", {"mon": "9:00-12:00, 14:00-14:00"}),
])  # fmt: skip
def test_what_no_schema_can_tell_is_refused_too(name: str, value: Any) -> None:
    with pytest.raises(BadRules, match=name):
        read_rules({name: value})


GOOD: list[tuple[str, Any, Any]] = [
    ("mode", "off", "off"), ("topics", {"a": "note"}, {"a": "note"}), ("languages", ["fr"], ("fr",)), ("languages", [], ()),
    ("tolerate_note", "block", Level.BLOCK), ("tolerate_reply", "HOLD", Level.HOLD), ("budget_day", None, None),
    ("budget_day", "1.50", Decimal("1.50")), ("budget_day", 0, Decimal(0)), ("price_in", 0.1, Decimal("0.1")),
    ("trusted_domains", ["a.example", "a.example"], frozenset({"a.example"})), ("runs_per_ticket", 0, 0),
    ("source_tokens", 300, 300), ("source_tokens", 50_000, 50_000), ("judge_model", "large", "large"),
    ("judge_model", "", ""), ("public_sections", True, True), ("section_intro", {"fr": "Lu\u00a0:"}, {"fr": "Lu\u00a0:"}),
    ("minimum_confidence", 0, 0), ("minimum_confidence", 100, 100), ("minimum_confidence", 75, 75),
    ("disclose", False, False), ("sign_off", {"fr": "Bien à vous"}, {"fr": "Bien à vous"}),
    ("time_zone", "Europe/Paris", "Europe/Paris"), ("rollout_percent", 0, 0), ("waiting_tag", "k-1_x", "k-1_x"),
    ("act_tags", {"send": "send_it"}, {"send": "send_it", "redo": "klark_redo", "reject": "klark_reject"}),
    ("office_hours", {"sat": "0:00-24:00"}, {"sat": "0:00-24:00"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "read"), GOOD)
def test_what_can_be_followed_is_read(name: str, value: Any, read: Any) -> None:
    assert getattr(read_rules({name: value}), name) == read


def test_a_new_policy_asks_for_as_much_as_the_rules_do() -> None:
    assert Policy().minimum_confidence == Rules().minimum_confidence == 60


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
                      trusted_domains=["a.example"], tolerate_reply="HOLD", minimum_confidence=0,
                      escalate_tags=["x"])  # fmt: skip
    with rows.within(tenant):
        rules = row.rules()
    assert rules.minimum_confidence == 0
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


OWN = read_rules(
    {
        "escalate_group": "Front desk",
        "sensitive": {
            "self_harm": {"tags": ["care", "klark-handover"]},
            "legal_threat": {
                "group": "Legal",
                "tags": ["legal", "care"],
                "todo": {"en": "Forward.", "fr": "Transmettre."},
            },
            "regulator": {"group": "Compliance"},
        },
    }
)


def test_a_tenants_own_way_with_a_topic_is_read() -> None:
    own = SensitiveRule("Legal", ("legal", "care"), todo={"en": "Forward.", "fr": "Transmettre."})
    assert (OWN.on("legal_threat"), OWN.on("minors")) == (own, SensitiveRule())


@pytest.mark.parametrize(
    ("topics", "group", "tags"),
    [
        ((), "Front desk", ["klark-handover"]),
        (("minors",), "Front desk", ["klark-handover"]),
        (("self_harm",), "Front desk", ["klark-handover", "care"]),
        (("self_harm", "regulator", "legal_threat"), "Compliance", ["klark-handover", "care", "legal"]),
        (("legal_threat", "unheard_of"), "Legal", ["klark-handover", "legal", "care"]),
    ],
)
def test_a_handover_goes_to_the_first_topics_group_with_the_tags_of_all(
    topics: tuple[str, ...], group: str, tags: list[str]
) -> None:
    assert (OWN.group_for(topics), OWN.tags_for(topics)) == (group, tags)


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({}, ""), ({"country": "fr"}, "FR"), ({"time_zone": "Europe/Zurich"}, "CH"),
        ({"country": "BE", "time_zone": "Europe/Paris"}, "BE"), ({"time_zone": "Etc/GMT+3"}, ""),
    ],
)  # fmt: skip
def test_the_place_is_the_country_else_that_of_the_time_zone(given: dict[str, Any], place: str) -> None:
    assert read_rules(given).place == place


@pytest.mark.django_db
def test_a_policy_keeps_a_topics_own_way() -> None:
    tenant_id = rows.tenant(sensitive={"bereavement": {"group": "Care", "tags": ["gentle"]}})
    with rows.within(tenant_id):
        read = Policy.of(tenant_id).get().rules()
    assert (read.group_for(("bereavement",)), read.on("bereavement").tags) == ("Care", ("gentle",))


def test_a_policy_with_an_unknown_topic_is_refused() -> None:
    with pytest.raises(ValidationError, match="weather"):
        Policy(sensitive={"weather": {}}).clean()


CRM: dict[str, Any] = {"url": "https://crm.example/klark", "facts": {"Order": "orders.0.number"}}


@pytest.mark.parametrize("crm", [
    {}, CRM, {**CRM, "kind": "json"}, {"helpdesk": {"Plan": "user.plan"}}, {"helpdesk": {}},
    {**CRM, "helpdesk": {"Plan": "organization.plan"}},
])  # fmt: skip
def test_facts_come_from_a_crm_the_desks_fields_both_or_neither(crm: dict[str, Any]) -> None:
    assert read_rules({"crm": crm}).crm == crm


@pytest.mark.parametrize(("crm", "why"), [
    ({"helpdesk": {"Plan": "plan"}}, 'crm.helpdesk takes paths such as user.plan or organization.contract, not "plan".'),
    ({"helpdesk": ["user.plan"]}, "crm.helpdesk takes an object: name → text."),
    ({"helpdesk": {"Plan": 1}}, "crm.helpdesk takes an object: name → text."),
    ({**CRM, "facts": None}, "crm.facts takes an object: name → text."),
    ({**CRM, "helpdesk": {"Order": "user.order"}}, 'crm names "Order" twice: in facts and in helpdesk.'),
    ({**CRM, "kind": []}, "crm.url takes an address, and crm.kind one of json."),
    ({**CRM, "url": None}, "crm.url takes an address, and crm.kind one of json."),
])  # fmt: skip
def test_facts_that_cannot_be_found_say_why(crm: dict[str, Any], why: str) -> None:
    with pytest.raises(BadRules) as caught:
        read_rules({"crm": crm})
    assert str(caught.value) == why


@pytest.mark.parametrize("crm", [
    [], None, {"kind": "json"}, {"helpdesk": {}, "url": "https://crm.example"}, {"helpdesk": {}, "secret": "x"},
    {"facts": {}, "helpdesk": {}},
])  # fmt: skip
def test_half_of_where_facts_come_from_is_refused_whole(crm: Any) -> None:
    with pytest.raises(BadRules, match=r"^crm takes an object: \{\"url\""):
        read_rules({"crm": crm})


@pytest.mark.parametrize(("given", "place"), [
    ({"crm": {**CRM, "facts": {"A = B": "a"}}}, "crm.facts"), ({"crm": {"helpdesk": {"a\nb": "user.plan"}}}, "crm.helpdesk"),
    ({"updates": {"reply": {"fields": {"a\rb": "x"}}}}, "updates.reply.fields"),
])  # fmt: skip
def test_a_name_that_no_line_could_hold_is_refused_and_still_read_where_it_is_kept(
    given: dict[str, Any], place: str
) -> None:
    with pytest.raises(BadRules, match=f"^{place} takes names without = and without a line break, not"):
        read_new_rules(given)
    assert read_stored_rules(given) == read_rules(given)


def test_every_field_of_a_policy_can_be_read() -> None:
    assert {each.name for each in fields(Rules)} == set(READERS)
