"""Who is on a ticket, what is masked of them, and who leads it."""

import pytest

from guardrails.pii import Known
from integrations.helpdesks.base import Person
from klark.steps.mine import Mine
from klark.steps.people import first_name, known, led_by_person, turn_of
from tests.klark.said import ALEX, KLARK, RULE, TONI, comment, ticket

MINE = Mine(frozenset({KLARK.id}), frozenset({"3"}))


def test_names_addresses_and_fields_are_known_by_value() -> None:
    about = ticket(comment(1), comment(2, ALEX), cc=(TONI,), custom_fields={"order": "FA-2291", "size": "M"})
    assert known(about) == (
        Known("NAME", "Camille Durand"), Known("NAME", "Toni Thirdparty"), Known("NAME", "Alex Agent"),
        Known("EMAIL", "camille.durand@example.org"), Known("EMAIL", "toni@partner.example"),
        Known("EMAIL", "alex.agent@example.com"), Known("FIELD", "FA-2291"),
    )  # fmt: skip


def test_the_turn_is_the_customers_last_public_comment() -> None:
    assert turn_of(ticket(comment(1), comment(2), comment(4, ALEX))) == "2"
    assert turn_of(ticket(comment(1, ALEX))) == ""


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        (ticket(), False),
        (ticket(assignee_id=ALEX.id), True),
        (ticket(assignee_id=KLARK.id), False),
        (ticket(comment(1), comment(2, ALEX)), True),
        (ticket(comment(1), comment(2, ALEX, public=False)), True),
        (ticket(comment(1, ALEX, public=False), comment(2)), False),
        (ticket(comment(1), comment(3, KLARK)), False),
        (ticket(comment(1), comment(2, RULE, automatic=True)), False),
    ],
)
def test_an_agent_who_is_assigned_or_has_answered_leads(about: object, expected: bool) -> None:
    assert led_by_person(about, MINE) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Camille Durand", "Camille"), ("élodie", "Élodie"), ("CAMILLE DURAND", "Camille"), ("camille@example.org", ""),
        ("", ""), ("M. Durand", ""), ("X", ""), ("<b>Bob</b>", ""), ("4711 GmbH", ""), ("Wolfeschlegelsteinhausen", ""),
    ],
)  # fmt: skip
def test_only_what_looks_like_a_first_name_is_greeted(name: str, greeted: str) -> None:
    assert first_name(Person("1", name)) == greeted
