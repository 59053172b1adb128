"""What the forgers put in, English and French. All invented."""
# ruff: noqa: E501  # a pattern is one line

from collections.abc import Mapping, Sequence

NAMES = (
    "Marseille", "Oslo", "Brightwell", "Novatel", "Kestrel Plus", "Ardoise", "Tilburg", "Margot Dupuis", "Owen Pritchard",
    "Valombre", "Zephyr Gold", "Quimper", "Linden Street", "Orbex", "Mireille Caron", "Helsinki", "Pontarlier", "Corvane",
)  # fmt: skip

ADDED: Mapping[str, Mapping[str, Sequence[str]]] = {
    "en": {
        "number": (", up to {number} times", " for {number} people", ", in {number} steps", " on {number} devices"),
        "date": (", from {day} {month} on", " until {month} {day}", ", starting {day} {month} 2031", " since {month} 2031"),
        "price": (" for ${number}", ", at a cost of {number} euros", " for a fee of €{number}", ", which costs {number} dollars"),
        "duration": (" within {number} days", ", which takes {number} hours", " for {number} months", ", after {number} weeks"),
        "name": (", through {name}", " in {name}", ", as {name} confirms", " with {name}"),
    },
    "fr": {
        "number": (", {number} fois au plus", " pour {number} personnes", ", en {number} étapes", " sur {number} appareils"),
        "date": (", à partir du {day} {month}", " jusqu'au {day} {month}", ", dès le {day} {month} 2031", " depuis {month} 2031"),
        "price": (" pour {number} €", ", ce qui coûte {number} euros", " contre {number} €", ", au prix de {number} euros"),
        "duration": (" sous {number} jours", ", ce qui prend {number} heures", " pendant {number} mois", ", après {number} semaines"),
        "name": (", auprès de {name}", " à {name}", ", comme {name} le confirme", " avec {name}"),
    },
}  # fmt: skip

LINKS: Mapping[str, Sequence[str]] = {
    "en": (
        "See https://help-desk.example/secure.",
        "Go to http://account-check.test/login to continue.",
        "The form is at www.fast-refunds.test/form.",
        "More at bonus-portal.example.com/claim.",
        "Details: https://bit.ly/3xYzAb9.",
        "Sign in at https://192.0.2.17/verify.",
    ),
    "fr": (
        "Voir https://aide-client.example/espace.",
        "Rendez-vous sur http://verif-compte.test/login pour continuer.",
        "Le formulaire est sur www.remboursements.test/formulaire.",
        "Plus d'informations sur portail-bonus.example.com/offre.",
        "Détails : https://bit.ly/3xYzAb9.",
        "Connectez-vous sur https://192.0.2.17/verif.",
    ),
}
CONTACTS: Mapping[str, Sequence[str]] = {
    "en": (
        "Write to claims@fast-desk.test.",
        "Call 020 7946 0018.",
        "Call us on +44 20 7946 0958.",
        "You can reach us at (202) 555-0143.",
        "Send the form to refunds.team@desk.example.",
        "Our number is +1 202 555 0177.",
    ),
    "fr": (
        "Écrivez à reclamations@service.test.",
        "Appelez le 01 99 00 12 34.",
        "Appelez-nous au +33 1 99 00 56 78.",
        "Vous pouvez nous joindre au 02 61 91 23 45.",
        "Envoyez le formulaire à dossiers.equipe@bureau.example.",
        "Notre numéro est le +33 6 39 98 12 34.",
    ),
}

# A table of (pattern, template): a denial put in or taken out.
NEGATIONS: Mapping[str, Sequence[tuple[str, str]]] = {
    "en": (
        (r"\b(can|may|must|should|will|could) (?!not\b|no\b|only\b)", r"\1 not "),
        (r"\b(is|are|was|were) (?!not\b|no\b|only\b|never\b|n't)", r"\1 not "),
        (r"\b(can)not\b", r"\1"),
        (r"\b(can|could|is|are|do|does|will|should)(?:n't|n’t| not)\b", r"\1"),
        (r"\b[Yy]ou (need|have|get|keep|receive|pay) ", r"You do not \1 "),
        (r"\b[Nn]ever\b", "always"),
    ),
    "fr": (
        (
            r"(?<!ne )(?<!vous )(?<!nous )\b(peut|peuvent|pouvez|doit|doivent|devez|permet|permettent)( donc| alors| toutefois| également)? (?!pas\b|plus\b|que\b|être que|jamais\b|en aucun|donc pas|toutefois pas)",
            r"ne \1\2 pas ",
        ),
        (
            r"(?<!['’])(?<!vous )(?<!nous )\b(est|sont)( donc| alors| toutefois| également)? (?!pas\b|plus\b|que\b|jamais\b|donc pas|-)",
            r"ne \1\2 pas ",
        ),
        (r"\b(?:ne |n['’])(\w+) pas\b", r"\1"),
    ),
}
_EN_END = r"[^,.;:()]{4,120}(?=[.,;])"
_FR_END = r"[^,.;:()]{4,120}(?=[.,;])"
# A condition left out, at the end, at the front, or in brackets; a restriction left out.
CONDITIONS: Mapping[str, Sequence[tuple[str, str]]] = {
    "en": (
        (rf",? (?:unless|except if|except when|only if|only when|provided that|as long as|solely if) {_EN_END}", ""),
        (rf",? (?:except for|except|excluding|apart from) {_EN_END}", ""),
        (r"^(?:If|Unless) [^,.;:()]{4,120}, (?=\w)", ""),
        (rf",? if (?!you (?:have|need) (?:any )?(?:questions|help)){_EN_END}", ""),
        (r" \((?:if|unless|except|only)\b[^()]{3,80}\)", ""),
        (r"\b(?<!not )(?:only|exclusively|solely) ", ""),
    ),
    "fr": (
        (rf",? (?:à moins que|à moins de|sauf si|sauf|hormis|excepté|à l['’]exception de|à condition de|à condition que|sous réserve de|sous réserve que|uniquement si|seulement si) {_FR_END}", ""),
        (r"^Si [^,.;:()]{4,120}, (?=\w)", ""),
        (rf"(?<!même),? (?<!même )(?:si|s['’]il|s['’]ils|en cas de|en présence de) {_FR_END}", ""),
        (r" \((?:si|sauf|uniquement|sous réserve)\b[^()]{3,80}\)", ""),
        (r" (?:uniquement|seulement|exclusivement)\b", ""),
    ),
}  # fmt: skip

POLICIES: Mapping[str, Sequence[str]] = {
    "en": (
        "Returned parcels are inspected by an outside laboratory.",
        "Gift wrapping is included with every order.",
        "Pets are welcome in all of our branches.",
        "Students get the premium plan for half the price.",
        "Your deposit is doubled after the first year.",
        "We pay for your taxi home.",
        "You can cancel at any time without a fee.",
        "Lost luggage is replaced with a new one of your choice.",
        "We will send you a voucher for the trouble.",
        "Long-standing members skip every waiting list.",
        "All complaints are settled in the customer's favour.",
        "Repairs are done at your home on Sundays.",
        "Late payments are forgiven once a year.",
        "Your insurance also covers your neighbours.",
        "A manager signs every letter by hand.",
        "Unused vouchers turn into cash at Christmas.",
        "Shipping is free for members of the fan club.",
        "We match the price of any competitor.",
        "The warranty passes on to the next owner.",
        "Children under school age travel without a ticket.",
        "Your data is sold to advertisers in the region.",
        "Spare parts are printed while you wait.",
        "You are entitled to compensation under the law.",
        "We refund the full amount, no questions asked.",
    ),
    "fr": (
        "Les colis retournés sont examinés par un laboratoire extérieur.",
        "L'emballage cadeau est compris dans chaque commande.",
        "Les animaux sont acceptés dans toutes nos agences.",
        "Les étudiants paient la formule premium à moitié prix.",
        "Votre dépôt est doublé après la première année.",
        "Nous prenons en charge votre taxi de retour.",
        "Vous pouvez résilier à tout moment sans frais.",
        "Les bagages perdus sont remplacés par des neufs de votre choix.",
        "Nous vous enverrons un bon d'achat pour le dérangement.",
        "Les membres fidèles passent devant toutes les listes d'attente.",
        "Toutes les réclamations sont tranchées en faveur du client.",
        "Les réparations se font chez vous le dimanche.",
        "Un retard de paiement est effacé une fois par an.",
        "Votre assurance couvre aussi vos voisins.",
        "Un directeur signe chaque courrier à la main.",
        "Les bons inutilisés sont convertis en argent à Noël.",
        "La livraison est offerte aux membres du club.",
        "Nous nous alignons sur le prix de tout concurrent.",
        "La garantie se transmet au propriétaire suivant.",
        "Les enfants en bas âge voyagent sans billet.",
        "Vos informations sont vendues aux annonceurs de la région.",
        "Les pièces détachées sont imprimées sur place.",
        "La loi vous donne droit à une indemnisation.",
        "Nous remboursons la totalité sans poser de question.",
    ),
}

MONTHS: Mapping[str, Sequence[str]] = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
}
