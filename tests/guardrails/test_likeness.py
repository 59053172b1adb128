"""A claim laid beside a context: which words it has, where, in what order; and what the one score makes of it."""

import pytest

from guardrails.grounding_score import FEATURES, features, grounding_score
from guardrails.likeness import (
    CLAIM,
    OPINIONS,
    PRONOUNS,
    READ,
    Likeness,
    in_order,
    is_opinion,
    run,
)

CONTEXT = "The red lamp is repaired in Lille. Chairs are never insured abroad. It takes 14 days."


def beside(claim: str, context: str = CONTEXT, language: str = "en") -> Likeness:
    return Likeness(claim, context, language)


def feature(name: str, claim: str, context: str = CONTEXT) -> float:
    return FEATURES[name](beside(claim, context))


def held(claim: str, context: str = CONTEXT, language: str = "en") -> dict[str, float]:
    """How far the context has each word of a claim."""
    return {match.word.text: round(match.held, 2) for match in beside(claim, context, language).matches}


def test_a_word_is_held_whole_near_or_not_at_all():
    assert held("The lamp is repaired by wizards.") == {"lamp": 1.0, "repaired": 1.0, "wizards": 0.0}
    assert held("They acquire it.", "They obtain it.") == {"acquire": 0.75}
    assert 0.7 <= held("The insurer pays.", "Chairs are insured.")["insurer"] <= 1.0


def test_a_root_needs_four_letters_and_most_of_the_longer_word():
    assert held("A car", "A card and a carpet") == {"car": 0.0}
    assert held("The international", "The internet") == {"international": 0.0}
    assert held("The 1234", "The 12345") == {"1234": 0.0}


def test_pronouns_opinions_and_greetings_are_no_evidence():
    claim = "Hello, honestly I think we love your lovely lamp, wow, it is awesome and I guess you agree!"
    assert [match.word.text for match in beside(claim).matches if match.word.text != "lovely"] == ["lamp"]
    assert not PRONOUNS & set(beside("I gave it to you and they took mine from us").tokens)
    french = beside("Franchement, je pense que nous adorons votre lampe, super !", "La lampe est rouge.", "fr")
    assert "lampe" in french.tokens
    assert not {"je", "nous", "votre", "pense", "super"} & set(french.tokens)


def test_opinions_are_known_in_every_form():
    assert [
        word
        for word in ("loved", "loving", "loves", "thinks", "hopes", "awesome", "best", "adorer")
        if not is_opinion(word)
    ] == []
    assert [word for word in ("lamp", "order", "paid", "insured", "", "14") if is_opinion(word)] == []
    assert {word for word in OPINIONS if word != word.lower()} == set()


def test_the_best_sentence_has_most_of_the_claim():
    best = beside("Chairs are insured.").best
    assert best is not None
    assert best.reading.text == "Chairs are never insured abroad."
    assert beside("Chairs are insured.", "").best is None


def test_the_share_counts_names_and_figures_for_more():
    weights = {match.word.text: match.weight for match in beside("The lamp takes 14 days in Zorvek").matches}
    assert weights["14"] > weights["lamp"]
    assert weights["Zorvek"] == max(weights.values())
    assert beside("lamp Zorvek").share({"lamp"}) < 0.5


def test_the_share_of_nothing_is_nothing_and_of_all_is_one():
    claim = beside("The lamp is repaired.")
    assert (claim.share(set()), claim.share(set(claim.stems))) == (0.0, 1.0)
    assert beside("").share({"lamp"}) == 0.0
    assert beside("").total == 1.0


def test_more_sentences_together_never_have_less():
    claim = beside("The lamp is repaired, chairs are insured and it takes 14 days.")
    shares = [claim.pooled(count) for count in (0, 1, 2, 3, 9)]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_what_only_one_side_denies_is_counted():
    counts = {
        "Chairs are never insured abroad.": 0,
        "Chairs are insured abroad.": 3,
        "The red lamp is repaired in Lille.": 0,
        "The red lamp is not repaired in Lille.": 4,
    }
    assert {claim: bool(beside(claim).denied()) for claim in counts} == {
        claim: bool(count) for claim, count in counts.items()
    }


def test_words_that_join_and_words_of_amount_are_counted_where_only_the_claim_has_them():
    assert beside("The lamp is repaired because it blinks, after all.").joined() == 2
    assert beside("The lamp is repaired.").joined() == 0
    assert beside("The very first lamp is always repaired.").counted() == 3
    assert beside("The first lamp", "The first lamp").counted() == 0


def test_values_of_the_claim_that_the_context_lacks_are_counted():
    assert [
        beside(claim).foreign_values
        for claim in ("It takes 14 days.", "It takes two weeks.", "It takes 9 days and 5 €.", "It takes time.")
    ] == [
        0,
        0,
        2,
        0,
    ]


def test_runs_and_orders_are_counted():
    assert [run(flags) for flags in ((), (0, 0), (1, 1, 0, 1), (0.5, 0.5, 0, 2), (1, 0, 1, 1, 1))] == [0, 0, 2, 2, 3]
    assert [in_order(one, "abcd") for one in ("", "abcd", "dcba", "acd", "xbxd", [None, "a"])] == [0, 4, 1, 3, 2, 1]
    assert in_order("abc", "") == 0


def test_only_so_much_of_a_claim_and_a_context_is_read():
    long = beside("lamp " * CLAIM, "a " * READ + "zorvek")
    assert len(long.matches) <= CLAIM // 5 + 1
    assert "zorvek" not in long.stems
    assert len(beside("", "Lamps blink. " * 10_000).sides) <= READ // len("Lamps blink. ") + 1


@pytest.mark.parametrize(
    ("name", "more", "less"),
    [
        ("best sentence", "The red lamp is repaired.", "Chairs and lamps."),
        ("all squared", "The red lamp is repaired.", "The red wizard paints."),
        ("names", "The lamp is repaired in Lille.", "The lamp is repaired in Lyon."),
        ("missing names", "The lamp is repaired in Lyon.", "The lamp is repaired in Lille."),
        ("missing figures", "It takes 15 days.", "It takes 14 days."),
        ("foreign values", "It takes 15 days.", "It takes 14 days."),
        ("values", "It takes 14 days.", "It takes days."),
        ("denied", "The red lamp is not repaired.", "The red lamp is repaired."),
        ("asks", "Is the lamp repaired?", "The lamp is repaired."),
        ("in order", "The red lamp is repaired in Lille.", "In Lille repaired is the lamp red."),
        ("tokens pairs", "The red lamp is repaired.", "Repaired red is lamp the."),
        ("tokens triples", "The red lamp is repaired.", "Repaired red is lamp the."),
        ("tokens in order", "The red lamp is repaired.", "Repaired lamp red."),
        ("tokens foreign", "The blue wizard paints.", "The red lamp is repaired."),
        ("tokens foreign run", "The blue tall wizard is repaired.", "The red lamp is repaired."),
        ("forms foreign", "Blue wizards paint.", "The red lamps are repaired."),
        ("missing first", "Wizards repaired the lamp.", "The lamp is repaired by wizards."),
        ("missing last", "The lamp is repaired by wizards.", "Wizards repaired the lamp."),
        ("length", "The red lamp is repaired in Lille.", "The lamp."),
        ("sentences", "The lamp. The chair. Lille.", "The lamp."),
        ("letters", "The red lamp is repaired.", "Wizards paint blue."),
        ("word letters", "The red lamps are repaired.", "Wizards juggle."),
        ("whole", "The red lamp is repaired.", "The red lamp is painted."),
        ("neighbours", "The red lamp is repaired.", "Abroad the lamp insured red chairs."),
        ("common", "The red lamp is repaired in Lille.", "The lamp and wizards and towns."),
        ("joined", "The lamp is repaired because it is red.", "The lamp is repaired."),
        ("counted", "The very first lamp is repaired.", "The lamp is repaired."),
    ],
)
def test_each_feature_sees_what_it_is_named_for(name: str, more: str, less: str):
    assert feature(name, more) > feature(name, less)


def test_a_longer_context_is_seen():
    assert feature("context", "lamp", CONTEXT * 5) > feature("context", "lamp")


def test_features_are_finite_for_any_text():
    odd = ["", " ", "!", "😀", "\ud800", "\x00", "你好", "1", "not", "the", "a" * 5000]
    rows = {(claim, context): features(claim, context, "en") for claim in odd for context in odd}
    assert [pair for pair, row in rows.items() if any(abs(seen) > 1e6 for seen in row)] == []
    assert all(0 <= grounding_score(claim, context, "fr") <= 1 for claim in odd for context in odd)


def test_what_a_context_says_scores_higher_than_what_it_does_not():
    pairs = [
        ("The red lamp is repaired in Lille.", "The blue chair is painted in Lyon."),
        ("Lamps are repaired in Lille.", "Lamps are sold in Lyon."),
        ("Chairs are not insured abroad.", "Wizards are always insured at home."),
        ("It takes 14 days.", "It takes 90 minutes."),
    ]
    scores = [tuple(grounding_score(claim, CONTEXT, "en") for claim in pair) for pair in pairs]
    assert [pair for pair, (one, other) in zip(pairs, scores, strict=True) if one <= other] == []
