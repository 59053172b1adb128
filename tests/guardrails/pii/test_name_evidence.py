"""Names that nothing announces: lists, letters, endings, acts and neighbours; and words that only look like names."""

import pytest

from guardrails.pii.name_evidence import find_witnessed, is_inside
from guardrails.pii.name_extent import split
from tests.guardrails.marked import got, plain, wanted

LISTED = [
    "‹Tamara› has lost it",
    "the parcel for ‹Judy›",
    "‹Corentin› and ‹Solveig Hansen› both paid",
    "what about ‹tamara›?",
    "what about ‹kowalczyk›?",
    "c'est ‹sandrine› qui paie",
    "ask ‹nadège› please",
    "I gave it to ‹Yusuf Karimov›",
    "‹DURAND Camille› a signé",
    "it was ‹Jean-Marc› who came",
    "‹O'Brien› never called",
    "le colis d'‹Alice› est là",
    "‹Rachid›, ‹Inès› et ‹Gaspard› attendent",
    "‹Petra Novak-Lund› wants a refund",
    "‹Marc-Antoine de la Tour› est passé",
    "‹Lotte de Vries› too",
    "‹Anthony Luther King Jr› once",
    "‹J. Hernandez› signed",
]
LETTERS = [
    "it was ‹Grünwaldová› who signed",
    "see ‹Kučera› about it",
    "‹Þórdís› will pay",
    "handed to ‹Søren›",
    "I met ‹Łukasz› there",
    "‹Bğcıoğlu› has it",
]
ENDINGS = [
    "it is ‹Zubkovenko› again",
    "then ‹Trovarsson› came",
    "and ‹Brunkelberg› left",
    "so ‹Vladinovska› wrote",
    "‹Hrapdottir› was here",
    "‹Malipoulos› has it",
]
ACTS = [
    "‹Will› said he will call",
    "‹Grace› told me so",
    "‹Rolc› shouted at me",
    "‹Taku› promised a refund",
    "‹Zorvek› m'a dit oui",
    "‹Blandulf› nous a promis un geste",
    "‹Fanchic› n'a pas reçu la lampe",
    "‹Hope›'s account was closed",
    "‹Zorvek›'s address changed",
]
CALLED = [
    "‹Oscar›, can you help?",
    "‹Grant›, please look",
    "‹Velimar›, can I return it?",
    "‹Raimund›, pouvez-vous regarder ?",
]
ROWS = [
    "‹Kovalov›, ‹Bendt› and ‹Phillips› founded it",
    "‹Tamara› and ‹Cook› both paid",
    "‹Sjöberg› and ‹Cantu› were first",
    "‹rachid›, ‹sanchez› and ‹smith›",
    "‹Adama›, ‹Zorvek› et ‹Zoé›",
]
CHAT = [
    "Agent: hello\n‹Nadira›: hi",
    "Agent: bonjour\n‹Zorvek›: bonjour, ma lampe est cassée",
    "‹Travis›: who are you?",
    "‹carol›: it is me",
]
ALONE = [
    "why is ‹Zorvek› so rude",
    "but then ‹Takuhito› left",
    "car hier ‹Blandulf› pleurait",
]
NO_NAMES = [
    "The Zorvek kettle is broken",
    "my Zorvek leaks",
    "un Zorvek 3000 neuf",
    "I bought a Thermavo X200",
    "la Fanalou 40 clignote",
    "le canapé Bergame est grand",
    "made by Thermavo",
    "from Thermavo",
    "chez Thermavo",
    "with Thermavo 2",
    "How much is delivery to Ireland?",
    "Livrez-vous en Corse ?",
    "the Paris shop",
    "my Samsung phone",
    "Apple Pay does not work",
    "Will it work?",
    "May I return it?",
    "Mark it as done",
    "Rose, jaune ou bleu ?",
    "Grant access to me",
    "the rose is dead",
    "je vais péter un câble",
    "the price is wrong",
    "Order 44 is late",
    "Price: 40",
    "Je veux un remboursement",
    "Merci pour tout",
    "BONJOUR JE VEUX MON COLIS",
    "MY ORDER IS LATE",
    "I pay in GBP or AUD",
    "the ATM ate it",
    "on Monday and Friday",
    "in April or May",
    "au mois de juillet",
    "Noël approche",
    "iPhone 14 Pro Max",
    "WH-1000XM4",
    "error E404",
    "Windows 11",
    "the North Sea",
    "we drove to Nancy yesterday",
    "le magasin est à Tours, pas à Ajaccio",
    "de Namur → Liège en train",
    "a flight from San Francisco",
    "Mark is away",
    "we shut at Midsummer's Eve",
    "",
    "…",
    "😀 😀",
    "123",
]


def test_what_a_witness_tells_is_found_and_nothing_else():
    for marked in [*LISTED, *LETTERS, *ENDINGS, *ACTS, *CALLED, *ROWS, *CHAT, *ALONE, *NO_NAMES]:
        assert got(marked, find_witnessed(split(plain(marked)))) == wanted(marked), marked


def test_a_witness_counts_in_a_longer_text():
    for marked in [*LISTED, *LETTERS, *ROWS]:
        longer = f"It broke yesterday.\n{marked}\nThe end"
        assert got(longer, find_witnessed(split(plain(longer)))) == wanted(longer), marked


def test_words_of_the_tenants_own_knowledge_have_no_witness():
    text = "The Elna flickers, says Tamara"
    assert got(text, find_witnessed(split(text))) == ["Elna", "Tamara"]
    assert got(text, find_witnessed(split(text, frozenset({"elna"})))) == ["Tamara"]


def test_foreign_letters_say_nothing_in_a_foreign_text():
    text = "Dzień dobry, proszę o zwrot pieniędzy za żółtą lampę, którą kupiłem wczoraj w Państwa sklepie Ósemka"
    assert got(text, find_witnessed(split(text))) == []


@pytest.mark.parametrize(
    ("text", "index", "inside"),
    [
        ("ask Will now", 1, True),
        ("Will now", 0, False),
        ("Ask. Will now", 1, False),
        ("Ask\nWill now", 1, False),
        ("- Will now", 0, False),
        ("ask: Will now", 1, False),
        ("ask (Will) now", 1, True),
        ("ask « Will »", 1, True),
        ("ask WILL now", 1, False),
    ],
)
def test_a_capital_says_something_only_inside_a_sentence(text: str, index: int, inside: bool):
    assert is_inside(split(text), index) is inside
