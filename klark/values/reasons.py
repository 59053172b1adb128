"""Why klark decided as it did: one closed list, with titles for people in English and French.

A value is stored in the database and shown by other programs, so none is ever renamed; a title may be.
"""

from collections.abc import Mapping
from enum import StrEnum


class Reason(StrEnum):
    """The reasons: skips first, then what goes to a person, then what becomes of a draft."""

    OWN_COMMENT = "own_comment"
    AGENT_WROTE_LAST = "agent_wrote_last"
    AGENT_OPENED = "agent_opened"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    SPAM = "spam"
    THANKS_ONLY = "thanks_only"
    NO_CUSTOMER_COMMENT = "no_customer_comment"
    SOLVED = "solved"
    CLOSED = "closed"
    GONE = "gone"
    EXCLUDED_CHANNEL = "excluded_channel"
    EXCLUDED_TAG = "excluded_tag"
    EXCLUDED_SENDER = "excluded_sender"
    OLDER_THAN_CONNECTION = "older_than_connection"
    ALREADY_ANSWERED = "already_answered"
    FLOOD_TICKET = "flood_ticket"
    FLOOD_REQUESTER = "flood_requester"
    EMPTY = "empty"
    NOT_A_TICKET = "not_a_ticket"
    OVERTAKEN = "overtaken"
    NOT_FOR_US = "not_for_us"

    TRIAGE_UNAVAILABLE = "triage_unavailable"
    SENSITIVE = "sensitive"
    PERHAPS_SENSITIVE = "perhaps_sensitive"
    ASKS_FOR_HUMAN = "asks_for_human"
    NOT_ANSWERABLE = "not_answerable"
    PARTLY_ANSWERABLE = "partly_answerable"
    UNKNOWN_LANGUAGE = "unknown_language"
    UNSUPPORTED_LANGUAGE = "unsupported_language"
    TOO_LONG = "too_long"
    UNREAD_ATTACHMENT = "unread_attachment"
    BLOCKED_BY_GUARD = "blocked_by_guard"
    INJECTION = "injection"
    MODEL_FAILED = "model_failed"
    POLICY_OFF = "policy_off"
    TOPIC_STOPPED = "topic_stopped"
    LED_BY_PERSON = "led_by_person"

    NOTE_BY_POLICY = "note_by_policy"
    QUEUE_BY_POLICY = "queue_by_policy"
    NOT_YET_EARNED = "not_yet_earned"
    HELD_BY_GUARD = "held_by_guard"
    LOW_CONFIDENCE = "low_confidence"
    THIRD_PARTY_IN_COPY = "third_party_in_copy"
    CHANNEL = "channel"
    SECTIONS_ONLY = "sections_only"
    SEARCHED_BY_WORDS = "searched_by_words"
    REPAIRED = "repaired"
    BUDGET_SPENT = "budget_spent"
    READY = "ready"
    SECTIONS_BY_POLICY = "sections_by_policy"

    def title(self, language: str = "en") -> str:
        """Returns one short clause for a person: in French if that is requested, else in English."""
        english, french = TITLES[self]
        return french if language.startswith("fr") else english


TITLES: Mapping[Reason, tuple[str, str]] = {
    Reason.OWN_COMMENT: ("klark's own comment", "commentaire de klark lui-même"),
    Reason.AGENT_WROTE_LAST: ("an agent wrote last", "un agent a écrit en dernier"),
    Reason.AGENT_OPENED: (
        "opened by an agent; the customer has not written yet",
        "ouvert par un agent ; le client n'a pas encore écrit",
    ),
    Reason.AUTO_REPLY: ("an automatic mail", "un mail automatique"),
    Reason.BOUNCE: ("a mail that could not be delivered", "un mail non remis"),
    Reason.SPAM: ("spam", "indésirable"),
    Reason.THANKS_ONLY: ("only thanks, nothing asked", "un simple merci, rien n'est demandé"),
    Reason.NO_CUSTOMER_COMMENT: ("no public comment by the customer", "aucun commentaire public du client"),
    Reason.SOLVED: ("already solved", "déjà résolu"),
    Reason.CLOSED: ("closed", "clos"),
    Reason.GONE: ("deleted or merged", "supprimé ou fusionné"),
    Reason.EXCLUDED_CHANNEL: ("a channel that the policy excludes", "un canal exclu par la politique"),
    Reason.EXCLUDED_TAG: ("a tag that the policy excludes", "une étiquette exclue par la politique"),
    Reason.EXCLUDED_SENDER: ("a sender that the policy excludes", "un expéditeur exclu par la politique"),
    Reason.OLDER_THAN_CONNECTION: (
        "written before klark was connected",
        "écrit avant la connexion de klark",
    ),
    Reason.ALREADY_ANSWERED: ("this comment has been dealt with", "ce commentaire a déjà été traité"),
    Reason.FLOOD_TICKET: ("too many runs on this ticket", "trop de passages sur ce ticket"),
    Reason.FLOOD_REQUESTER: ("too many runs for this requester", "trop de passages pour ce demandeur"),
    Reason.EMPTY: ("nothing was written", "rien n'est écrit"),
    Reason.NOT_A_TICKET: ("a newsletter or a list, not a request", "une lettre d'information, pas une demande"),
    Reason.OVERTAKEN: ("a person was faster", "une personne a été plus rapide"),
    Reason.NOT_FOR_US: ("nothing for the support team to answer", "rien à quoi l'équipe doive répondre"),
    Reason.TRIAGE_UNAVAILABLE: (
        "triage unavailable: nobody has read it yet",
        "tri indisponible : personne ne l'a encore lu",
    ),
    Reason.SENSITIVE: ("a sensitive topic", "un sujet sensible"),
    Reason.PERHAPS_SENSITIVE: (
        "perhaps a sensitive topic: read the ticket before the draft",
        "peut-être un sujet sensible : lire le ticket avant le brouillon",
    ),
    Reason.ASKS_FOR_HUMAN: ("asks for a person", "demande une personne"),
    Reason.NOT_ANSWERABLE: ("the knowledge does not answer it", "la base de connaissances n'y répond pas"),
    Reason.PARTLY_ANSWERABLE: (
        "the knowledge answers only a part",
        "la base de connaissances ne répond qu'en partie",
    ),
    Reason.UNKNOWN_LANGUAGE: ("the language could not be told", "langue non reconnue"),
    Reason.UNSUPPORTED_LANGUAGE: ("a language that the policy leaves out", "une langue hors de la politique"),
    Reason.TOO_LONG: ("too long to be read whole", "trop long pour être lu en entier"),
    Reason.UNREAD_ATTACHMENT: (
        "something is attached that klark cannot read",
        "une pièce jointe que klark ne peut pas lire",
    ),
    Reason.BLOCKED_BY_GUARD: ("the draft was blocked by a check", "brouillon bloqué par un contrôle"),
    Reason.INJECTION: ("the text gives orders to a machine", "le texte donne des ordres à une machine"),
    Reason.MODEL_FAILED: ("the model gave nothing usable", "le modèle n'a rien donné d'utilisable"),
    Reason.POLICY_OFF: ("the policy leaves this topic to people", "la politique laisse ce sujet aux personnes"),
    Reason.TOPIC_STOPPED: ("this topic is stopped for now", "ce sujet est arrêté pour le moment"),
    Reason.LED_BY_PERSON: ("a person leads this ticket", "une personne suit ce ticket"),
    Reason.NOTE_BY_POLICY: ("a note, as the policy says", "une note, selon la politique"),
    Reason.QUEUE_BY_POLICY: ("waits for approval, as the policy says", "attend une approbation, selon la politique"),
    Reason.NOT_YET_EARNED: (
        "klark has not yet earned to answer this alone",
        "klark n'a pas encore gagné le droit de répondre seul",
    ),
    Reason.HELD_BY_GUARD: ("held by a check", "retenu par un contrôle"),
    Reason.LOW_CONFIDENCE: ("less sure than the policy asks", "moins sûr que la politique ne le demande"),
    Reason.THIRD_PARTY_IN_COPY: ("someone else is in copy", "un tiers est en copie"),
    Reason.CHANNEL: ("not a channel for public replies", "pas un canal pour des réponses publiques"),
    Reason.SECTIONS_ONLY: (
        "the nearest sections, which may not answer",
        "les sections les plus proches, qui ne répondent peut-être pas",
    ),
    Reason.SEARCHED_BY_WORDS: (
        "searched by words alone: the embedding model is away or still at work",
        "recherche par mots seuls : le modèle d'embedding est absent ou travaille encore",
    ),
    Reason.REPAIRED: (
        "a doubtful sentence was left out: is the rest complete?",
        "une phrase douteuse a été retirée : le reste est-il complet ?",
    ),
    Reason.BUDGET_SPENT: ("the budget is spent", "le budget est épuisé"),
    Reason.READY: ("answered and supported", "réponse prête et étayée"),
    Reason.SECTIONS_BY_POLICY: (
        "the nearest sections, unjudged, as the policy says",
        "les sections les plus proches, sans vérification, selon la politique",
    ),
}
