"""Words, how far a name goes on from one of them and back, and the lists they are told by."""

import pytest

from guardrails.pii.lexicon import (
    COMMON_FAMILY,
    ELSEWHERE,
    FAMILY,
    FAMILY_TOO,
    GIVEN,
    GIVEN_SMALL,
    GIVEN_TOO,
    NAMES,
    ORDINARY,
)
from guardrails.pii.name_extent import (
    goes_on,
    is_foreign,
    is_unknown,
    might_name,
    reach_back,
    run,
    split,
    surname_follows,
)
from guardrails.pii.names import find_names
from guardrails.pii.spans import Span, settle
from guardrails.pii.words import STOP, fold_in_place, is_everyday
from tests.guardrails.marked import got, plain, wanted

RUNS = [
    "‹Rose Carter› paid",
    "‹Jean-Pierre Martin› a payé",
    "‹J. R. Tolkvist› wrote",
    "‹Lotte de Vries› too",
    "‹Marc de la Tour› aussi",
    "‹Anna van der Berg› too",
    "‹Keith Bult Jr› came",
    "‹Ann Carroll PhD› came",
    "‹Marie-Laure Le Floch› signe",
    "‹maria gonzalez› said",
    "‹David Fülöp› left",
    "‹Anna›. Then it broke",
    "‹Anna›, then it broke",
    "‹Anna›\nBerg",
    "‹Anna› the great",
    "‹Anna› is here",
    "‹Anna› et Paul",
    "‹Anna›: hello",
    "‹Anna› 3",
    "‹Anna›",
]
BACK = [
    ("DURAND Camille a signé", 1, 0),
    ("Rose Carter a signé", 1, 0),
    ("Bill Carter paid", 1, 0),
    ("Greet Camille now", 1, 1),
    ("ask Camille now", 1, 1),
    ("Bonjour Camille", 1, 1),
    ("J. Hernandez signed", 1, 0),
    ("the O'Brien house", 2, 1),
    ("the L'Anna house", 2, 2),
    ("Anna, Carter", 1, 1),
    ("my Marjolaine Texier", 2, 1),
]


@pytest.mark.parametrize("marked", RUNS)
def test_a_name_goes_on_as_far_as_it_does(marked: str):
    words = split(plain(marked))
    assert got(marked, [words.span(0, run(words, 0))]) == wanted(marked)


def test_announced_it_goes_on_with_everyday_names():
    words = split("lukas berg")
    assert (run(words, 0), run(words, 0, loudly=True)) == (0, 1)


@pytest.mark.parametrize(("text", "index", "first"), BACK)
def test_a_name_reaches_back_as_far_as_it_does(text: str, index: int, first: int):
    assert reach_back(split(text), index) == first


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("Rose Carter", True),
        ("Rose-Anne Carter", True),
        ("Rose carter", False),
        ("Rose, Carter", False),
        ("Rose The", False),
        ("Rose", False),
    ],
)
def test_another_capital_at_once_goes_on(text: str, on: bool):
    assert goes_on(split(text), 0) is on


@pytest.mark.parametrize(
    ("text", "follows"),
    [
        ("Bill Carter", True),
        ("Greet Camille", False),
        ("Lotte de Vries", True),
        ("Bill carter", False),
        ("Bill", False),
    ],
)
def test_a_surname_follows_only_where_no_given_name_does(text: str, follows: bool):
    assert surname_follows(split(text), 0) is follows


@pytest.mark.parametrize(
    ("word", "foreign"),
    [
        ("Kučera", True),
        ("Łukasz", True),
        ("Þórdís", True),
        ("Élise", False),
        ("Noël", False),
        ("naïve", False),
        ("Muñoz", False),
        ("Smith", False),
        ("čć", False),
        ("田中三郎", False),
    ],
)
def test_foreign_letters_are_those_of_neither_language(word: str, foreign: bool):
    assert is_foreign(word) is foreign


@pytest.mark.parametrize(
    ("word", "unknown"), [("zorvek", True), ("kettle", False), ("colis", False), ("tamara", False), ("x", False)]
)
def test_unknown_is_what_no_list_has(word: str, unknown: bool):
    assert is_unknown(word) is unknown


@pytest.mark.parametrize(
    ("word", "might"),
    [("Zorvek", True), ("Price", False), ("Cook", True), ("Bonjour", False), ("Tamara", True), ("Kettles", False)],
)
def test_what_might_name_is_listed_or_unknown(word: str, might: bool):
    assert might_name(split(word), 0) is might


def test_words_know_their_places():
    words = split("L'avis d’Anna-Lou !")
    assert [words.written(index) for index in range(len(words.places))] == ["L", "avis", "d", "Anna", "Lou"]
    assert (words.plain, words.gap(0), words.gap(1), words.gap(4)) == (
        ["l", "avis", "d", "anna", "lou"],
        "\n",
        "'",
        "-",
    )
    assert (words.is_capital(0), words.is_capital(1), words.starts[2]) == (True, False, 1)
    assert words.span(3, 4) == Span(9, 17, "NAME")


@pytest.mark.parametrize("text", ["", " ", "123", "\ud800", "😀", "\x00", "́", "ﬁ ß İ"])
def test_odd_texts_have_words_or_none(text: str):
    assert all(text[start:end] for start, end in split(text).places)
    assert len(fold_in_place(text)) == len(text)
    assert list(find_names(text)) == []


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Élise", "elise"),
        ("ŒUVRE", "ouvre"),
        ("Łódź", "lodz"),
        ("Søren", "soren"),
        ("l’été", "l'ete"),
        ("Þór", "tor"),
        ("ÇA", "ca"),
        ("ı", "i"),
    ],
)
def test_folding_keeps_each_letters_place(text: str, folded: str):
    assert (fold_in_place(text), len(fold_in_place(text))) == (folded, len(text))


@pytest.mark.parametrize(
    "word",
    [
        "kettle",
        "colis",
        "numero",
        "probleme",
        "livraison",
        "merci",
        "bonjour",
        "uniquement",
        "remboursement",
        "delivery",
        "broken",
    ],
)
def test_everyday_words_are_known_with_and_without_accents(word: str):
    assert is_everyday(word)


@pytest.mark.parametrize("word", ["tamara", "corentin", "sanchez", "nguyen", "mohamed", "giulia", "kowalczyk"])
def test_names_of_many_countries_are_listed(word: str):
    assert word in NAMES


@pytest.mark.parametrize(
    "word", ["order", "parcel", "facture", "commande", "lampe", "lamp", "wrong", "cassé", "remboursement"]
)
def test_words_of_tickets_are_no_sure_names(word: str):
    assert word not in GIVEN | FAMILY


@pytest.mark.parametrize("word", ["samsung", "ford", "apple"])
def test_brands_are_no_sure_names(word: str):
    assert word not in GIVEN | FAMILY | GIVEN_TOO | FAMILY_TOO


def test_the_lists_are_folded_apart_and_large():
    assert all(name == fold_in_place(name) and name.isalpha() for name in NAMES | ORDINARY | COMMON_FAMILY)
    assert not (GIVEN & FAMILY or GIVEN & GIVEN_TOO or FAMILY & FAMILY_TOO or ELSEWHERE & GIVEN)
    assert (len(GIVEN) > 15_000, len(FAMILY) > 30_000, len(ORDINARY) > 20_000, GIVEN_SMALL < GIVEN) == (True,) * 4


def test_words_that_open_no_name_are_folded():
    assert all(word == fold_in_place(word) for word in STOP)


@pytest.mark.parametrize(
    ("spans", "settled"),
    [
        ([], ()),
        ([Span(0, 0, "NAME")], ()),
        ([Span(3, 5, "NAME"), Span(0, 2, "IP")], (Span(0, 2, "IP"), Span(3, 5, "NAME"))),
        ([Span(0, 4, "NAME"), Span(2, 9, "ORDER")], (Span(0, 9, "ORDER"),)),
        ([Span(0, 9, "NAME"), Span(2, 4, "ORDER")], (Span(0, 9, "NAME"),)),
        ([Span(0, 4, "NAME"), Span(0, 4, "ORDER")], (Span(0, 4, "NAME"),)),
        ([Span(0, 4, "NAME"), Span(4, 6, "ORDER")], (Span(0, 4, "NAME"), Span(4, 6, "ORDER"))),
        ([Span(5, 3, "NAME")], ()),
    ],
)
def test_spans_that_touch_the_same_letters_become_one(spans: list[Span], settled: tuple[Span, ...]):
    assert settle(spans) == settled
