"""What counts as a deed that a reply claims."""

import unicodedata

import pytest

from guardrails.base import Options, Reply, Sentence, Source
from guardrails.checks.claimed_actions import claimed_actions
from guardrails.grounding.claimed_actions import claimed, committing

DEEDS = (
    ("en", "We have cancelled your order."),
    ("en", "I've just sent the label again."),
    ("en", "Good news, we’ve refunded £12 to your card."),
    ("en", "Our billing team has waived all fees."),
    ("en", "We have extended your stay by a night."),
    ("en", "I have already put both bags aside, and that is done."),
    ("en", "I have moved Ben's lesson."),
    ("en", "The deposit is what we have withdrawn."),
    ("en", "We have successfully refunded you."),
    ("en", "We've fully refunded you."),
    ("en", "We refunded you today."),
    ("en", "We then refunded £12."),
    ("en", "I cancelled your order."),
    ("en", "I withdrew the deposit."),
    ("en", "Your refund has been issued."),
    ("en", "Your refund of £12.50 for order 4711 has now been issued."),
    ("en", "We confirm that your order has been cancelled."),
    ("en", "You have been refunded."),
    ("en", "We have gone ahead and cancelled your order."),
    ("fr", "J'ai réservé deux places."),
    ("fr", "Nous vous avons remboursé hier."),
    ("fr", "Je vous ai remboursé 45 € ce matin."),
    ("fr", "Je vous l'ai envoyé lundi."),
    ("fr", "Notre équipe vous a remboursé."),
    ("fr", "Nous avons bien annulé la location."),
    ("fr", "Nous avons aussi ouvert un dossier."),
    ("fr", "Notre équipe a prolongé la garantie."),
    ("fr", "Nos collègues ont prévenu le transporteur."),
    ("fr", "J’ai inscrit votre fille."),
    ("fr", "Nous avons bien remboursé votre commande."),
    ("fr", "Nous vous avons intégralement remboursé."),
    ("fr", "Votre remboursement a été effectué."),
    ("fr", "Je vous confirme que votre commande n° 4711 a bien été annulée."),
    ("fr", "Vous avez été remboursé."),
)
STATES = (
    ("en", "We have extended hours in July."),
    ("en", "We have different sizes."),
    ("en", "We have limited stock."),
    ("en", "Our support team has limited hours."),
    ("en", "I have good news."),
    ("en", "You have cancelled your order."),
    ("en", "We refund within a week."),
    ("en", "We changed our prices in March."),
    ("en", "We moved to Lyon in 2019."),
    ("en", "The offer was extended."),
    ("en", "We need your order number."),
    ("en", "Once we have received your parcel, we refund you."),
    ("en", "If your card has been charged twice, write to us."),
    ("en", "Check your inbox once the order has been shipped."),
    ("en", "Orders that have been shipped cannot be changed."),
    ("fr", "Nous avons une boutique près du pont."),
    ("fr", "L'offre a été prolongée."),
    ("fr", "Une fois que nous avons reçu votre colis, nous remboursons."),
    ("fr", "Dès que votre commande a été expédiée, vous recevez un lien."),
    ("fr", "Les commandes qui ont été expédiées ne peuvent plus être modifiées."),
    ("fr", "Nous avons trois tailles."),
    ("fr", "Nous avons aussi deux tailles pour enfants."),
    ("fr", "Nous avons le même en bleu."),
    ("fr", "J'ai une bonne nouvelle."),
    ("fr", "Nous avons déjà passé le 20, ce sera pour février."),
    ("fr", "Vous avez annulé la commande."),
)


@pytest.mark.parametrize(("language", "text"), DEEDS)
def test_a_deed_of_ours_is_seen(language: str, text: str):
    assert (claimed(text, language) != "", committing(text, language)) == (True, True)


@pytest.mark.parametrize(("language", "text"), STATES)
def test_what_we_have_or_what_others_did_is_none(language: str, text: str):
    assert claimed(text, language) == ""


def test_a_deed_is_told_by_its_words():
    assert claimed("Today I have sent it.", "en") == "i have sent"
    assert claimed(unicodedata.normalize("NFD", "Nous avons annulé."), "fr") == "nous avons annulé"


def test_other_languages_have_no_deeds():
    assert claimed("Wir haben storniert.", "de") == ""


@pytest.mark.parametrize(
    ("language", "text", "commits"),
    [
        ("en", "We'll send it on Monday.", True),
        ("fr", "Nous vous rembourserons.", True),
        ("fr", "Je vais vérifier.", True),
        ("en", "It ships on Monday.", False),
    ],
)
def test_an_agent_commits_us_to_what_we_will_do(language: str, text: str, commits: bool):
    assert (committing(text, language), claimed(text, language)) == (commits, "")


HELD = ["klark.G101"]


@pytest.mark.parametrize(("language", "said", "source", "ids"), [
    ("en", "We have cancelled your trip.", "We have cancelled all trips.", []),
    ("en", "We have cancelled your trip.", "Trips are cancelled.", HELD),
    ("en", "We have cancelled your trip.", "We have moved to a new address in Lyon.", HELD),
    ("en", "We have cancelled your trip.", "Once we have cancelled a trip, we write to you.", HELD),
    ("en", "We have moved, and we have cancelled your trip.", "We have moved to a new address in Lyon.", HELD),
    ("fr", "Votre sortie a été annulée.", "Nous avons annulé toutes les sorties.", []),
    ("fr", "Votre sortie a été annulée.", "Nous avons déménagé à Lyon.", HELD),
])  # fmt: skip
def test_only_a_source_that_reports_the_same_deed_may_have_done_it(
    language: str, said: str, source: str, ids: list[str]
):
    reply = Reply((Sentence(said, (Source("a", source),)),), language)
    found = claimed_actions(reply, Options())
    assert [each.id for each in found] == ids
    assert all(each.never_alone for each in found)
