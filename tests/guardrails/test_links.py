"""Where a customer may be sent, and what leads to a person: hosts, disguises, addresses, phones, cards; hits and look-alikes."""

import pytest

from guardrails.base import Level, Options, Reply, Sentence, Source
from guardrails.checks.links import DISGUISED, SCHEME, UNCITED, UNTRUSTED, is_disguised, is_trusted, links
from guardrails.checks.personal import CARD, IBAN, MAIL, PHONE, SOCIAL, personal
from guardrails.text.contacts import blank_contacts, find_links, find_mails, find_phones
from tests.guardrails.said import OPTIONS, reply

TRUSTED = frozenset({"shop.example", "boutique.example"})


def found(check, text: str, *sources: str, language: str = "en", ticket: str = "") -> list[str]:
    return [finding.id for finding in check(reply(text, *sources, language=language, ticket=ticket), OPTIONS)]


def hosts(text: str) -> list[str]:
    return [link.host for link in find_links(text)]


def test_a_host_is_trusted_by_itself_and_with_what_lies_under_it():
    trusted = ["shop.example", "help.shop.example", "a.b.shop.example"]
    others = [
        "myshop.example",
        "shop.example.test",
        "example",
        "shop.exampl",
        "shop-example",
        "",
        "SHOP.EXAMPLE.evil.test",
    ]
    assert [host for host in trusted if not is_trusted(host, TRUSTED)] == []
    assert [host for host in others if is_trusted(host, TRUSTED)] == []
    assert not is_trusted("shop.example", frozenset())


def test_a_source_that_says_https_is_no_source_for_http():
    page = "See https://shop.example/a, http://shop.example/b and shop.example/c."
    links_ = {f"{scheme}shop.example/{path}": path for scheme in ("https://", "http://", "") for path in "abc"}
    refused = {link for link in links_ if found(links, f"See {link}", page) == [UNCITED]}
    assert refused == {"http://shop.example/a", "http://shop.example/c"}


def test_every_disguise_is_seen():
    disguised = [
        "http://shop.example@evil.test/a", "http://shop.example%2e.evil.test/a", "https://xn--shp-8ra.example/a",
        "https://shоp.example/a", "http://127.0.0.1/a", "http://2130706433/a", "http://0x7f.0.0.1/a", "http://[::1]/a",
        "https://bit.ly/a", "https://t.co/a", "https://tinyurl.com/a", "https://shop.example.evil.test/a",
        "https://sh0p.example/a", "https://shop-example.test", "https://boutlque.example/a", "https://ｓhop.example/a",
    ]  # fmt: skip
    honest = [
        "https://shop.example/a",
        "https://help.shop.example/a?to=b@c.example",
        "https://other.test/a",
        "mailto:a@evil.test",
        "tel:+331",
    ]
    seen = {text: [is_disguised(link, TRUSTED) for link in find_links(text)] for text in [*disguised, *honest]}
    assert [text for text in disguised if not any(seen[text])] == [
        "https://shop-example.test"
    ]  # another ending: untrusted anyway
    assert [text for text in honest if any(seen[text])] == []


def test_every_scheme_that_runs_something_blocks():
    texts = [
        "javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
        "blob:https://a", "about:blank", "blob:https://shop.example/a", "data:https://shop.example/a",
        "ftp://files.shop.example/a", "intent://shop.example",
    ]  # fmt: skip
    assert {text: found(links, f"See {text}") for text in texts if SCHEME not in found(links, f"See {text}")} == {}
    assert found(links, "Data: we keep it. About: our shop. File: none") == []


def test_a_trusted_link_stands_in_a_source_in_any_spelling():
    page = "See https://www.shop.example/Returns/how?a=1 for more."
    same = [
        "https://shop.example/Returns/how?a=1", "shop.example/Returns/how?a=1", "www.shop.example/Returns/how?a=1",
        "HTTPS://WWW.SHOP.EXAMPLE/Returns/how?a=1", "(https://shop.example/Returns/how?a=1).",
    ]  # fmt: skip
    other = [
        "https://shop.example/returns/how?a=1", "https://shop.example/Returns/how?a=2", "https://shop.example/Returns",
        "https://shop.example",
    ]  # fmt: skip
    assert {link: found(links, f"See {link}", page) for link in same} == {text: [] for text in same}
    assert {link: found(links, f"See {link}", page) for link in other} == {text: [UNCITED] for text in other}


def test_a_link_of_another_sentences_source_is_not_cited_by_this_one():
    page = Source("a", "See https://shop.example/a")
    answer = Reply((Sentence("See https://shop.example/a", (page,)), Sentence("See https://shop.example/a")), "en")
    assert [(finding.id, finding.sentence) for finding in links(answer, OPTIONS)] == [(UNCITED, 1)]


def test_an_address_needs_a_trusted_domain_and_a_source():
    page = "Write to help@shop.example or boss@evil.test."
    assert found(links, "Write to help@shop.example.", page) == []
    assert found(links, "Write to HELP@Shop.example.", page) == []
    assert found(links, "Write to other@shop.example.", page) == [UNCITED]
    assert found(links, "Write to boss@evil.test.", page) == [UNTRUSTED]
    assert found(links, "Write to help@shop.example.") == [UNCITED]
    assert found(links, "Write to help@shop.example.", ticket=page) == [UNCITED]
    assert found(links, "See mailto:help@shop.example", page) == []


def test_a_www_in_the_policy_is_no_part_of_a_domain():
    policy = Options(trusted_domains=frozenset({"WWW.Shop.example"}))
    page = "See https://shop.example/a"
    assert links(reply(page, page), policy) == []


def test_a_link_blocks_and_is_shown_as_written():
    (finding,) = links(reply("See https://evil.test/Path."), OPTIONS)
    assert (finding.id, finding.level, finding.words) == (UNTRUSTED, Level.BLOCK, "https://evil.test/Path")


def test_a_copied_sentence_is_looked_at_all_the_same():
    assert found(links, "See https://evil.test/a", "See https://evil.test/a") == [UNTRUSTED]
    assert found(links, "See https://sh0p.example/a", "See https://sh0p.example/a") == [DISGUISED]


def test_links_are_found_without_what_surrounds_them():
    said = {
        "(https://shop.example/a)": ["shop.example"], "«https://shop.example/a»": ["shop.example"],
        "**shop.example**": ["shop.example"],
        "https://shop.example/a, https://other.test/b.": ["shop.example", "other.test"],
        "shop.example:443/a": ["shop.example"], "SHOP.EXAMPLE/a": ["shop.example"], "Shop.example": ["shop.example"],
        "see www.shop": ["shop"], "a.b.c.shop.example": ["a.b.c.shop.example"],
    }  # fmt: skip
    assert {text: hosts(text) for text in said} == said


def test_words_with_dots_are_no_links():
    texts = [
        "fin.Début", "e.g.", "i.e. so", "p.m.", "3.50", "1.2.3", "node.js", "README.md", "photo.jpg", "etc.",
        "M.Dupont", "a..b", "...", "300.5.1.2", "999.1.1.1", "version 10.0.0.1.5", "U.S.A.", "t.b.c", "",
    ]  # fmt: skip
    assert {text: hosts(text) for text in texts if hosts(text)} == {}


def test_mails_are_found_lower_case_and_without_marks():
    said = {
        "Write to A.B+c@Shop.example.": ("a.b+c@shop.example",), "<a@shop.example>": ("a@shop.example",), "a@b": (),
        "@shop.example": (), "a@shop.example, b@shop.example": ("a@shop.example", "b@shop.example"),
        "a @ shop.example": (), "a@sub.shop.example": ("a@sub.shop.example",),
    }  # fmt: skip
    assert {text: find_mails(text) for text in said} == said


def test_phones_of_a_country_meet_however_they_are_written():
    french = [
        "01 23 45 67 89",
        "01.23.45.67.89",
        "0123456789",
        "+33 1 23 45 67 89",
        "+33 (0)1 23 45 67 89",
        "0033 1 23 45 67 89",
        "01-23-45-67-89",
    ]
    found_ = {text: [phone.key for phone in find_phones(f"Tél. {text}", "fr")] for text in french}
    assert [text for text, keys in found_.items() if keys != ["+33123456789"]] == []


def test_an_american_number_is_one_whatever_stands_before_it():
    texts = [
        "Call (312) 555-0182",
        "reach us at 312-555-0182",
        "Phone: 312.555.0182",
        "+1 312 555 0182",
        "tel. (312) 555-0182",
    ]
    assert {phone.key for text in texts for phone in find_phones(text, "en")} == {"+13125550182"}
    assert found(personal, "Call (312) 555-0182.", "You reach us at 312-555-0182.") == []
    assert [phone.key for phone in find_phones("Call 020 7946 0123", "en")] == ["+442079460123"]


def test_hours_in_parentheses_are_no_part_of_a_number():
    assert [one.text for one in find_phones("Appelez le 01 99 00 12 34 (8 h à 19 h 30).", "fr")] == ["01 99 00 12 34"]
    assert [one.text for one in find_phones("Call (020) 7946 0123 (9 to 5).", "en")] == ["(020) 7946 0123"]


@pytest.mark.parametrize("text", ["Call (020 7946 0123.", "Call 020(7946 0123."])
def test_an_open_bracket_hides_no_number(text: str):
    assert [one.key for one in find_phones(text, "en")] == ["+442079460123"]


def test_figures_that_nobody_can_ring_are_no_phones():
    texts = [
        "14/03/2025",
        "2025-03-14",
        "14.03.2025",
        "1 250 000 €",
        "order 1234567890",
        "5",
        "123",
        "12345678901234567890",
        "3,50",
        "10-20",
    ]
    assert {text: find_phones(text, "fr") for text in texts if find_phones(text, "fr")} == {}


def test_what_leads_to_a_person_needs_a_source():
    given = {
        "Pay with 4111 1111 1111 1111.": CARD, "Pay with 4111-1111-1111-1111.": CARD, "Pay with 378282246310005.": CARD,
        "Pay to DE89 3704 0044 0532 0130 00.": IBAN, "Pay to be68539007547034.": IBAN, "Yours is 123-45-6789.": SOCIAL,
        "Yours is 1 85 05 78 006 084 91.": SOCIAL, "Call +33 1 23 45 67 89.": PHONE, "Write to bob@shop.example.": MAIL,
    }  # fmt: skip
    assert {text: found(personal, text) for text in given} == {text: [id_] for text, id_ in given.items()}
    assert {text: found(personal, text, ticket=text) for text in given} == {text: [id_] for text, id_ in given.items()}
    assert {text: found(personal, text, text) for text in given} == {text: [] for text in given}


def test_figures_that_lead_to_nobody_pass():
    texts = [
        "Order 4111 1111 1111 1112 left.", "Open on 14/03/2025.", "It weighs 123456 g.", "Part AB12-3456.",
        "Yours is 123-456-789.", "We are 24/7.", "It costs 1 250 000 €.", "Model 12-34-567.",
    ]  # fmt: skip
    assert {text: found(personal, text) for text in texts if found(personal, text)} == {}


def test_a_number_given_in_another_grouping_is_the_sources_own():
    pairs = [
        ("Call +33 1 23 45 67 89.", "Tél. : 01 23 45 67 89"),
        ("Pay to FR7630006000011234567890189.", "FR76 3000 6000 0112 3456 7890 189"),
        ("Write to HELP@shop.example.", "help@shop.example"),
        ("Call 01\u202f23\u202f45\u202f67\u202f89.", "01.23.45.67.89"),
    ]  # fmt: skip
    assert [pair for pair in pairs if found(personal, pair[0], pair[1], language="fr")] == []
    assert found(personal, "Call +33 1 23 45 67 88.", "Tél. : 01 23 45 67 89", language="fr") == [PHONE]


def test_cards_and_accounts_are_not_repeated_and_phones_are():
    card, phone = (
        personal(reply(text), OPTIONS)[0] for text in ("It is 4111 1111 1111 1111.", "Call +33 1 23 45 67 89.")
    )
    assert (card.words, card.level, "4111" in card.why) == ("…1111", Level.BLOCK, False)
    assert phone.words == "+33 1 23 45 67 89"


def test_blanked_contacts_leave_every_other_sign_where_it_was():
    texts = [
        "See https://shop.example/5 now 7",
        "a@shop.example 7",
        "FR76 3000 6000 0112 3456 7890 189 7",
        "www.shop.example/7 7",
        "+33 1 23 45 67 89, 7",
    ]
    for text in texts:
        blank = blank_contacts(text)
        assert (len(blank), blank[-1], [sign for sign in blank[:-1] if sign.isdigit()]) == (len(text), "7", [])
    assert blank_contacts("7 lamps, \ud800 😀") == "7 lamps, \ud800 😀"
