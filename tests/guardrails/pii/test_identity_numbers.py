"""Numbers of papers, secrets and plates: found behind their names or by their own form, and nothing beside them."""

import re
from collections.abc import Iterator

import pytest

from guardrails.pii.identity_numbers import PAPERS
from guardrails.pii.pattern import Form
from guardrails.pii.secrets import SECRETS
from guardrails.pii.spans import Span, settle
from tests.guardrails.marked import got, plain, wanted

SOCIAL = [
    "SSN ‹412-66-9021›",
    "my social is ‹219 09 9981›",
    "NIR ‹2 84 05 35 238 112 41›",
    "n° sécu ‹184053523811241›",
    "sécurité sociale : ‹1 51 09 69 352 404 94›",
    "Corse : ‹2 60 02 2A 004 012 77›",
    "NI number ‹AB 12 34 56 C›",
    "nino: ‹ab123456c›",
    "NHS number ‹943 476 5919›",
    "numéro AVS ‹756.4471.2209.31›",
    "registre national ‹85.07.30-033.28›",
    "SIN ‹046 454 286›",
    "BSN ‹123456782›",
]
TAX = [
    "SIRET ‹732 829 320 00074›",
    "siret ‹73282932000074›",
    "SIREN : ‹732 829 320›",
    "TVA ‹FR40303265045›",
    "VAT number ‹GB 123 4567 82›",
    "EIN is ‹12-3456789›",
    "UTR ‹1123456789›",
    "numéro fiscal : ‹30 12 456 789 012›",
    "codice fiscale ‹RSSMRA85T10A562S›",
    "DNI ‹54362315K›",
    "Steuernummer ‹93815 08152›",
]
PAPER = [
    "passport ‹533401987›",
    "Passport number ‹925665416›",
    "passeport n° ‹19FV04512›",
    "my driver's license number is ‹A125325867›",
    "driving licence ‹MORGA657054SM9IJ›",
    "permis de conduire n° ‹921075310284›",
    "carte d'identité ‹180675T52301›",
    "titre de séjour n° ‹7503118820›",
    "CNI ‹880692310285›",
]
BANK = [
    "BIC ‹AGRIFRPP881›",
    "swift ‹BARCGB22›",
    "sort code ‹20-44-71›",
    "routing number ‹021000021›",
    "account number ‹55779911›",
    "RIB ‹30004 00031 00010000000 25›",
    "my wallet ‹0x52908400098527886E0F7030069857D2E4169EE7›",
]
SECRET = [
    "password: ‹bluebell77›",
    "My password is ‹Tr0ub4dor&3›",
    'the password is "‹sunflower›"',
    "temp password ‹kQ7-plum›",
    "password changed to ‹Ab12cd›",
    "mdp : ‹tournesol88›",
    "mdp ‹Bretagne2025›",
    "mot de passe : « ‹jaimelesfrites› »",
    "Mon mot de passe est ‹Soleil!2024›",
    "le mot de passe provisoire ‹Xk9-plume›",
    "PIN: ‹4471›",
    "my pin is ‹0000› lol",
    "code pin ‹4471› trois fois",
    "cvv ‹318›",
    "cryptogramme ‹318›",
    "security code ‹4471›",
    "gate code is ‹5519#›",
    "verification code ‹339 120›",
    "code de vérification : ‹559013›",
    "code reçu par SMS : rien, otp ‹884201›",
    "Le digicode de l'immeuble est ‹26B48›",
    "Code secret de la carte cadeau ‹8831-KQ›",
    "clé wifi de la box ‹7F3A-99C1-E0B2›",
    "API key ‹sk-test-51Hx9aZ›",
    "réponse secrète : ‹Mamita1931›",
]
PLATE = [
    "garée là : ‹GT-482-KZ›",
    "immatriculée ‹gt482kz›",
    "plaque ‹4471 ZX 29›",
    "moto immatriculée ‹DQ 118 VE›",
    "my car reg is ‹LK19 VXN›",
    "License plate ‹7ABC123›",
    "registration ‹YD67 KLO›",
]
NONE = [
    "my password is wrong",
    "my password does not work",
    "reset my password please",
    "mon mot de passe est incorrect",
    "mot de passe oublié",
    "changer le code PIN de ma carte",
    "my pin is blocked",
    "the pin 12 is bent",
    "toujours sans mot de passe 24h plus tard",
    "the access code 12h later",
    "the access code never came",
    "code promo PRINTEMPS20",
    "error code E404",
    "the serial number is hidden",
    "my account is blocked",
    "my account according to my app",
    "passport expired",
    "the licence costs 40 euros",
    "a visa card",
    "TVA à 20 %",
    "the VAT is wrong",
    "3-4 days",
    "12-03-2025",
    "WH-1000XM4",
    "AB-12",
    "sin city",
    "ni lui ni moi",
]


def found(forms: tuple[Form, ...], text: str) -> Iterator[Span]:
    """The spans of all forms, as `find_structured` finds them."""
    for form in forms:
        for match in form.pattern.finditer(text):
            if form.is_one is None or form.is_one(match):
                yield Span(*match.span(form.group), form.kind)


@pytest.mark.parametrize("marked", [*SOCIAL, *TAX, *PAPER, *BANK])
def test_numbers_of_papers_are_found_whole(marked: str):
    assert got(marked, found(PAPERS, plain(marked))) == wanted(marked)


@pytest.mark.parametrize("marked", [*SECRET, *PLATE])
def test_secrets_and_plates_are_found_whole(marked: str):
    assert got(marked, found(SECRETS, plain(marked))) == wanted(marked)


@pytest.mark.parametrize("text", NONE)
def test_words_without_a_number_or_secret_are_left_alone(text: str):
    assert list(found((*PAPERS, *SECRETS), text)) == []


@pytest.mark.parametrize("marked", [*SOCIAL, *TAX])
def test_papers_are_found_inside_a_longer_text(marked: str):
    longer = f"Bonjour, {marked}, merci."
    assert got(longer, found(PAPERS, plain(longer))) == wanted(longer)


@pytest.mark.parametrize(
    ("rows", "kinds"),
    [(SOCIAL, {"SSN"}), (TAX, {"TAX", "SSN"}), (SECRET, {"SECRET"}), (PLATE, {"PLATE"})],
)
def test_each_has_its_kind(rows: list[str], kinds: set[str]):
    spans = [settle(found((*PAPERS, *SECRETS), plain(row))) for row in rows]
    assert {span.kind for each in spans for span in each[:1]} - kinds in (set(), {"ACCOUNT"})


@pytest.mark.parametrize("form", [*PAPERS, *SECRETS])
def test_every_form_names_a_group_that_it_has(form: Form):
    assert form.group == 0 or form.group in form.pattern.groupindex
    assert isinstance(form.pattern, re.Pattern)
