"""A helpdesk's own fields as facts: only what the policy names, typed, with the desk and the field's owner as source."""

import pytest

from integrations.crm.base import Fact
from integrations.crm.helpdesk_fields import desk_facts, origin_of, wants_organization
from integrations.helpdesks.requester_fields import Profile

DESK = "acme.zendesk.com"
TOLD = Profile(
    DESK, {"plan": "gold", "since": "2024-03-01T00:00:00+00:00", "vip": True, "seats": 12, "note": None, "list": ["a"]},
    {"contract_until": "2027-01-01", "plan": "team"},
)  # fmt: skip


@pytest.mark.parametrize(("path", "fact"), [
    ("user.plan", Fact("A", "gold", "text", DESK, "user")),
    ("organization.plan", Fact("A", "team", "text", DESK, "organization")),
    ("user.since:date", Fact("A", "2024-03-01", "date", DESK, "user")),
    ("user.vip:flag", Fact("A", "yes", "flag", DESK, "user")),
    ("user.seats:number", Fact("A", "12", "number", DESK, "user")),
    ("organization.contract_until:date", Fact("A", "2027-01-01", "date", DESK, "organization")),
])  # fmt: skip
def test_a_field_is_a_fact_of_its_kind_with_its_source(path: str, fact: Fact) -> None:
    assert desk_facts(TOLD, {"A": path}) == (fact,)


@pytest.mark.parametrize("path", [
    "user.note", "user.list", "user.other", "user.plan:date", "user.vip", "organization.vip:flag", "organization.list.0",
])  # fmt: skip
def test_what_is_empty_or_of_another_kind_is_left_out(path: str) -> None:
    assert desk_facts(TOLD, {"A": path}) == ()


def test_only_what_the_policy_names_is_a_fact_in_its_order() -> None:
    wanted = {"Contract": "organization.contract_until", "Plan": "user.plan"}
    assert [fact.name for fact in desk_facts(TOLD, wanted)] == ["Contract", "Plan"]
    assert desk_facts(TOLD, {}) == ()


@pytest.mark.parametrize(("path", "origin"), [
    ("user.plan", "user"), ("organization.a.b:date", "organization"), ("user.", ""), ("user", ""), ("user.:date", ""),
    ("ticket.plan", ""), ("", ""), ("User.plan", ""),
])  # fmt: skip
def test_a_path_names_whose_field_it_is(path: str, origin: str) -> None:
    assert origin_of(path) == origin


def test_an_organization_is_wanted_only_where_a_path_names_one() -> None:
    assert wants_organization({"A": "user.plan", "B": "organization.plan"}) is True
    assert wants_organization({"A": "user.organization"}) is False
