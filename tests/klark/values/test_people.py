"""Who is on a ticket, what is masked of them, and who leads it."""

from dataclasses import asdict, replace
from typing import Any

import pytest

from guardrails.pii.mask import Known
from integrations.helpdesks.base import Person, Ticket
from klark.values.own_comments import OwnComments
from klark.values.people import (
    excluded_in_copy,
    first_name,
    known,
    known_on_record,
    known_to,
    led_by_person,
    same_requester,
    turn_of,
)
from tests.klark.said import ALEX, CAMILLE, KLARK, RULE, TONI, comment, ticket

MINE = OwnComments(frozenset({KLARK.id}), frozenset({"3"}))


def test_names_addresses_and_fields_are_known_by_value() -> None:
    about = ticket(comment(1), comment(2, ALEX), cc=(TONI,), custom_fields={"order": "FA-2291", "size": "M"})
    assert known(about) == (
        Known("NAME", "Camille Durand"), Known("NAME", "Toni Thirdparty"), Known("NAME", "Alex Agent"),
        Known("EMAIL", "camille.durand@example.org"), Known("EMAIL", "toni@partner.example"),
        Known("EMAIL", "alex.agent@example.com"), Known("FIELD", "FA-2291"),
    )  # fmt: skip


ADA = {"id": "1", "name": "Ada Quill", "email": "ada@example.com"}
TOM = {"id": "2", "name": "Tom Reed", "email": ""}

UNSHOWN = Person("77")


@pytest.mark.parametrize(
    ("copied", "senders", "excluded"),
    [
        ((TONI,), ("PARTNER.example",), True), ((TONI,), ("@partner.example",), True), ((TONI,), (TONI.email,), True),
        ((CAMILLE, TONI), ("partner.example",), True), ((TONI,), ("example",), False), ((), ("partner.example",), False),
        ((UNSHOWN,), ("partner.example",), True), ((UNSHOWN,), (), False),
    ],
)  # fmt: skip
def test_who_is_in_copy_is_excluded_by_address_or_domain_and_when_the_helpdesk_hides_the_address(
    copied: tuple[Person, ...], senders: tuple[str, ...], excluded: bool
) -> None:
    assert excluded_in_copy(ticket(comment(1), cc=copied), senders) is excluded


PEOPLE: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a requester": ({"requester": ADA}, ["Ada Quill", "ada@example.com"]),
    "someone in copy": ({"requester": ADA, "cc": [TOM]}, ["Ada Quill", "Tom Reed", "ada@example.com"]),
    "an agent who wrote": ({"requester": ADA, "comments": [{"author": TOM}, {"author": ADA}]},
                           ["Ada Quill", "Tom Reed", "ada@example.com"]),
    "the same twice": ({"requester": ADA, "cc": [ADA], "comments": [{"author": ADA}]}, ["Ada Quill", "ada@example.com"]),
    "somebody without a name": ({"requester": {"name": None, "email": ""}}, []),
    "nobody": ({"requester": None}, []), "no record": ({}, []),
}  # fmt: skip


def test_everyone_on_a_kept_ticket_is_known_by_name_and_address_once() -> None:
    assert {name: [one.value for one in known_on_record(record)]
            for name, (record, _) in PEOPLE.items()} == {name: known for name, (_, known) in PEOPLE.items()}  # fmt: skip
    assert known_on_record({"requester": ADA}) == (Known("NAME", "Ada Quill"), Known("EMAIL", "ada@example.com"))


def test_of_a_kept_ticket_the_same_is_masked_as_of_the_ticket_itself() -> None:
    about = ticket(comment(1), comment(2, ALEX), cc=(TONI,), custom_fields={"contract": "FA-2291", "size": "M"})
    assert known_on_record(asdict(about)) == known(about)


@pytest.mark.parametrize(
    ("value", "personal"),
    [
        ("FA-2291", True), ("A1B2C3D4", True), ("4411 2093 18", True), ("alex@example.org", True), ("+33 6 12 34 56 78", True),
        ("Camille Durand", True), ("12 rue des Lilas, 69003 Lyon", True),
        ("Essentiel", False), ("Onda 3", False), ("Max", False), ("Victoria", False), ("Matelot", False), ("Lyon", False),
        ("2026-11-20", False), ("20/11/2026", False), ("2026", False), ("1 250,00 €", False), ("99", False),
        ("Premium annual", False), ("vip_customer", False), ("true", False), ("2026-11-20T10:00:00Z", False),
    ],
)  # fmt: skip
def test_a_fields_value_is_personal_when_it_identifies_somebody(value: str, personal: bool) -> None:
    assert known(ticket(custom_fields={"field": value}))[-1] == (
        Known("FIELD", value) if personal else Known("EMAIL", "camille.durand@example.org")
    )


def test_a_field_of_several_values_or_a_number_is_personal_by_each_of_them() -> None:
    about = ticket(custom_fields={"contracts": ("FA-2291", "vip"), "customer": 44112093, "vip": True})
    assert [one.value for one in known(about) if one.kind == "FIELD"] == ["FA-2291", "44112093"]
    assert known_on_record(asdict(about)) == known(about)


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
        ("Sarl Durand", ""), ("Dr House", ""), ("DUPONT", ""), ("Dupont", ""), ("Martin", ""), ("DUPONT Marie", "Marie"),
        ("Marie DUPONT", "Marie"), ("jean-pierre Petit", "Jean-Pierre"),
    ],
)  # fmt: skip
def test_only_what_looks_like_a_first_name_is_greeted(name: str, greeted: str) -> None:
    assert first_name(Person("1", name)) == greeted


FOLLOW, YANN = ticket(comment(9)), Person("601", "Yann Montfort", "yann@example.org", "customer")
THEIRS = ticket(comment(1, YANN), comment(2, ALEX), requester=YANN)
UNNAMED = Person("", "Camille Durand", CAMILLE.email, "customer")


@pytest.mark.parametrize(
    ("about", "parent", "same"),
    [
        (FOLLOW, ticket(comment(1), comment(2, ALEX)), True),
        (FOLLOW, THEIRS, False),
        (FOLLOW, ticket(requester=replace(YANN, name=CAMILLE.name, email=CAMILLE.email)), False),
        (ticket(comment(9), comment(10, YANN)), ticket(), False),
        (ticket(comment(9), comment(10, ALEX)), ticket(), True),
        (ticket(comment(9, ALEX)), ticket(), True),
        (ticket(comment(9, UNNAMED), requester=UNNAMED), ticket(requester=UNNAMED), False),
    ],
    ids=["own", "another's", "a namesake's", "another writes", "an agent answered", "no customer yet", "no id"],
)
def test_a_ticket_goes_on_from_its_own_writers_alone(about: Ticket, parent: Ticket, same: bool) -> None:
    assert same_requester(about, parent) is same


def test_people_of_ones_own_closed_ticket_are_told_again() -> None:
    parent = ticket(comment(1), comment(2, ALEX))
    assert known_to(FOLLOW, parent) == (*known(FOLLOW), *known(parent))


def test_people_of_a_strangers_ticket_are_masked_and_never_told() -> None:
    people = known_to(FOLLOW, THEIRS)
    assert [(one.value, one.returns) for one in people] == [
        ("Camille Durand", True), ("camille.durand@example.org", True),
        ("Yann Montfort", False), ("Alex Agent", False), ("yann@example.org", False), ("alex.agent@example.com", False),
    ]  # fmt: skip


def test_without_a_parent_the_ticket_has_its_own_people() -> None:
    assert known_to(FOLLOW, None) == known(FOLLOW)
