"""The policy's page says what each position of the dial finds and costs, and what it would do with the tenant's own tickets."""

import pytest
from django.test import Client

from guardrails.triage.classifier_heads import shipped
from guardrails.triage.classify import DIALS
from klark.admin.policy.sensitivity_dial import dial_help
from klark.models import within
from klark.triage.sensitivity_dial import handed_over
from klark.values.policy.rules import BadRules, read_rules
from tests.klark import rows
from tests.klark.companies import Company

pytestmark = pytest.mark.django_db


def test_each_position_has_a_line_with_its_figures() -> None:
    lines = str(dial_help(None)).split("<br>")[:-1]
    found = [f"{100 * shipped().measured[dial]['found']:.1f} %" for dial in DIALS]
    assert [figure in line for figure, line in zip(found, lines, strict=True)] == [True] * 3


def test_the_tenants_own_tickets_are_counted() -> None:
    account = rows.connection(rows.tenant())
    for at, chance in enumerate((0.999, 0.0001)):
        rows.draft(account, at + 1, record={"triage": {"chances": [["self_harm", chance]], "trouble": ""}})
    rows.draft(account, 3, record={})
    rows.draft(account, 4, record={"triage": {"chances": [], "trouble": "it was away"}})
    with within(account.tenant_id):
        told = str(dial_help(account.tenant_id))
    assert told.count("Of your last 2 tickets it would hand over 1.") == 3


def test_a_careful_position_hands_over_what_an_open_one_does_not() -> None:
    least = {dial: shipped().thresholds[dial]["bereavement"] for dial in DIALS}
    between = (least["careful"] + least["open"]) / 2
    assert [handed_over([("bereavement", between)], dial) for dial in ("careful", "open")] == [True, False]
    assert handed_over([("a topic of another version", 1.0)], "careful") is False


def test_the_page_shows_it(lead: Client, ours: Company) -> None:
    page = lead.get(f"/admin/klark/policy/{ours.policy}/change/").content.decode()
    assert ("Balanced: finds" in page, 'name="dial"' in page) == (True, True)


def test_another_word_is_refused() -> None:
    with pytest.raises(BadRules):
        read_rules({"dial": "wild"})
    assert read_rules({"dial": "open"}).dial == "open"
