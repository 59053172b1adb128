"""What a question wants: its kind, and how a sentence shows that it can answer that kind.

Patterns of the question meet folded text, those of the sentence the text as it is. All are linear.
"""

import re
from dataclasses import dataclass
from re import Pattern

from integrations.llms.extractive_facts import (
    ADDRESS,
    COUNT,
    LENGTH,
    MOMENT,
    MONEY,
    OFTEN,
    PLACE,
    SAYS_LENGTH,
    SAYS_OFTEN,
    SAYS_PRICE,
    SAYS_WEIGHT,
    STEP,
    TIME,
    WEIGHT,
)
from integrations.llms.extractive_links import IMPERATIVE
from integrations.llms.extractive_values import KINDS

_I = re.IGNORECASE


@dataclass(frozen=True, slots=True)
class Want:
    """A kind of question: `asked` finds it, `met` finds a sentence that can answer it; where that is missing the
    sentence's score is multiplied by `without`. `says`: words of the question that such a fact says by itself."""

    name: str
    asked: Pattern[str]
    met: Pattern[str]
    without: float
    says: frozenset[str] = frozenset()


WANTS = {
    "en": (
        Want("far", re.compile(r"\bhow far\b"), re.compile(f"{LENGTH}|{TIME}", _I), 0.4, frozenset({"far", "ahead"})),
        Want(
            "age",
            re.compile(r"\bhow old\b|\b(?:what|which|minimum) age\b|\bage limit\b"),
            KINDS["age"].about,
            0.4,
            frozenset({"old", "age", "limit"}),
        ),
        Want("often", re.compile(r"\bhow often\b|\bhow many times\b"), re.compile(OFTEN, _I), 0.4, SAYS_OFTEN),
        Want(
            "weight",
            re.compile(r"\bhow heavy\b|\bhow much weight\b|\bweigh\b|\bwhat (?:is|s) the (?:\w+ )?weight\b"),
            re.compile(WEIGHT, _I),
            0.4,
            SAYS_WEIGHT,
        ),
        Want(
            "length",
            re.compile(r"\bhow (?:big|large|tall|wide|deep)\b|\bdimensions\b"),
            re.compile(LENGTH, _I),
            0.4,
            SAYS_LENGTH,
        ),
        Want(
            "time",
            re.compile(
                r"\bhow (?:long|soon|quickly|fast)\b|\bhow (?:many|much) (?:time|longer|minutes|hours|days|weeks"
                r"|months|years)\b|\bwhat time\b|\bhow late\b"
                r"|\bwhat (?:is|are|s) (?:the|your) (?:\w+ ){0,2}(?:times?|period|hours)\b|\bopening hours\b"
            ),
            re.compile(TIME, _I),
            0.4,
        ),
        Want(
            "moment",
            re.compile(
                r"^when\b|\bwhen (?:do|does|will|can|is|are|should|did|would|am|must)\b"
                r"|\b(?:until|by|since) when\b|\bdeadline\b|\bwhat day"
            ),
            re.compile(MOMENT, _I),
            0.4,
            frozenset({"deadline"}),
        ),
        Want(
            "money",
            re.compile(
                r"\bhow much (?!time|longer|does it weigh|weight|space|data|storage|memory|room|power|luggage"
                r"|water)|\bwhat (?:is|are|s|does) (?:\w+ ){0,4}(?:price|prices|cost|costs|fees?|charge|charges"
                r"|rates?)\b"
                r"|\bhow expensive\b|\b(?:what|which) amount\b|\bwhat price\b|\bwhat fee|^(?:price|cost|fee)s?\b"
                r"|\bwhat will .{0,30}cost\b"
            ),
            re.compile(MONEY, _I),
            0.4,
            SAYS_PRICE,
        ),
        Want(
            "count",
            re.compile(r"\bhow (?:many|much|old)\b|\bwhat (?:is the )?(?:max|min|weight)"),
            re.compile(COUNT, _I),
            0.5,
        ),
        Want("place", re.compile(r"\bwhere (?:is|are) (?:your|the)\b"), re.compile(ADDRESS, _I), 0.7),
        Want("place", re.compile(r"\bwhere\b"), re.compile(PLACE, _I), 0.7),
        Want(
            "steps",
            re.compile(
                r"\bhow (?:do|can|to|should|would|does|could|may|must)\b|\bwhat (?:do"
                r"|should|must) i\b|\bsteps\b|^how i\b"
            ),
            re.compile(f"{IMPERATIVE.pattern}|{STEP}", _I),
            0.75,
        ),
        Want(
            "reason",
            re.compile(r"\bwhy\b"),
            re.compile(
                r"\b(?:because|since|due|so that|in order|reason"
                r"|if|when)\b",
                _I,
            ),
            0.75,
        ),
    ),
    "fr": (
        Want(
            "far",
            re.compile(r"\bquelle (?:est la )?distance\b|\ba combien de (?:km|kilometres?|metres?)\b"),
            re.compile(f"{LENGTH}|{TIME}", _I),
            0.4,
            frozenset({"distance", "kilometres", "metres"}),
        ),
        Want(
            "age",
            re.compile(r"\bquel age\b|\bage (?:minimum|limite|minimal)\b"),
            KINDS["age"].about,
            0.4,
            frozenset({"age"}),
        ),
        Want(
            "often",
            re.compile(r"\bfrequence\b|\bcombien de fois\b|\btous les combien\b"),
            re.compile(OFTEN, _I),
            0.4,
            SAYS_OFTEN,
        ),
        Want(
            "weight",
            re.compile(r"\bcombien pese|\bquel (?:est le )?poids\b|\bpese t\b"),
            re.compile(WEIGHT, _I),
            0.4,
            SAYS_WEIGHT,
        ),
        Want(
            "length",
            re.compile(
                r"\bquelles? (?:sont les |est la )?(?:dimensions?|largeur|hauteur"
                r"|longueur|profondeur)\b"
            ),
            re.compile(LENGTH, _I),
            0.4,
            SAYS_LENGTH,
        ),
        Want(
            "time",
            re.compile(
                r"\bcombien de (?:temps|minutes|heures|jours|semaines|mois|ans|annees)\b"
                r"|\bdelais?\b|\bquelle heure\b|\bquelles heures\b|\bhoraires?\b|\bsous combien\b|\ben combien\b"
                r"|\bquelle est la duree\b"
            ),
            re.compile(TIME, _I),
            0.4,
        ),
        Want(
            "moment",
            re.compile(
                r"^quand\b|\bquand (?:est|sera|serai|vais|recevr|pourr|arriv|seront|aurai|dois|puis|faut|je ser)"
                r"|\bquand$|\bjusqu(?:a| a) quand\b|\bquelle date\b|\bquel jour\b|\bc est quand\b"
            ),
            re.compile(MOMENT, _I),
            0.4,
        ),
        Want(
            "money",
            re.compile(
                r"\bcombien (?!de |d |en |y a)|\bcombien$|\bc est combien\b|\bquel(?:le)?s? (?:est|sont|seront"
                r"|sera) (?:\w+ ){0,3}(?:prix|tarifs?|couts?|frais|montants?)\b"
                r"|\bquels? (?:prix|tarifs?|frais|cout)\b|\ba combien\b|\bquels? montants?\b|^(?:prix|tarifs?|frais|cout)\b"
            ),
            re.compile(MONEY, _I),
            0.4,
            SAYS_PRICE,
        ),
        Want(
            "count",
            re.compile(
                r"\bcombien (?:de|d|y a)\b|\bquel(?:le)? (?:est le )?(?:poids|nombre"
                r"|taille max)"
            ),
            re.compile(COUNT, _I),
            0.5,
        ),
        Want(
            "place",
            re.compile(r"\bou (?:est|sont|se trouvent?) (?:votre|vos|le|la|les|l)\b"),
            re.compile(ADDRESS, _I),
            0.7,
        ),
        Want(
            "place",
            re.compile(
                r"^ou (?:est|sont|se|trouv|puis|peut|dois|pourrais|en)\b|\bou (?:est|sont"
                r"|se trouv|puis|peut on|dois|trouver)\b|\ba quel endroit\b|\bd ou\b|\bquelle adresse\b"
            ),
            re.compile(PLACE, _I),
            0.7,
        ),
        Want(
            "steps",
            re.compile(
                r"\bcomment\b|\bque (?:dois je|faire|faut il)\b|\bquelles? (?:est"
                r"|sont) (?:la|les) (?:procedures?|demarches?|etapes?)\b|\bmarche a suivre\b|\bqu est ce que je dois\b"
            ),
            re.compile(f"{IMPERATIVE.pattern}|{STEP}", _I),
            0.75,
        ),
        Want(
            "reason",
            re.compile(r"\bpourquoi\b"),
            re.compile(
                r"\b(?:car|parce que|puisque|afin|pour"
                r"|raison|si|lorsque)\b",
                _I,
            ),
            0.75,
        ),
    ),
}
