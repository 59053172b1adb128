"""A source's own words in another order: between its clauses, within one, from noun to noun, stated, or with company."""

import pytest

from guardrails.added import added, whose
from guardrails.asserted import asserted
from guardrails.base import Level, Source
from guardrails.checks.grounding import ADDED, CONDITION_DROPPED, CROSSED, TURNED, grounding
from guardrails.doubt import Doubt
from guardrails.guard import guard
from guardrails.rearranged import Clause, clauses, rearranged
from guardrails.support import Evidence, gather
from guardrails.words import read
from tests.guardrails.said import OPTIONS, reply

SOURCES = {
    "berth": ("en", "The harbour master assigns the berth and the skipper pays for the electricity."),
    "kiln": ("en", "Glazed pieces are fired on Tuesdays; raw pieces are thrown away after a month."),
    "guest": ("en", "Members may bring a guest on weekdays, but guests must sign the waiver before they climb."),
    "dogs": ("en", "Dogs travel free with a passenger over 16 years."),
    "dome": ("en", "The dome stays locked unless an instructor is present."),
    "plot": ("en", "You have to water the shared beds if your plot is next to them."),
    "clothes": ("en", "We keep forgotten clothes for three months."),
    "form": ("en", "Parents sign their child's form and hand it to the coach."),
    "team": ("en", "Our team packs your instrument."),
    "trial": ("en", "Your trial ends after 14 days and no card is needed to start it."),
    "prices": ("en", "The prices do not include VAT."),
    "repair": ("en", "During the warranty the repair and the transport are free."),
    "visite": ("fr", "La visite a lieu chaque samedi sauf si le vigneron l'annule la veille."),
    "chevaux": ("fr", "Le maréchal ferre les chevaux au printemps et le vétérinaire les vaccine en automne."),
    "trajet": ("fr", "Le passager prévient le conducteur une heure avant le départ."),
    "salle": ("fr", "La salle est réservée aux groupes avec un majeur de plus de 21 ans."),
    "caution": ("fr", "La caution est rendue si rien n'est abîmé."),
    "carte": ("fr", "Les moniteurs présentent leur carte à la caisse."),
    "client": ("fr", "Les clients présentent leur carte à la caisse."),
    "dessin": ("fr", "Le dessin est gratuit pour les adhérents."),
}
EXCHANGED = [
    ("berth", "The skipper assigns the berth."),
    ("kiln", "Raw pieces are fired on Tuesdays."),
    ("kiln", "Glazed pieces are thrown away on Tuesdays; raw pieces are fired after a month."),
    ("guest", "Guests may bring a member on weekdays."),
    ("dogs", "Dogs over 16 years travel free with a passenger."),
    ("visite", "La visite a lieu la veille sauf si le vigneron l'annule chaque samedi."),
    ("chevaux", "Le vétérinaire ferre les chevaux au printemps."),
    ("trajet", "Le conducteur prévient le passager une heure avant le départ."),
    ("salle", "La salle est réservée aux groupes de plus de 21 ans avec un majeur."),
]
IN_PLACE = [
    ("berth", "The berth is assigned by the harbour master, and the skipper pays for the electricity."),
    ("berth", "The skipper pays for the electricity; the harbour master assigns the berth."),
    ("kiln", "On Tuesdays we fire glazed pieces, and we throw raw pieces away after a month."),
    ("guest", "On weekdays members may bring a guest, who must sign the waiver before climbing."),
    ("dogs", "With a passenger over 16 years, dogs travel free."),
    ("trial", "You can start a trial without a card; it ends after two weeks."),
    ("prices", "VAT is not included in the prices."),
    ("repair", "During the warranty the transport and the repair are free."),
    ("repair", "The repair is free during the warranty."),
    ("visite", "Sauf si le vigneron l'annule la veille, la visite a lieu chaque samedi."),
    ("chevaux", "Le vétérinaire vaccine les chevaux en automne."),
    ("trajet", "Une heure avant le départ, le conducteur est prévenu par le passager."),
    ("salle", "Un groupe avec un majeur de plus de 21 ans peut réserver la salle."),
]
STATED = [
    ("dome", "The dome stays locked; an instructor is present."),
    ("plot", "Your plot is next to the shared beds, and you have to water them."),
    ("caution", "La caution est rendue, rien n'est abîmé."),
]
SUPPOSED = [
    ("dome", "Unless an instructor is present, the dome stays locked."),
    ("dome", "The dome opens once an instructor is present."),
    ("plot", "You have to water the shared beds where your plot is next to them."),
    ("caution", "Lorsque rien n'est abîmé, la caution est rendue."),
    ("caution", "Rien n'est abîmé."),
]
IN_COMPANY = [
    ("guest", "Members and trainees may bring a guest on weekdays."),
    ("clothes", "We keep your neighbour's forgotten clothes for three months."),
    ("trajet", "Le passager et son garant préviennent le conducteur une heure avant le départ."),
    ("dessin", "La retouche et le dessin sont gratuits pour les adhérents."),
]
ALONE = [
    ("guest", "Members can bring a guest on weekdays and guests sign the waiver."),
    ("clothes", "We keep a customer's forgotten clothes for three months."),
    ("clothes", "Forgotten clothes stay with us for three months, and that's all."),
    ("trajet", "Le passager prévient le conducteur une heure avant et le départ suit."),
    ("dessin", "Pour les adhérents, le dessin est gratuit."),
]
TAKEN = [
    ("form", "Parents sign your form and hand it to the coach."),
    ("team", "Your team packs our instrument."),
    ("carte", "Les moniteurs présentent votre carte à la caisse."),
]
OWN = [
    ("form", "Parents sign their form."),
    ("team", "Your instrument is packed by our team."),
    ("carte", "Présentez votre carte à la caisse."),
    ("carte", "Vous présentez votre carte à la caisse, comme les moniteurs."),
    ("client", "Les clients présentent votre carte à la caisse."),
]


def evidence(claim: str, name: str) -> Evidence:
    language, text = SOURCES[name]
    return gather(claim, (Source("a1", text),), language)


def kind(doubt: Doubt | None) -> str:
    return doubt.kind if doubt else ""


@pytest.mark.parametrize(("name", "claim"), EXCHANGED)
def test_what_changes_places_is_seen(name: str, claim: str):
    assert kind(rearranged(evidence(claim, name))) == "crossed"


@pytest.mark.parametrize(("name", "claim"), [*IN_PLACE, *SUPPOSED, *ALONE, *OWN])
def test_another_order_that_keeps_the_sense_is_let_go(name: str, claim: str):
    assert rearranged(evidence(claim, name)) is None


@pytest.mark.parametrize(("name", "claim"), STATED)
def test_a_condition_made_a_statement_is_seen(name: str, claim: str):
    assert kind(asserted(evidence(claim, name))) == "condition dropped"


@pytest.mark.parametrize(("name", "claim"), [*SUPPOSED, *IN_PLACE, *ALONE])
def test_a_condition_that_stays_one_is_let_go(name: str, claim: str):
    assert asserted(evidence(claim, name)) is None


@pytest.mark.parametrize(("name", "claim"), IN_COMPANY)
def test_who_was_put_beside_the_subject_is_seen(name: str, claim: str):
    assert kind(added(evidence(claim, name))) == "added"


@pytest.mark.parametrize(("name", "claim"), [*ALONE, *IN_PLACE, *OWN])
def test_who_stands_in_the_source_is_let_go(name: str, claim: str):
    assert added(evidence(claim, name)) is None


def test_a_pair_of_the_source_may_be_said_by_another_word():
    pair = gather("Sign the form and mail it.", (Source("a1", "Sign and return the form."),), "en")
    assert added(pair) is None


@pytest.mark.parametrize(("name", "claim"), TAKEN)
def test_a_thing_that_becomes_another_s_is_seen(name: str, claim: str):
    assert kind(whose(evidence(claim, name))) == "turned"


@pytest.mark.parametrize(("name", "claim"), [*OWN, *IN_PLACE, *ALONE])
def test_a_thing_that_stays_whose_it_is_is_let_go(name: str, claim: str):
    assert whose(evidence(claim, name)) is None


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_never_doubts_itself(name: str):
    itself = evidence(SOURCES[name][1], name)
    assert [rule(itself) for rule in (rearranged, asserted, added, whose)] == [None] * 4


def test_a_claim_without_a_source_is_no_matter_of_these():
    bare = gather("Members and trainees sign your form.", (), "en")
    assert [rule(bare) for rule in (rearranged, asserted, added, whose)] == [None] * 4


def test_each_holds_under_its_id_and_no_such_sentence_counts_as_supported():
    cases = {CROSSED: EXCHANGED[0], CONDITION_DROPPED: STATED[1], ADDED: IN_COMPANY[2], TURNED: TAKEN[2]}
    for id_, (name, claim) in cases.items():
        language, text = SOURCES[name]
        said = reply(claim, text, language=language)
        assert [(one.id, one.level) for one in grounding(said, OPTIONS)] == [(id_, Level.HOLD)]
        assert guard(said, OPTIONS).states == ("UNSUPPORTED",)


def test_clauses_end_at_marks_and_at_words_that_lead_in_another():
    found = clauses(read("The dome opens if it is dry, and the guide waves.", "en"))
    assert [(one.stems, one.under) for one in found] == [
        (("dome", "open"), False),
        (("dry",), True),
        (("guide", "wave"), False),
    ]


def test_a_clause_knows_its_stems_without_their_order():
    assert Clause(("dome", "open"), frozenset({"the"}), under=False).known == frozenset({"dome", "open"})
