"""Conditions, must and may, all and some, limits, names and swaps: each finding with hits and misses in both languages."""

import pytest

from guardrails.base import Level, Reply, Sentence, Source
from guardrails.checks.grounding import IDS, grounding
from guardrails.doubts import MOST_VALUES
from tests.guardrails.said import OPTIONS, reply

Pair = tuple[str, str]


def found(pair: Pair, language: str) -> set[str]:
    """The kinds of doubt that a claim beside its source raises."""
    names = {id_: kind for kind, id_ in IDS.items()}
    claim, source = pair
    return {names[finding.id] for finding in grounding(reply(claim, source, language=language), OPTIONS)}


def without(kind: str, pairs: list[Pair], language: str) -> dict[Pair, set[str]]:
    """The pairs that do not raise this doubt, with what they raise."""
    return {pair: kinds for pair in pairs if kind not in (kinds := found(pair, language))}


def raising(pairs: list[Pair], language: str) -> dict[Pair, set[str]]:
    """The pairs that raise any doubt."""
    return {pair: kinds for pair in pairs if (kinds := found(pair, language))}


def test_a_condition_of_the_source_may_not_be_left_out():
    english = [
        ("Lamps can be returned.", "Lamps can be returned unless the bulb is broken."),
        ("Lamps can be returned.", "Lamps can be returned, except outlet lamps."),
        ("Lamps can be returned.", "Lamps can be returned only if the seal is intact."),
        ("Lamps can be returned.", "Lamps can be returned provided that the seal is intact."),
        ("Lamps can be returned.", "Lamps can be returned as long as the seal is intact."),
        ("Lamps can be returned.", "If the seal is intact, lamps can be returned."),
        ("Rooms are heated.", "Rooms are heated, subject to availability."),
        ("We repair lamps.", "We repair lamps, but not garlands."),
    ]
    french = [
        ("Les lampes sont reprises.", "Les lampes sont reprises sauf si l'ampoule est cassée."),
        ("Les lampes sont reprises.", "Les lampes sont reprises, hors guirlandes."),
        ("Les lampes sont reprises.", "Les lampes sont reprises à condition que le sceau soit intact."),
        ("Les lampes sont reprises.", "Les lampes sont reprises à moins que le sceau soit brisé."),
        ("Les lampes sont reprises.", "Les lampes sont reprises tant que le sceau est intact."),
        ("Les lampes sont reprises.", "Si le sceau est intact, les lampes sont reprises."),
        ("Les lampes sont reprises.", "En cas de casse, les lampes sont reprises."),
    ]
    assert (without("condition dropped", english, "en"), without("condition dropped", french, "fr")) == ({}, {})


def test_a_condition_may_be_moved_or_said_in_other_words():
    english = [
        ("If the seal is intact, lamps can be returned.", "Lamps can be returned if the seal is intact."),
        ("Except outlet lamps, lamps can be returned.", "Lamps can be returned, unless they are outlet lamps."),
        ("Lamps can be returned when the seal is intact.", "If the seal is intact, lamps can be returned."),
        ("Unplug the lamp.", "Unplug the lamp if necessary."),
        ("Unplug the lamp.", "If needed, unplug the lamp."),
    ]
    french = [
        ("Si le sceau est intact, les lampes sont reprises.", "Les lampes sont reprises si le sceau est intact."),
        ("Sauf les guirlandes, les lampes sont reprises.", "Les lampes sont reprises, hormis les guirlandes."),
        ("Débranchez la lampe.", "Débranchez la lampe si nécessaire."),
    ]
    assert (raising(english, "en"), raising(french, "fr")) == ({}, {})


def test_a_condition_that_no_source_has_may_not_be_added():
    english = [
        ("Lamps can be returned unless they are gifts.", "Lamps can be returned."),
        ("Lamps can be returned only if you are a member.", "Lamps can be returned."),
        ("Lamps can be returned, except garlands.", "Lamps can be returned."),
    ]
    french = [
        ("Les lampes sont reprises sauf les guirlandes.", "Les lampes sont reprises."),
        ("Les lampes sont reprises à condition d'être membre.", "Les lampes sont reprises."),
        ("Les lampes sont reprises à moins que le colis soit perdu.", "Les lampes sont reprises."),
    ]
    assert (without("condition added", english, "en"), without("condition added", french, "fr")) == ({}, {})


def test_must_may_and_should_may_not_take_each_others_place():
    english = [
        ("You must keep the box.", "You may keep the box."),
        ("You have to keep the box.", "You should keep the box."),
        ("You may keep the box.", "You must keep the box."),
        ("You should keep the box.", "You are required to keep the box."),
        ("The box blinks.", "The box might blink."),
        ("The box blinks.", "Perhaps the box blinks."),
    ]
    french = [
        ("Vous devez garder la boîte.", "Vous pouvez garder la boîte."),
        ("Il faut garder la boîte.", "Nous conseillons de garder la boîte."),
        ("Vous pouvez garder la boîte.", "Vous devez garder la boîte."),
        ("Vous pouvez garder la boîte.", "Vous êtes tenus de garder la boîte."),
        ("La boîte clignote.", "La boîte pourrait clignoter."),
        ("La boîte clignote.", "La boîte clignote peut-être."),
    ]
    assert (without("modality", english, "en"), without("modality", french, "fr")) == ({}, {})


def test_must_and_may_can_be_said_in_other_words():
    english = [
        ("You have to keep the box.", "You must keep the box."),
        ("You need to keep the box.", "You must keep the box."),
        ("The box may be kept.", "You can keep the box."),
        ("The box could blink.", "The box might blink."),
        ("The box can blink.", "The box might blink."),
    ]
    french = [
        ("Il faut garder la boîte.", "Vous devez garder la boîte."),
        ("Vous êtes tenus de garder la boîte.", "Vous devez garder la boîte."),
        ("La boîte peut être gardée.", "Vous pouvez garder la boîte."),
    ]
    assert (raising(english, "en"), raising(french, "fr")) == ({}, {})


def test_all_and_some_may_not_take_each_others_place():
    english = [
        ("All lamps are dimmable.", "Some lamps are dimmable."),
        ("Lamps are dimmable.", "Most lamps are dimmable."),
        ("Every lamp is dimmable.", "Several lamps are dimmable."),
        ("Some lamps are dimmable.", "All lamps are dimmable."),
        ("Lamps are always dimmable.", "Lamps are dimmable."),
        ("Lamps are sold in shops.", "Lamps are only sold in shops."),
        ("Lamps are exclusively sold in shops.", "Lamps are sold in shops."),
    ]
    french = [
        ("Toutes les lampes clignotent.", "Certaines lampes clignotent."),
        ("Les lampes clignotent.", "La plupart des lampes clignotent."),
        ("Chaque lampe clignote.", "Plusieurs lampes clignotent."),
        ("Certaines lampes clignotent.", "Toutes les lampes clignotent."),
        ("Les lampes clignotent toujours.", "Les lampes clignotent."),
        ("Les lampes sont vendues en boutique.", "Les lampes sont vendues uniquement en boutique."),
        ("Nous vendons des lampes.", "Nous ne vendons que des lampes."),
    ]
    assert (without("scope", english, "en"), without("scope", french, "fr")) == ({}, {})


def test_all_and_some_can_be_said_in_other_words():
    english = [
        ("Every lamp is dimmable.", "All lamps are dimmable."),
        ("All lamps are dimmable.", "Lamps are dimmable."),
        ("Several lamps are dimmable.", "Some lamps are dimmable."),
        ("Lamps are solely sold in shops.", "Lamps are only sold in shops."),
    ]
    french = [
        ("Chaque lampe clignote.", "Toutes les lampes clignotent."),
        ("Plusieurs lampes clignotent.", "Certaines lampes clignotent."),
        ("Les lampes sont vendues seulement en boutique.", "Les lampes sont vendues uniquement en boutique."),
    ]
    assert (raising(english, "en"), raising(french, "fr")) == ({}, {})


def test_a_limit_may_not_be_turned_round_or_left_out():
    english = [
        ("Parcels up to 20 kg are insured.", "Parcels from 20 kg are insured."),
        ("Parcels over 20 kg are insured.", "Parcels up to 20 kg are insured."),
        ("The pass lasts 12 months.", "The pass lasts at least 12 months."),
        ("The pass lasts 12 months.", "The pass lasts up to 12 months."),
        ("The lamp weighs at most 5 kg.", "The lamp weighs at least 5 kg."),
    ]
    french = [
        ("Les colis jusqu'à 20 kg sont assurés.", "Les colis à partir de 20 kg sont assurés."),
        ("Les colis de plus de 20 kg sont assurés.", "Les colis de moins de 20 kg sont assurés."),
        ("La carte dure 12 mois.", "La carte dure au moins 12 mois."),
        ("La carte dure 12 mois.", "La carte dure 12 mois maximum."),
    ]
    assert (without("limit", english, "en"), without("limit", french, "fr")) == ({}, {})


def test_a_limit_can_be_said_in_other_words():
    english = [
        ("The pass lasts at least 12 months.", "The pass lasts a minimum of 12 months."),
        ("The pass lasts 12 months at most.", "The pass lasts up to 12 months."),
        ("The pass lasts no more than 12 months.", "The pass lasts up to 12 months."),
        ("The parcel leaves in 2 days.", "The parcel leaves within 2 days."),
    ]
    french = [
        ("La carte dure au minimum 12 mois.", "La carte dure au moins 12 mois."),
        ("La carte dure 12 mois au plus.", "La carte dure jusqu'à 12 mois."),
        ("Le colis part en 2 jours.", "Le colis part sous 2 jours."),
    ]
    assert (raising(english, "en"), raising(french, "fr")) == ({}, {})


def test_a_name_of_no_source_is_named_with_the_sources_own():
    pairs = [
        ("Our shop in Lyon repairs lamps.", "Our shop in Lille repairs lamps."),
        ("The Nocto lamp blinks.", "The Fanalou lamp blinks."),
        ("Ask Tamsin about lamps.", "Ask about lamps."),
        ("Click « Envoyer » to finish.", "Click « Valider » to finish."),
    ]
    assert without("name", pairs, "en") == {}
    (first,) = grounding(reply(*pairs[0]), OPTIONS)
    assert (first.level, first.why) == (Level.BLOCK, 'the reply names "Lyon", where the source names "Lille"')


def test_a_name_may_change_its_case_and_a_capital_that_opens_a_sentence_is_none():
    pairs = [
        ("Our shop in LILLE repairs lamps.", "Our shop in Lille repairs lamps."),
        ("Lamps are repaired.", "We repair lamps."),
        ("Click « VALIDER » to finish.", "To finish, click « Valider »."),
        ("Le prix est en Euros.", "Le prix est en euros."),
    ]
    assert raising(pairs, "en") == {}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_only_so_many_values_of_one_claim_are_looked_at(language: str):
    text = " ".join(f"up to {number} kg," for number in range(100, 100 + 3 * MOST_VALUES))
    assert grounding(reply(text, text.replace("up to", "from"), language=language), OPTIONS) != []


def test_a_contradiction_comes_before_what_is_only_unfounded():
    source = Source("a", "Our shop in Lille must repair lamps within 3 days.")
    claim = Sentence("Our shop in Lyon may repair bulbs within 3 days.", (source,))
    levels = [finding.level for finding in grounding(Reply((claim,), "en"), OPTIONS)]
    assert (levels[0], levels == sorted(levels, reverse=True), len(levels) > 1) == (Level.BLOCK, True, True)
