"""What gives a machine's mail away: senders, subjects, headers and phrases in four languages; and what a person writes that
looks like it."""

import re
from collections.abc import Sequence

import pytest

from guardrails.text.words import fold
from klark.intake.automatic_mail_patterns import (
    ABSENT,
    ABSENT_MORE,
    AUTO_SAID,
    AUTO_SUBJECT,
    BOUNCE_SUBJECT,
    BOUNCED,
    CONCERN,
    DAEMON,
    DECLARATIONS,
    NEWSLETTER,
    RECEIPT,
    RECEIPT_MORE,
    ROBOT_SENDER,
    Signs,
)

BEGINS: dict[str, tuple[re.Pattern[str], tuple[str, ...], tuple[str, ...]]] = {
    "a robot's address": (
        ROBOT_SENDER,
        ("noreply@a.example", "no-reply@a.example", "no_reply@a.example", "no.reply@a.example", "donotreply@a.example",
         "do-not-reply@a.example", "ne-pas-repondre@a.example", "nepasrepondre@a.example", "nicht-antworten@a.example",
         "no-responder@a.example", "autoreply@a.example", "notifications@a.example", "bounces+17@a.example",
         "noreply-shop@a.example"),
        ("ann@a.example", "noreen@a.example", "replyall@a.example", "notify.me@a.example", "mynoreply@a.example",
         "ann.noreply@a.example", "bouncer@a.example", ""),
    ),
    "a mail server's address": (
        DAEMON,
        ("mailer-daemon@a.example", "MAILER-DAEMON@a.example", "postmaster@a.example", "mail-delivery-subsystem@a.example",
         "mdaemon@a.example", "postmaster+7@a.example"),
        ("postman@a.example", "master@a.example", "daemon@a.example", "the.postmaster@a.example"),
    ),
    "an auto-reply's subject": (
        AUTO_SUBJECT,
        ("Automatic reply: Your order", "Auto-reply", "Autoreply: x", "Re: Automatic reply: x",
         "Out of office", "Out of the office: until Monday", "OOO - Ann", "On vacation", "Réponse automatique : commande",
         "Réponse automatique d'absence", "Message d'absence", "Absence du bureau", "Absente du bureau (Ada)",
         "Automatische Antwort: Bestellung", "Abwesenheitsnotiz", "Abwesend", "Nicht im Büro", "Respuesta automática: pedido",
         "Fuera de la oficina", "[Out of office]"),
        ("Order 55", "Is the automatic reply broken?", "Automatic doors for sale", "Your absence", "Absence de réponse",
         "Out of office chairs in stock?", "Oooh", "Automatic reply button", "Réponse attendue"),
    ),
    "a bounce's subject": (
        BOUNCE_SUBJECT,
        ("Undeliverable: your mail", "Undelivered Mail Returned to Sender", "Mail delivery failed: returning", "Delivery failure",
         "Mail Delivery Subsystem", "Delivery Status Notification (Failure)", "Returned mail: see transcript", "Failure notice",
         "Non remis : votre message", "Échec de la remise", "Message non distribué", "Notification d'état de remise",
         "Unzustellbar: Bestellung", "Zustellung fehlgeschlagen", "No se pudo entregar", "Correo devuelto"),
        ("Delivery of my order", "My parcel is undeliverable", "Delivery failed twice", "Message for Tom", "Returned my parcel",
         "Échec du paiement", "Undelivered parcel"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BEGINS)
def test_what_begins_like(name: str) -> None:
    pattern, machines, people = BEGINS[name]
    found = {text: bool(pattern.match(fold(text).strip())) for text in (*machines, *people)}
    assert found == {**dict.fromkeys(machines, True), **dict.fromkeys(people, False)}


def weight(signs: Signs, text: str) -> int:
    """Of the signs that are found."""
    return sum(weight for weight, sign in signs if sign.search(fold(text)))


# Signs, phrases that carry one of them, and phrases of people.
SAID: dict[str, tuple[Signs, int, Sequence[str], Sequence[str]]] = {
    "it speaks of itself": (
        AUTO_SAID, 4,
        ("This is an automated message.", "This is an automatic reply", "Ceci est un message automatique",
            "This was an automatic reply",
         "Cet e-mail est une réponse automatique", "Ce message a été généré automatiquement", "Réponse automatique : absente",
         "Dies ist eine automatische Antwort", "Diese Nachricht wurde automatisch erstellt", "Este mensaje ha sido generado",
         "Hello. This is an automated e-mail"),
        ("I got a note that this is an automated message", "Is this an automatic door?", "j'ai reçu une réponse automatique",
         "I know this is an automated message"),
    ),
    "someone is away": (
        ABSENT, 2,
        ("I am out of the office until Monday", "I'm currently on annual leave", "I will be on vacation", "I am on holiday",
         "Je suis actuellement en congés", "Je serai absente", "Je suis en déplacement", "Ich bin zurzeit nicht im Büro",
         "Ich bin vom 3. bis 9. Mai im Urlaub", "Estoy de vacaciones", "Estaré fuera de la oficina",
         "Nos bureaux sont fermés jusqu'au 3 mai"),
        ("I was on holiday when it came", "My neighbour is out", "Je suis client", "Ich bin im Bad", "The office is nice"),
    ),
    "and when they are back": (
        ABSENT_MORE, 1,
        ("I will be back on Monday", "I'll respond when I return", "I have limited access to email",
            "for urgent matters, please contact Tom",
         "en cas d'urgence, contactez Léa", "Merci de contacter Léa", "in dringenden Fällen", "para asuntos urgentes"),
        ("the parcel came", "Livraison gratuite", "Mein Paket ist da"),
    ),
    "a receipt": (
        RECEIPT, 2,
        ("Thank you for contacting us", "Thank you for your message", "We have received your request",
         "Nous avons bien reçu votre demande", "Votre message a bien été enregistré", "Votre demande est bien prise en compte",
         "Vielen Dank für Ihre Nachricht", "Wir haben Ihre Anfrage erhalten", "Gracias por contactar",
         "Hemos recibido su mensaje"),
        ("Thank you for the parcel", "Have you received my request?", "J'ai bien reçu le colis", "Danke für das Paket"),
    ),
    "and what follows": (
        RECEIPT_MORE, 2,
        ("We will reply within two days", "A member of our team will get back to you", "Please do not reply",
            "Ticket number: 5512",
         "Nous vous répondrons sous 48 h", "Un conseiller reviendra vers vous", "Merci de ne pas répondre à ce mail",
         "Wir werden Ihre Anfrage bearbeiten", "Nos pondremos en contacto"),
        ("I will reply soon", "my ticket is lost", "Je répondrai demain"),
    ),
    "a newsletter": (
        NEWSLETTER, 2,
        ("View this email in your browser", "Voir ce message en ligne", "Im Browser ansehen", "Ver en el navegador",
         "To unsubscribe, click", "Unsubscribe here", "Se désabonner", "Manage your preferences", "Abmelden", "Darse de baja",
         "You are receiving this email because you asked"),
        ("I cannot view my order", "How do I stop your mails?", "Comment me connecter ?", "my browser is old"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_what_is_said_when(name: str) -> None:
    signs, each, machines, people = SAID[name]
    found = {text: weight(signs, text) for text in (*machines, *people)}
    assert {text: got for text, got in found.items() if (got >= each) != (text in machines)} == {}
    assert {found[text] for text in people} == {0}


BOUNCES = {
    "550 5.1.1 user unknown": 2, "Status: 5.2.2": 1, "Diagnostic-Code: smtp": 1, "Your message could not be delivered": 1,
    "n'a pas pu être remis": 1, "konnte nicht zugestellt werden": 1, "no se pudo entregar": 1, "This is mailer-daemon": 1,
    "The following address failed": 1, "the mailbox is full": 1, "My parcel is lost": 0, "Where is order 5512?": 0,
    "The recipient of my gift": 0,
}  # fmt: skip


def test_a_bounce_is_told_by_what_servers_write() -> None:
    assert {text: weight(BOUNCED, text) for text in BOUNCES} == BOUNCES


# Headers: name, value (small letters), whether it says that a machine wrote.
HEADERS: tuple[tuple[str, str, bool], ...] = (
    ("auto-submitted", "auto-replied", True), ("auto-submitted", "auto-generated", True), ("auto-submitted", "no", False),
    ("auto-submitted", "", False), ("x-auto-response-suppress", "all", True), ("x-auto-response-suppress", "oof, autoreply",
        True),
    ("x-auto-response-suppress", "oof", False), ("precedence", "bulk", True), ("precedence", "junk", True),
    ("precedence", "auto_reply", True), ("precedence", "list", False), ("precedence", "first-class", False),
    ("x-autoreply", "yes", True), ("x-autoreply", "no", False), ("x-autorespond", "", True), ("return-path", "<>", True),
    ("return-path", "<ann@a.example>", False),
)  # fmt: skip


def test_a_header_says_that_a_machine_wrote_or_nothing() -> None:
    signs = dict(DECLARATIONS)
    assert [(name, value, bool(signs[name].search(value))) for name, value, _ in HEADERS] == list(HEADERS)
    assert "list-id" not in signs


CONCERNS = {
    "I want my money back": True, "my order 55": True, "Je voudrais un remboursement": True, "mon colis": True,
    "ma commande": True,
    "it doesn't work": True, "der Ersatz": True, "mi pedido": True, "the sea is calm": False, "je suis absente": False,
    "back on Monday": False, "disorderly": False,
}  # fmt: skip


def test_a_customers_own_concern_is_heard() -> None:
    assert {text: bool(CONCERN.search(fold(text))) for text in CONCERNS} == CONCERNS
