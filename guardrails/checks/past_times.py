"""Does a copied sentence speak of a time that is over?

G156 a time that is over   hit: "Delivery is free until 31 October 2026.", read in November. miss: the same, read in October.

A copy is supported whatever a judge says, and a judge knows the date; so code looks at copies alone.
"""

import re
from datetime import date

from guardrails.base import Finding, Level, Options, Reply, Sentence
from guardrails.grounding.copies import is_copy
from guardrails.text.calendar_days import meant
from guardrails.text.value_positions import Placed, placed
from guardrails.text.values import plain

OVER = "klark.G156"
_UNTIL = re.compile(
    r"\b(?:until|till|through|up to|by|ends?(?: on)?|expires?(?: on)?|jusqu['’]au|fin|expire|au plus tard)"
    r" ?(?:the|le)? ?$",
    re.IGNORECASE,
)


def expired(reply: Reply, options: Options) -> list[Finding]:
    """One HOLD for each copied sentence whose latest named end has passed; a date counts only where it names its year."""
    if options.today is None:
        return []
    found = [(place, _over(each, reply.language, options.today)) for place, each in enumerate(reply.sentences)]
    return [
        Finding(OVER, Level.HOLD, f"{words} is over", place, words, never_alone=True) for place, words in found if words
    ]


def _over(sentence: Sentence, language: str, today: date) -> str:
    text = plain(sentence.text)  # the text that `placed` counts in
    ends = [one for one in placed(text, language) if _UNTIL.search(text[: max(0, one.start)])]
    days = [(max(known), one.value.text) for one in ends if (known := _days(one))]
    last, words = max(days, default=(today, ""))
    return words if last < today and is_copy(sentence.text, sentence.sources) else ""


def _days(one: Placed) -> list[date]:
    return [day for key in one.value.keys if key[0] == "date" and key[1] for day in meant(key, None)]
