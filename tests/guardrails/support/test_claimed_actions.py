"""What counts as a deed that a reply claims."""

import unicodedata

import pytest

from guardrails.base import Options, Reply, Sentence, Source
from guardrails.checks.claimed_actions import claimed_actions
from guardrails.support.claimed_actions import claimed, committing

DEEDS = (
    ("en", "We have cancelled your order."),
    ("en", "I've just sent the label again."),
    ("en", "Good news, we’ve refunded £12 to your card."),
    ("en", "Our billing team has waived all fees."),
    ("en", "We have extended your stay by a night."),
    ("en", "I have already put both bags aside, and that is done."),
    ("en", "I have moved Ben's lesson."),
    ("en", "The deposit is what we have withdrawn."),
    ("fr", "J'ai réservé deux places."),
    ("fr", "Nous vous avons remboursé hier."),
    ("fr", "Nous avons bien annulé la location."),
    ("fr", "Nous avons aussi ouvert un dossier."),
    ("fr", "Notre équipe a prolongé la garantie."),
    ("fr", "Nos collègues ont prévenu le transporteur."),
    ("fr", "J’ai inscrit votre fille."),
)
STATES = (
    ("en", "We have extended hours in July."),
    ("en", "We have different sizes."),
    ("en", "We have limited stock."),
    ("en", "Our support team has limited hours."),
    ("en", "I have good news."),
    ("en", "You have cancelled your order."),
    ("en", "We refund within a week."),
    ("fr", "Nous avons une boutique près du pont."),
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


@pytest.mark.parametrize(
    ("source", "ids"), [("We have cancelled all trips.", []), ("Trips are cancelled.", ["klark.G101"])]
)
def test_only_a_source_may_have_done_it(source: str, ids: list[str]):
    reply = Reply((Sentence("We have cancelled your trip.", (Source("a", source),)),), "en")
    found = claimed_actions(reply, Options())
    assert [each.id for each in found] == ids
    assert all(each.never_alone for each in found)
