"""Does the reply commit the tenant to something?

G100 refund       hit: "We will refund your order." miss: "Refunds are paid within 14 days", from a source.
G101 action       hit: "I have cancelled your order." miss: "You can cancel your order."
G102 commitment   hit: "We will get back to you." miss: "We reply within a day", from a source.
G103 fault        hit: "This is our mistake." miss: "We are sorry for the inconvenience."
G104 discount     hit: "You will receive a voucher." miss: "Enter your voucher code."
G105 deadline     hit: "It will arrive tomorrow." miss: "Delivery takes two days", from a source.
G106 legal        hit: "You are legally entitled to …". miss: "See our terms."
G107 medical      hit: "Stop taking your medicine." miss: "See a doctor", from a source.
G108 guarantee    hit: "We guarantee that …". miss: "The guarantee lasts two years."

Classes: refund, action, commitment, fault, discount, deadline, legal, medical, guarantee. A *bound* promise speaks to this
customer ("we will refund you"): it passes only when the policy allows its class and a cited source speaks of it. A *general*
one ("nous remboursons sous 14 jours") is knowledge when a cited source has it too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guardrails.base import Finding, Options, Reply, Sentence
from guardrails.cited import cited, open_sentences
from guardrails.kinds import kind_of
from guardrails.promise_words import PROMISES, Promise
from guardrails.sentences import split_sentences
from guardrails.words import fold

IDS = {
    "refund": "klark.G100",
    "action": "klark.G101",
    "commitment": "klark.G102",
    "fault": "klark.G103",
    "discount": "klark.G104",
    "deadline": "klark.G105",
    "legal": "klark.G106",
    "medical": "klark.G107",
    "guarantee": "klark.G108",
}


@dataclass(frozen=True, slots=True)
class _Hit:
    promise: Promise
    words: str


def promises(reply: Reply, options: Options) -> list[Finding]:
    """Findings on commitments, one a class and sentence."""
    return [
        Finding(IDS[hit.promise.kind], hit.promise.level, f'{hit.promise.what}: "{hit.words}"', place, hit.words)
        for place, sentence in open_sentences(reply, options)
        for hit in _made(sentence)
        if not _is_allowed(hit, sentence, options)
    ]


def _made(sentence: Sentence) -> Iterator[_Hit]:
    seen: set[str] = set()
    for claim in split_sentences(sentence.text):
        if kind_of(claim) == "COURTESY":
            continue
        for hit in _found(folded(claim)):
            if hit.promise.kind not in seen:
                seen.add(hit.promise.kind)
                yield hit


def _found(plain: str) -> Iterator[_Hit]:
    for promise in PROMISES:
        hit = promise.pattern.search(plain)
        if hit and not _is_denied(plain, hit) and not (promise.done and _CONDITION.search(plain[: hit.start()])):
            yield _Hit(promise, hit.group().strip())


def folded(text: str) -> str:
    """A sentence as the patterns of promises see it: contractions written out, no accents or marks, single spaces."""
    plain = fold(text)
    for short, full in _CONTRACTIONS:
        plain = plain.replace(short, full)
    return " ".join(re.findall(r"[^\W_]+|[%€$£]", plain))


_CONTRACTIONS = (
    ("can't", "can not"),
    ("won't", "will not"),
    ("n't", " not"),
    ("'ll", " will"),
    ("'ve", " have"),
    ("'re", " are"),
    ("'m ", " am "),
)
# "Once your order has been shipped, …" tells when, not that it happened.
_CONDITION = re.compile(
    r"\b(?:if|once|when|after|until|as soon as|unless|si|une fois|lorsque?|quand|apres|des que|tant que|jusqu a ce que)\b"
)
_DENIED = re.compile(r"\b(?:not|never|cannot|unable|ne|n|pas|jamais|aucun|aucune|impossible)\b")


def _is_denied(plain: str, hit: re.Match[str]) -> bool:
    """A refusal is no promise: "we cannot refund", "nous ne remboursons pas"."""
    return bool(_DENIED.search(hit.group()) or re.match(r" (?:not|pas|jamais)\b", plain[hit.end() : hit.end() + 8]))


def _is_allowed(hit: _Hit, sentence: Sentence, options: Options) -> bool:
    source = folded(cited(sentence.sources))
    if not source:
        return False
    if not hit.promise.done and any(theirs.promise is hit.promise for theirs in _found_in(sentence, hit.promise)):
        return True
    return hit.promise.kind in options.allowed_promises and bool(hit.promise.topic.search(source))


def _found_in(sentence: Sentence, promise: Promise) -> Iterator[_Hit]:
    """The same promise in a cited sentence: then it is the tenant's own rule, not the drafter's word."""
    for source in sentence.sources:
        for text in split_sentences(source.text):
            hit = promise.pattern.search(folded(text))
            if hit:
                yield _Hit(promise, hit.group())
