"""Detects unsolicited offers: SEO, crypto, lotteries, loans, mass marketing.

Conservative: it takes signs of two kinds, or one with a way of contact, and no sign of a customer's own business.
"""

import re
from collections.abc import Sequence

from guardrails.text.words import fold

READ = 4000
_BAR = 3

_SIGNS: Sequence[tuple[int, re.Pattern[str]]] = [
    (weight, re.compile(pattern))
    for weight, pattern in (
        # search engines and web agencies
        (
            2,
            r"\b(?:seo|backlinks?|link building|domain authority|guest posts?|sponsored (?:post|article)s?"
            r"|netlinking)\b",
        ),
        (
            2,
            r"\b(?:first|1st|top) (?:page|position|rank\w*|results?)[^.\n]{0,20}\b(?:google|search engines?"
            r"|bing)\b|\brank (?:your|you|higher)\b",
        ),
        (
            2,
            r"\b(?:premiere page|premiere position|premiers? resultats?|tete)[^.\n]{0,20}\bgoogle\b"
            r"|\breferencement (?:naturel|google|de votre)\b",
        ),
        (
            2,
            r"\b(?:auf (?:die )?(?:seite 1|erste seite)|suchmaschinenoptimierung|primera pagina de google"
            r"|posicionamiento (?:web|seo))\b",
        ),
        (
            1,
            r"\b(?:boost|increase|improve|grow|double|skyrocket) your (?:sales|traffic|revenue|business|online"
            r"|ranking|visibility|conversions?|leads?)\b",
        ),
        (
            1,
            r"\b(?:augmente[rz]|booste[rz]|doublez|developpez) (?:votre|vos) (?:ventes?|trafic|visibilite"
            r"|chiffre d'affaires|clients|clientele)\b",
        ),
        (
            1,
            r"\b(?:web ?(?:design|development)|mobile app development|site (?:web|internet) (?:professionnel"
            r"|a partir de)|creation de sites?)\b",
        ),
        (
            2,
            r"\b(?:e-?mail|contacts?|leads?) (?:list|database)s?\b|\b(?:decision makers|qualified leads"
            r"|lead generation)\b|\bfichiers? (?:clients?|e-?mails?|prospects?)\b",
        ),
        (
            1,
            r"\b(?:free (?:audit|quote|consultation|proposal)|audit (?:gratuit|offert)|devis gratuit"
            r"|our (?:packages|services) (?:start|include)|nos services)\b",
        ),
        (
            1,
            r"\b(?:i (?:came across|found|visited|noticed|was looking at) your (?:website|site|store)"
            r"|(?:j'ai (?:visite|decouvert|consulte)|en visitant) votre site)\b",
        ),
        # easy money
        (
            2,
            r"\b(?:crypto(?:currency)?|bitcoins?|btc|ethereum|forex|nft|usdt)\b[^.\n]{0,80}\b(?:invest\w*"
            r"|profits?|returns?|trading|double|gains?|rendement|gagne[rz]?|signals?|platform|plateforme)\b",
        ),
        (
            2,
            r"\b(?:invest\w*|profits?|trading|earn|gagne[rz]|gains?)\b[^.\n]{0,80}\b(?:crypto(?:currency"
            r"|monnaies?)?|bitcoins?|btc|ethereum|forex)\b",
        ),
        (
            2,
            r"\b(?:guaranteed (?:returns?|profits?|income)|passive income|financial freedom|(?:gains?|revenus?"
            r"|rendements?) (?:garantis?|passifs?))\b",
        ),
        (
            1,
            r"\b(?:earn|make|gagnez)\b[^.\n]{0,20}(?:\$|€|eur|usd)?\s?\d[\d.,\s]*(?:\$|€|eur"
            r"|usd)?[^.\n]{0,20}\b(?:per|a|par|each) (?:day|week|month|jour|semaine|mois)\b",
        ),
        (
            2,
            r"\b(?:you(?:'ve| have)? (?:won|been selected|been chosen)|claim your (?:prize|reward|gift"
            r"|winnings)|(?:lottery|lotto|jackpot) (?:winner|winning|draw))\b",
        ),
        (
            2,
            r"\b(?:vous avez (?:gagne|ete (?:selectionne|tire au sort|choisi))|reclame[rz] votre (?:lot|prix"
            r"|cadeau|gain)|heureux gagnant|grand gagnant)\b",
        ),
        (2, r"\b(?:sie haben gewonnen|ihren gewinn|ha ganado|ha sido seleccionado|reclame su premio)\b"),
        (
            2,
            r"\b(?:next of kin|inheritance|late client|deceased client|beneficiary of|unclaimed funds?"
            r"|heritage de|succession de|fonds non reclames)\b",
        ),
        (
            1,
            r"\b(?:million|millions) (?:of )?(?:us )?(?:dollars|usd|euros?)\b|(?:\$|€|usd"
            r"|eur)\s?\d+(?:[.,]\d+)? ?(?:million|m)\b",
        ),
        (
            2,
            r"\b(?:loan offer|instant loan|business loans?|loan at \d|(?:offre de )?(?:pret"
            r"|credit) (?:entre particuliers|rapide|sans justificatif|immediat)|taux de \d)\b",
        ),
        # goods and marketing phrases
        (
            2,
            r"\b(?:viagra|cialis|levitra|replica watches|cheap (?:rolex|meds)|online casino|casino (?:bonus"
            r"|en ligne)|free spins|adult dating|sexy (?:singles|girls))\b",
        ),
        (
            1,
            r"\b(?:limited[- ]time offer|act now|offer expires|click (?:here|below|the link)|best price"
            r"|offre (?:limitee|exclusive|speciale)|cliquez (?:ici|vite|sur le lien)|profitez|urgent business"
            r"|business proposal|proposition d'affaires)\b",
        ),
        (1, r"\b(?:unsubscribe|opt[- ]out|se desabonner|me desinscrire|ne plus recevoir)\b"),
        (
            1,
            r"\b(?:manufacturer|factory|supplier|wholesale)\b[^.\n]{0,60}\b(?:china|shenzhen|guangzhou|offer"
            r"|price|catalog\w*|moq)\b",
        ),
        (
            1,
            r"\b(?:whatsapp|telegram)\b[^\n]{0,30}(?:\+?\d|@|t\.me|wa\.me)|\b(?:reply (?:yes|with your)"
            r"|contact me (?:at|on|via)|repondez (?:oui|a ce mail))\b",
        ),
    )
]
_LINK = re.compile(
    r"https?://|www\.|\b[\w-]+\.(?:com|net|org|io|xyz|top|info|biz|ru|example|test)\b|\b[\w.+-]+@[\w-]+\.\w+"
)
# A customer's own business: what was bought, paid, asked before, or found suspicious.
_OWN = re.compile(
    r"\b(?:my|our|ma|mon|mes|notre) (?:order|parcel|account|subscription|invoice|card|payment|password"
    r"|purchase|refund|bank|last|previous|commande|colis|compte"
    r"|abonnement|facture|carte|paiement|achat|remboursement|banque|mot de passe|precedent\w*)\b"
    r"|\border (?:number|no\.?|#)|\bcommande (?:n|numero)"
    r"|\b(?:is (?:this|it)|was (?:this|it)|does this come) (?:really |actually )?(?:from you|you|legit|real"
    r"|a scam|genuine|yours)|\bi (?:received|got) (?:a|an|this|your)"
    r"|\bj'ai (?:recu|achete|commande)\b|\b(?:est-ce (?:bien )?vous|vient(?:-il)? (?:bien )?de vous|arnaque"
    r"|frauduleux|hameconnage|phishing|scam)\b|\b(?:your|votre) (?:newsletter|coupon|voucher|code promo)"
)


def spam(subject: str, text: str) -> str:
    """Returns the words that make a text spam, or "" if it is not clearly so."""
    words = fold(f"{subject}\n{text[:READ]}")
    found = [(weight, match.group()) for weight, sign in _SIGNS if (match := sign.search(words))]
    weight = sum(weight for weight, _ in found) + bool(_LINK.search(words)) - 3 * bool(_OWN.search(words))
    return "; ".join(match for _, match in found)[:200] if len(found) >= 1 and weight >= _BAR else ""
