"""A ticket as the rules for sensitive topics see it: folded, short forms opened, typing errors in key words mended."""

import re
from collections.abc import Iterator
from functools import lru_cache

from guardrails.pii_words import fold, is_everyday, slips

_APOSTROPHES = str.maketrans("’ʼ`´‘", "'''''")
_ENGLISH_SHORT = re.compile(r"(?<=[a-z])'(?=(?:t|m|ve|ll|re|d)\b)")
_SENTENCE_END = re.compile(r"[.!?…;]+(?=\s|$)|\n\s*\n|[!?;…]+")
_NOT_A_WORD = re.compile(r"[^\w.]+|(?<!\s)\.|\.(?=\S)|_")
_STRETCHED = re.compile(r"([a-z])\1{2,}")

# What hurried writers type, word by word.
_SHORT_FORMS = {
    **{"jsuis": "je suis", "chui": "je suis", "jsui": "je suis", "jai": "j ai", "jvais": "je vais", "jpeux": "je peux"},
    **{"jveux": "je veux", "jen": "j en", "jme": "je me", "jte": "je te", "jvous": "je vous", "jle": "je le", "yavait": "y avait"},
    **{"ya": "y a", "pcq": "parce que", "pck": "parce que", "psk": "parce que", "qd": "quand", "tt": "tout", "tte": "toute"},
    **{"tjs": "toujours", "tjrs": "toujours", "bcp": "beaucoup", "pr": "pour", "ds": "dans", "qqun": "quelqu un", "pb": "probleme"},
    **{"qqn": "quelqu un", "kelkun": "quelqu un", "quelquun": "quelqu un", "mdp": "mot de passe", "cest": "c est"},
    **{"ct": "c etait", "nai": "n ai", "mest": "m est", "sest": "s est", "daccord": "d accord", "jetais": "j etais"},
    **{"u": "you", "ur": "your", "im": "im", "idk": "i dont know", "wanna": "wanna", "cuz": "because", "bc": "because"},
    **{"ppl": "people", "acct": "account", "pw": "password", "pwd": "password", "smb": "somebody", "sum1": "someone"},
    **{"some1": "someone", "any1": "anyone", "mum's": "mums", "kant": "cant", "wont": "wont", "dnt": "dont"},
}  # fmt: skip

# Words whose loss would lose the topic; each may be one slip away (two from ten letters on).
_KEYS = """
suicide suicidal overdose kill killing murder lawyer lawyers attorney solicitor tribunal avocat huissier plainte justice
ombudsman regulator mediateur fraud fraude fraudulent frauduleux unauthorized unauthorised phishing arnaque escroquerie
hacked hacker hacking pirate piratage password someone quelqu deceased passed funeral deces decede decedee obseques
enterrement succession notaire racist raciste racism racisme harassment harassed harcelement harcele discrimination
sexist sexiste insulte insultes journalist journaliste reporter mineur mineure underage disabled disability handicap
handicape handicapee malvoyant wheelchair fauteuil dementia alzheimer allergic allergique allergy reaction hospital
hopital urgences ambulance medication medicament medicaments insulin insuline pregnant enceinte unconscious inconscient
electric electrique brulure brulures threatened threatening menace menaces agresse assaulted attacked personal
personnelles donnees delete erase supprimer effacer consent consentement leaked breach fuite identity identite stolen
husband daughter mother father mourir vivre disparaitre living goodbye adieu
""".split()  # noqa: SIM905 - a list of words is read as text
_MENDED_FROM = 6
_TWO_SLIPS = 10


def plain(text: str) -> str:
    """`text` in lower case, unaccented, words one blank apart, sentences divided by " . ", with a blank at both ends."""
    closed = _ENGLISH_SHORT.sub("", text.lower().translate(_APOSTROPHES))
    divided = _SENTENCE_END.sub(" . ", closed)
    words = _NOT_A_WORD.sub(" ", divided).split()
    return f" {' '.join(map(_mended, words))} "


@lru_cache(maxsize=20_000)
def _mended(word: str) -> str:
    """A word folded and as it was meant: short forms written out, stretched letters let go, key words mended."""
    folded = fold(word)
    calm = _STRETCHED.sub(r"\1", folded) if len(set(folded)) > 1 else folded
    if calm in _SHORT_FORMS:
        return _SHORT_FORMS[calm]
    if len(calm) < _MENDED_FROM or not calm.isalpha() or calm in _KEYS or is_everyday(word) or is_everyday(calm):
        return calm
    return next(_near(calm), calm)


def _near(word: str) -> Iterator[str]:
    """The key words that a slip or two away."""
    allowed = 2 if len(word) >= _TWO_SLIPS else 1
    near = (key for key in _KEYS if key[0] == word[0] and abs(len(key) - len(word)) <= allowed)
    yield from (key for key in near if slips(word, key, allowed) <= allowed)
