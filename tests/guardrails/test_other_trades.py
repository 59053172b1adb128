"""The same lies in trades that the rules were not made on, through the whole guard; and true sentences that look like them."""

import pytest

from guardrails.base import Level
from guardrails.checks.grounding import CROSSED, TIME, TURNED
from tests.guardrails.said import verdict

OURS = {TIME, CROSSED, TURNED}
"""What a faithful sentence must not be held by."""

SOURCES = {
    "pause": ("en", "You can pause the subscription for 3 months after the first year."),
    "prices": ("en", "Adults pay 12 € and children pay 6 €."),
    "parcels": ("en", "Standard parcels take 4 days, express parcels take 1 day."),
    "pool": ("en", "The pool is open from May to September."),
    "cash": ("en", "Cash withdrawals are free within the euro area."),
    "tablet": ("en", "Take the tablet with food, two hours before bedtime."),
    "tarifs": ("fr", "Les adultes paient 12 € et les enfants 6 €."),
    "piscine": ("fr", "La piscine est ouverte de mai à septembre."),
    "préavis": ("fr", "Le préavis est de 2 mois pour un appartement et d'un mois pour un studio."),
    "vélo": ("fr", "Nous réparons le vélo sous 10 jours après réception de la pièce."),
    "retraits": ("fr", "Les retraits sont gratuits dans la zone euro."),
    "colis": ("fr", "Il faut présenter une pièce d'identité pour retirer le colis."),
}
LIES = [
    ("pause", "You can pause the subscription for 3 months before the first year."),
    ("pause", "You can pause the subscription for 3 years after the first month."),
    ("prices", "Children pay 12 €."),
    ("prices", "Adults pay 6 €."),
    ("prices", "Children and adults pay 6 €."),
    ("prices", "Adults seldom pay 12 €."),
    ("parcels", "Express parcels take 4 days."),
    ("parcels", "Standard parcels take 1 day."),
    ("parcels", "Standard and express parcels take 1 day."),
    ("pool", "The pool is open from September to May."),
    ("pool", "The pool is open in May and September."),
    ("pool", "The pool was open from May to September."),
    ("pool", "The pool is closed from May to September."),
    ("pool", "The pool is open outside May to September."),
    ("cash", "Cash withdrawals are free outside the euro area."),
    ("cash", "Cash withdrawals are hardly free within the euro area."),
    ("cash", "Cash withdrawals used to be free within the euro area."),
    ("cash", "Cash withdrawals are free within the euro area, except for you."),
    ("tablet", "Take the tablet with food, two hours after bedtime."),
    ("tablet", "Take the tablet without food, two hours before bedtime."),
    ("tarifs", "Les enfants paient 12 €."),
    ("tarifs", "Les adultes paient 6 €."),
    ("tarifs", "Les adultes et les enfants paient 6 €."),
    ("tarifs", "Les adultes paient rarement 12 €."),
    ("piscine", "La piscine est ouverte de septembre à mai."),
    ("piscine", "La piscine est ouverte en mai et en septembre."),
    ("piscine", "La piscine était ouverte de mai à septembre."),
    ("piscine", "La piscine est fermée de mai à septembre."),
    ("préavis", "Le préavis est d'un mois pour un appartement."),
    ("préavis", "Le préavis est de 2 mois pour un studio."),
    ("préavis", "Pour un studio, le préavis est de 2 mois."),
    ("vélo", "Nous réparons le vélo sous 10 jours avant réception de la pièce."),
    ("vélo", "Vous réparez le vélo sous 10 jours après réception de la pièce."),
    ("vélo", "Nous réparons le vélo 10 jours après réception de la pièce."),
    ("vélo", "Nous réparions le vélo sous 10 jours après réception de la pièce."),
    ("vélo", "Nous réparons la pièce sous 10 jours après réception du vélo."),
    ("retraits", "Les retraits sont gratuits hors de la zone euro."),
    ("retraits", "Les retraits sont exceptionnellement gratuits dans la zone euro."),
    ("retraits", "Les retraits sont gratuits dans la zone euro, sauf pour vous."),
    ("colis", "Il n'est pas nécessaire de présenter une pièce d'identité pour retirer le colis."),
    ("colis", "Il est superflu de présenter une pièce d'identité pour retirer le colis."),
    ("colis", "Il faut retirer le colis pour présenter une pièce d'identité."),
]
TRUE = [
    ("pause", "After the first year, you can pause the subscription for 3 months."),
    ("pause", "The subscription can be paused for 3 months once the first year is over."),
    ("prices", "Children pay 6 €."),
    ("prices", "A child pays 6 €, an adult 12 €."),
    ("prices", "For children, it is 6 €."),
    ("parcels", "An express parcel takes 1 day."),
    ("parcels", "It takes 4 days for a standard parcel."),
    ("pool", "From May to September, the pool is open."),
    ("pool", "The pool opens in May and closes after September."),
    ("cash", "Within the euro area, cash withdrawals cost nothing."),
    ("cash", "You can withdraw cash for free within the euro area."),
    ("tablet", "Two hours before bedtime, take the tablet with food."),
    ("tarifs", "Les enfants paient 6 €."),
    ("tarifs", "Un enfant paie 6 €, un adulte 12 €."),
    ("tarifs", "Pour les enfants, c'est 6 €."),
    ("piscine", "De mai à septembre, la piscine est ouverte."),
    ("piscine", "La piscine ouvre en mai et ferme après septembre."),
    ("préavis", "Pour un studio, le préavis est d'un mois."),
    ("préavis", "Le préavis d'un appartement est de 2 mois."),
    ("vélo", "Une fois la pièce reçue, nous réparons le vélo sous 10 jours."),
    ("vélo", "Le vélo est réparé sous 10 jours après réception de la pièce."),
    ("vélo", "Nous réparons votre vélo dans les 10 jours suivant la réception de la pièce."),
    ("retraits", "Dans la zone euro, les retraits ne coûtent rien."),
    ("retraits", "Vous pouvez faire des retraits gratuits dans la zone euro."),
    ("colis", "Pour retirer le colis, une pièce d'identité est nécessaire."),
    ("colis", "Vous devez présenter une pièce d'identité pour retirer le colis."),
]


@pytest.mark.parametrize(("name", "claim"), LIES)
def test_a_lie_on_an_honest_citation_is_held(name: str, claim: str):
    language, text = SOURCES[name]
    assert verdict(claim, text, language=language).level >= Level.HOLD


@pytest.mark.parametrize(("name", "claim"), TRUE)
def test_a_true_sentence_of_the_same_words_is_not_taken_for_one(name: str, claim: str):
    language, text = SOURCES[name]
    assert [one.id for one in verdict(claim, text, language=language).findings if one.id in OURS] == []


@pytest.mark.parametrize("name", SOURCES)
def test_the_source_itself_passes(name: str):
    language, text = SOURCES[name]
    assert [one.id for one in verdict(text, text, language=language).findings if one.id in OURS] == []


def test_one_lie_is_found_by_the_words_that_decide():
    said = {
        "Children pay 12 €.": (CROSSED, "12 €"),
        "Adults seldom pay 12 €.": (TURNED, "seldom"),
    }
    language, text = SOURCES["prices"]
    found = {claim: [(one.id, one.words) for one in verdict(claim, text, language=language).findings] for claim in said}
    assert found == {claim: [expected] for claim, expected in said.items()}
