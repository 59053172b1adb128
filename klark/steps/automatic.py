"""Whether a mail was written by a machine: an auto-reply, a bounce, a newsletter. English, French, German, Spanish.

An ordinary customer's ticket must never be dropped. So every sign has a weight, a question or a customer's own concern
raises the bar, and headers that support mailboxes add by themselves (mailing lists) prove nothing.
"""

import re
from collections.abc import Mapping, Sequence

from guardrails.words import fold
from klark.steps.reasons import Reason

READ = 4000
"""Characters of a body that are looked at."""
Signs = Sequence[tuple[int, re.Pattern[str]]]


def _signs(weight: int, *patterns: str) -> list[tuple[int, re.Pattern[str]]]:
    return [(weight, re.compile(pattern, re.MULTILINE)) for pattern in patterns]


# Patterns read folded text: lower case, no accents, straight apostrophes.
_ROBOT_SENDER = re.compile(
    r"^(?:no-?_?\.?reply|do-?not-?reply|ne-?pas-?repondre|pas-?de-?reponse|nicht-?antworten|no-?responder|no-?contestar"
    r"|auto-?reply|autoresponder|automailer|notifications?|bounces?)(?:[+._-][^@]*)?@"
)
_DAEMON = re.compile(r"^(?:mailer-?daemon|postmaster|mail-?delivery(?:-subsystem)?|mdaemon)(?:[+._-][^@]*)?@")

_AUTO_SUBJECT = re.compile(
    r"^(?:(?:re|aw|tr|fw|fwd|rv|wg)\s?:\s*)*\[?(?:automatic (?:reply|response)|auto(?:matic)?[ -]?(?:reply|response|responder)"
    r"|out[ -]of[ -](?:the )?office(?: auto[ -]?reply| reply)?|ooo|on (?:vacation|holiday|leave)|vacation (?:reply|notice)"
    r"|reponse automatique(?: d'absence)?|message (?:automatique )?d'absence|absence du bureau|absent(?:e)? du bureau"
    r"|notification d'absence|automatische (?:antwort|ruckantwort)|abwesenheits(?:notiz|nachricht|meldung|assistent)?"
    r"|abwesend(?:heit)?|nicht im buro|respuesta automatica|fuera de (?:la )?oficina|ausencia|ausente)\]?\s*(?::|$|-|\(|\|)"
)
_AUTO_SAID = _signs(
    4,
    # It speaks of itself, at the start of a sentence: a customer who quotes it does so within one.
    r"(?:^|[.!*]\s*)(?:this (?:is|was) an? (?:auto(?:mated|matic|generated)|automatically generated)[ -]?(?:e-?mail|message|reply|response)?"
    r"|(?:ceci|cet e-?mail|ce (?:message|mail|courriel)) (?:est|a ete) (?:un[e]? )?(?:(?:message|reponse|mail|e-?mail|courriel|notification) "
    r"(?:automatique|genere)|genere[e]? automatiquement|envoye[e]? automatiquement)"
    r"|reponse automatique\s?:|(?:dies|das) ist eine automati\w+ |diese (?:e-?mail|nachricht) wurde automatisch"
    r"|(?:este|esta) (?:es un[a]? )?(?:mensaje|respuesta|correo) (?:automatic|ha sido generad|se ha generado)\w*)",
)
_ABSENT = _signs(
    2,
    r"\b(?:i am|i'm|i will be|i'll be) (?:currently |presently |now |away )*(?:out of (?:the )?office|on (?:annual |sick |parental |maternity )?leave|on vacation|on holiday)\b",
    r"\bje (?:suis|serai) (?:actuellement |en ce moment |presentement )?(?:absente?|en conges?|hors du bureau|en deplacement|en vacances|en arret)\b",
    r"\b(?:ich bin|ich befinde mich) (?:derzeit|zurzeit|zur zeit|momentan|aktuell|vom|bis|ab|am)?[^.\n]{0,50}(?:nicht im (?:buro|haus)|abwesend|im urlaub|ausser haus)\b",
    r"\b(?:estoy|estare|me encuentro) (?:actualmente |de )?(?:fuera de (?:la|mi) oficina|de vacaciones|vacaciones|ausente)\b",
    r"\b(?:notre|nos|le|les) (?:bureaux?|service|cabinet|magasin)[^.\n]{0,40}(?:ferme|sera ferme)[^.\n]{0,60}(?:jusqu|du \d|inclus)",
)
_ABSENT_MORE = _signs(
    1,
    r"\b(?:i will|i'll) (?:be back|return|respond|reply|get back)[^.\n]{0,60}(?:return|on|when|upon|as soon|the \d|monday|after)",
    r"\b(?:limited|no|without|intermittent) access to (?:my )?(?:e-?mails?|messages|phone)\b",
    r"\b(?:for|in case of) (?:any )?(?:urgent|emergenc|immediate)\w*[^.\n]{0,60}(?:contact|call|reach|e-?mail|write)",
    r"\b(?:back in the office|returning (?:on|to)|return to the office|until (?:monday|tuesday|wednesday|thursday|friday|the \d|\d|\w+ \d))",
    r"\b(?:je serai|de retour|mon retour|a mon retour|je reviens)\b[^.\n]{0,40}(?:retour|le \d|lundi|mardi|mercredi|jeudi|vendredi|traiter|repondr|reponse|\d/\d)",
    r"\b(?:pas|sans|peu|acces limite)[^.\n]{0,20}(?:acces|consult\w+)[^.\n]{0,20}(?:mails?|messagerie|e-?mails?|courriels?|boite)",
    r"\b(?:en cas d'urgence|pour toute (?:urgence|demande urgente|question urgente)|si (?:c'est|votre demande est) urgente?)\b[^.\n]{0,60}(?:contact|joindre|appel|adress|ecri)",
    r"\b(?:jusqu'au|du) (?:\w+ )?\d{1,2}\b[^.\n]{0,30}",
    r"\b(?:merci de|veuillez|vous pouvez) (?:contacter|vous adresser|joindre)\b",
    r"\b(?:in dringenden fallen|bei dringenden|wenden sie sich|vertretung|wieder (?:im buro|erreichbar|da)|zuruck|ruckkehr|weitergeleitet|beantworten)\b",
    r"\b(?:en caso de urgencia|para (?:asuntos|temas) urgentes|regresare|volvere|de vuelta|a mi (?:regreso|vuelta)|acceso limitado|hasta el)\b",
)
_RECEIPT = _signs(
    2,
    r"\b(?:thank you for (?:contacting|your (?:e-?mail|message|inquiry|enquiry|request))|we have received your (?:e-?mail|message|request|ticket|inquiry|enquiry))",
    r"\b(?:nous avons bien (?:recu|pris en compte)|votre (?:message|demande|mail|e-?mail|ticket)[^.\n]{0,40}(?:a bien ete|est bien) (?:recue?|enregistree?|transmise?|prise? en compte))",
    r"\b(?:vielen dank fur ihre (?:nachricht|anfrage|e-?mail)|wir haben ihre (?:nachricht|anfrage|e-?mail) erhalten)",
    r"\b(?:gracias por (?:contactar|su (?:mensaje|correo|consulta))|hemos recibido su (?:mensaje|solicitud|consulta|correo))",
)
_RECEIPT_MORE = _signs(
    2,
    r"\b(?:we|our team|a member of our team|someone|an agent)(?: will| shall|'ll| aims? to| try to)[^.\n]{0,40}(?:respond|reply|get back|be in touch|review|answer)",
    r"\b(?:do not|don't|please do not|no need to) (?:reply|respond)\b",
    r"\b(?:ticket|case|reference|request|dossier|demande|numero|vorgang\w*|ticketnummer|solicitud)\b[^.\n]{0,30}(?:#|n.|number|numero|:)\s?\w*\d",
    r"\b(?:nous|notre equipe|un conseiller|un de nos \w+)[^.\n]{0,40}(?:repondr(?:ons|a)|reviendr(?:ons|a)|traiter(?:ons|a)|recontacter(?:ons|a)|mettons tout en)",
    r"\b(?:merci de )?ne pas (?:y )?repondre (?:a|directement)",
    r"\b(?:wir (?:werden|melden)|unser team)[^.\n]{0,60}(?:bearbeit|antwort|melden|bei ihnen)",
    r"\b(?:bitte )?(?:antworten sie nicht|nicht auf diese)\b",
    r"\b(?:le (?:responderemos|contestaremos)|nos pondremos en contacto|no responda)\b",
)
_BOUNCE_SUBJECT = re.compile(
    r"^(?:undeliver(?:able|ed)(?: mail returned to sender)?\b|mail delivery (?:failed|failure|subsystem|system)|delivery (?:status notification|failure|has failed|incomplete)"
    r"|returned mail|failure notice|message (?:not delivered|undeliverable)|non remis ?:|echec (?:de (?:la )?)?(?:remise|distribution|envoi)"
    r"|(?:message|courrier) non (?:remis|distribue)|notification d'etat de remise|unzustellbar|zustellung fehlgeschlagen|nicht zustellbar"
    r"|mail-?zustellung|no se pudo entregar|no se puede entregar|no entregado ?:|correo (?:devuelto|no entregado)|error de entrega)"
)
_BOUNCED = _signs(
    1,
    r"\b5\d\d[ -]5\.\d\.\d{1,3}\b|\bstatus: 5\.\d\.\d|\b[45]\.\d\.\d{1,3}\b",
    r"\bdiagnostic-code|\bfinal-recipient|\breporting-mta|\bremote (?:host|server) (?:said|returned)",
    r"\b(?:could not be|couldn't be|was not|wasn't|has not been|unable to be) delivered\b|\bdelivery (?:has )?failed\b|\bunable to deliver\b",
    r"\b(?:user|recipient|address|mailbox|adresse|boite) (?:unknown|rejected|not found|unavailable|full|pleine|introuvable|inconnue?)\b|\bdoes not exist\b",
    r"\b(?:n'a pas pu etre|n'a pu etre|n'ont pas pu etre) (?:remis|distribue|delivre|envoye)|\bechec de la remise|\bn'a pas ete (?:remis|distribue)",
    r"\b(?:konnte nicht|konnten nicht)[^.\n]{0,40}zugestellt|\bnicht zugestellt|\bempfanger (?:unbekannt|nicht gefunden)",
    r"\b(?:no (?:se )?pudo (?:ser |se )?entreg|no ha podido (?:ser )?entreg|no se ha podido entreg|no existe)",
    r"\bmail(?: delivery)? (?:system|subsystem)|\bmailer-daemon|\bpostmaster\b|\bthis message was created automatically by mail delivery",
    r"\bthe following (?:address|recipient|message)|\b(?:destinataires? suivants?|adresse introuvable|folgende[nr]? empfanger|destinatarios? siguientes?)",
)
_NEWSLETTER = _signs(
    2,
    r"\b(?:view (?:this (?:e-?mail|message) )?in (?:your |a )?browser|voir (?:ce message |cet e-?mail |la version )?(?:en ligne|dans (?:votre|le) navigateur)|im browser (?:ansehen|anzeigen)|ver en (?:el )?navegador)",
    r"\b(?:unsubscribe (?:here|from this (?:list|newsletter)|at any time)|to unsubscribe|manage (?:your )?(?:e-?mail )?preferences|se desabonner|me desinscrire|se desinscrire|desinscription|vous desabonner|vous desinscrire|abbestellen|abmelden|darse de baja|cancelar (?:la )?suscripcion)",
    r"\b(?:you (?:are receiving|received) this (?:e-?mail|message|newsletter) because|vous recevez (?:cet? (?:e-?mail|mail|message|newsletter)|cette) \w*|sie erhalten diese (?:e-?mail|nachricht)|recibe este (?:correo|mensaje))",
)
# What a customer speaks of and a machine that answers does not.
_CONCERN = re.compile(
    r"\b(?:livr(?:er|aison|e|ez)|colis|commande|rembours\w+|factur\w+|abonnement|compte|panne|marche pas|fonctionne pas|retour (?:de|du|d'un)|voisin\w*|rendez-vous|rdv"
    r"|deliver(?:y|ed)?|parcel|package|orders?|refund\w*|invoice|subscription|account|doesn't work|not working|broken|neighbou?r|appointment|resched\w+"
    r"|paket|bestellung|lieferung|rechnung|konto|ersatz|pedido|paquete|entrega|factura|cuenta|reembolso)\b"
)


def machine(sender: str, subject: str, text: str, headers: Mapping[str, str]) -> tuple[Reason, str] | None:
    """Why a comment is a machine's, and the words that show it; `None` for a person's. `text` is what was written."""
    subject, body = fold(subject).strip(), fold(text[:READ])
    return (
        _bounce(fold(sender), subject, body, headers)
        or _declared(headers)
        or _named(fold(sender))
        or _auto_reply(subject, body)
        or _newsletter(body, headers)
    )


def _lowered(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): str(value).strip().lower() for name, value in headers.items()}


def _declared(headers: Mapping[str, str]) -> tuple[Reason, str] | None:
    """RFC 3834 and what mail programs write instead of it."""
    given = _lowered(headers)
    for name, robot in _DECLARATIONS:
        value = given.get(name)
        if value is not None and robot.search(value):
            return Reason.AUTO_REPLY, f"{name}: {value}"[:200]
    return None


_DECLARATIONS: Sequence[tuple[str, re.Pattern[str]]] = (
    ("auto-submitted", re.compile(r"^(?!no\b).")),
    ("x-auto-response-suppress", re.compile(r"\b(?:all|autoreply)\b")),
    # "list" is not here: a shared mailbox that is a Google group adds it to every customer's mail.
    ("precedence", re.compile(r"^(?:bulk|junk|auto_reply)")),
    ("x-autoreply", re.compile(r"^(?!no\b)")),
    ("x-autorespond", re.compile(r"^(?!no\b)")),
    ("x-autoresponder", re.compile(r"^(?!no\b)")),
    ("x-mail-autoreply", re.compile(r"^(?!no\b)")),
    ("return-path", re.compile(r"^<>$")),
)


def _named(sender: str) -> tuple[Reason, str] | None:
    return (Reason.AUTO_REPLY, sender) if _ROBOT_SENDER.match(sender) else None


def _bounce(sender: str, subject: str, body: str, headers: Mapping[str, str]) -> tuple[Reason, str] | None:
    given = _lowered(headers)
    if "x-failed-recipients" in given or "report-type=delivery-status" in given.get("content-type", ""):
        return Reason.BOUNCE, "delivery report"
    if _DAEMON.match(sender):
        return Reason.BOUNCE, sender
    titled = _BOUNCE_SUBJECT.match(subject)
    weight, words = _weigh(_BOUNCED, body)
    if titled and weight:
        return Reason.BOUNCE, titled.group()
    return (Reason.BOUNCE, words) if weight >= 3 else None


def _auto_reply(subject: str, body: str) -> tuple[Reason, str] | None:
    titled = _AUTO_SUBJECT.match(subject)
    weight, words = max(_pair(body, *signs) for signs in _KINDS)
    concerned = "?" in body or bool(_CONCERN.search(body))
    if titled and (weight or not concerned):
        return Reason.AUTO_REPLY, titled.group().strip()
    return (Reason.AUTO_REPLY, words) if weight >= (_BAR_WITH_CONCERN if concerned else _BAR) else None


_BAR, _BAR_WITH_CONCERN = 3, 6
_KINDS = ((_AUTO_SAID, _RECEIPT_MORE), (_ABSENT, _ABSENT_MORE), (_RECEIPT, _RECEIPT_MORE))


def _pair(body: str, main: Signs, more: Signs) -> tuple[int, str]:
    """The weight of the main signs and, where there is one, of what usually goes with it."""
    weight, words = _weigh(main, body)
    return (weight + _weigh(more, body)[0], words) if weight else (0, "")


def _newsletter(body: str, headers: Mapping[str, str]) -> tuple[Reason, str] | None:
    weight, words = _weigh(_NEWSLETTER, body)
    listed = "list-unsubscribe" in _lowered(headers)
    if weight >= 4 or (listed and weight):
        return Reason.NOT_A_TICKET, words
    return None


def _weigh(signs: Signs, text: str) -> tuple[int, str]:
    """The sum of the weights of the signs found, and the first one's words."""
    found = [(weight, match.group().strip()) for weight, sign in signs if (match := sign.search(text))]
    return sum(weight for weight, _ in found), (found[0][1] if found else "")
