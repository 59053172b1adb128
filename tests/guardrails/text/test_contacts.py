"""Links, addresses and phones are found as people and attackers write them."""

import pytest

from guardrails.text.contacts import blank_contacts, find_links, find_mails, find_phones


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("See https://www.Shop.example/Returns/.", "shop.example/Returns"),
        ("See shop.example now", "shop.example"),
        ("See www.shop.example", "shop.example"),
        ("See shop.example:8080/a", "shop.example:8080/a"),
        ("http://shop.example@evil.test/x", "evil.test/x"),
        ("http://192.168.0.1/a", "192.168.0.1/a"),
        ("https:\\\\evil.test\\a", "evil.test/a"),
        ("bit.ly/3xyz", "bit.ly/3xyz"),
        ("10.0.0.1", "10.0.0.1"),
    ],
)
def test_a_link_is_found_with_what_its_spellings_share(text: str, key: str):
    assert [link.key for link in find_links(text)] == [key]


@pytest.mark.parametrize(
    "text", ["jours.Merci", "setup.py", "e.g. this", "9 a.m.", "version 2.3.1", "Data: we keep it", "a.b"]
)
def test_what_only_has_a_dot_is_no_link(text: str):
    assert find_links(text) == ()


@pytest.mark.parametrize("scheme", ["javascript", "data", "vbscript", "file"])
def test_a_scheme_that_runs_something_is_seen(scheme: str):
    assert [link.scheme for link in find_links(f"{scheme}:text/html,x")] == [scheme]


def test_an_address_is_a_mail_and_no_link():
    assert find_mails("Write to A.B@Shop.example.") == ("a.b@shop.example",)
    assert find_links("Write to a.b@shop.example.") == ()


def test_two_spellings_of_a_phone_meet():
    home, abroad = find_phones("01 23 45 67 89 ou +33 1 23 45 67 89", "fr")
    assert home.key == abroad.key == "+33123456789"


def test_the_same_digits_in_two_countries_are_two_phones():
    (french,) = find_phones("+33 1 23 45 67 89")
    (british,) = find_phones("+44 123 456 789 0")
    assert french.key != british.key


@pytest.mark.parametrize("text", ["commande 1234567890", "le 03/03/2024", "2024-03-03 10:00", "1 000 000 000 €"])
def test_what_only_has_digits_is_no_phone(text: str):
    assert find_phones(text, "fr") == ()


def test_blanking_keeps_every_other_sign_in_its_place():
    text = "Le 3 mars, voir https://shop.example/5 ou 01 23 45 67 89."
    blank = blank_contacts(text)
    assert len(blank) == len(text)
    assert blank.split() == ["Le", "3", "mars,", "voir", "ou", "."]
