"""How promises are worded, in French and English: one row a wording, on folded text without marks ("we will refund")."""

import re
from dataclasses import dataclass

from guardrails.base import Level


@dataclass(frozen=True, slots=True)
class Promise:
    """A wording: its class, level, what to call it, the pattern, what a source must speak of, whether it claims a deed."""

    kind: str
    level: Level
    what: str
    pattern: re.Pattern[str]
    topic: re.Pattern[str]
    done: bool = False


_TOPICS = {
    "refund": r"refund|reimburs|money back|rembours|avoir\b",
    "action": r"cancel|ship|refund|updat|annul|expedi|rembours|modifi|credit|envoy|sen[dt]",
    "commitment": r"reply|respon|contact|answer|call|repon|contact|rappel|traite|process|send|envoy|transmet|keep|inform",
    "fault": r"mistake|fault|error|erreur|faute|responsab|liab",
    "discount": r"discount|voucher|coupon|credit|gift|free|% off|reduction|remise|bon d achat|avoir|cadeau|gratuit|offert|geste",
    "deadline": r"day|hour|week|jour|heure|semaine|tomorrow|demain",
    "legal": r"law|legal|loi|legal|droit|right|code",
    "medical": r"doctor|medic|medec|sante|health|pharmac",
    "guarantee": r"guarant|warrant|garant",
}

_NAMES = {
    "refund": "promises a refund",
    "action": "claims an action that klark cannot take",
    "commitment": "commits people to act",
    "fault": "admits a fault",
    "discount": "promises a benefit",
    "deadline": "promises a date",
    "legal": "gives legal advice",
    "medical": "gives medical advice",
    "guarantee": "gives a guarantee",
}

_WE = (
    r"(?:i|we|our (?:\w+ )?(?:team|department|colleagues?|support|agents?)|someone|somebody|(?:a|an|the|my)"
    r" (?:colleague|agent|advisor|technician|manager|team|specialist))"
)
_SOON = (
    r"(?:will(?: now| also| gladly| happily| then| soon| immediately)?|shall|am going to|are going to|is going to|can"
    r" now|am happy to|are happy to|promise to|undertake to|commit to)"
)
_HAVE = r"(?:(?:have|has)(?: now| just| already| also)?|just|already|did|went ahead and|am|are)"
_NOUS = (
    r"(?:nous|je|j|on|notre (?:\w+ )?(?:equipe|service|support)|un (?:collegue|conseiller|technicien|agent|"
    r"responsable|specialiste))"
)
_VOUS = r"(?: (?:vous|le|la|les|l|lui|y|en|me|m|nous|t|te|aussitot|bientot|donc|egalement|immediatement)){0,3}"
_ADV = r"(?: (?:deja|bien|immediatement|aussitot|donc|egalement|bientot|rapidement|directement)){0,2}"
_YOUR = r"(?:your|the|this|that|his|her|their|votre|vos|le|la|l|les|cette|ce|ton|ta)"

# "The refund is paid within 14 days" is a rule; "your refund is approved" a deed.
_IS = r"is(?! (?:\w+ )?\w+ (?:within|in|after|by|to|on|only|when|if|once)\b)"
_EST = r"est(?! (?:\w+ )?\w+ (?:sous|dans|en|apres|par|sur|uniquement|lorsque|des|si|a|au)\b)"

# (class, level, pattern, whether it claims a deed)
_ROWS: tuple[tuple[str, Level, str, bool], ...] = (
    # refunds
    (
        "refund",
        Level.BLOCK,
        rf"{_WE} {_SOON} (?:\w+ ){{0,3}}(?:refund|reimburse|pay (?:you )?back|credit|compensate)\b",
        False,
    ),
    (
        "refund",
        Level.BLOCK,
        rf"{_WE} {_SOON} (?:issue|process|send|give|grant|arrange|make|provide) (?:\w+ ){{0,4}}(?:refund|reimbursement)\b",
        False,
    ),
    (
        "refund",
        Level.BLOCK,
        r"you (?:will|shall|are going to) (?:\w+ ){0,2}(?:be (?:\w+ )?(?:refunded|reimbursed|credited|compensated)|"
        r"(?:receive|get|have) (?:\w+ ){0,3}(?:refund|money back|reimbursement))\b",
        False,
    ),
    (
        "refund",
        Level.BLOCK,
        r"your (?:\w+ )?(?:refund|money|reimbursement|payment) (?:will be|shall be|is going to be|is being|is on its way)\b",
        False,
    ),
    (
        "refund",
        Level.BLOCK,
        rf"(?:your|a|the) (?:\w+ )?(?:refund|reimbursement) (?:of (?:\S+ ){{1,4}})?(?:has been|was|{_IS}) (?:\w+"
        r" )?(?:approved|issued|processed|sent|granted|accepted|made|initiated|confirmed|on its way)\b",
        True,
    ),
    (
        "refund",
        Level.BLOCK,
        rf"{_NOUS}{_VOUS} rembours(?:e|erai|erons|era|ons)\b|\b{_NOUS}{_VOUS} (?:allons|vais|va|procedons|procede|"
        rf"procederons|procederai|effectuerons|effectuerai|accordons|accorde)(?: \w+){{0,5}} rembours\w+",
        False,
    ),
    (
        "refund",
        Level.BLOCK,
        r"vous (?:serez|allez etre|etes|sera) (?:\w+ )?(?:rembourse|indemnise|credite|dedommage)\w*|vous (?:recevrez|"
        r"obtiendrez|aurez|allez recevoir)(?: \w+){0,4} remboursement",
        False,
    ),
    (
        "refund",
        Level.BLOCK,
        r"(?:votre|le|un) remboursement (?:\w+ ){0,4}(?:sera|va etre|est en cours|vous sera)\b",
        False,
    ),
    (
        "refund",
        Level.BLOCK,
        rf"(?:votre|le|un) remboursement (?:\w+ ){{0,4}}(?:a (?:\w+ )?ete|{_EST}) (?:bien )?(?:effectue|valide|accepte|"
        r"approuve|emis|accorde|confirme|lance|traite)",
        True,
    ),
    # deeds
    (
        "action",
        Level.BLOCK,
        rf"\b{_WE} {_HAVE} (?:\w+ ){{0,2}}(?:cancell?ed|refunded|shipped|sent|changed|updated|credited|modified|"
        rf"deleted|removed|blocked|unblocked|closed|opened|created|applied|extended|reset|activated|deactivated|"
        rf"replaced|reordered|forwarded|escalated|transferred|processed|issued|contacted|called|booked|scheduled|"
        rf"checked|verified|confirmed|added|upgraded|unsubscribed|registered|arranged|fixed|resolved|looked into|"
        rf"cancel|refund)\b",
        True,
    ),
    (
        "action",
        Level.BLOCK,
        r"your (?:order|account|subscription|parcel|package|address|request|booking|ticket|case|complaint|card|"
        r"return|payment|claim|password|email)(?: \w+)? (?:has|have) (?:now |already |just )?been (?:\w+"
        r" )?(?:cancell?ed|refunded|shipped|sent|changed|updated|credited|modified|deleted|blocked|unblocked|closed|"
        r"approved|accepted|escalated|forwarded|processed|reset|activated|extended|replaced|confirmed|registered|"
        r"transferred|resolved)\b",
        True,
    ),
    (
        "action",
        Level.BLOCK,
        rf"your (?:order|account|subscription|parcel|package|booking|card|claim|return) {_IS} (?:now )?(?:cancell?ed|"
        r"refunded|shipped|deleted|blocked|closed|approved|on its way|confirmed)\b",
        True,
    ),
    (
        "action",
        Level.BLOCK,
        r"\b(?:nous|j|je|on|notre (?:\w+ )?(?:equipe|service)) (?:vous |l |le |la |les |lui |y |en ){0,3}(?:avons|ai|"
        r"a|viens de|venons de|vient de)(?: (?:bien|deja|egalement|immediatement|donc|aussi|tout de suite|vous|le|la|"
        r"les|l))* (?:annule|rembourse|expedie|envoye|modifie|change|mis a jour|credite|supprime|bloque|debloque|"
        r"ferme|cloture|ouvert|cree|applique|prolonge|reinitialise|active|desactive|remplace|transmis|transfere|"
        r"escalade|traite|emis|contacte|appele|reserve|programme|verifie|confirme|ajoute|resilie|inscrit|desinscrit|"
        r"corrige|resolu|accepte|accorde|valide|renvoye|relance|annuler|rembourser|expedier|modifier|supprimer|"
        r"transmettre|traiter|creer|cloturer|valider)\w{0,3}\b",
        True,
    ),
    (
        "action",
        Level.BLOCK,
        r"votre (?:commande|compte|abonnement|colis|adresse|demande|reservation|ticket|dossier|reclamation|carte|"
        rf"retour|paiement|mot de passe)(?: \w+)? (?:a (?:bien |deja )?ete|{_EST} (?:desormais |maintenant |bien )?)"
        r" ?(?:bien )?(?:annule|rembourse|expedie|envoye|modifie|change|mise? a jour|credite|supprime|bloque|"
        r"debloque|ferme|cloture|valide|accepte|escalade|transmis|traite|reinitialise|active|prolonge|remplace|"
        r"confirme|resilie|enregistre|resolu)\w{0,3}\b",
        True,
    ),
    # commitments of people
    (
        "commitment",
        Level.HOLD,
        rf"\b{_WE} {_SOON} (?:\w+ ){{0,3}}(?:get back|contact|call|reply|respond|send|ship|replace|cancel|update|"
        rf"check|look into|investigate|fix|resolve|arrange|keep you|inform|notify|forward|escalate|process|deliver|"
        rf"follow up|reach out|let you know|come back|take care|handle|make sure|ensure|confirm|change|extend|open|"
        rf"reopen|delete|repair|collect|pick up|prepare|waive)\b",
        False,
    ),
    (
        "commitment",
        Level.HOLD,
        r"you will (?:\w+ ){0,2}(?:be (?:\w+ )?(?:contacted|called|informed|notified)|(?:hear|receive|get) (?:\w+"
        r" ){0,3}(?:from us|back from|call|answer|replacement|new (?:parcel|item|one|order)))\b",
        False,
    ),
    (
        "commitment",
        Level.HOLD,
        r"\b(?:a|the|your) (?:new |replacement )?(?:replacement|parcel|item|label|package|order|one) will be (?:\w+"
        r" )?(?:sent|shipped|dispatched|delivered|posted|e?mailed) (?:\w+ )?(?:to you|today|tomorrow|shortly|soon|"
        r"immediately)",
        False,
    ),
    (
        "commitment",
        Level.HOLD,
        rf"\b{_NOUS}{_VOUS} (?:envoie|envoyons|enverr(?:ons|ai|a)|expedi(?:e|ons|erons|erai)|contacter(?:ons|ai|a)|"
        rf"recontacter(?:ons|ai|a)|rappell?er(?:ons|ai|a)|reviendr(?:ons|ai|a)|repondr(?:ons|ai|a)|annuler(?:ons|ai|a)|"
        rf"annul(?:e|ons)|modifier(?:ons|ai|a)|remplac(?:e|ons|erons|erai|era)|traiter(?:ons|ai|a)|transmettr(?:ons|"
        rf"ai|a)|transmet(?:s|tons)?|tiendr(?:ons|ai|a)|informer(?:ons|ai|a)|prendr(?:ons|ai|a)|fer(?:ons|ai|a)|"
        rf"verifier(?:ons|ai|a)|prolonger(?:ons|ai|a)|livrer(?:ons|ai|a)|reparer(?:ons|ai|a)|reglerons|resoudr(?:ons|"
        rf"ai)|m engage|engageons|assurer(?:ons|ai)|occuper(?:ons|ai)|occupe|occupons|charge|chargeons|charger(?:ons|"
        rf"ai)|supprimer(?:ons|ai|a)|ouvrir(?:ons|ai|a)|corriger(?:ons|ai|a))\b",
        False,
    ),
    (
        "commitment",
        Level.HOLD,
        rf"\b{_NOUS}{_VOUS} (?:allons|vais|va)(?: (?:vous|le|la|les|l|lui|donc|immediatement|tout|bien))* (?:envoyer|"
        rf"expedier|contacter|recontacter|rappeler|revenir|repondre|annuler|modifier|remplacer|traiter|transmettre|"
        rf"tenir|informer|prendre|faire|verifier|prolonger|livrer|reparer|regler|resoudre|occuper|supprimer|ouvrir|"
        rf"corriger|renvoyer)\b",
        False,
    ),
    (
        "commitment",
        Level.HOLD,
        r"\bvous (?:recevrez|serez|allez recevoir|allez etre)(?: \w+){0,3} (?:contactee?s?|recontactee?s?|"
        r"rappelee?s?|informee?s?|prevenue?s?|reponse|appel|nouveau colis|nouvel article|remplacement|"
        r"confirmation)\b|\bvous (?:sera|seront) (?:\w+ )?(?:envoye|expedie|adresse|livre|transmis|renvoye)\w*",
        False,
    ),
    # faults
    (
        "fault",
        Level.BLOCK,
        r"\b(?:it (?:was|is|s)|this (?:was|is)|that (?:was|is)) (?:\w+ ){0,3}(?:our|my) (?:\w+ )?(?:mistake|fault|"
        r"error|failure|responsibility)\b|\bwe (?:made|have made) (?:a|an) (?:\w+ )?(?:mistake|error)\b|\b(?:due to|"
        r"because of|caused by) (?:an? (?:error|mistake|failure) (?:of|on) our|our (?:\w+ )?(?:mistake|error|"
        r"negligence|failure))\b",
        False,
    ),
    (
        "fault",
        Level.BLOCK,
        r"\bwe (?:are|were|accept|take|admit|acknowledge) (?:\w+ )?(?:responsible|responsibility|liable|liability|at"
        r" fault|to blame|guilty|negligent|our (?:mistake|fault|error))\b|\b(?:error|mistake) on our (?:part|side|"
        r"end)\b|\b(?:sorry|apologi[sz]e|apologies)(?: \w+)? (?:that|because) we (?:have )?(?:lost|broke|damaged|"
        r"sent|charged|forgot|failed|delivered|shipped|made|overcharged|missed)\b|\bsorry (?:for|about) (?:losing|"
        r"breaking|damaging|sending|charging|our (?:mistake|error))\b|\bwe (?:have )?(?:lost|damaged|broke|"
        r"overcharged) (?:you\b|your)",
        False,
    ),
    (
        "fault",
        Level.BLOCK,
        r"\b(?:c est|il s agit d|c etait|s agissait d)(?: \w+){0,3} (?:erreur|faute)(?: \w+){0,2} (?:de notre|de ma|"
        r"notre)\b|\b(?:erreur|faute) de notre (?:part|cote|equipe)\b|\bnous (?:avons|reconnaissons|admettons)(?:"
        r" \w+){0,2} (?:commis|fait|notre|nos|une)(?: \w+){0,2} (?:erreur|faute|responsabilite|tort|torts)\b|\bnous"
        r" sommes (?:\w+ )?(?:responsables|en tort|fautifs|coupables)\b|\bnotre (?:erreur|faute|responsabilite|"
        r"negligence)\b|\b(?:desolee?s?|excuser|excuses) d avoir (?:perdu|casse|abime|envoye|oublie|facture|manque|"
        r"endommage)\b|\bnous avons (?:perdu|casse|abime|endommage|egare) votre\b",
        False,
    ),
    # benefits
    (
        "discount",
        Level.BLOCK,
        rf"\b{_WE} {_SOON}? ?(?:\w+ ){{0,2}}(?:offer|give|grant|apply|add|send|provide|gift)(?:ing)? (?:you )?(?:\S+"
        rf" ){{0,5}}(?:discount|voucher|coupon|gift|credit|compensation|goodwill|% off|free (?:shipping|delivery|"
        rf"month|item|gift|return|replacement|upgrade))",
        False,
    ),
    (
        "discount",
        Level.BLOCK,
        r"\byou (?:will|can now|are entitled to|now)(?: \w+){0,2} (?:receive|get|enjoy|benefit|have|claim|a|an)\b(?:"
        r" \S+){0,4} (?:discount|voucher|coupon|gift|credit|compensation|% off|free)\b|\bas a (?:gesture of"
        r" )?(?:goodwill|compensation|apology)\b",
        False,
    ),
    (
        "discount",
        Level.BLOCK,
        rf"\b{_NOUS}{_VOUS} (?:offr(?:e|ons|irons|irai)|accord(?:e|ons|erons|erai)|fer(?:ons|ai)|propos(?:e|ons|"
        rf"erons)|appliqu(?:e|ons|erons|erai)|enverr(?:ons|ai)|donn(?:e|ons|erons))(?: \S+){{0,5}} (?:reduction|"
        rf"remise|bon|avoir|cadeau|geste|dedommagement|compensation|rabais|gratuite?s?|coupon|frais de port)\b",
        False,
    ),
    (
        "discount",
        Level.BLOCK,
        r"\bvous (?:recevrez|beneficiez|beneficierez|obtiendrez|aurez|avez droit)(?: \S+){0,5} (?:reduction|remise|"
        r"bon d achat|avoir|cadeau|geste|dedommagement|compensation|rabais|coupon)\b|\bgeste commercial\b|\ba titre"
        r" de dedommagement\b",
        False,
    ),
    # dates
    (
        "deadline",
        Level.HOLD,
        r"\b(?:it|your (?:order|parcel|package|refund|item|replacement|money|delivery)|they|this|you) will (?:\w+"
        r" ){0,3}(?:arrive|be (?:delivered|there|shipped|sent|ready|resolved|fixed|with you|available|received|"
        r"credited|back))\b(?: \S+){0,4} (?:by|on|before|within|in|tomorrow|today|tonight|next|this|monday|tuesday|"
        r"wednesday|thursday|friday|saturday|sunday|shortly|soon)\b",
        False,
    ),
    (
        "deadline",
        Level.HOLD,
        r"\b(?:il|elle|ils|elles|votre (?:commande|colis|remboursement|article|livraison)|vous) (?:\w+"
        r" )?(?:arriver(?:a|ont)|ser(?:a|ont|ez) (?:livre|expedie|envoye|disponible|pret|resolu|regle|chez vous|"
        r"traite|rembourse)\w*|recevr(?:a|ez))(?: \S+){0,4} (?:demain|aujourd hui|d ici|avant|sous|dans|lundi|mardi|"
        r"mercredi|jeudi|vendredi|samedi|dimanche|le \d+|prochainement|bientot|cette semaine)\b",
        False,
    ),
    # advice and guarantees
    (
        "legal",
        Level.BLOCK,
        r"\b(?:legal(?:ly)? (?:entitled|obliged|required|binding|right|advice|action)|you (?:should|can|could|may|"
        r"must) (?:sue|file a (?:lawsuit|complaint with|claim in)|take (?:us|them|legal)|go to court|press charges)|"
        r"under (?:the )?(?:law|consumer (?:law|rights|protection))|according to the law|your lawyer|in court|"
        r"statutory rights?|against the law|illegal)\b",
        False,
    ),
    (
        "legal",
        Level.BLOCK,
        r"\b(?:la loi (?:vous|prevoit|impose|oblige|interdit)|selon la loi|legalement|en vertu de la loi|vous"
        r" (?:pouvez|devez|devriez) (?:porter plainte|saisir (?:le|la|un) (?:tribunal|juge|justice)|attaquer|"
        r"engager)|au (?:sens|titre) (?:de la loi|du code)|code (?:de la consommation|civil)|votre avocat|conseil"
        r" juridique|droits? lega(?:l|ux)|illegal\w*|en justice)\b",
        False,
    ),
    (
        "medical",
        Level.BLOCK,
        r"\b(?:(?:stop|start|keep|continue) taking|take (?:\S+ ){0,3}(?:tablets?|pills?|mg|ibuprofen|paracetamol|"
        r"aspirin|medicines?|medication|doses?)|your (?:symptoms?|illness|diagnosis|medication|treatment|dose)|safe"
        r" (?:to take|for your (?:health|pregnancy)|during pregnancy|if you are pregnant)|you (?:probably |may"
        r" )?(?:have|are having) an? (?:allergic reaction|infection|allergy)|will cure|cures|is harmless)\b",
        False,
    ),
    (
        "medical",
        Level.BLOCK,
        r"\b(?:(?:arretez|continuez|commencez)(?: \w+){0,3} (?:traitement|medicaments?)|prenez(?: \S+){0,4}"
        r" (?:comprimes?|medicaments?|mg|ibuprofene|paracetamol|aspirine|doses?|cachets?)|vos? (?:symptomes?|maladie|"
        r"diagnostic|traitement medical|posologie|dose)|sans danger (?:pour|pendant)(?: \w+){0,2} (?:sante|"
        r"grossesse)|vous (?:faites|avez)(?: \w+)? (?:reaction allergique|infection|allergie)|guerit|guerira|soigne"
        r" (?:les|la|le))\b",
        False,
    ),
    (
        "guarantee",
        Level.HOLD,
        rf"\b{_WE} (?:can |do |fully )?(?:guarantee|promise|assure you|swear|vow|pledge)\b|\bi can (?:assure|"
        rf"promise)\b|\byou (?:have|can have) (?:our|my) word\b|\brest assured\b|\b(?:is|are) (?:fully )?guaranteed\b",
        False,
    ),
    (
        "guarantee",
        Level.HOLD,
        rf"\b{_NOUS}{_VOUS} (?:garanti(?:s|t|ssons)|promet(?:s|tons)|assurons|assure|engageons|engage)\b|\bsoyez"
        rf" (?:assuree?s?|rassuree?s?|certaine?s?)\b|\bnous vous donnons notre parole\b",
        False,
    ),
)

PROMISES: tuple[Promise, ...] = tuple(
    Promise(kind, level, _NAMES[kind], re.compile(pattern), re.compile(_TOPICS[kind]), done)
    for kind, level, pattern, done in _ROWS
)
