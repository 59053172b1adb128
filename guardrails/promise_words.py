"""How promises are worded, in French and English: one row a wording, on folded text without marks ("we will refund")."""

import re
from dataclasses import dataclass

from guardrails import promise_words_en, promise_words_fr
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

PROMISES: tuple[Promise, ...] = tuple(
    Promise(kind, level, _NAMES[kind], re.compile(pattern), re.compile(_TOPICS[kind]), done)
    for kind, level, done, pattern in (*promise_words_en.ROWS, *promise_words_fr.ROWS)
)
