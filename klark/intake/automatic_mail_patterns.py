"""Patterns of what a machine's mail says, in English, French, German and Spanish. They match folded text."""

import re
from collections.abc import Sequence

Signs = Sequence[tuple[int, re.Pattern[str]]]


def _signs(weight: int, *patterns: str) -> list[tuple[int, re.Pattern[str]]]:
    return [(weight, re.compile(pattern, re.MULTILINE)) for pattern in patterns]


ROBOT_SENDER = re.compile(
    r"^(?:no-?_?\.?reply|do-?not-?reply|ne-?pas-?repondre|pas-?de-?reponse|nicht-?antworten|no-?responder"
    r"|no-?contestar"
    r"|auto-?reply|autoresponder|automailer|notifications?|bounces?)(?:[+._-][^@]*)?@"
)
DAEMON = re.compile(r"^(?:mailer-?daemon|postmaster|mail-?delivery(?:-subsystem)?|mdaemon)(?:[+._-][^@]*)?@")

AUTO_SUBJECT = re.compile(
    r"^(?:(?:re|aw|tr|fw|fwd|rv|wg)\s?:\s*)*\[?(?:automatic (?:reply|response)|auto(?:matic)?[ -]?(?:reply"
    r"|response|responder)"
    r"|out[ -]of[ -](?:the )?office(?: auto[ -]?reply| reply)?|ooo|on (?:vacation|holiday|leave)"
    r"|vacation (?:reply|notice)"
    r"|reponse automatique(?: d'absence)?|message (?:automatique )?d'absence|absence du bureau|absent(?:e)? du bureau"
    r"|notification d'absence|automatische (?:antwort|ruckantwort)|abwesenheits(?:notiz|nachricht|meldung|assistent)?"
    r"|abwesend(?:heit)?|nicht im buro|respuesta automatica|fuera de (?:la )?oficina|ausencia"
    r"|ausente)\]?\s*(?::|$|-|\(|\|)"
)
AUTO_SAID = _signs(
    4,
    # The mail says so of itself at the start of a sentence: a customer who quotes it does so within one.
    r"(?:^|[.!*]\s*)(?:this (?:is|was) an? (?:auto(?:mated|matic|generated)"
    r"|automatically generated)[ -]?(?:e-?mail|message|reply|response)?"
    r"|(?:ceci|cet e-?mail|ce (?:message|mail|courriel)) (?:est|a ete) (?:un[e]? )?(?:(?:message|reponse|mail"
    r"|e-?mail|courriel|notification) "
    r"(?:automatique|genere)|genere[e]? automatiquement|envoye[e]? automatiquement)"
    r"|reponse automatique\s?:|(?:dies|das) ist eine automati\w+ |diese (?:e-?mail|nachricht) wurde automatisch"
    r"|(?:este|esta) (?:es un[a]? )?(?:mensaje|respuesta|correo) (?:automatic|ha sido generad|se ha generado)\w*)",
)
ABSENT = _signs(
    2,
    r"\b(?:i am|i'm|i will be|i'll be) (?:currently |presently |now |away )*(?:out of (?:the )?office"
    r"|on (?:annual |sick |parental |maternity )?leave|on vacation|on holiday)\b",
    r"\bje (?:suis|serai) (?:actuellement |en ce moment |presentement )?(?:absente?|en conges?|hors du bureau"
    r"|en deplacement|en vacances|en arret)\b",
    r"\b(?:ich bin|ich befinde mich) (?:derzeit|zurzeit|zur zeit|momentan|aktuell|vom|bis|ab"
    r"|am)?[^\n]{0,50}(?:nicht im (?:buro|haus)|abwesend|im urlaub|ausser haus)\b",
    r"\b(?:estoy|estare|me encuentro) (?:actualmente |de )?(?:fuera de (?:la|mi) oficina|de vacaciones"
    r"|vacaciones|ausente)\b",
    r"\b(?:notre|nos|le|les) (?:bureaux?|service|cabinet|magasin)[^.\n]{0,40}(?:ferme"
    r"|sera ferme)[^.\n]{0,60}(?:jusqu|du \d|inclus)",
)
ABSENT_MORE = _signs(
    1,
    r"\b(?:i will|i'll) (?:be back|return|respond|reply|get back)[^.\n]{0,60}(?:return|on|when|upon|as soon"
    r"|the \d|monday|after)",
    r"\b(?:limited|no|without|intermittent) access to (?:my )?(?:e-?mails?|messages|phone)\b",
    r"\b(?:for|in case of) (?:any )?(?:urgent|emergenc|immediate)\w*[^.\n]{0,60}(?:contact|call|reach|e-?mail|write)",
    r"\b(?:back in the office|returning (?:on|to)|return to the office|until (?:monday|tuesday|wednesday"
    r"|thursday|friday|the \d|\d|\w+ \d))",
    r"\b(?:des|a) mon retour\b|\bje (?:vous )?repondrai\b|\b(?:je serai|de retour|mon retour"
    r"|je reviens)\b[^.\n]{0,40}(?:retour|le \d|lundi|mardi|mercredi|jeudi|vendredi|traiter|repondr|reponse"
    r"|\d/\d)",
    r"\b(?:acces limite|(?:pas|sans|peu)[^.\n]{0,20}(?:acces|consult\w+))[^.\n]{0,20}(?:mails?|messagerie"
    r"|e-?mails?|courriels?|boite)",
    r"\b(?:en cas d'urgence|pour toute (?:urgence|demande urgente|question urgente)|si (?:c'est"
    r"|votre demande est) urgente?)\b[^.\n]{0,60}(?:contact|joindre|appel|adress|ecri)",
    r"\b(?:jusqu'au|du) (?:\w+ )?\d{1,2}\b[^.\n]{0,30}",
    r"\b(?:merci de|veuillez|vous pouvez) (?:contacter|vous adresser|joindre)\b",
    r"\b(?:in dringenden fallen|bei dringenden|wenden sie sich|vertretung|wieder (?:im buro|erreichbar|da)"
    r"|zuruck|ruckkehr|weitergeleitet|beantworten)\b",
    r"\b(?:en caso de urgencia|para (?:asuntos|temas) urgentes|regresare|volvere|de vuelta|a mi (?:regreso"
    r"|vuelta)|acceso limitado|hasta el)\b",
)
RECEIPT = _signs(
    2,
    r"\b(?:thank you for (?:contacting|your (?:e-?mail|message|inquiry|enquiry|request))"
    r"|we have received your (?:e-?mail|message|request|ticket|inquiry|enquiry))",
    r"\b(?:nous avons bien (?:recu|pris en compte)|votre (?:message|demande|mail|e-?mail"
    r"|ticket)[^.\n]{0,40}(?:a bien ete|est bien) (?:recue?|enregistree?|transmise?|prise? en compte))",
    r"\b(?:vielen dank fur ihre (?:nachricht|anfrage|e-?mail)|wir haben ihre (?:nachricht|anfrage|e-?mail) erhalten)",
    r"\b(?:gracias por (?:contactar|su (?:mensaje|correo|consulta))|hemos recibido su (?:mensaje|solicitud"
    r"|consulta|correo))",
)
RECEIPT_MORE = _signs(
    2,
    r"\b(?:we|our team|a member of our team|someone|an agent)(?: will| shall|'ll| aims? to"
    r"| try to)[^.\n]{0,40}(?:respond|reply|get back|be in touch|review|answer)",
    r"\b(?:do not|don't|please do not|no need to) (?:reply|respond)\b",
    r"\b(?:ticket|case|reference|request|dossier|demande|numero|vorgang\w*|ticketnummer"
    r"|solicitud)\b[^.\n]{0,30}(?:#|n.|number|numero|:)\s?\w*\d",
    r"\b(?:nous|notre equipe|un conseiller|un de nos \w+)[^.\n]{0,40}(?:repondr(?:ons|a)|reviendr(?:ons|a)"
    r"|traiter(?:ons|a)|recontacter(?:ons|a)|mettons tout en)",
    r"\b(?:merci de )?ne pas (?:y )?repondre (?:a|directement)",
    r"\b(?:wir (?:werden|melden)|unser team)[^.\n]{0,60}(?:bearbeit|antwort|melden|bei ihnen)",
    r"\b(?:bitte )?(?:antworten sie nicht|nicht auf diese)\b",
    r"\b(?:le (?:responderemos|contestaremos)|nos pondremos en contacto|no responda)\b",
)
BOUNCE_SUBJECT = re.compile(
    r"^(?:undeliver(?:able|ed)(?: mail| message|\s?:|$)|mail delivery (?:failed|failure|subsystem|system)"
    r"|delivery (?:status notification|failure|has failed|incomplete)"
    r"|returned mail|failure notice|message (?:not delivered|undeliverable)|non remis ?:"
    r"|echec (?:de (?:la )?)?(?:remise|distribution|envoi)"
    r"|(?:message|courrier) non (?:remis|distribue)|notification d'etat de remise|unzustellbar"
    r"|zustellung fehlgeschlagen|nicht zustellbar"
    r"|mail-?zustellung|no se pudo entregar|no se puede entregar|no entregado ?:|correo (?:devuelto"
    r"|no entregado)|error de entrega)"
)
BOUNCED = _signs(
    1,
    r"\b5\d\d[ -]5\.\d\.\d{1,3}\b|\bstatus: 5\.\d\.\d|\b[45]\.\d\.\d{1,3}\b",
    r"\bdiagnostic-code|\bfinal-recipient|\breporting-mta|\bremote (?:host|server) (?:said|returned)",
    r"\b(?:could not be|couldn't be|was not|wasn't|has not been|unable to be) delivered\b"
    r"|\bdelivery (?:has )?failed\b|\bunable to deliver\b",
    r"\b(?:user|recipient|address|mailbox|adresse|boite) (?:unknown|rejected|not found|unavailable|introuvable"
    r"|inconnue?)\b|\bdoes not exist\b|\b(?:mailbox|boite)[^.\n]{0,20} (?:full|pleine)\b",
    r"\b(?:n'a pas pu etre|n'a pu etre|n'ont pas pu etre) (?:remis|distribue|delivre|envoye)"
    r"|\bechec de la remise|\bn'a pas ete (?:remis|distribue)",
    r"\b(?:konnte nicht|konnten nicht)[^.\n]{0,40}zugestellt|\bnicht zugestellt|\bempfanger (?:unbekannt"
    r"|nicht gefunden)",
    r"\b(?:no (?:se )?pudo (?:ser |se )?entreg|no ha podido (?:ser )?entreg|no se ha podido entreg|no existe)",
    r"\bmail(?: delivery)? (?:system|subsystem)|\bmailer-daemon|\bpostmaster\b"
    r"|\bthis message was created automatically by mail delivery",
    r"\bthe following (?:address|recipient|message)|\b(?:destinataires? suivants?|adresse introuvable"
    r"|folgende[nr]? empfanger|destinatarios? siguientes?)",
)
NEWSLETTER = _signs(
    2,
    r"\b(?:view (?:this (?:e-?mail|message) )?in (?:your |a )?browser|voir (?:ce message |cet e-?mail "
    r"|la version )?(?:en ligne|dans (?:votre|le) navigateur)|im browser (?:ansehen|anzeigen)"
    r"|ver en (?:el )?navegador)",
    r"\b(?:unsubscribe (?:here|from this (?:list|newsletter)|at any time)|to unsubscribe"
    r"|manage (?:your )?(?:e-?mail )?preferences|se desabonner|me desinscrire|se desinscrire|desinscription"
    r"|vous desabonner|vous desinscrire|abbestellen|abmelden|darse de baja|cancelar (?:la )?suscripcion)",
    r"\b(?:you (?:are receiving|received) this (?:e-?mail|message|newsletter) because"
    r"|vous recevez (?:cet? (?:e-?mail|mail|message|newsletter)|cette) \w*|sie erhalten diese (?:e-?mail"
    r"|nachricht)|recibe este (?:correo|mensaje))",
)
# What customers write about, and automatic replies do not.
CONCERN = re.compile(
    r"\b(?:i (?:want|need|would like)|je (?:veux|voudrais|souhaite)|j'ai besoin|livr(?:er|aison|e|ez)|colis"
    r"|commande|rembours\w+|factur\w+|abonnement|compte|panne|marche pas|fonctionne pas|retour (?:de|du|d'un)"
    r"|voisin\w*|rendez-vous|rdv"
    r"|deliver(?:y|ed)?|parcel|package|orders?|refund\w*|invoice|subscription|account|doesn't work|not working"
    r"|broken|neighbou?r|appointment|resched\w+"
    r"|paket|bestellung|lieferung|rechnung|konto|ersatz|pedido|paquete|entrega|factura|cuenta|reembolso)\b"
)

DECLARATIONS: Sequence[tuple[str, re.Pattern[str]]] = (
    ("auto-submitted", re.compile(r"^(?!no\b).")),
    ("x-auto-response-suppress", re.compile(r"\b(?:all|autoreply)\b")),
    # "list" is left out: a shared mailbox that is a Google group adds it to every customer's mail.
    ("precedence", re.compile(r"^(?:bulk|junk|auto_reply)")),
    ("x-autoreply", re.compile(r"^(?!no\b)")),
    ("x-autorespond", re.compile(r"^(?!no\b)")),
    ("x-autoresponder", re.compile(r"^(?!no\b)")),
    ("x-mail-autoreply", re.compile(r"^(?!no\b)")),
    ("return-path", re.compile(r"^<>$")),
)
