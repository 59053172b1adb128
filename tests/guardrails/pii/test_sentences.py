"""Whole sentences and what a model sees of them: the grammar stays, the person goes, the question is still there."""

import pytest

from guardrails.pii.mask import mask, restore

SENTENCES = [
    (
        "Bonjour, je m'appelle Aurore Delmotte, ma commande 558812 n'est pas arrivée.",
        "Bonjour, je m'appelle [NAME_1], ma commande [ORDER_1] n'est pas arrivée.",
    ),
    ("Merci de rappeler Mme Kowalczyk au 06 41 22 87 19.", "Merci de rappeler Mme [NAME_1] au [PHONE_1]."),
    ("Bonjour Élise, la Fanalou 40 clignote toujours.", "Bonjour [NAME_1], la Fanalou 40 clignote toujours."),
    ("Mon mari Gwendal a payé avec la carte 4970 1012 3456 7890.", "Mon mari [NAME_1] a payé avec la carte [CARD_1]."),
    ("Livrez au 14 rue des Tilleuls, 35000 Rennes, chez M. Ropars.", "Livrez au [ADDRESS_1], chez M. [NAME_1]."),
    (
        "Mon mot de passe est Soleil!2024 et mon login claire.dt75.",
        "Mon mot de passe est [SECRET_1] et mon login [ACCOUNT_1].",
    ),
    ("Né le 14/07/1983, NIR 1 51 09 69 352 404 94.", "Né le [BIRTH_1], NIR [SSN_1]."),
    ("Le remboursement va sur FR76 3000 6000 0112 3456 7890 189.", "Le remboursement va sur [IBAN_1]."),
    ("Cordialement,\nNolwenn Tanguy", "Cordialement,\n[NAME_1]"),
    ("06 88 14 52 90", "[PHONE_1]"),
    ("La facture est au nom de Philibert Sauvageot.", "La facture est au nom de [NAME_1]."),
    ("Mr. Thistlewood and Mrs. Featherstone both paid.", "[MR_1]. [NAME_1] and [MRS_1]. [NAME_2] both paid."),
    ("Dr Vasseur said the insoles are fine.", "[DR_1] [NAME_1] said the insoles are fine."),
    ("Hi Marisol, tracking 1Z999AA10123456784 has not moved.", "Hi [NAME_1], tracking [ORDER_1] has not moved."),
    ("Write to tamsin.r@example.com or call +44 7700 900812.", "Write to [EMAIL_1] or call [PHONE_1]."),
    ("My car LK19 VXN is parked, PIN: 4471.", "My car [PLATE_1] is parked, PIN: [SECRET_1]."),
    ("Thanks,\nImogen Sallow", "Thanks,\n[NAME_1]"),
    ("Kovalov, Bendt and Phillips founded it.", "[NAME_1], [NAME_2] and [NAME_3] founded it."),
    ("Will said he will call, but will he?", "[NAME_1] said he will call, but will he?"),
    ("Rose asked for roses and got lilies.", "[NAME_1] asked for roses and got lilies."),
    ("Mark left a mark on the table.", "Mark left a mark on the table."),
    ("How much is delivery to Ireland?", "How much is delivery to Ireland?"),
    ("Combien coûte la livraison en Suisse ?", "Combien coûte la livraison en Suisse ?"),
    ("Is the Voltix S2 waterproof?", "Is the Voltix S2 waterproof?"),
    ("J'hésite entre la Volta S1 et la Volta S2.", "J'hésite entre la Volta S1 et la Volta S2."),
    ("Votre magasin de Lyon est-il ouvert le lundi ?", "Votre magasin de Lyon est-il ouvert le lundi ?"),
    ("I waited 45 minutes on the phone.", "I waited 45 minutes on the phone."),
    ("The promo code SPRING20 is refused.", "The promo code SPRING20 is refused."),
    ("Mon abonnement Premium coûte 12,99 € par mois.", "Mon abonnement Premium coûte 12,99 € par mois."),
    ("Le 12 mars 2025 j'ai commandé 3 lampes.", "Le 12 mars 2025 j'ai commandé 3 lampes."),
    ("Date of birth: 11/23/1987, SSN 412-66-9021.", "Date of birth: [BIRTH_1], SSN [SSN_1]."),
    ("Our office IP is 203.0.113.77.", "Our office IP is [IP_1]."),
    ("See https://boutique.example/panier/9f27c1 please.", "See [URL_1] please."),
    ("Notre SIRET est le 732 829 320 00074.", "Notre SIRET est le [TAX_1]."),
    ("Passeport n° 19FV04512, permis 921075310284.", "Passeport n° [ACCOUNT_1], permis [ACCOUNT_2]."),
    ("from Sunniva Dahl <s.dahl@example.test>", "from [NAME_1] [EMAIL_1]"),
    ("[anna@example.com] wrote this", "[EMAIL_1] wrote this"),
    ("Agent: bonjour\nNadira: ma lampe est cassée", "Agent: bonjour\n[NAME_1]: ma lampe est cassée"),
    ("Camille, Camille et Camille", "[NAME_1], [NAME_1] et [NAME_1]"),
    ("JE SUIS MADAME LOPES ET JE VEUX MON COLIS", "JE SUIS MADAME [NAME_1] ET JE VEUX MON COLIS"),
    ("je suis bernard dubois client depuis 20 ans", "je suis [NAME_1] client depuis 20 ans"),
    ("its steve, order #41188 never came", "its [NAME_1], order #[ORDER_1] never came"),
    ("C'est Blandine Courtois qui a signé.", "C'est [NAME_1] qui a signé."),
    ("Señora Velázquez wants her deposit back.", "Señora [NAME_1] wants her deposit back."),
    ("Nguyen Thi Lan needs the manual.", "[NAME_1] needs the manual."),
    ("O'Brien's parcel went to D'Angelo's flat.", "[NAME_1]'s parcel went to D'[NAME_2]'s flat."),
    ("Jean-Marc et Marie-Laure Le Floch", "[NAME_1] et [NAME_2]"),
    ("Ask for Zdeněk Hrůza at reception.", "Ask for [NAME_1] at reception."),
    ("Ma fille Inaya, 12 ans, veut un vélo.", "Ma fille [NAME_1], 12 ans, veut un vélo."),
    ("My ex Travis still uses my card ending in 8812.", "My ex [NAME_1] still uses my card ending in [CARD_1]."),
    ("Code postal 29200, vous livrez ?", "Code postal [ADDRESS_1], vous livrez ?"),
]


@pytest.mark.parametrize(("text", "masked"), SENTENCES)
def test_a_model_sees_the_sentence_and_not_the_person(text: str, masked: str):
    assert mask(text).text == masked


@pytest.mark.parametrize(("text", "masked"), SENTENCES)
def test_a_sentence_comes_back_as_it_was(text: str, masked: str):
    assert restore(masked, mask(text)) == text


def test_a_product_of_the_tenants_own_is_no_person():
    text = "The Elna flickers, says Tamara. My name is Elna."
    assert mask(text).text == "The [NAME_1] flickers, says [NAME_2]. My name is [NAME_1]."
    assert mask(text, public="Cleaning the Elna lamp").text == "The Elna flickers, says [NAME_1]. My name is [NAME_2]."
