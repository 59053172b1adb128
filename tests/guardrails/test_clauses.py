"""The small words that bound a statement, each by what it means: conditions, restrictions, must and may, all and some, limits."""

import pytest

from guardrails.clauses import MOST, Condition, Limit, conditions, doubtful, forces, limit_of, restriction, scope, side
from guardrails.words import read

UP_TO, AT_LEAST = Limit("MOST", firm=True), Limit("LEAST", firm=True)
WITHIN, SINCE = Limit("MOST", firm=False), Limit("LEAST", firm=False)


def found(text: str, language: str = "en") -> tuple[Condition, ...]:
    return conditions(read(text, language))


def markers(text: str, language: str = "en") -> list[str]:
    """The markers of the conditions in a sentence, the strong ones in capitals."""
    return [one.marker.upper() if one.strong else one.marker for one in found(text, language)]


def words(of: Condition) -> tuple[list[str], list[str]]:
    """What a condition says, and what it bounds."""
    return [word.text for word in of.words], [word.text for word in of.main]


def test_what_changes_the_truth_of_a_sentence_is_a_strong_condition_in_english():
    said = {
        "Items are returnable unless worn.": ["UNLESS"],
        "Items are returnable except lingerie.": ["EXCEPT"],
        "Items are returnable except for lingerie.": ["EXCEPT FOR"],
        "We deliver daily except when it snows.": ["EXCEPT WHEN"],
        "We deliver daily, excluding Corsica.": ["EXCLUDING"],
        "All items, apart from lamps, are returnable.": ["EXCEPT FOR"],
        "Colours other than black cost more.": ["OTHER THAN"],
        "Shipping is free with the exception of sofas.": ["WITH THE EXCEPTION OF"],
        "You get it only if you subscribe.": ["ONLY IF"],
        "It ships only after payment.": ["ONLY AFTER"],
        "Returns are free provided that the seal is intact.": ["PROVIDED THAT"],
        "It works as long as the battery lasts.": ["AS LONG AS"],
        "It is lent on condition that you insure it.": ["ON CONDITION THAT"],
        "Rooms are subject to availability.": ["SUBJECT TO"],
        "We ship lamps but not bulbs.": ["BUT NOT"],
    }
    assert {text: markers(text) for text in said} == said


def test_what_changes_the_truth_of_a_sentence_is_a_strong_condition_in_french():
    said = {
        "Les articles sont repris sauf la lingerie.": ["SAUF"],
        "Le retour est gratuit sauf si le colis est ouvert.": ["SAUF SI"],
        "Nous livrons hors Corse.": ["HORS"],
        "Tout est repris hormis les soldes.": ["HORMIS"],
        "Tout est repris excepté les soldes.": ["EXCEPTE"],
        "Tout est repris à l'exception des soldes.": ["A LE EXCEPTION"],
        "Le prêt est accordé à condition de l'assurer.": ["A CONDITION"],
        "Réservation sous réserve de disponibilité.": ["SOUS RESERVE"],
        "Remboursé uniquement si le sceau est intact.": ["UNIQUEMENT SI"],
        "Expédié seulement après paiement.": ["SEULEMENT APRES"],
        "Le retour est gratuit à moins que le colis soit ouvert.": ["A MOINS QUE"],
        "Elle marche tant que la pile tient.": ["TANT QUE"],
        "Offert dans la limite des stocks.": ["DANS LA LIMITE"],
        "Tout est repris à l'exclusion des soldes.": ["A LE EXCLUSION"],
    }
    assert {text: markers(text, "fr") for text in said} == said


def test_what_only_says_when_to_read_on_is_a_weak_condition():
    english = {
        "If it is damaged, write to us.": ["if"],
        "When it arrives, open it.": ["when"],
        "Whenever it blinks, unplug it.": ["whenever"],
        "Keep the box in case it breaks.": ["in case"],
        "Once it is paid, it ships.": ["once"],
    }
    french = {
        "Si le colis est abîmé, écrivez-nous.": ["si"],
        "En cas de panne, débranchez la lampe.": ["en cas"],
        "Lorsque le colis arrive, ouvrez-le.": ["lorsque"],
        "Lorsqu'il arrive, ouvrez le colis.": ["lorsque"],
        "Quand la lampe clignote, débranchez-la.": ["quand"],
        "Dès que le colis arrive, ouvrez-le.": ["des que"],
        "Une fois payée, la commande part.": ["une fois"],
    }
    assert {text: markers(text) for text in english} == english
    assert {text: markers(text, "fr") for text in french} == french


def test_words_that_only_look_like_a_condition_are_none():
    assert {
        text: markers(text, language)
        for text, language in (
            ("The exception proves the rule.", "en"),
            ("Gifts are wrapped.", "en"),
            ("We ship twice, as one parcel.", "en"),
            ("En tant que client, vous recevez un colis.", "fr"),
            ("Ainsi, le colis part.", "fr"),
            ("Le dehors est peint.", "fr"),
            ("", "en"),
        )
        if markers(text, language)
    } == {}


def test_a_condition_has_its_own_words_and_those_of_the_clause_that_it_bounds():
    (before,) = found("Lamps can be returned, unless the bulb is broken.")
    (after,) = found("If the bulb is broken, the lamp is replaced.")
    (inside,) = found("Lamps, except outdoor ones, are insured.")
    assert words(before) == (["bulb", "broken"], ["Lamps", "returned"])
    assert words(after) == (["bulb", "broken"], ["lamp", "replaced"])
    assert words(inside) == (["outdoor"], ["Lamps", "insured"])


def test_a_condition_bounds_its_own_clause_and_no_other():
    (semicolon,) = found("Chairs are insured; lamps are repaired if the bulb is broken.")
    (however,) = found("Chairs are insured, but lamps are repaired if the bulb is broken.")
    (joined,) = found("If the bulb is broken, lamps are repaired, and chairs are insured.")
    (mais,) = found("Les chaises sont assurées mais les lampes sont réparées si l'ampoule casse.", "fr")
    assert [words(one)[1] for one in (semicolon, however, joined)] == [["lamps", "repaired"]] * 3
    assert words(mais)[1] == ["lampes", "réparées"]


def test_a_sentence_with_both_kinds_shows_both_the_strong_one_first():
    assert markers("If it broke, it is replaced, unless you dropped it.") == ["UNLESS", "if"]
    assert markers("S'il casse, il est remplacé, sauf en cas de chute.", "fr") == ["SAUF EN CAS"]


def test_a_condition_inside_a_strong_one_is_a_part_of_it():
    assert markers("Sofas are returnable, except if the fabric is stained.") == ["EXCEPT IF"]


def test_a_sentence_of_a_thousand_conditions_is_looked_at_in_part():
    assert len(found("unless it rains, " * 1000)) == MOST
    assert len(found("if it rains, " * 1000 + "unless it snows, " * 1000)) <= 2 * MOST


def test_a_word_that_restricts_is_named():
    said = {
        "It is for members only.": "only",
        "It is sold exclusively online.": "exclusively",
        "Seats are reserved for members.": "reserved",
        "It is sold online.": "",
        "The lonely lamp is sold.": "",
    }
    assert {text: restriction(read(text, "en")) for text in said} == said


def test_ne_que_restricts_and_ne_pas_does_not():
    said = {
        "Vendu uniquement en ligne.": "uniquement",
        "Seuls les membres entrent.": "seuls",
        "Places réservées aux membres.": "reservees",
        "Nous ne vendons que des lampes.": "ne … que",
        "Il n'y a que la carte.": "ne … que",
        "Nous ne vendons pas ce que vous cherchez.": "",
        "Nous ne pensons plus que la lampe marche.": "",
        "Je pense que la lampe marche.": "",
    }
    assert {text: restriction(read(text, "fr")) for text in said} == said


def test_must_may_and_should_are_told_apart():
    said = {
        "You must sign.": {"MUST"},
        "Signing is mandatory.": {"MUST"},
        "You have to sign.": {"MUST"},
        "He has to sign.": {"MUST"},
        "The rules call for a signature.": {"MUST"},
        "A signature is required.": {"MUST"},
        "You can sign.": {"MAY"},
        "It may blink.": {"MAY"},
        "Signing is optional.": {"MAY"},
        "You should sign.": {"SHOULD"},
        "Signing is recommended.": {"SHOULD"},
        "You can sign, but you must pay.": {"MAY", "MUST"},
        "You sign.": set(),
        "The mustard is here.": set(),
    }
    assert {text: set(forces(read(text, "en"))) for text in said} == said


def test_must_may_and_should_are_told_apart_in_french():
    said = {
        "Vous devez signer.": {"MUST"},
        "Il faut signer.": {"MUST"},
        "Il vous faut signer.": {"MUST"},
        "Vous êtes tenus de signer.": {"MUST"},
        "Le client est tenu d'assurer le colis.": {"MUST"},
        "La signature est obligatoire.": {"MUST"},
        "C'est impératif.": {"MUST"},
        "Vous pouvez signer.": {"MAY"},
        "La signature est facultative.": {"MAY"},
        "Vous devriez signer.": {"SHOULD"},
        "Nous vous conseillons de signer.": {"SHOULD"},
        "Il est déconseillé de signer.": {"SHOULD"},
        "Vous signez.": set(),
        "La peuplade arrive.": set(),
    }
    assert {text: set(forces(read(text, "fr"))) for text in said} == said


def test_what_is_not_certain_names_its_word():
    said = {
        ("It might blink.", "en"): "might",
        ("It probably blinks.", "en"): "probably",
        ("Perhaps it blinks.", "en"): "perhaps",
        ("Elle pourrait clignoter.", "fr"): "pourrait",
        ("Elle clignote parfois.", "fr"): "parfois",
        ("Elle clignote peut-être.", "fr"): "peut-être",
        ("Elle peut‑être clignote.", "fr"): "peut-être",
        ("Elle peut être remplacée.", "fr"): "",
        ("It can blink.", "en"): "",
        ("It is mighty.", "en"): "",
    }
    assert {key: doubtful(read(*key)) for key in said} == said


def test_all_and_some_count_only_for_what_is_asked_about():
    lamps = read("lamps", "en").stems
    said = {
        "All lamps are insured.": ("ALL", "all"),
        "Every lamp is insured.": ("ALL", "every"),
        "Any lamp is insured.": ("ALL", "any"),
        "The whole lamp is insured.": ("ALL", "whole"),
        "Some lamps are insured.": ("SOME", "some"),
        "Most lamps are insured.": ("SOME", "most"),
        "Several lamps are insured.": ("SOME", "several"),
        "Lamps are insured.": (None, ""),
        "All chairs stand beside lamps.": (None, ""),
        "The most lamps are insured.": (None, ""),
        "There are so many lamps.": (None, ""),
    }
    assert {text: scope(read(text, "en"), lamps) for text in said} == said


def test_tous_and_certains_count_in_french():
    lamps = read("lampes", "fr").stems
    said = {
        "Toutes les lampes sont assurées.": ("ALL", "toutes"),
        "Chaque lampe est assurée.": ("ALL", "chaque"),
        "Certaines lampes sont assurées.": ("SOME", "certaines"),
        "La plupart des lampes sont assurées.": ("SOME", "plupart"),
        "Plusieurs lampes sont assurées.": ("SOME", "plusieurs"),
        "Les lampes sont assurées.": (None, ""),
    }
    assert {text: scope(read(text, "fr"), lamps) for text in said} == said


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_limit_is_a_most_or_a_least_and_some_of_them_may_not_be_dropped(language: str):
    english = {
        "up to 50 €": UP_TO, "at most 50 €": UP_TO, "a maximum of 50 €": UP_TO, "no more than 50 €": UP_TO,
        "50 € at most": UP_TO, "50 € or less": UP_TO, "at least 50 €": AT_LEAST, "a minimum of 50 €": AT_LEAST,
        "more than 50 €": AT_LEAST, "over 50 €": AT_LEAST, "50 € or more": AT_LEAST, "50 € and above": AT_LEAST,
        "no less than 50 €": AT_LEAST, "starting at 50 €": AT_LEAST, "below 50 €": WITHIN, "less than 50 €": WITHIN,
        "within 50 €": WITHIN, "from 50 €": SINCE, "after 50 €": SINCE, "it costs 50 €": None, "50 €": None,
        "overall 50 €": None, "a cup to 150 €": None,
    }  # fmt: skip
    french = {
        "jusqu'à 50 €": UP_TO, "au plus 50 €": UP_TO, "50 € maximum": UP_TO, "pas plus de 50 €": UP_TO,
        "50 € au plus": UP_TO, "50 € ou moins": UP_TO, "50 € au plus tard": UP_TO, "au moins 50 €": AT_LEAST,
        "à partir de 50 €": AT_LEAST, "un minimum de 50 €": AT_LEAST, "plus de 50 €": AT_LEAST,
        "pas moins de 50 €": AT_LEAST, "50 € ou plus": AT_LEAST, "50 € et plus": AT_LEAST, "50 € minimum": AT_LEAST,
        "moins de 50 €": WITHIN, "sous 50 €": WITHIN, "avant 50 €": WITHIN, "dès 50 €": SINCE,
        "à compter de 50 €": SINCE, "cela coûte 50 €": None, "le dessous 50 €": None,
    }  # fmt: skip
    said = french if language == "fr" else english
    assert {text: side(text, "50 €") for text in said} == said


def test_a_limit_belongs_to_its_own_value():
    text = "Up to 3 lamps are sent within 14 days for 5 € or less."
    assert [side(text, words) for words in ("3", "14 days", "5 €", "9 €")] == [UP_TO, WITHIN, UP_TO, None]


def test_a_denied_comparison_turns_its_limit_round_and_no_more_than_does_not():
    said = {
        "It may not be heated above 30 °C.": UP_TO,
        "It is heated above 30 °C.": AT_LEAST,
        "It does not take more than 30 °C.": UP_TO,
        "It takes not more than 30 °C.": UP_TO,
        "It is not cooled below 30 °C.": Limit("LEAST", firm=False),
        "It does not cost 30 °C.": None,
    }
    assert {text: limit_of(read(text, "en"), "30 °C") for text in said} == said
