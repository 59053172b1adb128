"""Which language a short, hurried ticket is in: own cases, and what must not be guessed."""

import json
import threading
from pathlib import Path

import pytest

from guardrails.text.language import READ, detect

CASES_FOLDER = Path(__file__).parents[2] / "cases"

CASES = {
    "fr": """
        jai pa recu mon colis
        bonjour
        ou est ma commande svp
        je veux un remboursement
        slt g toujours rien recu
        ca marche pas
        Mon mot de passe ne fonctionne plus
        cmd 4471 pas livrée
        merci
        vs pouvez me rappeler ?
        c'est cassé
        colis endommagé, que faire ?
        jattends depuis 3 semaines
        J'ai été débité deux fois
        svp annulez ma commande
        comment changer d'adresse de livraison
        bjr pb avec ma facture
        aucune réponse de votre part
        le lien ne marche pas
        Remboursement ???
        pourquoi ma carte est refusée
        taille trop petite je voudrais échanger
        QUAND EST CE QUE JE SERAI LIVRE
        produit défectueux
        impossible de me connecter
        je narrive pas a payer
        Bonjour, je souhaiterais obtenir une facture pour ma commande du 3 mai.
        Il manque un article dans mon colis, pouvez-vous m'aider ?
        Ma box clignote en rouge depuis hier soir
        livraison prévue hier toujours rien
        g perdu mon ticket de caisse
        est ce que vous livrez en Corse
        Résiliation de mon abonnement
        Mon iPhone ne se connecte plus au wifi
        delai de retour ?
        erreur 404 quand je clique
        l'article ne correspond pas à la photo
        tjs pas de nouvelles
        Besoin d'aide
        avez vous ce modèle en noir
        on m'a livré le mauvais produit
        code promo refusé
        dommage que le bleu soit épuisé
        Je n'ai pas compris votre dernier message
        ok merci bcp
    """,
    "en": """
        wher is my order
        hi
        need help
        i want my money back
        cant log in
        thx
        still waiting for my parcel
        my card was declined
        how do i change my address
        Order 4471 not delivered
        pls cancel my order
        the app keeps crashing
        Refund please
        wrong size, can i swap it
        its broken
        No reply from you for a week
        password reset link doesnt work
        u sent me the wrong item
        how long does shipping take
        Where can I find my invoice?
        I was charged twice
        WHEN WILL IT ARRIVE
        thanks
        discount code not accepted
        do you ship to Ireland
        My box has been blinking red since last night
        tracking has not moved
        cancel subscription
        The link is dead
        item missing from my package
        any news?
        lost my receipt
        is it still under warranty
        Can someone call me back
        does it fit an iPhone 14
        hello, quick question about returns
        why is my account locked
        i didnt get the email
        what time do you open
        it says out for delivery but nothing came
        I'd like to speak to a person
        your website is down
        can u help me pls
        not happy with this
        Could you please send me a copy of the invoice for March?
    """,
    "de": """
        Wo ist mein Paket?
        Ich habe meine Bestellung nicht erhalten
        Bitte stornieren Sie meine Bestellung
        Wie kann ich das Passwort ändern
        Die Rechnung ist falsch
        Guten Tag, ich warte seit zwei Wochen
        das Gerät ist kaputt
        Rückgabe möglich?
    """,
    "es": """
        Hola, no he recibido mi pedido
        ¿Dónde está mi paquete?
        Quiero una devolución
        no puedo entrar en mi cuenta
        necesito la factura por favor
        el producto llegó roto
        cuánto tarda el envío
    """,
    "it": """
        Dove è il mio pacco?
        non ho ancora ricevuto l'ordine
        vorrei un rimborso
        Buongiorno, la fattura è sbagliata
        come posso cambiare indirizzo
        il prodotto è rotto
    """,
    "nl": """
        Mijn pakket is nog niet aangekomen
        Waar is mijn bestelling?
        ik wil graag mijn geld terug
        hoe kan ik mijn wachtwoord wijzigen
        de factuur klopt niet
    """,
    "pt": """
        Não recebi a minha encomenda
        onde está o meu pedido?
        quero um reembolso por favor
        como posso alterar a senha
    """,
    "pl": """
        Dzień dobry, gdzie jest moja paczka
        nie otrzymałem zamówienia
        proszę o zwrot pieniędzy
    """,
    "sv": """
        Hej, var är min beställning?
        jag har inte fått mitt paket
    """,
    "tr": """
        Siparişim nerede
        kargom hala gelmedi
    """,
    "ru": """
        Где мой заказ?
        я не получил посылку
    """,
    "ar": """
        أين طلبي
        لم يصل الطرد بعد
    """,
}
PAIRS = [(code, line.strip()) for code, lines in CASES.items() for line in lines.strip().split("\n")]

UNCLEAR = [
    "", "   \n", "😀😀", "12345", "??!!", "4471-22", "ok", "sdfkj sdkfjh skdjfh ksjdhf kjsdhf", "https://shop.example/a/b",
    "anna@example.com", "[NAME_1] [ORDER_2]", "xxxxx", "<div></div>",
]  # fmt: skip


def test_there_are_a_hundred_and_twenty_cases_and_all_are_right():
    wrong = [(code, text, detect(text)) for code, text in PAIRS if detect(text)[0] != code]
    assert (len(PAIRS) >= 120, wrong) == (True, [])


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_has_no_language_is_none(text: str):
    assert detect(text)[0] is None


def test_a_text_half_french_half_english_is_none():
    french = "Bonjour, je n'ai pas reçu mon colis et je voudrais un remboursement."
    english = "I have been waiting for two weeks and nobody answers my mail."
    assert detect(f"{french} {english}") == (None, 0.0)


def test_a_greeting_in_another_language_does_not_make_a_text_mixed():
    assert detect("Bonjour, where is my order? I have been waiting for two weeks")[0] == "en"
    assert detect("Hello, je n'ai toujours pas reçu ma commande")[0] == "fr"


def test_an_english_product_name_does_not_hide_french():
    assert detect("mon Smart Home Speaker Pro ne se connecte pas")[0] == "fr"


@pytest.mark.parametrize(
    ("text", "code"),
    [("注文はどこですか", "ja"), ("我的订单在哪里", "zh"), ("주문이 어디에 있나요", "ko"), ("איפה ההזמנה שלי", "he")],
)
def test_a_script_that_one_language_owns_decides(text: str, code: str):
    assert detect(text) == (code, 0.99)


def test_confidence_is_a_share_of_one_and_grows_with_evidence():
    short, long = detect("hi")[1], detect("hi, where is my order? I have been waiting for a week")[1]
    assert 0 < short < long <= 1


def test_tokens_links_and_addresses_do_not_count_as_words():
    assert detect("[NAME_1] https://example.com/the/order/is/here marie@example.fr jai pa recu mon colis")[0] == "fr"


def test_only_the_start_is_read():
    assert detect("je n'ai pas reçu mon colis. " * (READ // 28 + 1) + "where is my order " * 100_000)[0] == "fr"


def test_lone_surrogates_do_not_stop_it():
    assert detect("\ud800 hello where is it \udfff")[0] == "en"


def test_first_calls_at_once_agree():
    answers: list[str | None] = []
    threads = [threading.Thread(target=lambda: answers.append(detect("je veux un remboursement")[0])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["fr"] * 4


HOME = ("en", "fr")
SHORT = [json.loads(line) for line in (CASES_FOLDER / "triage/language.jsonl").read_text(encoding="utf-8").splitlines()]


def test_nearly_all_short_tickets_have_their_language_where_the_tenants_are_known():
    right = sum(detect(row["text"], likely=HOME)[0] == row["lang"] for row in SHORT)
    assert (len(SHORT) >= 600, right / len(SHORT) >= 0.975) == (True, True)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Is an instant transfer free?", "en"), ("refund pls", "en"), ("card declined", "en"),
        ("carte refusée", "fr"), ("broken zip", "en"), ("zip cassé", "fr"), ("wrong size", "en"), ("sans réponse", "fr"),
    ],
)  # fmt: skip
def test_few_words_are_read_in_a_tenants_own_language(text: str, language: str):
    assert detect(text, likely=HOME)[0] == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Die Lieferung ist nicht da", "de"), ("¿Dónde está mi pedido?", "es"), ("waar is mijn pakket", "nl"),
        ("Dov'è il mio ordine?", "it"), ("Wo ist mein Paket", "de"), ("注文はどこですか", "ja"), ("где мой заказ", "ru"),
    ],
)  # fmt: skip
def test_another_language_stays_what_it_is(text: str, language: str):
    assert detect(text, likely=HOME)[0] == language


@pytest.mark.parametrize("text", ["asdf qwer", "Miten saan rahat takaisin", "qwxz", "😀", "", "12345", "@@@ ###"])
def test_what_nobody_can_read_is_still_nobodys(text: str):
    assert detect(text, likely=HOME)[0] is None


def test_without_a_tenants_languages_all_is_as_before():
    assert [detect(row["text"]) for row in SHORT[:60]] == [detect(row["text"], likely=()) for row in SHORT[:60]]
