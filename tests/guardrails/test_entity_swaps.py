"""One fact in the place of another: every row of rivals is a swap, every row of equals is none, look-alikes are neither."""

from itertools import permutations

from guardrails.base import Level
from guardrails.checks.grounding import SWAPPED, grounding
from guardrails.doubts import DOUBTS, doubts
from guardrails.foreign import is_foreign
from guardrails.support import gather
from guardrails.synonyms import synonyms, widened
from guardrails.vocabulary import RIVALS, SAME
from guardrails.words import stem
from tests.guardrails.said import OPTIONS, reply

ENGLISH = {
    "payment": ("card", "cheque", "cash", "paypal", "transfer", "voucher"),
    "contact": ("phone", "chat"),
    "speed": ("standard", "express"),
    "place": ("home", "locker"),
    "country": ("France", "Belgium", "Switzerland", "Germany", "Spain", "Italy"),
    "colour": ("black", "white", "red", "blue", "green", "yellow"),
    "fabric": ("cotton", "wool", "silk", "leather"),
    "system": ("android", "ios", "windows", "linux"),
    "hour": ("morning", "afternoon", "evening"),
    "heat": ("cold", "hot"),
    "side": ("left", "right"),
    "season": ("spring", "winter", "autumn"),
    "age": ("adult", "child"),
}
FRENCH = {
    "paiement": ("carte", "chèque", "virement", "espèces"),
    "contact": ("téléphone", "courrier"),
    "pays": ("France", "Belgique", "Suisse", "Espagne", "Italie"),
    "couleur": ("noir", "blanc", "rouge", "vert", "jaune"),
    "tissu": ("coton", "laine", "soie", "cuir"),
    "moment": ("matin", "soir"),
    "eau": ("froide", "chaude"),
    "côté": ("gauche", "droite"),
    "lieu": ("domicile", "magasin"),
}


def swapped(claim: str, source: str, language: str) -> bool:
    return any(finding.id == SWAPPED for finding in grounding(reply(claim, source, language=language), OPTIONS))


def test_every_rival_in_the_place_of_another_is_a_swap_in_english():
    missed = [
        (kind, one, other)
        for kind, words in ENGLISH.items()
        for one, other in permutations(words, 2)
        if not swapped(f"The lamp is repaired with {one} here.", f"The lamp is repaired with {other} here.", "en")
    ]
    assert missed == []


def test_every_rival_in_the_place_of_another_is_a_swap_in_french():
    missed = [
        (kind, one, other)
        for kind, words in FRENCH.items()
        for one, other in permutations(words, 2)
        if not swapped(f"La lampe est réparée avec {one} ici.", f"La lampe est réparée avec {other} ici.", "fr")
    ]
    assert missed == []


def test_a_swap_blocks_and_names_both_words():
    (finding,) = grounding(reply("The lamp is paid by cheque.", "The lamp is paid by card."), OPTIONS)
    assert (finding.id, finding.level, finding.words) == (SWAPPED, Level.BLOCK, "cheque")
    assert finding.why == 'the reply says "cheque" where the source says "card"'


def test_a_rival_that_the_source_names_too_is_no_swap():
    source = "Pay by card or cheque. The red lamp and the blue lamp are insured."
    assert [swapped(claim, source, "en") for claim in ("Pay by cheque.", "The blue lamp is insured.")] == [False, False]


def test_words_of_one_line_say_the_same_in_english():
    pairs = [
        ("You can buy lamps here.", "You can purchase lamps here."),
        ("The parcel is insured.", "The package is insured."),
        ("Lamps are dispatched by van.", "Lamps are shipped by van."),
        ("Customers are reimbursed by card.", "Customers are refunded by card."),
        ("The warranty covers the bulb.", "The guarantee covers the bulb."),
        ("Broken bulbs are replaced by us.", "Damaged bulbs are replaced by us."),
        ("Faulty bulbs are replaced by us.", "Defective bulbs are replaced by us."),
        ("Reduced lamps are insured.", "Discounted lamps are insured."),
        ("The shop closes at night.", "The store shuts at night."),
        ("Choose a bulb in the list.", "Select a bulb in the list."),
        ("Remove the bulb from the lamp.", "Delete the bulb from the lamp."),
        ("Signing is mandatory for gifts.", "Signing is compulsory for gifts."),
        ("The lamp is fixed by hand.", "The lamp is repaired by hand."),
        ("A late parcel is tracked.", "An overdue parcel is tracked."),
    ]
    assert [pair for pair in pairs if grounding(reply(*pair), OPTIONS)] == []


def test_words_of_one_line_say_the_same_in_french():
    pairs = [
        ("Vous achetez la lampe ici.", "Vous commandez la lampe ici."),
        ("Le paquet est assuré.", "Le colis est assuré."),
        ("La lampe est expédiée par train.", "La lampe est envoyée par train."),
        ("La lampe est offerte aux membres.", "La lampe est gratuite pour les membres."),
        ("L'ampoule abîmée est remplacée.", "L'ampoule cassée est échangée."),
        ("Le magasin ferme le soir.", "La boutique ferme le soir."),
        ("Choisissez une ampoule.", "Sélectionnez une ampoule."),
        ("Supprimez l'ampoule de la liste.", "Effacez l'ampoule de la liste."),
        ("La signature est impérative.", "La signature est obligatoire."),
        ("L'abonnement est résilié par courrier.", "L'abonnement est annulé par courrier."),
        ("Vérifiez le sceau du colis.", "Contrôlez le sceau du colis."),
        ("La housse est lavée et gardée.", "Nous allons laver et garder la housse."),
    ]
    assert [pair for pair in pairs if grounding(reply(*pair, language="fr"), OPTIONS)] == []


def test_no_word_is_both_equal_to_another_and_its_rival():
    clash = [
        (one, other)
        for line in RIVALS
        for one, other in permutations(sorted(line), 2)
        if SAME.get(one, one) == SAME.get(other, other)
    ]
    # Two names of one thing in a line of rivals: neither is ever the other's rival.
    same = {frozenset(pair) for pair in (("magasin", "boutique"), ("annual", "yearly"), ("acheteur", "buyer"))}
    assert {frozenset(pair) for pair in clash} == same


def test_words_that_look_alike_are_different_words():
    pairs = [
        ("contact", "contract"), ("card", "cart"), ("return", "refund"), ("bill", "bulb"), ("price", "prize"),
        ("plan", "plane"), ("receipt", "recipe"), ("stock", "stick"), ("address", "dress"), ("cover", "discover"),
        ("form", "format"), ("lamp", "lump"),
    ]  # fmt: skip
    assert [pair for pair in pairs if stem(pair[0], "en") == stem(pair[1], "en")] == []
    french = [
        ("carte", "carton"),
        ("reçu", "recul"),
        ("prix", "pris"),
        ("avis", "avril"),
        ("colis", "colle"),
        ("remise", "remis"),
    ]
    assert [pair for pair in french if stem(pair[0], "fr") == stem(pair[1], "fr")] == []


def test_a_thing_that_is_an_empty_word_of_the_other_language_is_a_thing():
    assert grounding(reply("The car is included.", "The lamp is included."), OPTIONS) != []
    assert grounding(reply("The car is included.", "A car is included."), OPTIONS) == []
    assert grounding(reply("Le thé est inclus.", "Le café est inclus.", language="fr"), OPTIONS) != []
    assert grounding(reply("La carte or est incluse.", "La carte est incluse.", language="fr"), OPTIONS) != []
    assert grounding(reply("Le thé est inclus.", "Nous incluons le thé.", language="fr"), OPTIONS) == []


def test_inflection_makes_no_other_word():
    english = [
        "return returns returned returning", "parcel parcels", "cancel cancelled cancelling cancellation",
        "insure insured insures", "deliver delivered delivery", "activate activated activation",
    ]  # fmt: skip
    french = [
        "garder gardé gardée gardés gardées gardez", "fermer fermé fermée fermés", "annuler annulé annulée annulation",
        "livrer livrée livraison livrés", "remboursement rembourser remboursée", "laver lavé lavée lavés",
        "poser posé posée posées", "vider vidée vidés", "modifier modifiée modifiés",
    ]  # fmt: skip
    assert [line for line in english if len({stem(word, "en") for word in line.split()}) > 1] == []
    assert [line for line in french if len({stem(word, "fr") for word in line.split()}) > 1] == []


def test_people_stay_people_though_they_have_a_verb():
    assert stem("employés", "fr") == stem("salariés", "fr")
    assert stem("marchés", "fr") == stem("marché", "fr")


def test_synonyms_are_mutual_and_never_the_word_itself():
    for language in ("en", "fr"):
        words = ("provide", "acquire", "quick") if language == "en" else ("fournir", "rapide", "obtenir")
        for word in words:
            one = stem(word, language)
            near = synonyms(one, language)
            assert (one in near, [other for other in near if one not in synonyms(other, language)]) == (False, [])
    assert widened(["zorvek"], "en") == {"zorvek"}
    assert synonyms("zorvek", "fr") == frozenset()


def test_a_copy_with_one_thing_changed_is_held():
    pairs = [
        ("The bulb is kept in the cupboard of the lamp.", "The bulb is kept in the drawer of the lamp."),
        ("Bring the lamp to the counter by the stairs.", "Bring the lamp to the window by the stairs."),
    ]
    assert [pair for pair in pairs if not grounding(reply(*pair), OPTIONS)] == []


def test_every_way_to_depart_is_asked_and_says_nothing_of_a_faithful_claim():
    evidence = gather("Lamps are repaired.", reply("", "We repair lamps.").sentences[0].sources, "en")
    assert [test(evidence) for test in DOUBTS] == [None] * len(DOUBTS)
    assert (doubts(evidence), is_foreign(evidence)) == ((), False)
