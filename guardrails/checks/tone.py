"""Is it civil, and free of what the tenant does not want said?

G060 insult            hit: "Don't be stupid." miss: "an idiot-proof lock" in the tenant's own words.
G061 politics          hit: "Vote for …". miss: "vote for your favourite colour" is a hit too: a person decides.
G062 forbidden phrase  hit: a phrase of the policy, in any case, with or without accents. miss: a part of a word.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from guardrails.base import Finding, Level, Options, Reply
from guardrails.cited import foreign_sentences
from guardrails.words import bare, fold

INSULT = "klark.G060"
POLITICS = "klark.G061"
FORBIDDEN = "klark.G062"

_INSULT = re.compile(
    r"(?<!\w)(?:idiots?|idiote?s?|stupid(?:e|es|ity|ly)?|morons?|imbeciles?|dumb(?:ass)?|shut up|shit\w{0,4}|"
    r"fuck\w{0,5}|bastards?|bitch(?:es)?|assholes?|crap|damn|retarded|losers?|liars?|"
    r"abrutie?s?|cretins?|debiles?|connards?|connasses?|"
    r"(?<!pros and )cons|connes?|con(?! artist)|salauds?|salopes?|putain|merde|encule\w{0,3}|ta"
    r" gueule|ferme la|menteurs?|menteuses?|escrocs?|ridicules?|pathetic|pathetiques?|"
    r"your own fault|votre propre faute|calm down|calmez vous|apprenez a lire|learn to read)(?!\w)"
)
_POLITICS = re.compile(
    r"(?<!\w)(?:vote for|votez|votez pour|elections?|republicans?|democrats?|labour party|tories|trump|biden|macron|"
    r"le pen|melenchon|putin|poutine|zelensky|netanyahu|hamas|communis[mt]e?s?|fascis[mt]e?s?|"
    r"parti (?:socialiste|communiste|republicain)|rassemblement national|extreme (?:droite|gauche)|far (?:right|"
    r"left)|abortion|avortement|immigrants?|immigration|islamistes?|jihad\w{0,3}|god bless|allah|jesus)(?!\w)"
)
_TABLE = ((INSULT, "uncivil", _INSULT), (POLITICS, "touches on politics or belief", _POLITICS))


def tone(reply: Reply, options: Options) -> list[Finding]:
    """Findings on words; each HOLDs, since a person can judge them at a glance."""
    banned = _banned(options.forbidden_phrases)
    return [
        finding
        for place, sentence in foreign_sentences(reply, options)
        for finding in _in_sentence(place, sentence.text, banned)
    ]


def _in_sentence(place: int, text: str, banned: tuple[str, ...]) -> Iterator[Finding]:
    plain = " ".join(re.findall(r"[^\W_]+", fold(text)))
    for id_, what, pattern in _TABLE:
        if hit := pattern.search(plain):
            yield Finding(id_, Level.HOLD, f'{what}: "{hit.group()}"', place, hit.group())
    spaced = f" {plain} "
    for phrase in banned:
        if f" {phrase} " in spaced:
            yield Finding(FORBIDDEN, Level.HOLD, f'the policy forbids "{phrase}"', place, phrase)


@lru_cache(maxsize=64)
def _banned(phrases: tuple[str, ...]) -> tuple[str, ...]:
    plain = (" ".join(re.findall(r"[^\W_]+", bare(phrase))) for phrase in phrases)
    return tuple(filter(None, plain))
