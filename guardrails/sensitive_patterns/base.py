"""How the rules of a sensitive topic are written, and how they become patterns.

One plain file per topic and one phrase per line, so that a rule can be read, and blamed. A blank line ends a block. Lines
with "!" are innocent readings: their block does not count in a sentence that has one. "weight 0.5" opens a block whose
lines need company, each counting once; the phrases of other blocks decide alone. A phrase is a regular expression over
words, with four short cuts:

    (a|b)   one of these            word*   the word with any ending
    ..      up to 3 words between   ...     up to 7 words between
    {kin}   see `_NAMES`

The text it meets is in lower case without accents, words divided by one blank, sentences by " . "; English short forms
are closed up ("dont", "ive"), French elisions opened ("l avocat").
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent

_NUMBERS = r"(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen)"
_NOMBRES = r"(?:\d{1,2}|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|dix sept)"

_NAMES: Mapping[str, str] = {
    "kin": (
        r"(?:husband|wife|mother|father|mum|mom|mummy|dad|daddy|son|daughter|brother|sister|grand ?(?:mother|father|ma|pa"
        r"|son|daughter|parents?)|nan|nana|gran|partner|fiancee?|uncle|aunt|auntie|cousin|friend|neighbou?r|parents?|twin"
        r"|stepfather|stepmother|stepson|spouse|boyfriend|girlfriend|colleague|account holder|(?:mother|father) in law"
        r"|baby|child|niece|nephew)"
    ),
    "proche": (
        r"(?:mari|femme|epou(?:x|se)|mere|pere|maman|papa|fils|fille|frere|soeur|grand (?:mere|pere)|grands parents"
        r"|conjointe?|compagn(?:on|e)|oncle|tante|ami|amie|cousine?|belle (?:mere|soeur|fille)|beau (?:pere|frere|fils)"
        r"|mamie|mamy|papi|papy|voisine?|parents?|titulaire|collegue|jumeau|jumelle|bebe|enfant|petit fils|petite fille"
        r"|niece|neveu|parrain|marraine)"
    ),
    "child": (
        r"(?:child|children|kids?|toddler|baby|infant|daughter|son|sons|grandson|granddaughter|grandchild|niece|nephew"
        rf"|little (?:girl|boy|one|brother|sister)|{_NUMBERS} (?:year|yr|month)s? olds?|\d{{1,2}}yo|minors?|teens?"
        r"|teenagers?|schoolgirls?|schoolboys?|pupils?)"
    ),
    "enfant": (
        r"(?:enfants?|gamine?s?|gosses?|bebe|fils|fille|fillette|garconnet|petite? (?:fils|fille|garcon|soeur|frere)|niece"
        rf"|neveu|mineure?s?|ados?|adolescente?s?|puce|loulou|{_NOMBRES} (?:ans|mois)|eleves?|jumeaux|jumelles)"
    ),
    "staff": (
        r"(?:driver|courier|delivery (?:man|guy|person|driver)|agent|employee|guard|technician|staff|staff member|manager"
        r"|cashier|clerk|operator|advisor|adviser|rep|representative|worker|plumber|installer|receptionist|engineer)"
    ),
    "employe": (
        r"(?:livreur|livreuse|chauffeur|coursier|facteur|agent|employee?|vigile|technicien(?:ne)?|conseillere?"
        r"|vendeu(?:r|se)|caissiere?|operat(?:eur|rice)|installateur|responsable|gerante?|collegue|salariee?|reparateur"
        r"|hotesse|teleconseillere?|receptionniste)"
    ),
}


@dataclass(frozen=True, slots=True)
class Block:
    """Phrases that mean the same. `weight` 1 decides alone; `innocent` is looked for in the same sentence."""

    weight: float
    phrases: re.Pattern[str]
    innocent: re.Pattern[str] | None


def blocks(topic: str) -> tuple[Block, ...]:
    """The rules of one topic, from its file."""
    text = (_HERE / f"{topic}.txt").read_text(encoding="utf-8")
    parts = (part.strip().split("\n") for part in re.split(r"\n\s*\n", text) if part.strip())
    return tuple(block for lines in parts for block in _blocks(lines))


def _blocks(lines: list[str]) -> Iterator[Block]:
    """One block of phrases that decide alone, or one for each line of those that need company."""
    phrases = [line for line in lines if not line.startswith(("!", "weight "))]
    innocent = [line.removeprefix("!") for line in lines if line.startswith("!")]
    readings = _pattern(innocent) if innocent else None
    if not lines[0].startswith("weight "):
        yield Block(1.0, _pattern(phrases), readings)
        return
    weight = float(lines[0].removeprefix("weight "))
    yield from (Block(weight, _pattern([phrase]), readings) for phrase in phrases)


def _pattern(phrases: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w)(?:{_expression(phrase.strip())})(?!\w)" for phrase in phrases))


def _expression(phrase: str) -> str:
    """One phrase as a regular expression."""
    words = re.sub(r"\((?!\?)", "(?:", phrase)
    words = re.sub(r"(?<=[\w)])(?<!\\w)\*", r"\\w*", words)
    words = words.replace("... ", r"(?:\w+ ){0,7}").replace(".. ", r"(?:\w+ ){0,3}")
    return "".join(_named(words))


def _named(words: str) -> Iterator[str]:
    for piece in re.split(r"(\{[a-z]+\})", words):
        yield _NAMES.get(piece.strip("{}"), piece) if piece.startswith("{") else piece
