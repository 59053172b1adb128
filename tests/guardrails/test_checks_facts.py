"""Links, personal data, values and promises: what a reply may say only because a source says it."""

from dataclasses import replace

import pytest

from guardrails.base import Level, Options
from guardrails.checks.links import links
from guardrails.checks.personal import personal
from guardrails.checks.promises import promises
from guardrails.checks.values import values
from tests.guardrails.said import OPTIONS, reply


def found(check, text: str, *sources: str, options: Options = OPTIONS, **more) -> list[str]:
    """The ids that one check finds in a reply of one sentence."""
    return [finding.id for finding in check(reply(text, *sources, **more), options)]


PAGE = "See https://shop.example/returns or write to help@shop.example."


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("See https://shop.example/returns.", []),
        ("See www.shop.example/returns/", []),
        ("Write to HELP@shop.example.", []),
        ("See https://shop.example/other", ["klark.G071"]),
        ("See https://evil.test/returns", ["klark.G070"]),
        ("See evil.test/returns", ["klark.G070"]),
        ("Write to help@evil.test", ["klark.G070"]),
        ("Write to boss@shop.example", ["klark.G071"]),
        ("See https://myshop.example/returns", ["klark.G070"]),
        ("See https://shop.example.evil.test/returns", ["klark.G072"]),
        ("See http://sh0p.example/returns", ["klark.G072"]),
        ("See https://xn--shp-8ra.example/returns", ["klark.G072"]),
        ("See https://shоp.example/returns", ["klark.G072"]),
        ("See http://203.0.113.9/returns", ["klark.G072"]),
        ("See http://0x7f000001/a", ["klark.G072"]),
        ("See bit.ly/abc", ["klark.G072"]),
        ("See https:\\\\evil.test\\returns", ["klark.G070"]),
        ("See javascript:alert(1)", ["klark.G073"]),
        ("See data:text/html;base64,AAAA", ["klark.G073"]),
        ("See mailto:help@shop.example", []),
        ("See tel:+33123456789", []),
    ],
)
def test_a_link_must_be_trusted_cited_and_plain(text: str, ids: list[str]):
    assert found(links, text, PAGE) == ids


def test_a_user_before_the_host_disguises_it():
    assert "klark.G072" in found(links, "See http://shop.example@evil.test/returns", PAGE)


def test_without_trusted_domains_no_link_passes():
    assert found(links, "See https://shop.example/returns", PAGE, options=Options()) == ["klark.G070"]


def test_a_subdomain_of_a_trusted_domain_is_trusted():
    assert found(links, "See https://help.shop.example/a", "See https://help.shop.example/a") == []


def test_a_link_may_stand_in_the_passage_but_never_in_the_ticket():
    link = "See https://shop.example/a"
    assert found(links, link, "See the page.", around=link) == []
    assert found(links, link, "See the page.", ticket=link) == ["klark.G071"]


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("Your card is 4111 1111 1111 1111.", "klark.G080"),
        ("Pay to FR76 3000 6000 0112 3456 7890 189.", "klark.G081"),
        ("Pay to fr7630006000011234567890189.", "klark.G081"),
        ("Yours is 123-45-6789.", "klark.G082"),
        ("Call +33 1 23 45 67 89.", "klark.G083"),
        ("Call (020) 7946 0123.", "klark.G083"),
        ("Write to bob@shop.example.", "klark.G084"),
    ],
)
def test_personal_data_blocks_unless_a_source_has_it(text: str, id_: str):
    assert found(personal, text) == [id_]
    assert found(personal, text, ticket=text) == [id_]
    assert found(personal, text, text) == []


def test_a_number_that_is_no_card_passes():
    assert found(personal, "Your order is 4111 1111 1111 1112.") == []


def test_a_card_number_is_not_repeated_in_its_finding():
    (finding,) = personal(reply("It is 4111 1111 1111 1111."), OPTIONS)
    assert "4111" not in finding.why


def test_a_phone_may_be_written_another_way():
    assert found(personal, "Appelez le +33 1 23 45 67 89.", "Appelez le 01 23 45 67 89.", language="fr") == []


@pytest.mark.parametrize(
    ("text", "source", "ids"),
    [
        ("It takes 24 hours.", "It takes one day.", []),
        ("It takes 2 days.", "It takes one day.", ["klark.G093"]),
        ("It costs €1,000.50.", "It costs 1 000,50 €.", []),
        ("It costs €100.", "It costs €10.", ["klark.G094"]),
        ("It is 10% off.", "It is ten percent off.", []),
        ("It is 15% off.", "It is 10% off.", ["klark.G095"]),
        ("It opens at 9:30.", "It opens at 9 am.", ["klark.G092"]),
        ("It ends on 3 March.", "It ends on 4 March.", ["klark.G091"]),
        ("It weighs 3 kg.", "It weighs 2 kg.", ["klark.G097"]),
        ("It has 3 drawers.", "It has 2 drawers.", ["klark.G090"]),
        ("It is model RX-300.", "It is model RX-200.", ["klark.G096"]),
    ],
)
def test_a_value_must_stand_in_a_cited_source(text: str, source: str, ids: list[str]):
    assert found(values, text, source) == ids
    assert all(finding.level == Level.BLOCK for finding in values(reply(text, source), OPTIONS))


def test_a_value_that_stands_only_near_the_cited_sentence_holds():
    near = values(reply("It takes 5 days.", "It takes time.", around="It takes time. Express takes 5 days."), OPTIONS)
    assert [(finding.id, finding.level) for finding in near] == [("klark.G098", Level.HOLD)]


def test_two_sources_make_no_number_together():
    assert found(values, "It costs 1 000 €.", "It costs 1", "000 € is free.") == ["klark.G094"]


def test_the_source_value_is_named():
    (finding,) = values(reply("It takes 5 days.", "It takes 3 days."), OPTIONS)
    assert finding.why == 'duration "5 days": the source says "3 days"'


@pytest.mark.parametrize(
    ("text", "ticket", "ids"),
    [
        ("As you wrote, you paid €45.", "I paid 45 €", []),
        ("As you wrote, you paid €46.", "I paid 45 €", ["klark.G094"]),
        ("You paid €45.", "I paid 45 €", ["klark.G094"]),
        ("Your order 12345 is here.", "my order #12345", []),
        ("Your order number 12346 is here.", "my order #12345", ["klark.G090"]),
        ("Comme vous l'indiquez, il est tombé le 3 mars.", "il est tombé le 3 mars 2024", []),
        ("Votre commande n° 12345 est ici.", "ma commande 12345", []),
    ],
)
def test_a_value_may_come_from_the_ticket_when_the_sentence_says_so(text: str, ticket: str, ids: list[str]):
    assert found(values, text, ticket=ticket, language="fr" if "om" in text[:4] or "Vo" in text else "en") == ids


@pytest.mark.parametrize(
    ("text", "language", "id_"),
    [
        ("We will refund your order.", "en", "klark.G100"),
        ("You'll get your money back.", "en", "klark.G100"),
        ("Your refund of €45 has been approved.", "en", "klark.G100"),
        ("Je vous rembourse.", "fr", "klark.G100"),
        ("Nous procéderons au remboursement.", "fr", "klark.G100"),
        ("Vous serez remboursée.", "fr", "klark.G100"),
        ("I have cancelled your order.", "en", "klark.G101"),
        ("I've updated your address.", "en", "klark.G101"),
        ("Your order has been shipped.", "en", "klark.G101"),
        ("J'ai annulé votre commande.", "fr", "klark.G101"),
        ("Nous avons bien modifié votre adresse.", "fr", "klark.G101"),
        ("Votre abonnement a été résilié.", "fr", "klark.G101"),
        ("We'll get back to you.", "en", "klark.G102"),
        ("Our team will contact you.", "en", "klark.G102"),
        ("Nous vous enverrons un nouveau colis.", "fr", "klark.G102"),
        ("Un conseiller vous rappellera.", "fr", "klark.G102"),
        ("This was our mistake.", "en", "klark.G103"),
        ("We are sorry that we lost your parcel.", "en", "klark.G103"),
        ("C'est une erreur de notre part.", "fr", "klark.G103"),
        ("You will receive a 10% discount.", "en", "klark.G104"),
        ("À titre de geste commercial, c'est offert.", "fr", "klark.G104"),
        ("Nous vous offrons un bon d'achat.", "fr", "klark.G104"),
        ("Your parcel will arrive tomorrow.", "en", "klark.G105"),
        ("Votre colis arrivera demain.", "fr", "klark.G105"),
        ("You are legally entitled to it.", "en", "klark.G106"),
        ("Vous pouvez porter plainte.", "fr", "klark.G106"),
        ("Stop taking the tablets.", "en", "klark.G107"),
        ("Prenez deux comprimés.", "fr", "klark.G107"),
        ("We guarantee that it fits.", "en", "klark.G108"),
        ("Soyez assuré que tout ira bien.", "fr", "klark.G108"),
    ],
)
def test_a_promise_is_seen(text: str, language: str, id_: str):
    assert id_ in found(promises, text, language=language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Refunds are paid within 14 days.", "en"),
        ("You can cancel your order.", "en"),
        ("We cannot refund your order.", "en"),
        ("We do not ship to islands.", "en"),
        ("Once your order has been shipped, you can follow it.", "en"),
        ("The warranty lasts two years.", "en"),
        ("We are sorry for the inconvenience.", "en"),
        ("Le remboursement est effectué sous 14 jours.", "fr"),
        ("Vous pouvez annuler votre commande.", "fr"),
        ("Nous ne remboursons pas les frais de port.", "fr"),
        ("Si votre commande a été expédiée, attendez-la.", "fr"),
        ("Nous sommes désolés pour la gêne occasionnée.", "fr"),
    ],
)
def test_a_rule_a_refusal_and_a_courtesy_are_no_promises(text: str, language: str):
    assert found(promises, text, language=language) == []


def test_a_rule_that_a_source_has_is_knowledge():
    rule = "Nous remboursons les retours sous 14 jours."
    assert found(promises, "Nous remboursons sous deux semaines.", rule, language="fr") == []
    assert found(promises, "Nous remboursons sous deux semaines.", "Les retours sont faciles.", language="fr") == [
        "klark.G100"
    ]


def test_a_promise_needs_the_policy_and_a_source():
    allowing = replace(OPTIONS, allowed_promises=frozenset({"refund"}))
    promise, rule = "We will refund your order.", "Refunds are paid within 14 days."
    assert found(promises, promise, rule) == ["klark.G100"]
    assert found(promises, promise, options=allowing) == ["klark.G100"]
    assert found(promises, promise, rule, options=allowing) == []
    assert found(promises, "We will replace it.", rule, options=allowing) == ["klark.G102"]


def test_a_deed_that_a_source_describes_is_still_claimed():
    assert found(promises, "Your order has been shipped today.", "You get a mail: your order has been shipped.") == [
        "klark.G101"
    ]
