"""How a sensitive topic's rules are written.

Rules see a text in lower case, without accents, with one blank between words, sentences divided by " . ", English short
forms closed up ("dont") and French elisions opened ("l avocat"). Short names stand for what many rules share:

{g}, {far}      up to 3, up to 7 words of the same sentence in between
{kin}, {proche} a relative or friend, in English, in French
{child}, {enfant}, {staff}, {employe}   likewise
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

_NAMES: Mapping[str, str] = {
    "g": r"(?:\w+ ){0,3}",
    "far": r"(?:\w+ ){0,7}",
    "kin": r"(?:husband|wife|mother|father|mum|mom|mummy|dad|daddy|son|daughter|brother|sister|grand ?(?:mother|father|ma|pa|son|"
    r"daughter|parents?)|nan|nana|gran|partner|fiancee?|uncle|aunt|auntie|cousin|friend|neighbou?r|parents?|twin|stepfather|"
    r"stepmother|stepson|spouse|boyfriend|girlfriend|colleague|account holder|(?:mother|father) in law|baby|child|niece|nephew)",
    "proche": r"(?:mari|femme|epou(?:x|se)|mere|pere|maman|papa|fils|fille|frere|soeur|grand (?:mere|pere)|grands parents|conjointe?|"
    r"compagn(?:on|e)|oncle|tante|ami|amie|cousine?|belle (?:mere|soeur|fille)|beau (?:pere|frere|fils)|mamie|mamy|papi|papy|"
    r"voisine?|parents?|titulaire|collegue|jumeau|jumelle|bebe|enfant|petit fils|petite fille|niece|neveu|parrain|marraine)",
    "child": r"(?:child|children|kids?|toddler|baby|infant|daughter|son|sons|grandson|granddaughter|grandchild|niece|nephew|"
    r"little (?:girl|boy|one|brother|sister)|(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|"
    r"fourteen|fifteen|sixteen|seventeen) (?:year|yr|month)s? olds?|\d{1,2}yo|minors?|teens?|teenagers?|schoolgirls?|schoolboys?|"
    r"pupils?)",
    "enfant": r"(?:enfants?|gamine?s?|gosses?|bebe|fils|fille|fillette|garconnet|petite? (?:fils|fille|garcon|soeur|frere)|niece|"
    r"neveu|mineure?s?|ados?|adolescente?s?|puce|loulou|(?:\d{1,2}|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|"
    r"quatorze|quinze|seize) (?:ans|mois)|eleves?|jumeaux|jumelles)",
    "staff": r"(?:driver|courier|delivery (?:man|guy|person|driver)|agent|employee|guard|technician|staff|staff member|manager|"
    r"cashier|clerk|operator|advisor|adviser|rep|representative|worker|plumber|installer|receptionist|engineer|colleague)",
    "employe": r"(?:livreur|chauffeur|coursier|facteur|agent|employee?|vigile|technicien(?:ne)?|conseillere?|vendeu(?:r|se)|caissiere?|"
    r"operat(?:eur|rice)|installateur|responsable|gerante?|collegue|salariee?|reparateur|hotesse|teleconseillere?|receptionniste)",
}


def _filled(words: str) -> str:
    for name, pattern in _NAMES.items():
        words = words.replace(f"{{{name}}}", pattern)
    return words


@dataclass(frozen=True)
class Rule:
    """Words that speak for a topic: `weight` 1 decides alone, less needs company; `unless` is an innocent reading,
    looked for in the same sentence."""

    words: str
    weight: float = 1.0
    unless: str = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{_filled(self.words)})(?!\w)")

    @cached_property
    def innocent(self) -> re.Pattern[str] | None:
        return re.compile(rf"(?<!\w)(?:{_filled(self.unless)})(?!\w)") if self.unless else None


Rules = tuple[Rule, ...]
