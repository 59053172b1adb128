"""One number for how far a context supports a claim."""

import pytest

from guardrails.grounding_score import FEATURES, features, fitted, grounding_score, is_grounded
from guardrails.likeness import Likeness, in_order, run
from guardrails.synonyms import synonyms, widened
from guardrails.words import stem

HELP = (
    "The night bus to Orvane leaves at 23:10 from the east gate. Seats are assigned when you board. "
    "Bicycles travel in the rear hold and cost nothing. The driver sells no tickets."
)


@pytest.mark.parametrize(
    ("claim", "other"),
    [
        ("Bicycles travel in the rear hold.", "Bicycles travel on the roof of a separate van."),
        ("The night bus leaves from the east gate.", "The morning ferry leaves from the old harbour."),
        ("Seats are assigned when you board.", "Seats are sold by auction in December."),
        ("The bus to Orvane leaves at 23:10.", "The bus to Kestrel leaves at 21:45."),
    ],
)
def test_what_the_context_says_scores_above_what_it_does_not(claim: str, other: str):
    assert grounding_score(claim, HELP, "en") > fitted().threshold > grounding_score(other, HELP, "en")


def test_pronouns_and_opinions_are_no_words_of_a_claim():
    chatty = Likeness("Honestly, I think we love bicycles, wow!", HELP, "en")
    assert [match.word.text for match in chatty.matches] == ["bicycles"]
    assert chatty.tokens == ("bicycles",)


def test_a_claim_without_a_word_and_an_empty_context_have_a_score():
    for claim, context in (("", ""), ("!", HELP), ("Bicycles.", ""), ("\ud800", "\x00")):
        assert 0 <= grounding_score(claim, context, "en") <= 1


def test_a_score_is_enough_from_the_threshold_on():
    assert (is_grounded(fitted().threshold), is_grounded(fitted().threshold - 0.001)) == (True, False)


def test_there_are_at_most_forty_coefficients():
    assert len(features("a", "b", "en")) == len(FEATURES) == len(fitted().weights) <= 39


def test_a_synonym_counts_less_than_the_word_itself():
    same, other = (
        Likeness(claim, "They purchase bread.", "en").matches for claim in ("They purchase.", "They acquire.")
    )
    assert (same[0].held, 0 < other[0].held <= same[0].held) == (1.0, True)


def test_synonyms_go_both_ways_and_stop_at_the_language():
    buy, garder = stem("provide", "en"), stem("informer", "fr")
    assert stem("supply", "en") in synonyms(buy, "en")
    assert buy in synonyms(stem("supply", "en"), "en")
    assert synonyms(buy, "fr").isdisjoint(synonyms(garder, "fr"))
    assert widened((), "en") == frozenset()


def test_runs_and_orders_are_counted():
    assert run([0, 1, 1, 0, 1]) == 2
    assert in_order(("a", "b", "c"), ("a", "x", "c")) == 2
