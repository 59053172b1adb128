"""Does the reply commit the tenant to something?

G100 refund        hit: "We will refund your order." miss: "Refunds are paid within 14 days", from a source.
G101 action        hit: "I have cancelled your order." miss: "You can cancel your order."
G102 commitment    hit: "We will get back to you." miss: "We reply within a day", from a source.
G103 fault         hit: "This is our mistake." miss: "We are sorry for the inconvenience."
G104 discount      hit: "You will receive a voucher." miss: "Enter your voucher code."
G105 deadline      hit: "It will arrive tomorrow." miss: "Delivery takes two days", from a source.
G106 legal         hit: "You are legally entitled to …". miss: "See our terms."
G107 medical       hit: "Stop taking your medicine." miss: "See a doctor", from a source.
G108 guarantee     hit: "We guarantee that …". miss: "The guarantee lasts two years."
G109 exception     hit: "As an exception, we accept it." miss: "Gift cards are the exception", from a source.
G140 compensation  hit: "We will compensate you." miss: "Insurance covers theft", from a source.
G141 announced     hit: "We will cancel your order." miss: "You can cancel your order."

The list of classes is closed (`promise_rules.Class`). A promise passes only as the tenant's own rule, or when the policy allows
its class *and* a cited source supports the sentence. The tenant's own rule is: what a cited sentence promises in the same
way; a sentence on everyone ("nous remboursons sous 14 jours") where a cited one speaks of it; and a promise on a condition
("once we have it back, we refund you") where a cited one sets a condition, too. A deed is nobody's rule.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from guardrails.base import Finding, Level, Options, Reply, Sentence
from guardrails.cited import open_sentences
from guardrails.doubt import Doubt
from guardrails.doubts import condition_dropped
from guardrails.kinds import kind_of
from guardrails.polarity import polarity
from guardrails.promise_rules import TOPICS, Class
from guardrails.promised import Promise, folded, is_conditional, promised
from guardrails.restricted import any_bound_dropped, bound_dropped, is_bounded
from guardrails.sentences import split_sentences
from guardrails.support import CITED, Evidence, gather
from guardrails.words import read

SUPPORTED = 0.5
"""The share of a sentence's weighty words that its sources must have, for them to support what it promises."""
IDS: Mapping[Class, str] = MappingProxyType({
    "refund": "klark.G100",
    "action": "klark.G101",
    "announced": "klark.G141",
    "commitment": "klark.G102",
    "fault": "klark.G103",
    "discount": "klark.G104",
    "compensation": "klark.G140",
    "exception": "klark.G109",
    "deadline": "klark.G105",
    "legal": "klark.G106",
    "medical": "klark.G107",
    "guarantee": "klark.G108",
})  # fmt: skip
_NAMES: Mapping[Class, str] = {
    "refund": "promises a refund",
    "action": "claims an action that klark cannot take",
    "announced": "announces an action that klark cannot take",
    "commitment": "commits people to act",
    "fault": "admits a fault",
    "discount": "promises a benefit",
    "compensation": "promises a compensation",
    "exception": "makes an exception to the rules",
    "deadline": "promises a date",
    "legal": "gives legal advice",
    "medical": "gives medical advice",
    "guarantee": "gives a guarantee",
}
_HELD = frozenset({"commitment", "deadline", "guarantee"})
"""Classes that a person may let pass; the others never reach a customer."""


def promises(reply: Reply, options: Options) -> list[Finding]:
    """Findings on commitments, one a class and sentence."""
    return [
        Finding(IDS[made.kind], _level(made.kind), f'{_NAMES[made.kind]}: "{made.words}"', place, made.words)
        for place, sentence in open_sentences(reply, options)
        for made in _open(sentence, reply.language, options)
    ]


def _level(kind: Class) -> Level:
    return Level.HOLD if kind in _HELD else Level.BLOCK


def _open(sentence: Sentence, language: str, options: Options) -> Iterator[Promise]:
    """The promises of a sentence that nothing allows, one a class."""
    seen: set[str] = set()
    for claim in split_sentences(sentence.text):
        kind = kind_of(claim)
        for made in promised(claim) if kind != "COURTESY" else ():
            if made.done and kind == "QUESTION":
                continue
            if made.kind not in seen and not _is_allowed(made, claim, sentence, language, options):
                seen.add(made.kind)
                yield made


def _is_allowed(made: Promise, claim: str, sentence: Sentence, language: str, options: Options) -> bool:
    if not sentence.sources or not (made.kind in options.allowed_promises or _is_rule(made, claim, sentence, language)):
        return False
    return _speaks_of(made.kind, sentence) and _supports(made, claim, sentence, language)


def _is_rule(made: Promise, claim: str, sentence: Sentence, language: str) -> bool:
    """Whether it is the tenant's own rule that is told, not a word given to this customer."""
    if made.done:
        return False
    if made.general or any(_says(theirs, made) for text in _cited_sentences(sentence) for theirs in promised(text)):
        return True
    return is_conditional(folded(claim)) and any(_sets_one(text, language) for text in _cited_sentences(sentence))


def _says(theirs: Promise, made: Promise) -> bool:
    """Whether a source gives the same word; a mere commitment may stand in a more telling class, which then hides it."""
    return not (theirs.done or theirs.general) and made.kind in {theirs.kind, "commitment"}


def _sets_one(text: str, language: str) -> bool:
    """Whether a cited sentence sets a condition: "if it is unused", or "orders that come back unused"."""
    return is_conditional(folded(text)) or is_bounded(read(text, language))


def _cited_sentences(sentence: Sentence) -> Iterator[str]:
    for source in sentence.sources:
        yield from split_sentences(source.text[:CITED])


def _speaks_of(kind: Class, sentence: Sentence) -> bool:
    return any(
        TOPICS[kind].search(folded(text)) or any(theirs.kind == kind for theirs in promised(text))
        for text in _cited_sentences(sentence)
    )


def _supports(made: Promise, claim: str, sentence: Sentence, language: str) -> bool:
    evidence = gather(claim, sentence.sources, language)
    less = _BOUNDED[made.general] if not is_conditional(folded(claim)) else ()
    return evidence.coverage >= SUPPORTED and not any(doubt(evidence) for doubt in (polarity, *less))


_BOUNDED: Mapping[bool, tuple[Callable[[Evidence], Doubt | None], ...]] = {
    True: (condition_dropped, bound_dropped),
    False: (condition_dropped, any_bound_dropped),
}
"""Where a source says less than an unconditional promise, for everyone or for this customer: only if, or only of some."""
