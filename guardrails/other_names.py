"""Where a claim names somebody or something else than the sentences it cites: three of the rows of `doubts.DOUBTS`."""

import re
from difflib import SequenceMatcher

from simplemma import is_known

from guardrails.doubt import Doubt
from guardrails.support import Evidence
from guardrails.synonyms import widened
from guardrails.units import CURRENCIES
from guardrails.vocabulary import word_set
from guardrails.words import Reading, Word, bare, fold

SHORT, LONG = 4, 60
"""Content words of a sentence that is compared word by word with its source."""
_QUOTED = re.compile(r"[«“\"]([^«»“”\"]{2,80})[»”\"]")
_LEADS = word_set(
    """the a an your our their its this these no of in by with from for on at into per
    le la les un une du des de d au aux votre vos notre nos leur leurs ce cet cette ces par en avec sur dans sans l"""
)
_AUXILIARIES = word_set("is are was were can may must will should has have")
_VERB = {"fr": re.compile(r"(?:er|ir|dre|tre|ees|ent|ant)$"), "en": re.compile(r"(?:ing|ed)$")}


def name(evidence: Evidence) -> Doubt | None:
    """A name in the claim that no cited sentence has."""
    for word in evidence.missing:
        if not is_name(evidence.claim, word) or _written_in(word, evidence):
            continue
        others = {w.text for reading in evidence.pool for w in reading.words if is_name(reading, w)}
        other = next((text for text in sorted(others) if fold(text) not in evidence.claim.folded), "")
        where = f'where the source names "{other}"' if other else "which no cited source names"
        return Doubt("name", word.text, f'the reply names "{word.text}", {where}', contradicts=bool(other))
    return None


def quoted(evidence: Evidence) -> Doubt | None:
    """What a reply puts in quotation marks (a button, a page) must be written so in a source."""
    known = bare(" ".join((*(reading.text for reading in evidence.pool), evidence.around.text)))
    for hit in _QUOTED.finditer(evidence.claim.text):
        if bare(hit.group(1)) not in known:
            return Doubt("name", hit.group(1).strip(), f"no source writes {hit.group()}")
    return None


def substituted(evidence: Evidence) -> Doubt | None:
    """A copy of a source sentence but for one word, or two, that the source does not have."""
    if not evidence.pool or not 1 <= len(evidence.missing) <= 2:
        return None
    ours = [word.stem for word in evidence.claim.words]
    theirs = [word.stem for word in evidence.pool[0].words]
    changes = [
        change for change in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes() if change[0] != "equal"
    ]
    if not SHORT <= len(ours) <= LONG or len(changes) != 1 or changes[0][0] != "replace":
        return None
    _, start, end, other_start, other_end = changes[0]
    if end - start > 2 or other_end - other_start > 3:
        return None
    others = widened(theirs[other_start:other_end], evidence.language)
    if others.issuperset(ours[start:end]) or not _is_thing(evidence, start, other_start):
        return None
    word, other = evidence.claim.words[start].text, evidence.pool[0].words[other_start].text
    return Doubt("swap", word, f'a copy of the source but for "{word}", where it says "{other}"')


def _is_thing(evidence: Evidence, at: int, other_at: int) -> bool:
    """A noun, by the article or preposition before it: verbs have too many words that say the same."""
    pair = ((evidence.claim, at), (evidence.pool[0], other_at))
    verb = _VERB["fr" if evidence.language == "fr" else "en"]
    if any(verb.search(fold(reading.words[place].text)) for reading, place in pair):
        return False
    if at == other_at == 0 and all(_is_subject(reading) for reading, _ in pair):
        return True
    return any(reading.plain[max(0, reading.words[place].place - 1)] in _LEADS for reading, place in pair)


def _is_subject(reading: Reading) -> bool:
    """Whether a sentence begins with a noun: "Boots can be swapped"."""
    return reading.words[0].place == 0 and not _AUXILIARIES.isdisjoint(reading.plain[1:2])


def is_name(reading: Reading, word: Word) -> bool:
    """A capital inside a sentence; at its start only a word that no dictionary knows."""
    if not word.capital or len(word.text) < 2 or word.text.lower() in CURRENCIES:
        return False
    first = word.place == 0 or reading.tokens[word.place - 1] in {".", "!", "?", ":", "("}
    return not first or not is_known(word.text.lower(), lang=("fr", "en"))


def _written_in(word: Word, evidence: Evidence) -> bool:
    wanted = f" {fold(word.text)} "
    return any(wanted in reading.folded for reading in evidence.pool)
