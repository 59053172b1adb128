"""Denial, both languages: where a reply affirms what its source denies, or the reverse, and where two denials say the same."""

from guardrails.base import Level
from guardrails.checks.grounding import NEGATION, grounding
from guardrails.polarity import polarity
from guardrails.support import gather
from guardrails.words import read
from tests.guardrails.said import OPTIONS, reply

Pair = tuple[str, str]


def contradicts(pair: Pair, language: str) -> bool:
    """Whether a claim, beside its source, is found to deny or affirm what the source says otherwise, and blocked for it."""
    claim, source = pair
    found = grounding(reply(claim, source, language=language), OPTIONS)
    return any((finding.id, finding.level) == (NEGATION, Level.BLOCK) for finding in found)


def held(pair: Pair, language: str) -> bool:
    claim, source = pair
    return grounding(reply(claim, source, language=language), OPTIONS) != []


def denied(text: str, language: str) -> list[str]:
    return [word.text for word in read(text, language).words if word.negated]


def test_what_the_source_denies_may_not_be_affirmed_in_english():
    pairs = [
        ("Outlet lamps are refundable.", "Outlet lamps are not refundable."),
        ("We ship to islands.", "We do not ship to islands."),
        ("You can wash the cover.", "You cannot wash the cover."),
        ("The lamp can be used outdoors.", "The lamp can't be used outdoors."),
        ("The seal may be removed.", "The seal may never be removed."),
        ("The charger is included.", "No charger is included."),
        ("The box has a charger.", "The box comes without a charger."),
        ("The code is valid abroad.", "The code is invalid abroad."),
        ("Payment by cheque is possible.", "Payment by cheque is impossible."),
        ("Pets are allowed in rooms.", "Pets are forbidden in rooms."),
        ("The lamp is available in red.", "The lamp is unavailable in red."),
        ("We accept damaged parcels.", "We refuse damaged parcels."),
        ("Batteries are included.", "Batteries are excluded."),
        ("Returns were opened by the customer.", "Returns were not opened by the customer."),
        ("Neither the lamp nor the bulb is tested, but the cable is not tested.", "The cable is tested."),
    ]
    assert [pair for pair in pairs if not contradicts(pair, "en")] == []


def test_what_the_source_affirms_may_not_be_denied_in_english():
    pairs = [
        ("Outlet lamps are not refundable.", "Outlet lamps are refundable."),
        ("We never ship to islands.", "We ship to islands."),
        ("You can't wash the cover.", "You can wash the cover."),
        ("No charger is included.", "The charger is included."),
        ("The lamp is sold without a bulb.", "The lamp is sold with a bulb."),
        ("Payment by cheque is impossible.", "Payment by cheque is possible."),
        ("Pets are prohibited in rooms.", "Pets are allowed in rooms."),
        ("The fee isn't refundable.", "The fee is refundable."),
        ("Your warranty does not cover the cable.", "Your warranty covers the cable."),
        ("The code is non-transferable.", "The code is transferable."),
    ]
    assert [pair for pair in pairs if not contradicts(pair, "en")] == []


def test_what_the_source_says_may_not_be_turned_round_in_french():
    pairs = [
        ("Les soldes sont remboursés.", "Les soldes ne sont pas remboursés."),
        ("Les soldes ne sont pas remboursés.", "Les soldes sont remboursés."),
        ("Nous livrons les îles.", "Nous ne livrons pas les îles."),
        ("Nous ne livrons plus les îles.", "Nous livrons les îles."),
        ("La housse se lave.", "La housse ne se lave jamais."),
        ("Le chargeur est fourni.", "Aucun chargeur n'est fourni."),
        ("La lampe est vendue sans ampoule.", "La lampe est vendue avec ampoule."),
        ("Le paiement par chèque est possible.", "Le paiement par chèque est impossible."),
        ("Les animaux sont autorisés.", "Les animaux sont interdits."),
        ("La lampe est disponible en rouge.", "La lampe est indisponible en rouge."),
        ("Nous acceptons les colis abîmés.", "Nous refusons les colis abîmés."),
        ("Le code est valable à l'étranger.", "Le code n'est pas valable à l'étranger."),
        ("Le code est incompatible avec les soldes.", "Le code est compatible avec les soldes."),
        ("L'option est payante.", "L'option est gratuite."),
        ("La signature est facultative.", "La signature est obligatoire."),
    ]
    assert [pair for pair in pairs if not contradicts(pair, "fr")] == []


def test_two_ways_to_deny_say_the_same_in_english():
    pairs = [
        ("Outlet lamps are not refundable.", "Outlet lamps are never refundable."),
        ("Outlet lamps cannot be refunded.", "Outlet lamps are non-refundable."),
        ("Payment by cheque is impossible.", "Payment by cheque is not possible."),
        ("Cheques are not accepted.", "Cheques are refused."),
        ("Pets are not allowed.", "Pets are forbidden."),
        ("The lamp isn't available.", "The lamp is unavailable."),
        ("The lamp comes without a bulb.", "The lamp does not come with a bulb."),
        ("No charger is included.", "The charger is not included."),
        ("Signing is optional.", "Signing is not mandatory."),
        ("You can't heat it above 30 °C.", "It cannot be heated above 30 °C."),
        ("It is possible.", "It is not impossible."),
    ]
    assert [pair for pair in pairs if contradicts(pair, "en")] == []


def test_two_ways_to_deny_say_the_same_in_french():
    pairs = [
        ("Les chèques ne sont pas acceptés.", "Les chèques sont refusés."),
        ("Le paiement par chèque est impossible.", "Le paiement par chèque n'est pas possible."),
        ("Les animaux ne sont pas autorisés.", "Les animaux sont interdits."),
        ("La lampe n'est pas disponible.", "La lampe est indisponible."),
        ("Aucun chargeur n'est fourni.", "Le chargeur n'est pas fourni."),
        ("La signature est facultative.", "La signature n'est pas obligatoire."),
        ("Les soldes ne sont jamais remboursés.", "Les soldes ne sont pas remboursés."),
    ]
    assert [pair for pair in pairs if contradicts(pair, "fr")] == []


def test_not_unless_says_only_if_and_not_more_than_says_at_most():
    english = [
        ("Lamps can be returned only if they are unworn.", "Lamps cannot be returned unless they are unworn."),
        ("You must show a receipt.", "You cannot return it without a receipt."),
        ("It takes at most 3 days.", "It does not take more than 3 days."),
        ("The parcel weighs 20 kg at most.", "The parcel may not exceed 20 kg."),
    ]
    french = [
        ("Le retour est possible uniquement avec un ticket.", "Le retour n'est pas possible sans ticket."),
        ("Le colis pèse 20 kg au plus.", "Le colis ne doit pas peser plus de 20 kg."),
    ]
    assert [pair for pair in english if contradicts(pair, "en")] == []
    assert [pair for pair in french if contradicts(pair, "fr")] == []


def test_a_claim_about_the_exception_says_the_reverse_of_the_rule():
    rule = "Items can be returned, unless they are outlet lamps."
    assert held(("Outlet lamps can be returned.", rule), "en")
    assert not contradicts(("Outlet lamps cannot be returned.", rule), "en")
    regle = "Les articles sont repris, sauf les soldes."
    assert held(("Les soldes sont repris.", regle), "fr")
    assert not contradicts(("Les soldes ne sont pas repris.", regle), "fr")


def test_one_of_several_exceptions_is_an_exception():
    rule = "We ship to every country except Malta and Cyprus."
    assert contradicts(("We ship to Malta.", rule), "en")
    assert not contradicts(("We do not ship to Malta.", rule), "en")


def test_the_words_that_differ_are_named_and_who_denies_them():
    claim, source = "The lamp is not insured.", "The lamp is insured."
    for ours, theirs, how in ((claim, source, "denies"), (source, claim, "affirms")):
        doubt = polarity(gather(ours, reply("", theirs).sentences[0].sources, "en"))
        assert doubt is not None
        assert (doubt.kind, doubt.contradicts, "insured" in doubt.words) == ("negation", True, True)
        assert f"the reply {how} what the source says otherwise" in doubt.why


def test_a_denial_reaches_its_clause_and_no_other():
    said = {
        ("We do not ship chairs, but we repair lamps.", "en"): ["ship", "chairs"],
        ("We repair lamps and never ship chairs.", "en"): ["ship", "chairs"],
        ("We do not ship a lamp with a bulb.", "en"): ["ship", "lamp", "bulb"],
        ("No refund is paid in cash.", "en"): ["refund", "paid", "cash"],
        ("Lamps with no bulb are insured.", "en"): ["bulb"],
        ("Do not open a parcel if it does not bear a seal.", "en"): ["open", "parcel", "bear", "seal"],
        ("Do not open parcels that customers sealed.", "en"): ["open", "parcels"],
        ("Lamps that are not tested are repaired.", "en"): ["tested"],
        ("Nous réparons les lampes mais ne livrons pas les chaises.", "fr"): ["livrons", "chaises"],
        ("Sans ticket, nous réparons les lampes.", "fr"): ["ticket"],
        ("La lampe qui ne marche pas est réparée.", "fr"): ["marche"],
    }
    assert {key: denied(*key) for key in said} == said


def test_words_that_only_look_like_a_denial_deny_nothing():
    assert {
        text: denied(text, language)
        for text, language in (
            ("The lamp is not only bright.", "en"),
            ("A notable knot is noted.", "en"),
            ("Nous ne vendons que des lampes.", "fr"),
            ("Elle pèse plus que la chaise.", "fr"),
            ("A lamp has a noticeable price.", "en"),
            ("Personne agréable et rivage.", "fr"),
        )
        if denied(text, language)
    } == {}


def test_an_answer_about_something_else_is_no_contradiction():
    pairs = [("Lamps are insured.", "Chairs are not repaired."), ("We repair lamps.", "Chairs never blink.")]
    assert [pair for pair in pairs if contradicts(pair, "en")] == []
    assert [pair for pair in pairs if not held(pair, "en")] == []
