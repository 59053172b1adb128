"""Names by their place: under a closing, on the last line, before an e-mail address, above an address, as a handle."""

import pytest

from guardrails.pii.name_extent import split
from guardrails.pii.signature_names import find_placed
from tests.guardrails.marked import got, plain, wanted

CLOSINGS = [
    "Cordialement",
    "Cordialement,",
    "Bien cordialement,",
    "Cdlt",
    "Bien à vous,",
    "Merci d'avance,",
    "Merci",
    "Bonne journée",
    "Belle journée",
    "Salutations distinguées",
    "Respectueusement,",
    "A bientôt",
    "Bises,",
    "Dans l'attente de votre retour,",
    "En vous remerciant par avance,",
    "Kind regards,",
    "Best regards",
    "Regards",
    "Best,",
    "Sincerely,",
    "Yours faithfully,",
    "Thanks,",
    "Many thanks,",
    "Thank you so much,",
    "Thanks in advance!",
    "Cheers",
    "thx",
    "--",
    "Take care,",
]
NAMES = ["Nolwenn Tanguy", "Bo", "D. Roubaud", "R. K. Narayanswami", "sandrine", "Anne-Lise Charrier"]
PLACED = [
    "It broke.\n‹Oscar Bonnafous›",
    "It broke.\n\n‹Maud Hale›\n",
    "write to ‹Sunniva Dahl› <s.dahl@example.test>",
    "‹Coline› (coline@example.com) must be copied",
    "thanks to ‹@lena_knits› for it",
    "‹Reginald Gorski›\n\n32 2914 184th Street\nApt. 3",
    ">‹Tara Martinez›\n>48 109 Xanthou Street\n>Apt. 2",
    "Cordialement. ‹P. Lemercier›",
    "Tout va bien. Merci, ‹Odile›",
]
NOT_PLACED = [
    "Merci\nCordialement",
    "Thanks\nThe lamp is red",
    "Merci\nl'équipe",
    "Cordialement,\nla direction",
    "Thanks for your help",
    "Merci pour tout",
    "Best price in town",
    "Love the lamp",
    "It broke.\nPlease help",
    "It broke.\nThanks",
    "Sent from my iPhone",
    "Envoyé de mon iPhone",
    "Order: 3\nLamp: red",
    "Total\n40 euros",
    "anna@example.com",
    "me@work",
    "a @ b",
    "",
]


def test_the_name_under_a_closing_is_found():
    for closing in CLOSINGS:
        for name in NAMES:
            marked = f"My lamp is broken.\n\n{closing}\n‹{name}›"
            assert got(marked, find_placed(split(plain(marked)))) == [name], name


def test_a_place_gives_a_name_away_and_nothing_else():
    for marked in [*PLACED, *NOT_PLACED]:
        assert got(marked, find_placed(split(plain(marked)))) == wanted(marked), marked


@pytest.mark.parametrize("closing", CLOSINGS)
def test_a_closing_alone_is_no_name(closing: str):
    assert list(find_placed(split(f"My lamp is broken.\n{closing}"))) == []
