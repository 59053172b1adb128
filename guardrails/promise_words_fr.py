"""How promises are worded in French: (class, level, whether it claims a deed, the pattern on folded text)."""

from guardrails.base import Level

_NOUS = (
    r"(?:nous|je|j|on|notre (?:\w+ )?(?:equipe|service|support)|un (?:collegue|conseiller|technicien|agent|"
    r"responsable|specialiste))"
)
_VOUS = r"(?: (?:vous|le|la|les|l|lui|y|en|me|m|nous|t|te|aussitot|bientot|donc|egalement|immediatement)){0,3}"
# "Le remboursement est effectué sous 14 jours" is a rule; "votre remboursement est validé" a deed.
_EST = r"est(?! (?:\w+ )?\w+ (?:sous|dans|en|apres|par|sur|uniquement|lorsque|des|si|a|au)\b)"

# fmt: off
ROWS: tuple[tuple[str, Level, bool, str], ...] = (
    ("refund", Level.BLOCK, False,
     rf"{_NOUS}{_VOUS} rembours(?:e|erai|erons|era|ons)\b|\b{_NOUS}{_VOUS} (?:allons|vais|va|procedons|procede|"
     rf"procederons|procederai|effectuerons|effectuerai|accordons|accorde)(?: \w+){{0,5}} rembours\w+"),
    ("refund", Level.BLOCK, False,
     r"vous (?:serez|allez etre|etes|sera) (?:\w+ )?(?:rembourse|indemnise|credite|dedommage)\w*|vous (?:recevrez|"
     r"obtiendrez|aurez|allez recevoir)(?: \w+){0,4} remboursement"),
    ("refund", Level.BLOCK, False,
     r"(?:votre|le|un) remboursement (?:\w+ ){0,4}(?:sera|va etre|est en cours|vous sera)\b"),
    ("refund", Level.BLOCK, True,
     rf"(?:votre|le|un) remboursement (?:\w+ ){{0,4}}(?:a (?:\w+ )?ete|{_EST}) (?:bien )?(?:effectue|valide|accepte|"
     r"approuve|emis|accorde|confirme|lance|traite)"),
    ("action", Level.BLOCK, True,
     r"\b(?:nous|j|je|on|notre (?:\w+ )?(?:equipe|service)) (?:vous |l |le |la |les |lui |y |en ){0,3}(?:avons|ai|"
     r"a|viens de|venons de|vient de)(?: (?:bien|deja|egalement|immediatement|donc|aussi|tout de suite|vous|le|la|"
     r"les|l))* (?:annule|rembourse|expedie|envoye|modifie|change|mis a jour|credite|supprime|bloque|debloque|"
     r"ferme|cloture|ouvert|cree|applique|prolonge|reinitialise|active|desactive|remplace|transmis|transfere|"
     r"escalade|traite|emis|contacte|appele|reserve|programme|verifie|confirme|ajoute|resilie|inscrit|desinscrit|"
     r"corrige|resolu|accepte|accorde|valide|renvoye|relance|annuler|rembourser|expedier|modifier|supprimer|"
     r"transmettre|traiter|creer|cloturer|valider)\w{0,3}\b"),
    ("action", Level.BLOCK, True,
     r"votre (?:commande|compte|abonnement|colis|adresse|demande|reservation|ticket|dossier|reclamation|carte|"
     rf"retour|paiement|mot de passe)(?: \w+)? (?:a (?:bien |deja )?ete|{_EST} (?:desormais |maintenant |bien )?)"
     r" ?(?:bien )?(?:annule|rembourse|expedie|envoye|modifie|change|mise? a jour|credite|supprime|bloque|"
     r"debloque|ferme|cloture|valide|accepte|escalade|transmis|traite|reinitialise|active|prolonge|remplace|"
     r"confirme|resilie|enregistre|resolu)\w{0,3}\b"),
    ("commitment", Level.HOLD, False,
     rf"\b{_NOUS}{_VOUS} (?:envoie|envoyons|enverr(?:ons|ai|a)|expedi(?:e|ons|erons|erai)|contacter(?:ons|ai|a)|"
     rf"recontacter(?:ons|ai|a)|rappell?er(?:ons|ai|a)|reviendr(?:ons|ai|a)|repondr(?:ons|ai|a)|annuler(?:ons|ai|a)|"
     rf"annul(?:e|ons)|modifier(?:ons|ai|a)|remplac(?:e|ons|erons|erai|era)|traiter(?:ons|ai|a)|transmettr(?:ons|"
     rf"ai|a)|transmet(?:s|tons)?|tiendr(?:ons|ai|a)|informer(?:ons|ai|a)|prendr(?:ons|ai|a)|fer(?:ons|ai|a)|"
     rf"verifier(?:ons|ai|a)|prolonger(?:ons|ai|a)|livrer(?:ons|ai|a)|reparer(?:ons|ai|a)|reglerons|resoudr(?:ons|"
     rf"ai)|m engage|engageons|assurer(?:ons|ai)|occuper(?:ons|ai)|occupe|occupons|charge|chargeons|charger(?:ons|"
     rf"ai)|supprimer(?:ons|ai|a)|ouvrir(?:ons|ai|a)|corriger(?:ons|ai|a))\b"),
    ("commitment", Level.HOLD, False,
     rf"\b{_NOUS}{_VOUS} (?:allons|vais|va)(?: (?:vous|le|la|les|l|lui|donc|immediatement|tout|bien))* (?:envoyer|"
     rf"expedier|contacter|recontacter|rappeler|revenir|repondre|annuler|modifier|remplacer|traiter|transmettre|"
     rf"tenir|informer|prendre|faire|verifier|prolonger|livrer|reparer|regler|resoudre|occuper|supprimer|ouvrir|"
     rf"corriger|renvoyer)\b"),
    ("fault", Level.BLOCK, False,
     r"\b(?:c est|il s agit d|c etait|s agissait d)(?: \w+){0,3} (?:erreur|faute)(?: \w+){0,2} (?:de notre|de ma|"
     r"notre)\b|\b(?:erreur|faute) de notre (?:part|cote|equipe)\b|\bnous (?:avons|reconnaissons|admettons)(?:"
     r" \w+){0,2} (?:commis|fait|notre|nos|une)(?: \w+){0,2} (?:erreur|faute|responsabilite|tort|torts)\b|\bnous"
     r" sommes (?:\w+ )?(?:responsables|en tort|fautifs|coupables)\b|\bnotre (?:erreur|faute|responsabilite|"
     r"negligence)\b|\b(?:desolee?s?|excuser|excuses) d avoir (?:perdu|casse|abime|envoye|oublie|facture|manque|"
     r"endommage)\b|\bnous avons (?:perdu|casse|abime|endommage|egare) votre\b"),
    ("discount", Level.BLOCK, False,
     rf"\b{_NOUS}{_VOUS} (?:offr(?:e|ons|irons|irai)|accord(?:e|ons|erons|erai)|fer(?:ons|ai)|propos(?:e|ons|"
     rf"erons)|appliqu(?:e|ons|erons|erai)|enverr(?:ons|ai)|donn(?:e|ons|erons))(?: \S+){{0,5}} (?:reduction|"
     rf"remise|bon|avoir|cadeau|geste|dedommagement|compensation|rabais|gratuite?s?|coupon|frais de port)\b"),
    ("deadline", Level.HOLD, False,
     r"\b(?:il|elle|ils|elles|votre (?:commande|colis|remboursement|article|livraison)|vous) (?:\w+"
     r" )?(?:arriver(?:a|ont)|ser(?:a|ont|ez) (?:livre|expedie|envoye|disponible|pret|resolu|regle|chez vous|"
     r"traite|rembourse)\w*|recevr(?:a|ez))(?: \S+){0,4} (?:demain|aujourd hui|d ici|avant|sous|dans|lundi|mardi|"
     r"mercredi|jeudi|vendredi|samedi|dimanche|le \d+|prochainement|bientot|cette semaine)\b"),
    ("legal", Level.BLOCK, False,
     r"\b(?:la loi (?:vous|prevoit|impose|oblige|interdit)|selon la loi|legalement|en vertu de la loi|vous"
     r" (?:pouvez|devez|devriez) (?:porter plainte|saisir (?:le|la|un) (?:tribunal|juge|justice)|attaquer|"
     r"engager)|au (?:sens|titre) (?:de la loi|du code)|code (?:de la consommation|civil)|votre avocat|conseil"
     r" juridique|droits? lega(?:l|ux)|illegal\w*|en justice)\b"),
    ("medical", Level.BLOCK, False,
     r"\b(?:(?:arretez|continuez|commencez)(?: \w+){0,3} (?:traitement|medicaments?)|prenez(?: \S+){0,4}"
     r" (?:comprimes?|medicaments?|mg|ibuprofene|paracetamol|aspirine|doses?|cachets?)|vos? (?:symptomes?|maladie|"
     r"diagnostic|traitement medical|posologie|dose)|sans danger (?:pour|pendant)(?: \w+){0,2} (?:sante|"
     r"grossesse)|vous (?:faites|avez)(?: \w+)? (?:reaction allergique|infection|allergie)|guerit|guerira|soigne"
     r" (?:les|la|le))\b"),
    ("guarantee", Level.HOLD, False,
     rf"\b{_NOUS}{_VOUS} (?:garanti(?:s|t|ssons)|promet(?:s|tons)|assurons|assure|engageons|engage)\b|\bsoyez"
     rf" (?:assuree?s?|rassuree?s?|certaine?s?)\b|\bnous vous donnons notre parole\b"),
)
# fmt: on
