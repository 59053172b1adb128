"""Checks for personal or account data that no source publishes.

G080 card number      hit: "4111 1111 1111 1111". miss: an order number.
G081 IBAN             hit: one that no source contains. miss: one that a source contains.
G082 social security  hit: "1 85 05 78 006 084 91", "123-45-6789". miss: a date.
G083 phone            hit: a number that no source contains, even if the ticket does. miss: the source's, with +33 instead of 0.
G084 e-mail           hit: an address that no source contains. miss: the source's.
"""

import re
from collections.abc import Iterator

from stdnum import luhn
from stdnum.fr import nir

from guardrails.base import Finding, Level, Options, Reply
from guardrails.grounding.allowed_sources import all_cited, trusted_sentences
from guardrails.text.contacts import IBAN as IBAN_SHAPE
from guardrails.text.contacts import find_mails, find_phones
from guardrails.text.values import plain

CARD = "klark.G080"
IBAN = "klark.G081"
SOCIAL = "klark.G082"
PHONE = "klark.G083"
MAIL = "klark.G084"

_CARD = re.compile(r"(?<![\w-])\d(?:[ -]?\d){12,18}(?![\w-])")
_NIR = re.compile(r"(?<!\w)[1-478](?: ?\d){12}(?: ?\d{2})(?!\w)")
_SSN = re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])")


def personal(reply: Reply, options: Options) -> list[Finding]:
    """Returns BLOCK findings on such data. The ticket does not count as a source for it."""
    texts = {place: plain(sentence.text) for place, sentence in trusted_sentences(reply)}
    if not any("@" in text or sum(map(str.isdigit, text)) >= 6 for text in texts.values()):
        return []
    known = plain(all_cited(reply))
    allowed = {key for _, _, key in _found(known, reply.language)}
    return [
        Finding(
            id_, Level.BLOCK, f"{_WHAT[id_]} that stands in no source: {_shown(id_, words)}", place, _shown(id_, words)
        )
        for place, text in texts.items()
        for id_, words, key in _found(text, reply.language)
        if key not in allowed
    ]


_WHAT = {
    CARD: "a card number",
    IBAN: "an IBAN",
    SOCIAL: "a social-security number",
    PHONE: "a phone number",
    MAIL: "an e-mail address",
}


def _shown(id_: str, words: str) -> str:
    """Card and account numbers are cut to their last four characters, so that a finding does not repeat them."""
    return words if id_ in {PHONE, MAIL} else f"…{words[-4:]}"


def _found(text: str, language: str) -> Iterator[tuple[str, str, str]]:
    """Yields (finding id, matched words, key to compare by), the most specific kind first."""
    for hit in IBAN_SHAPE.finditer(text.upper()):
        yield IBAN, hit.group(), hit.group().replace(" ", "")
    for hit in _CARD.finditer(text):
        digits = re.sub(r"\D", "", hit.group())
        if len(digits) <= 19 and luhn.is_valid(digits):
            yield CARD, hit.group(), digits
    for pattern in (_NIR, _SSN):
        for hit in pattern.finditer(text):
            if pattern is _SSN or nir.is_valid(hit.group()):
                yield SOCIAL, hit.group(), re.sub(r"\D", "", hit.group())
    for phone in find_phones(text, language):
        yield PHONE, phone.text, phone.key
    for mail in find_mails(text):
        yield MAIL, mail, mail
