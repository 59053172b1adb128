"""Does every figure stand in a cited source?

G090 number, G091 date, G092 time, G093 duration, G094 money, G095 percentage, G096 code, G097 quantity:
                      hit: "5 days" where the source says "three days". miss: "24 h" for "un jour".
G098 only around it   hit: the figure stands in the passage, not in the cited sentence. miss: it stands in both.

Numbers, dates and the like may also come from the ticket when the sentence says so ("as you wrote", "votre commande
12345") and speaks of what the customer did or has: what the tenant allows, grants or asks for only a source can say.
Links, e-mails, phones, cards and IBANs never do: see checks.links and checks.personal.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from guardrails.base import Finding, Level, Options, Reply, Sentence
from guardrails.cited import AROUND, open_sentences, surroundings
from guardrails.restated import is_customers_own
from guardrails.values import Value, bare_values, find_values, rival, stands_in
from guardrails.words import fold

IDS = {
    "number": "klark.G090",
    "date": "klark.G091",
    "time": "klark.G092",
    "duration": "klark.G093",
    "money": "klark.G094",
    "percentage": "klark.G095",
    "code": "klark.G096",
    "quantity": "klark.G097",
}
AROUND_ONLY = "klark.G098"
MOST = 20
"""How many figures of one sentence are reported."""

# "your order 12345", "votre commande du 3 mars": the customer's own matter, by the number or date that he gave.
_OWN = re.compile(
    r"\b(?:your|votre|la) (?:order|purchase|parcel|ticket|request|message|e-?mail|invoice|subscription|booking|"
    r"account|commande|achat|colis|demande|facture|abonnement|reservation|compte)"
    r"(?: (?:number|no|n|numero|reference|ref|of|from|dated|placed on|du|de|passee le|date du|le))*[ .:°#]{0,4}$"
)


def values(reply: Reply, options: Options) -> list[Finding]:
    """Findings on figures: BLOCK where no source has them, HOLD where only the passage around has."""
    return [
        finding
        for place, sentence in open_sentences(reply, options)
        for finding in _in_sentence(place, sentence, reply)
    ]


def _in_sentence(place: int, sentence: Sentence, reply: Reply) -> Iterator[Finding]:
    claimed = find_values(sentence.text, reply.language)
    if not claimed:
        return
    sourced = _values_of([source.text for source in sentence.sources], reply.language)
    foreign = (
        value
        for value in claimed
        if not (stands_in(value, sourced) or _customer_said(value, sentence.text, reply, sourced))
    )
    for value in islice(foreign, MOST):
        near = find_values(surroundings(sentence.sources)[:AROUND], reply.language)
        yield _finding(place, value, sourced, near)


def _values_of(texts: Sequence[str], language: str) -> tuple[Value, ...]:
    """Each source by itself: two run together could make a number that neither has."""
    return tuple(
        value for text in texts for value in (*find_values(text[:AROUND], language), *bare_values(text[:AROUND]))
    )


def _finding(place: int, value: Value, sourced: Sequence[Value], near: Sequence[Value]) -> Finding:
    if stands_in(value, near):
        why = f'"{value.text}" stands near the cited sentence, not in it'
        return Finding(AROUND_ONLY, Level.HOLD, why, place, value.text)
    other = rival(value, sourced)
    why = f'the source says "{other.text}"' if other else "no cited source has it"
    return Finding(IDS[value.kind], Level.BLOCK, f'{value.kind} "{value.text}": {why}', place, value.text)


def _customer_said(value: Value, text: str, reply: Reply, sourced: Sequence[Value]) -> bool:
    own = is_customers_own(value, text, decided=rival(value, sourced) is not None)
    if not (own or _is_own(value, text)):
        return False
    return stands_in(value, find_values(reply.ticket_text[:AROUND], reply.language))


def _is_own(value: Value, text: str) -> bool:
    before = fold(text.partition(value.text)[0])[-80:]
    return bool(_OWN.search(before))
