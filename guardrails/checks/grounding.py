"""Does each sentence rest on the source it cites?

G110 no source           hit: "Refunds take 3 days." citing nothing; "Hello All Paid." beside a claim. miss: "Bonjour Anna,".
G111 not said            hit: words that the cited sentence does not have. miss: the same in other words.
G112 negation            hit: "is accepted" where the source says "is not". miss: "impossible" for "not possible".
G113 condition dropped   hit: without the source's "unless it is on sale". miss: "except discounted items".
G114 condition added     hit: "only if you are a member", said nowhere. miss: the source's own "if".
G115 swapped             hit: "cash" where the source says "card". miss: "parcel" for "package".
G116 name                hit: "Lyon" where the source names "Paris". miss: "LYON".
G117 modality            hit: "must" where the source says "can". miss: "have to" for "must".
G118 scope               hit: "all items" where the source says "some". miss: "every" for "all".
G119 limit               hit: "up to 50 €" where the source says "from 50 €". miss: "at least" for "minimum".
G120 instruction         hit: "Send the parcel to …" that no source gives. miss: "Use the code in the mail" that a source gives.

G121 foreign             hit: next to nothing of it stands in any source. miss: other words for the source's.
G122 recombined          hit: "Shipping to Belgium is free" from two sentences. miss: two facts joined by "and".
G123 too bare            hit: "Free." miss: "Shipping is free."
G124 time                hit: "before delivery" where the source says "after". miss: "following" for "after".
G125 crossed             hit: "battery 5 years" where that is the frame's figure. miss: the frame's alone.
G126 turned              hit: "rarely", "used to", "you refund us", said nowhere. miss: the source's own "rarely".
G127 added               hit: "teachers and students" where the source has students. miss: the source's own two.

Unsupported is HOLD; contradicted, or foreign to every source, is BLOCK.
"""

from collections.abc import Iterator

from guardrails.base import Finding, Level, Options, Reply, Sentence
from guardrails.cited import AROUND, every_source, open_sentences
from guardrails.doubt import Doubt
from guardrails.doubts import condition_dropped, doubts
from guardrails.foreign import is_foreign
from guardrails.kinds import is_closed, kind_of
from guardrails.restricted import restriction_dropped
from guardrails.sentences import split_sentences
from guardrails.support import gather, is_verbatim

NO_SOURCE = "klark.G110"
NOT_SAID = "klark.G111"
NEGATION = "klark.G112"
CONDITION_DROPPED = "klark.G113"
CONDITION_ADDED = "klark.G114"
SWAPPED = "klark.G115"
NAME = "klark.G116"
MODALITY = "klark.G117"
SCOPE = "klark.G118"
LIMIT = "klark.G119"
INSTRUCTION = "klark.G120"
FOREIGN = "klark.G121"
RECOMBINED = "klark.G122"
BARE = "klark.G123"
TIME = "klark.G124"
CROSSED = "klark.G125"
TURNED = "klark.G126"
ADDED = "klark.G127"

IDS = {
    "uncovered": NOT_SAID,
    "foreign": FOREIGN,
    "recombined": RECOMBINED,
    "bare": BARE,
    "time": TIME,
    "crossed": CROSSED,
    "turned": TURNED,
    "added": ADDED,
    "negation": NEGATION,
    "condition dropped": CONDITION_DROPPED,
    "condition added": CONDITION_ADDED,
    "swap": SWAPPED,
    "name": NAME,
    "modality": MODALITY,
    "scope": SCOPE,
    "limit": LIMIT,
}


# A question may ask for a code, a card or a fee: what no source asks, a person looks at first.
UNSOURCED = {"INSTRUCTION": (INSTRUCTION, "an instruction"), "QUESTION": (NO_SOURCE, "a question")}


def grounding(reply: Reply, options: Options) -> list[Finding]:
    """Findings on every claim in every sentence; a sentence that holds several claims is judged claim by claim."""
    claims = [
        (place, claim, sentence)
        for place, sentence in open_sentences(reply, options)
        for claim in split_sentences(sentence.text)
    ]
    beside = zip((None, *claims), claims, (*claims[1:], None), strict=False)
    return [
        finding
        for before, (place, claim, sentence), after in beside
        for finding in _on_claim(place, claim, sentence, reply, options, _of_one_source(sentence, before, after))
    ]


def _of_one_source(sentence: Sentence, *beside: tuple[int, str, Sentence] | None) -> tuple[str, ...]:
    """The claims beside one that cite a source of its own."""
    return tuple(one[1] for one in beside if one and any(source in one[2].sources for source in sentence.sources))


def _on_claim(
    place: int, claim: str, sentence: Sentence, reply: Reply, options: Options, beside: tuple[str, ...]
) -> Iterator[Finding]:
    kind = kind_of(claim)
    if is_verbatim(claim, sentence.sources):
        return
    if kind == "COURTESY":
        if _is_beside(claim, sentence) and not is_closed(claim, options.names):
            yield _without_source(place, claim, kind, reply)
        return
    if not sentence.sources:
        yield _without_source(place, claim, kind, reply)
        return
    evidence = gather(claim, sentence.sources, reply.language, reply.ticket_text[:AROUND])
    for doubt in doubts(evidence):
        if doubt.kind != "condition dropped" or not any(_completes(other, claim, sentence, reply) for other in beside):
            yield _finding(place, doubt)


def _completes(other: str, claim: str, sentence: Sentence, reply: Reply) -> bool:
    """Whether the claim beside says the condition: "Breakage is covered. Theft is not." That one is judged for itself."""
    both = gather(f"{claim} {other}", sentence.sources, reply.language)
    return condition_dropped(both) is None and restriction_dropped(both) is None


def _is_beside(courtesy: str, sentence: Sentence) -> bool:
    """Whether a courtesy stands in one sentence with claims; alone, the drafter's caller takes it out."""
    return bool(sentence.sources) and split_sentences(sentence.text) != (courtesy,)


def _without_source(place: int, claim: str, kind: str, reply: Reply) -> Finding:
    """A claim that cites nothing is held; one that nothing cited in the whole reply speaks of is no slip of a citation."""
    words = claim[:80]
    sources = every_source(reply)
    if sources and is_foreign(gather(claim, sources, reply.language)):
        return Finding(FOREIGN, Level.BLOCK, f'no source, and none speaks of it: "{words}"', place, words)
    id_, what = UNSOURCED.get(kind, (NO_SOURCE, "a statement"))
    return Finding(id_, Level.HOLD, f'{what} without a source: "{words}"', place, words)


def _finding(place: int, doubt: Doubt) -> Finding:
    level = Level.BLOCK if doubt.contradicts or doubt.kind == "foreign" else Level.HOLD
    return Finding(IDS[doubt.kind], level, doubt.why, place, doubt.words)
