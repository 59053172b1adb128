"""Conditions joined in another way than in the source are held; the same said otherwise is not."""

import pytest

from guardrails.base import Level, Reply, Sentence, Source
from guardrails.guard import guard
from tests.guardrails.said import OPTIONS, verdict

SOURCES = {
    "screening": ("en", "Children under 6 are not admitted to evening screenings, even with a parent."),
    "deposit": ("en", "The deposit is refunded within 10 days after the unit is emptied and its key returned."),
    "lead": ("en", "Dogs are welcome if they are on a lead and vaccinated."),
    "roof": ("en", "No work is done on the roof when it rains or when the wind is above 50 km/h."),
    "survey": ("en", "Pianos and safes are not moved without a prior survey."),
    "panels": ("en", "The panels are guaranteed for 25 years and the inverter for 10 years."),
    "locker": ("en", "| Locker size | Price per month | Small: 15 €, Large: 35 €."),
    "meter": ("en", "The grid operator installs the new meter; we only file the request."),
    "skis": ("en", "Skis can be swapped once during the rental if the size is wrong."),
    "séance": ("fr", "Les enfants de moins de 6 ans ne sont pas admis aux séances du soir, même accompagnés."),
    "laisse": ("fr", "Les chiens sont acceptés s'ils sont tenus en laisse et vaccinés."),
    "piano": ("fr", "Les pianos ne sont pas transportés sans visite préalable."),
    "onduleur": ("fr", "Les panneaux sont garantis 25 ans et l'onduleur 10 ans."),
    "casier": ("fr", "| Casier | Prix par mois | Petit : 15 €, Grand : 35 €."),
    "cours": ("fr", "Les cours commencent en janvier et en septembre."),
}
LIES = [
    ("screening", "Children under 6 are not admitted to evening screenings without a parent."),
    ("deposit", "The deposit is refunded within 10 days after the unit is emptied or its key returned."),
    ("lead", "Dogs are welcome if they are on a lead or vaccinated."),
    ("roof", "No work is done on the roof when it rains and when the wind is above 50 km/h."),
    ("survey", "Pianos and safes are not moved with a prior survey."),
    ("panels", "The panels are guaranteed for 25 years and so is the inverter."),
    ("locker", "A small locker costs 35 € per month."),
    ("meter", "We install the new meter; the grid operator only files the request."),
    ("skis", "Boots can be swapped once during the rental if the size is wrong."),
    ("séance", "Les enfants de moins de 6 ans ne sont pas admis aux séances du soir s'ils ne sont pas accompagnés."),
    ("laisse", "Les chiens sont acceptés s'ils sont tenus en laisse ou vaccinés."),
    ("piano", "Les pianos ne sont pas transportés après une visite préalable."),
    ("onduleur", "Les panneaux sont garantis 25 ans et l'onduleur aussi."),
    ("casier", "Un petit casier coûte 35 € par mois."),
    ("cours", "Les cours finissent en janvier et en septembre."),
]
TRUE = [
    ("screening", "Even when a parent is with them, children under 6 are not admitted to evening screenings."),
    ("deposit", "Once you have emptied the unit and given back its key, the deposit will be refunded within ten days."),
    ("lead", "Dogs that are on a lead and vaccinated are welcome."),
    ("roof", "When it rains or the wind is over 50 km/h, we do no work on the roof."),
    ("survey", "A prior survey is needed before pianos or safes are moved."),
    ("survey", "We do not move pianos without a prior survey."),
    ("panels", "The inverter's guarantee is 10 years, that of the panels 25 years."),
    ("locker", "A small locker costs 15 € per month and a large one 35 €."),
    ("meter", "The new meter is installed by the grid operator. We only file the request for it."),
    ("skis", "If the size is wrong, the skis can be swapped once while you rent them."),
    ("séance", "Même accompagnés, les enfants de moins de 6 ans ne sont pas admis aux séances du soir."),
    ("laisse", "Votre chien est accepté s'il est tenu en laisse et vacciné."),
    ("piano", "Une visite préalable est nécessaire pour transporter un piano."),
    ("onduleur", "L'onduleur est garanti 10 ans et les panneaux 25 ans."),
    ("casier", "Un petit casier coûte 15 € par mois et un grand 35 €."),
]
HONEST = [
    (
        "en",
        "Wheelchair spaces are in row F and must be reserved by phone.",
        "Please reserve wheelchair spaces by phone.",
    ),
    (
        "en",
        "If nobody is at home, the visit is charged at half price.",
        "The visit is charged at half price if no one is home.",
    ),
    ("en", "Lockers are accessible every day with your code.", "You can access your locker daily with your code."),
    ("en", "Helmets are included for children under 12.", "Helmets are included for under-12s."),
    ("en", "Courses start in January and September.", "Courses start in January and in September."),
    (
        "en",
        "Missed lessons can be made up online, but not carried over to the next course.",
        "Missed lessons cannot be carried over to the next course, but they can be made up online.",
    ),
    (
        "en",
        "Dogs are welcome if they are on a lead, but not in the rented cabins.",
        "Dogs on a lead are welcome, though not in the rented cabins.",
    ),
    (
        "en",
        "Our driver collects your laundry on Mondays and brings it back on Thursdays.",
        "The driver picks up your laundry on Monday and returns it on Thursday.",
    ),
    (
        "en",
        "The fireplace must not be used for one day before the visit.",
        "Do not use the fireplace for one day before the visit.",
    ),
    ("fr", "L'examen de vue se réserve en ligne.", "Vous réservez l'examen de vue en ligne."),
    (
        "fr",
        "Les feux de camp sont interdits de juin à septembre ; les barbecues sur pieds sont autorisés.",
        "De juin à septembre, les feux de camp sont interdits, mais les barbecues sur pieds sont autorisés.",
    ),
    (
        "fr",
        "Les box sont accessibles tous les jours de 6 h à 22 h.",
        "Les box sont accessibles chaque jour de 6 h à 22 h.",
    ),
    (
        "fr",
        "Le casque est compris pour les enfants de moins de 12 ans ; les adultes paient 4 € par jour.",
        "Le casque est inclus pour les moins de 12 ans et coûte 4 € par jour aux adultes.",
    ),
    ("fr", "L'assurance couvre la casse mais pas le vol.", "L'assurance ne couvre pas le vol."),
    (
        "fr",
        "La cheminée ne doit pas être utilisée durant le jour qui précède la visite.",
        "Votre cheminée ne doit pas être utilisée pendant le jour qui précède la visite.",
    ),
]


@pytest.mark.parametrize(("name", "claim"), LIES)
def test_a_condition_joined_another_way_is_held(name: str, claim: str):
    language, text = SOURCES[name]
    assert verdict(claim, text, language=language).level >= Level.HOLD


@pytest.mark.parametrize(("name", "claim"), TRUE)
def test_the_same_in_other_words_is_not(name: str, claim: str):
    language, text = SOURCES[name]
    found = verdict(claim, text, language=language)
    assert found.level < Level.HOLD, [finding.why for finding in found.findings]


@pytest.mark.parametrize(("language", "text", "claim"), HONEST)
def test_an_honest_reply_is_not_held(language: str, text: str, claim: str):
    found = verdict(claim, text, language=language)
    assert found.level < Level.HOLD, [finding.why for finding in found.findings]


@pytest.mark.parametrize(
    "claim", ["Places are reserved for members.", "Access is reserved to members.", "Only members have access."]
)
def test_a_restriction_dropped_is_still_held(claim: str):
    assert verdict("Everybody has access to the places.", claim).level >= Level.HOLD


COVER = Source("a1", "The damage waiver covers breakage but not theft or loss.")
OTHER = Source("a2", "Theft and loss are explained on the last page.")


def said(*sentences: Sentence) -> list[str]:
    """The findings of a reply of these sentences."""
    return [finding.id for finding in guard(Reply(sentences, "en"), OPTIONS).findings]


def test_a_condition_that_the_next_sentence_says_is_not_left_out():
    breakage, theft = "The damage waiver covers breakage.", "It does not cover theft or loss."
    assert said(Sentence(breakage, (COVER,)), Sentence(theft, (COVER,))) == []
    assert said(Sentence(f"{breakage} {theft}", (COVER,))) == []
    assert said(Sentence(breakage, (COVER,))) == ["klark.G113"]


def test_a_sentence_on_another_source_does_not_say_it():
    breakage = Sentence("The damage waiver covers breakage.", (COVER,))
    assert said(breakage, Sentence("Theft and loss are explained on the last page.", (OTHER,))) == ["klark.G113"]


def test_a_range_of_months_does_not_say_its_last_one():
    assert "klark.G091" in said(
        Sentence("The pool opens in September.", (Source("a", "The pool opens from May to September."),))
    )
