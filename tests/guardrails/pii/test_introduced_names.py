"""What words announce is a name; the same words before anything else announce nothing."""

import pytest

from guardrails.pii.introduced_names import find_announced, find_titles
from guardrails.pii.name_extent import split
from tests.guardrails.marked import got, plain, wanted

SAID = [
    "my name is ‹Orla Vantongeren›",
    "My full name is ‹Teodor Banff›.",
    "my first name is ‹mark›",
    "My maiden name is ‹Okulicz›, not Smith",
    "name: ‹lukas berg›",
    "Name :  ‹Ottoline Marsh›",
    "the name on the account is ‹Pia Holm›",
    "name on the card: ‹R Gupta›",
    "It is under the name of ‹Consuelo Ibarra›",
    "under my husband's name ‹Donal Reece›",
    "everyone calls me ‹Chip›",
    "please call me ‹Bea›",
    "What's your name? ‹Zoran Belic›",
    "surname ‹Achterberg›",
    "attn ‹Giselle›, accounts",
    "c/o ‹Tallulah Brooks›",
    "recipient: ‹Ivo Kral›",
    "From: ‹Sunniva Dahl›",
    "cc: ‹Hugo›",
    "je m'appelle ‹Ewen Le Goff›",
    "Je m’appelle ‹thierry›",
    "jmappelle ‹dylan›",
    "je me nomme ‹Djibril Camara›",
    "mon nom est ‹Escoffier›",
    "Mon prénom : ‹Ambre›",
    "mon nom de jeune fille est ‹Kerautret›",
    "il s'appelle ‹Noé›",
    "On m'appelle ‹Titouan›",
    "Nom : ‹LEGENDRE›",
    "prénom : ‹maximilien›",
    "Destinataire : ‹Capucine Hervieu›",
    "titulaire : ‹Sylvestre Barraud›",
    "au nom de ‹Philibert Sauvageot›",
    "au nom d'‹Odette Roy›",
    "À l'attention de ‹Muriel Sénéchal›",
    "à l'ordre de ‹Zoé Lanfranchi›",
    "Signé : ‹Hippolyte Marchetti›",
    "je soussigné ‹Alban Roussin›",
]
TITLED = [
    "Mr ‹Thistlewood›",
    "Mr. ‹freeman› called",
    "mrs ‹dawn jessen›",
    "Ms. ‹Achterberg›",
    "Dr. ‹Price› is in",
    "dr ‹Vasseur›",
    "Prof. ‹Adaeze Nwosu›",
    "Mme ‹Ouedraogo›",
    "mme ‹blanchard›",
    "Mlle ‹Prudhomme›",
    "M. ‹Castaing›",
    "M. et Mme ‹Ropars›",
    "Monsieur ‹Abgrall›",
    "Madame ‹Vandermeersch›",
    "Maître ‹Chardonnet›",
    "Herr ‹Brandt›",
    "Señora ‹Velázquez›",
    "la famille ‹Ndiaye›",
]
GREETED = [
    "Hello ‹Quentin›, any news?",
    "Hi ‹Marisol›",
    "Dear ‹Rowena›,",
    "Good morning ‹Tove›",
    "Bonjour ‹Élise›, merci",
    "Bonsoir ‹Tiphaine›",
    "Cher ‹Aurélien›",
    "Coucou ‹Steph›",
    "Thanks ‹Beatrix›!",
    "Merci ‹Yannick› !",
]
BEING = [
    "I am ‹Ursula›",
    "I'm ‹Callum Braithwaite› and my kettle leaks",
    "this is ‹brian›",
    "Hello, this is ‹Rhiannon Pugh›",
    "je suis ‹Maëlys Quéméneur› et",
    "Ici ‹Gilberte›",
    "un certain ‹Zdeněk› ?",
]
DEALT = [
    "I spoke to ‹Priyanka› last week",
    "I want to speak with ‹Demetrius› again",
    "on behalf of ‹Agnes Doyle›",
    "a message from ‹Delphine Marquant›",
    "helped by ‹Kirsty›",
    "the book written by ‹Koumura›",
    "my husband ‹gareth› ordered",
    "my late father, ‹Ernest Wragg›",
    "our daughter ‹Persephone› turned six",
    "my solicitor is away, my boss ‹Ingvar› too",
    "your colleague ‹Rafferty›",
    "please add ‹Xochitl Barrera› to it",
    "It was delivered to ‹Niamh›",
    "j'ai parlé avec ‹Marwan El Idrissi›",
    "J'ai eu ‹Gwenola› au téléphone",
    "de la part de ‹Solveig Aurousseau›",
    "mon mari ‹Jean-Baptiste Kervella› a payé",
    "ma fille ‹Inaya› voudrait",
    "Mon fils, ‹Titouan›",
    "mon beau-père ‹Zdeněk›",
    "votre collègue ‹Sékou› m'a dit",
    "le technicien ‹Loïc Péron›",
    "le colis de ‹Fatoumata Diarra›",
    "un cadeau pour ‹Philomène›",
    "prévenez ‹Gonzague› svp",
    "grâce à ‹Nawel›",
    "signé par ‹Amandine Vialle›",
]
NOT_ANNOUNCED = [
    "my name is wrong",
    "my name is misspelled on the label",
    "my name is not on it",
    "mon nom est mal orthographié",
    "I am happy",
    "I am not sure",
    "I'm French",
    "this is ridiculous",
    "it's broken",
    "je suis cliente depuis 2016",
    "je suis Française",
    "c'est urgent",
    "c'est lundi",
    "Bonjour, merci",
    "Bonjour Madame, Monsieur",
    "Hello there",
    "Dear Sir",
    "Hi team",
    "Hello all",
    "I spoke to your agent",
    "I spoke to someone",
    "a message from your shop",
    "shipped to Ireland",
    "livré à Marseille",
    "commandé pour Noël",
    "my husband ordered the wrong size",
    "ma fille voudrait changer",
    "Madame la directrice",
    "I paid with GBP",
    "le colis est perdu",
    "from Monday to Friday",
    "de: 12 à 14 h",
]


def test_what_is_announced_is_found_and_nothing_else():
    for marked in [*SAID, *TITLED, *GREETED, *BEING, *DEALT, *NOT_ANNOUNCED]:
        assert got(marked, find_announced(split(plain(marked)))) == wanted(marked), marked


def test_an_announcement_counts_in_capitals_too():
    for marked in SAID:
        loud = marked.upper()
        assert got(loud, find_announced(split(plain(loud)))) == wanted(loud), marked


def test_an_announcement_counts_inside_a_longer_text():
    for marked in [*SAID, *TITLED, *GREETED, *DEALT]:
        longer = f"It broke.\n{marked}\nCan you help?"
        assert got(longer, find_announced(split(plain(longer)))) == wanted(longer), marked


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("Mr Thistlewood paid", [("Mr", "MR")]),
        ("Mr. Thistlewood paid", [("Mr", "MR")]),
        ("mister Thistlewood", [("mister", "MR")]),
        ("Mrs Featherstone asked", [("Mrs", "MRS")]),
        ("Ms. Achterberg rang", [("Ms", "MRS")]),
        ("Miss Marchbanks", [("Miss", "MRS")]),
        ("Dr. Vasseur", [("Dr", "DR")]),
        ("Mr Smart and Mrs Smart", [("Mr", "MR"), ("Mrs", "MRS")]),
        ("Madame Lefebvre", []),
        ("M. Castaing", []),
        ("I miss the parcel", []),
        ("Mr the shop", []),
    ],
)
def test_a_title_before_a_name_says_who_it_is(text: str, titles: list[tuple[str, str]]):
    words = split(text)
    names = list(find_announced(words))
    assert [(text[span.start : span.end], span.kind) for span in find_titles(words, names)] == titles
