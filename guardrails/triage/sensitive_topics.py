"""The sensitive topics: what each is called, what a person has to do about it, and whom to call.

Every topic is handed over to a person, the critical ones at once. The texts are for agents, never for the customer.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Words = Mapping[str, str]
"""A text by language: en, fr."""


@dataclass(frozen=True, slots=True)
class Category:
    """A sensitive topic: its title, what to do, whom to call, and the note that klark leaves; texts by language.

    `{help_line}` and `{emergency}` in them stand for the country's numbers (`crisis_lines.with_numbers`).
    """

    title: Words
    todo: Words
    call: Words
    note: Words
    critical: bool = False


def _words(en: str, fr: str) -> Words:
    return {"en": en, "fr": fr}


CATEGORIES: dict[str, Category] = {
    "self_harm": Category(
        title=_words("Suicide or self-harm", "Suicide ou automutilation"),
        todo=_words(
            "Answer yourself, now, warmly and by name; give the help line of the customer's country; do not argue about the order.",
            "Répondre soi-même, tout de suite, avec chaleur et par le nom\u00a0; donner la ligne d'aide du pays\u00a0; ne pas débattre de la commande.",
        ),
        call=_words(
            "Team lead; emergency services if a life is in danger now.",
            "Responsable d'équipe\u00a0; les secours si une vie est en danger.",
        ),
        note=_words(
            "This ticket may speak of suicide or self-harm. No automatic reply was sent. Help line: {help_line}. If life is in danger: {emergency}.",
            "Ce ticket parle peut-être de suicide ou d'automutilation. Aucune réponse automatique. Ligne d'aide\u00a0: {help_line}. Danger immédiat\u00a0: {emergency}.",
        ),
        critical=True,
    ),
    "violence_threat": Category(
        title=_words("Threat or act of violence", "Menace ou acte de violence"),
        todo=_words(
            "Do not answer alone or provoke; keep the ticket as evidence; warn whoever is named in it.",
            "Ne pas répondre seul ni provoquer\u00a0; garder le ticket comme preuve\u00a0; prévenir les personnes visées.",
        ),
        call=_words(
            "Security or management; police if the threat is concrete.",
            "Sécurité ou direction\u00a0; la police si la menace est concrète.",
        ),
        note=_words(
            "This ticket may hold a threat, or report violence. No automatic reply was sent. Keep it unchanged and tell security.",
            "Ce ticket contient peut-être une menace ou signale une violence. Aucune réponse automatique. Le garder tel quel et prévenir la sécurité.",
        ),
        critical=True,
    ),
    "child_safety": Category(
        title=_words("A child in danger", "Enfant en danger"),
        todo=_words(
            "Take it at once; keep all evidence; open no attached picture; follow the legal duty to report.",
            "Prendre en charge immédiatement\u00a0; garder toutes les preuves\u00a0; n'ouvrir aucune image jointe\u00a0; suivre l'obligation de signalement.",
        ),
        call=_words(
            "Safeguarding lead; police, or 119 in France.",
            "Référent protection de l'enfance\u00a0; la police, ou le 119 en France.",
        ),
        note=_words(
            "This ticket may concern a child's safety. No automatic reply was sent. Open no attachment; tell the safeguarding lead now.",
            "Ce ticket concerne peut-être la sécurité d'un enfant. Aucune réponse automatique. N'ouvrir aucune pièce jointe\u00a0; prévenir le référent.",
        ),
        critical=True,
    ),
    "medical_safety": Category(
        title=_words("Health or injury", "Santé ou blessure"),
        todo=_words(
            "Give no medical advice; ask whether help is there; record product, batch and what happened; start the incident procedure.",
            "Ne donner aucun conseil médical\u00a0; demander si des secours sont là\u00a0; noter produit, lot et faits\u00a0; lancer la procédure d'incident.",
        ),
        call=_words(
            "Product safety; emergency services ({emergency}) if urgent.",
            "Sécurité produit\u00a0; les secours ({emergency}) en cas d'urgence.",
        ),
        note=_words(
            "This ticket may report an injury, a reaction, or ask about health. No automatic reply was sent. Give no medical advice.",
            "Ce ticket signale peut-être une blessure, une réaction, ou pose une question de santé. Aucune réponse automatique. Aucun conseil médical.",
        ),
        critical=True,
    ),
    "data_breach": Category(
        title=_words("Data seen by others", "Fuite de données"),
        todo=_words(
            "Secure screenshots; ask for no more personal data; start the breach procedure: the 72 hours run from now.",
            "Conserver les captures\u00a0; ne demander aucune donnée de plus\u00a0; lancer la procédure de violation\u00a0: les 72 heures courent dès maintenant.",
        ),
        call=_words(
            "Data protection officer and security team.", "Délégué à la protection des données et équipe sécurité."
        ),
        note=_words(
            "This ticket may report personal data seen by the wrong people. No automatic reply was sent. Tell the data protection officer today.",
            "Ce ticket signale peut-être des données vues par d'autres. Aucune réponse automatique. Prévenir le délégué à la protection des données.",
        ),
        critical=True,
    ),
    "account_takeover": Category(
        title=_words("Account taken over", "Compte piraté"),
        todo=_words(
            "Lock the account; change nothing on the word of this ticket alone; check the identity by another way.",
            "Bloquer le compte\u00a0; ne rien changer sur la seule foi du ticket\u00a0; vérifier l'identité par un autre moyen.",
        ),
        call=_words("Security team.", "Équipe sécurité."),
        note=_words(
            "Someone else may be in this customer's account. No automatic reply was sent. The ticket's address may be the intruder's.",
            "Quelqu'un d'autre est peut-être dans ce compte. Aucune réponse automatique. L'adresse du ticket est peut-être celle de l'intrus.",
        ),
        critical=True,
    ),
    "payment_fraud": Category(
        title=_words("Payment fraud", "Fraude au paiement"),
        todo=_words(
            "Confirm nothing about the payment in writing; freeze what can be frozen; advise to call the bank.",
            "Ne rien confirmer par écrit sur le paiement\u00a0; geler ce qui peut l'être\u00a0; conseiller d'appeler la banque.",
        ),
        call=_words("Fraud or finance team.", "Équipe fraude ou finance."),
        note=_words(
            "This ticket may report a payment the customer did not make, or a scam. No automatic reply was sent.",
            "Ce ticket signale peut-être un paiement non autorisé ou une arnaque. Aucune réponse automatique.",
        ),
    ),
    "legal_threat": Category(
        title=_words("Legal threat", "Menace juridique"),
        todo=_words(
            "Admit and promise nothing; keep the thread; hand it to legal before any answer.",
            "Ne rien reconnaître ni promettre\u00a0; conserver l'échange\u00a0; transmettre au juridique avant toute réponse.",
        ),
        call=_words("Legal department.", "Service juridique."),
        note=_words(
            "This ticket may announce legal steps. No automatic reply was sent.",
            "Ce ticket annonce peut-être une action en justice. Aucune réponse automatique.",
        ),
    ),
    "regulator": Category(
        title=_words("Regulator or mediator", "Régulateur ou médiateur"),
        todo=_words(
            "Check the deadline; answer through the complaints procedure only.",
            "Vérifier le délai\u00a0; répondre uniquement par la procédure de réclamation.",
        ),
        call=_words("Compliance or complaints team.", "Conformité ou service réclamations."),
        note=_words(
            "This ticket names an authority, a mediator or a consumer body. No automatic reply was sent.",
            "Ce ticket nomme une autorité, un médiateur ou une association de consommateurs. Aucune réponse automatique.",
        ),
    ),
    "gdpr_request": Category(
        title=_words("Data protection request", "Demande RGPD"),
        todo=_words(
            "Record the date: one month to answer; check the identity; send no data by ordinary reply.",
            "Noter la date\u00a0: un mois pour répondre\u00a0; vérifier l'identité\u00a0; n'envoyer aucune donnée par simple réponse.",
        ),
        call=_words("Data protection officer.", "Délégué à la protection des données."),
        note=_words(
            "This ticket may be a request under data protection law. No automatic reply was sent. The one-month deadline runs.",
            "Ce ticket est peut-être une demande au titre du RGPD. Aucune réponse automatique. Le délai d'un mois court.",
        ),
    ),
    "bereavement": Category(
        title=_words("Bereavement", "Décès"),
        todo=_words(
            "Answer yourself, with condolences; stop all automatic mail to this account; ask for papers once, gently.",
            "Répondre soi-même, avec des condoléances\u00a0; arrêter tout envoi automatique\u00a0; demander les pièces une seule fois, avec tact.",
        ),
        call=_words(
            "Team trained for bereavement, or the team lead.", "Équipe formée aux décès, ou responsable d'équipe."
        ),
        note=_words(
            "This ticket may tell of a death. No automatic reply was sent.",
            "Ce ticket fait peut-être part d'un décès. Aucune réponse automatique.",
        ),
    ),
    "discrimination_harassment": Category(
        title=_words("Discrimination or harassment", "Discrimination ou harcèlement"),
        todo=_words(
            "Thank for the report, judge nothing; keep the evidence; separate the people concerned.",
            "Remercier du signalement, ne rien juger\u00a0; garder les preuves\u00a0; séparer les personnes concernées.",
        ),
        call=_words("Management and human resources.", "Direction et ressources humaines."),
        note=_words(
            "This ticket may report discrimination or harassment. No automatic reply was sent.",
            "Ce ticket signale peut-être une discrimination ou un harcèlement. Aucune réponse automatique.",
        ),
    ),
    "press_media": Category(
        title=_words("Press or publicity", "Presse ou médias"),
        todo=_words(
            "Say nothing on the matter; note name, medium and deadline.",
            "Ne rien dire sur le fond\u00a0; noter nom, média et échéance.",
        ),
        call=_words("Press office.", "Service de presse."),
        note=_words(
            "This ticket may come from the press or announce publicity. No automatic reply was sent.",
            "Ce ticket vient peut-être de la presse ou annonce une publication. Aucune réponse automatique.",
        ),
    ),
    "minors": Category(
        title=_words("A minor as customer", "Client mineur"),
        todo=_words(
            "Ask for no more data from a child; involve a parent; check what the contract and the law allow.",
            "Ne demander aucune donnée de plus à un enfant\u00a0; associer un parent\u00a0; vérifier ce que permettent le contrat et la loi.",
        ),
        call=_words("Team lead.", "Responsable d'équipe."),
        note=_words(
            "A minor may have written this ticket or made the purchase. No automatic reply was sent.",
            "Un mineur a peut-être écrit ce ticket ou fait l'achat. Aucune réponse automatique.",
        ),
    ),
    "vip_complaint_abuse": Category(
        title=_words("Abuse, or complaint to the top", "Insultes ou plainte à la direction"),
        todo=_words(
            "Stay factual; answer once, signed by a person; look up the contract before answering.",
            "Rester factuel\u00a0; répondre une fois, signé par une personne\u00a0; consulter le contrat avant de répondre.",
        ),
        call=_words("Team lead or account manager.", "Responsable d'équipe ou chargé de compte."),
        note=_words(
            "This ticket insults, complains to the top, or comes from an important account. No automatic reply was sent.",
            "Ce ticket insulte, s'adresse à la direction, ou vient d'un compte important. Aucune réponse automatique.",
        ),
    ),
    "accessibility_vulnerable": Category(
        title=_words("Disability or hardship", "Handicap ou vulnérabilité"),
        todo=_words(
            "Offer another way to be served; take time; never give an address or a phone number to a third person.",
            "Proposer un autre moyen d'être servi\u00a0; prendre le temps\u00a0; ne jamais donner adresse ou numéro à un tiers.",
        ),
        call=_words(
            "Team for vulnerable customers, or the team lead.", "Équipe clients vulnérables, ou responsable d'équipe."
        ),
        note=_words(
            "The customer may be disabled, ill, in hardship or in danger at home. No automatic reply was sent.",
            "Le client est peut-être en situation de handicap, de maladie, de précarité ou de danger. Aucune réponse automatique.",
        ),
    ),
}
"""The sixteen topics, the critical ones first."""
