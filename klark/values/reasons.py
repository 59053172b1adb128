"""Why klark decided as it did: one closed list, with titles for people in English and French.

A value is stored in the database and shown by other programs, so none is ever renamed; a title may be.
"""

from enum import StrEnum
from typing import Self


class Reason(StrEnum):
    """The reasons, each with its title in English and French: skips first, then what goes to a person, then what becomes
    of a draft."""

    OWN_COMMENT = "own_comment", "klark's own comment", "commentaire de klark lui-même"
    AGENT_WROTE_LAST = "agent_wrote_last", "an agent wrote last", "un agent a écrit en dernier"
    AGENT_OPENED = (
        "agent_opened",
        "opened by an agent; the customer has not written yet",
        "ouvert par un agent ; le client n'a pas encore écrit",
    )
    AUTO_REPLY = "auto_reply", "an automatic mail", "un mail automatique"
    BOUNCE = "bounce", "a mail that could not be delivered", "un mail non remis"
    SPAM = "spam", "spam", "indésirable"
    THANKS_ONLY = "thanks_only", "only thanks, nothing asked", "un simple merci, rien n'est demandé"
    NO_CUSTOMER_COMMENT = (
        "no_customer_comment",
        "no public comment by the customer",
        "aucun commentaire public du client",
    )
    SOLVED = "solved", "already solved", "déjà résolu"
    CLOSED = "closed", "closed", "clos"
    GONE = "gone", "deleted or merged", "supprimé ou fusionné"
    EXCLUDED_CHANNEL = "excluded_channel", "a channel that the policy excludes", "un canal exclu par la politique"
    EXCLUDED_TAG = "excluded_tag", "a tag that the policy excludes", "une étiquette exclue par la politique"
    EXCLUDED_SENDER = "excluded_sender", "a sender that the policy excludes", "un expéditeur exclu par la politique"
    OLDER_THAN_CONNECTION = (
        "older_than_connection",
        "written before klark was connected",
        "écrit avant la connexion de klark",
    )
    ALREADY_ANSWERED = "already_answered", "this comment has been dealt with", "ce commentaire a déjà été traité"
    FLOOD_TICKET = "flood_ticket", "too many runs on this ticket", "trop de passages sur ce ticket"
    FLOOD_REQUESTER = "flood_requester", "too many runs for this requester", "trop de passages pour ce demandeur"
    EMPTY = "empty", "nothing was written", "rien n'est écrit"
    NOT_A_TICKET = "not_a_ticket", "a newsletter or a list, not a request", "une lettre d'information, pas une demande"
    OVERTAKEN = "overtaken", "a person was faster", "une personne a été plus rapide"
    OUTSIDE_ROLLOUT = (
        "outside_rollout",
        "outside the roll-out: klark only watches",
        "hors du déploiement : klark ne fait qu'observer",
    )
    NOT_FOR_US = "not_for_us", "nothing for the support team to answer", "rien à quoi l'équipe doive répondre"

    TRIAGE_UNAVAILABLE = (
        "triage_unavailable",
        "triage unavailable: nobody has read it yet",
        "tri indisponible\u00a0: personne ne l'a encore lu",
    )
    SENSITIVE = "sensitive", "a sensitive topic", "un sujet sensible"
    PERHAPS_SENSITIVE = (
        "perhaps_sensitive",
        "perhaps a sensitive topic: read the ticket before the draft",
        "peut-être un sujet sensible : lire le ticket avant le brouillon",
    )
    ASKS_FOR_HUMAN = "asks_for_human", "asks for a person", "demande une personne"
    NOT_ANSWERABLE = "not_answerable", "the knowledge does not answer it", "la base de connaissances n'y répond pas"
    PARTLY_ANSWERABLE = (
        "partly_answerable",
        "the knowledge answers only a part",
        "la base de connaissances ne répond qu'en partie",
    )
    UNKNOWN_LANGUAGE = "unknown_language", "the language could not be told", "langue non reconnue"
    UNSUPPORTED_LANGUAGE = (
        "unsupported_language",
        "a language that the policy leaves out",
        "une langue hors de la politique",
    )
    TOO_LONG = "too_long", "too long to be read whole", "trop long pour être lu en entier"
    UNREAD_ATTACHMENT = (
        "unread_attachment",
        "something is attached that klark cannot read",
        "une pièce jointe que klark ne peut pas lire",
    )
    BLOCKED_BY_GUARD = "blocked_by_guard", "the draft was blocked by a check", "brouillon bloqué par un contrôle"
    INJECTION = "injection", "the text gives orders to a machine", "le texte donne des ordres à une machine"
    MODEL_FAILED = "model_failed", "the model gave nothing usable", "le modèle n'a rien donné d'utilisable"
    POLICY_OFF = "policy_off", "the policy leaves this topic to people", "la politique laisse ce sujet aux personnes"
    TOPIC_STOPPED = "topic_stopped", "this topic is stopped for now", "ce sujet est arrêté pour le moment"
    LED_BY_PERSON = "led_by_person", "a person leads this ticket", "une personne suit ce ticket"

    NOTE_BY_POLICY = "note_by_policy", "a note, as the policy says", "une note, selon la politique"
    QUEUE_BY_POLICY = (
        "queue_by_policy",
        "waits for approval, as the policy says",
        "attend une approbation, selon la politique",
    )
    NOT_YET_EARNED = (
        "not_yet_earned",
        "klark has not yet earned to answer this alone",
        "klark n'a pas encore gagné le droit de répondre seul",
    )
    HELD_BY_GUARD = "held_by_guard", "held by a check", "retenu par un contrôle"
    LOW_CONFIDENCE = "low_confidence", "less sure than the policy asks", "moins sûr que la politique ne le demande"
    THIRD_PARTY_IN_COPY = "third_party_in_copy", "someone else is in copy", "un tiers est en copie"
    EXCLUDED_IN_COPY = (
        "excluded_in_copy",
        "someone in copy is, or may be, a sender that the policy excludes",
        "une personne en copie est, ou est peut-être, un expéditeur exclu par la politique",
    )
    CHANNEL = "channel", "not a channel for public replies", "pas un canal pour des réponses publiques"
    SECTIONS_ONLY = (
        "sections_only",
        "the nearest sections, which may not answer",
        "les sections les plus proches, qui ne répondent peut-être pas",
    )
    SEARCHED_BY_WORDS = (
        "searched_by_words",
        "searched by words alone: the embedding model is away or still at work",
        "recherche par mots seuls : le modèle d'embedding est absent ou travaille encore",
    )
    REPAIRED = (
        "repaired",
        "a doubtful sentence was left out: is the rest complete?",
        "une phrase douteuse a été retirée : le reste est-il complet ?",
    )
    CORRECTION = (
        "correction",
        "it corrects an answer: an article has changed since",
        "une réponse à corriger : un article a changé depuis",
    )
    BUDGET_SPENT = "budget_spent", "the budget is spent", "le budget est épuisé"
    READY = "ready", "answered and supported", "réponse prête et étayée"
    SECTIONS_BY_POLICY = (
        "sections_by_policy",
        "the nearest sections, unjudged, as the policy says",
        "les sections les plus proches, sans vérification, selon la politique",
    )

    titles: tuple[str, str]

    def __new__(cls, value: str, english: str = "", french: str = "") -> Self:
        """Keeps the titles beside the value; without them, this finds the reason of a value."""
        one = str.__new__(cls, value)
        one._value_ = value
        one.titles = (english, french)
        return one

    def title(self, language: str = "en") -> str:
        """Returns one short clause for a person: in French if that is requested, else in English."""
        return self.titles[language.startswith("fr")]
