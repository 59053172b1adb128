"""Is a figure that a reply takes from the ticket the customer's own, or does it say what the tenant allows?

"As you wrote, you ordered on 3 May" repeats a deed; "As you wrote, you can return it within 365 days" would make a rule of what
a customer claims. A figure that measures or costs something needs a clause about what the customer did or has; a date or an
order number only one that sets no rule. Where a cited source has a figure of the kind, it decides, but for a deed in the past.
"""

import re

from guardrails.kinds import is_restating
from guardrails.values import Value
from guardrails.words import expand, fold

MEASURED = frozenset({"duration", "money", "percentage", "quantity", "number", "time"})
"""Kinds of figure that a rule is made of."""
LONG_NUMBER = 5
"""Digits from which a bare number is an order's or a ticket's."""

_DEED = re.compile(
    r"\b(?:you (?:have |had |just |already |only |first ){0,2}(?:ordered|bought|purchased|paid|received|returned|sent|"
    r"shipped|placed|opened|contacted|called|wrote|used|cancelled|"
    r"booked|signed|installed|tried|waited|were charged|"
    r"were billed)|"
    r"vous (?:nous |l |y |en )?(?:avez|etes|aviez) (?:deja |bien |d abord )?(?:commande|achete|paye|regle|recu|renvoye|"
    r"retourne|envoye|expedie|passe|ouvert|contacte|appele|ecrit|utilise|annule|reserve|signe|installe|essaye|attendu|"
    r"ete debite))"
    r"e?s?\b"
)
_HAS = re.compile(
    r"\b(?:your|votre|vos) (?:order|purchase|parcel|ticket|invoice|subscription|booking|package|item|bill|payment|"
    r"commande|achat|colis|facture|abonnement|reservation|article|paiement|versement)s?\b"
)
_RULE = re.compile(
    r"\b(?:can|(?<!\d )may(?! \d)|must|should|shall|will|would|could|might|allow\w*|entitle\w*|free|"
    r"cost\w*|within|up to|at most|at least|"
    r"receive|needs?|has to|have to|get|gets|refund\w*|reimburse\w*|warrant\w*|guarantee\w*|covered|discount\w*|credit\w*|"
    r"peut|peuvent|pouvez|pourrez|pourra|doit|doivent|devez|devrez|gratuit\w*|offert\w*|coute\w*|sous|jusqu|au plus|"
    r"au moins|droit|beneficie\w*|garanti\w*|rembours\w*|remise\w*|reduction\w*|credit\w*|avoir de|sera|serez|seront|aurez)\b"
)
_LEAD = re.compile(
    r"^.*?\b(?:as you \w+(?: us)?|you (?:wrote|mention(?:ed)?|said|stated?|told us|indicated?|reported?|"
    r"described?)(?: to us)?(?: that)?|"
    r"according to your \w+|(?:comme|ainsi que) vous (?:\w+ ){0,4}?(?:indique\w*|mentionne\w*|ecri\w*|dit\w*|precise\w*|"
    r"signale\w*|explique\w*|decri\w*)|selon votre \w+|d apres votre \w+)(?: qu?e?)? ?,? ?"
)
_CUT = re.compile(r"[,;:()]| (?:and|but|et|mais) ")


def is_customers_own(value: Value, sentence: str, *, decided: bool) -> bool:
    """Whether a sentence repeats this value as what the customer did or has. `decided`: a source has one of its kind."""
    if not is_restating(sentence):
        return False
    clause = _clause(sentence, value.text)
    if _DEED.search(clause) and not _RULE.search(clause):
        return True
    if decided or _RULE.search(_folded(sentence)):
        return False
    return not _measures(value) or bool(_HAS.search(clause))


def _measures(value: Value) -> bool:
    digits = sum(sign.isdigit() for sign in value.text)
    return value.kind in MEASURED and not (value.kind == "number" and digits >= LONG_NUMBER)


def _folded(sentence: str) -> str:
    return fold(expand(sentence[:2000])).replace("'", " ")


def _clause(sentence: str, words: str) -> str:
    """The part of a sentence, from mark to mark, that a value stands in, without the words that say it is repeated."""
    plain, value = _folded(sentence), _folded(words)
    part = next((piece for piece in _CUT.split(plain) if value in piece), plain)
    return _LEAD.sub("", f" {' '.join(part.split())} ", count=1)
