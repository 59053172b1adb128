"""What a sentence says, word by word: stems that match across inflection, and where negation turns them round.

`read("Nous n'acceptons pas les chèques.", "fr")` has the content words *accept* (negated) and *chequ* (negated).
Lemmas come from simplemma; a light stem on top makes noun and verb meet ("remboursement", "rembourser").
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice, takewhile

from simplemma import is_known, lemmatize

from guardrails.vocabulary import COUNTS, DENIES, EMPTY, LIGHT, NEGATORS, REFUSALS, SAME, word_set

READ = 20_000
"""How many characters of one text are read; a sentence is far shorter, a passage rarely longer."""
REACH = 4
"""How many content words a negation turns round at most."""

_TOKEN = re.compile(r"[^\W_]+|[.,;:!?()…—]")
_EXPANSIONS = (
    (re.compile(r"\bcan(?:'t|not)\b", re.IGNORECASE), "can not"),
    (re.compile(r"\bwon't\b", re.IGNORECASE), "will not"),
    (re.compile(r"\bnon-(?=[a-z])", re.IGNORECASE), "not "),
    (re.compile(r"n't\b", re.IGNORECASE), " not"),
    (re.compile(r"'(?:s|ll|re|ve|d|m)\b", re.IGNORECASE), ""),
    (re.compile(r"\b(jusqu|lorsqu|puisqu|qu|[ldjmtscn])'", re.IGNORECASE), r"\1e "),
    (re.compile(r"(?<=\w)-(?=(?:vous|nous|moi|le|la|les|en|y|ci|là)\b)", re.IGNORECASE), " "),
    (
        re.compile(r"\b(?:free of charge|at no (?:extra )?cost|sans frais|à titre gracieux)\b", re.IGNORECASE),
        " free gratuit ",
    ),
    (
        re.compile(r"\b(?:no|without) (?:\w+ )?(?:fees?|charges?|costs?)\b|\baucun (?:frais|coût)\b", re.IGNORECASE),
        " free gratuit ",
    ),
    (
        re.compile(
            r"\b(?:sans|aucun) supplément\b|\bne coûten?t? rien\b|\bne pa(?:yez|ie[sz]?|yons) pas de frais\b",
            re.IGNORECASE,
        ),
        " gratuit ",
    ),
    (re.compile(r"\b(?:make|making|makes) sure(?: that| of)?\b|\bsee to\b", re.IGNORECASE), "ensure"),
    (re.compile(r"\bno one\b", re.IGNORECASE), "nobody"),
    (re.compile(r"\b(?:al)?though not\b", re.IGNORECASE), "but not"),
    (re.compile(r"\bpick(?:s|ed|ing)?((?: \w+){0,3}) up\b(?!-)", re.IGNORECASE), r"collect\1"),
    (re.compile(r"\bbr(?:ings?|inging|ought)((?: \w+){0,3}) back\b", re.IGNORECASE), r"return\1"),
    (re.compile(r"\bhand(?:ed)? in\b|\bsen[dt] in\b", re.IGNORECASE), "submit"),
    (re.compile(r"\bset(?:ting)? up\b", re.IGNORECASE), "create"),
    (re.compile(r"\bby means of\b|\bmake use of\b|\bse servir d[e']", re.IGNORECASE), "use "),
    (re.compile(r"\bavoir la possibilité d[e']", re.IGNORECASE), "pouvoir "),
    (re.compile(r"\b(?:in )?no more than\b", re.IGNORECASE), "at most"),
    (re.compile(r"\bno (?:less|fewer) than\b", re.IGNORECASE), "at least"),
    (re.compile(r"\bright away\b|\bat once\b", re.IGNORECASE), "immediately"),
    (re.compile(r"\bcourriers? électroniques?\b", re.IGNORECASE), "email"),
    (re.compile(r"\bas a rule\b", re.IGNORECASE), "typically"),
    (re.compile(r"\bat (?:present|the moment)\b", re.IGNORECASE), "currently"),
    (re.compile(r"\bin addition\b(?! to\b)", re.IGNORECASE), "also"),
    (re.compile(r"\bper ?cent\b|\bpour cent\b", re.IGNORECASE), " "),
    (re.compile(r"\ben particulier\b", re.IGNORECASE), "notamment"),
    (re.compile(r"\ben (?:cas|présence) d(?:e |')", re.IGNORECASE), "en cas de "),
    (re.compile(r"\bapart from\b|\bexcluding for\b", re.IGNORECASE), "except for"),
    (re.compile(r"\bmoney back\b", re.IGNORECASE), "refund"),
    (re.compile(r"\bfrais d(?:e |')(?:port|envoi|livraison|expédition)\b", re.IGNORECASE), "frais port"),
    (re.compile(r"\bshipping\b", re.IGNORECASE), "delivery"),
    (re.compile(r"\bsen[dt](?:ing)?((?: \w+){0,3}) back\b", re.IGNORECASE), r"return\1"),
    (re.compile(r"\bg(?:et|ot)(?: a| your)? refund", re.IGNORECASE), "refund"),
    (re.compile(r"\bon sale\b", re.IGNORECASE), "discounted"),
    (re.compile(r"\b(?:e-mails?|courriels?|mails?)\b", re.IGNORECASE), "email"),
)
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'"})
_WITH_NE = NEGATORS | {"plus", "guere", "point"}
# These deny a whole clause, its subject too; "no refunds" and "sans ticket" only what follows.
_OF_CLAUSES = word_set("not never ne pas jamais")
# A negation does not reach back out of a relative or conditional clause, nor on past the next verb.
_LINKS = word_set(
    "that which who whom whose if when because since due owing qui dont que si lorsque quand parce car puisque"
)
_VERBS = word_set(
    "is are was were can must may will should has have est sont peut peuvent doit doivent sera seront ont a"
)
_WHEN = word_set("before after during until avant apres pendant durant jusque")
_NEXT = _LINKS | word_set("not never cannot")
_BREAKS = word_set(". , ; : ! ? ( ) … — but mais however toutefois and et then puis donc so whereas tandis")
# Longest first; what is left must have four letters.
_SUFFIXES = tuple(
    sorted(
        word_set(
            """issement ements ement ments ment aisons aison ications ication ations ation itions ition tions tion ions ion ances
            ance ences ence
            ateur atrice eurs eur euses euse ages age eables eable ables able ibles ible iques ique ives ive ifs if
            ement aires aire eries erie ery ers er ees ee es ed e ing ings ir is it ant ants ent y ies al als ally ly
            s u us ue ues ate""",
        ),
        key=lambda suffix: (-len(suffix), suffix),
    )
)


def fold(text: str) -> str:
    """Lower case, no accents, compatibility forms made plain, typographic apostrophes straight."""
    text = text.translate(_APOSTROPHES)
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text).lower()
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def same_text(left: str, right: str) -> bool:
    """Whether two sentences are the same but for case, accents, spaces and the marks at their ends."""
    return bare(left) == bare(right)


def bare(text: str) -> str:
    """A sentence for comparing: folded, single spaces, no mark or quote at either end."""
    return " ".join(fold(text).split()).strip(" .!?…:;,\"'«»“”-*•")


@lru_cache(maxsize=65_536)
def lemma(word: str, language: str) -> str:
    """The dictionary form of a lower-case word, folded; French first unless the language says English."""
    order = ("fr", "en") if language == "fr" else ("en", "fr")
    if len(word) <= 2 or not word.isalpha():
        return fold(word)
    base = fold(lemmatize(word, lang=order))
    return _verb_of(word, base) or base


def _verb_of(participle: str, base: str) -> str:
    """The verb of a French participle, which the dictionary often takes for a noun: "garder" for "gardée"; else ""."""
    found = _PARTICIPLE.fullmatch(participle)
    if not found or (base in SAME and not found[2]):  # "employés" are people
        return ""
    verb = f"{found[1]}er"
    return fold(verb) if is_known(verb, lang="fr") else ""


_PARTICIPLE = re.compile(r"(\w{3,20})é(e?)s?")


@lru_cache(maxsize=65_536)
def affirmed(word: str, language: str) -> tuple[str, bool]:
    """The lemma of what a word speaks of, and whether it denies it: ("possible", True) for "impossible"."""
    base = lemma(word, language)
    if base in DENIES:
        return DENIES[base], True
    if base in REFUSALS:
        return base, False
    bare_word = base[2:]
    if language != "fr" and base.startswith("un") and len(bare_word) >= 5 and is_known(bare_word, lang="en"):
        return lemma(bare_word, language), True
    return base, False


@lru_cache(maxsize=65_536)
def stem(word: str, language: str) -> str:
    """What is compared: synonym's head, lemma, then the lemma without its ending ("cancellation" -> "cancel")."""
    base = affirmed(word, language)[0]
    base = COUNTS.get(base) or SAME.get(base) or SAME.get(fold(word), base)  # "damaged" is listed, "damage" is not
    if len(base) < 6 or not base.isalpha():
        return base
    return _cut(base)


def _cut(base: str) -> str:
    # The longest ending that leaves four letters; one regular expression could not tell how much it leaves.
    for suffix in _SUFFIXES:
        if base.endswith(suffix) and len(base) - len(suffix) >= 4:
            base = base[: -len(suffix)]
            break
    return base[:-1] if base[-1] == base[-2] else base


@dataclass(frozen=True, slots=True)
class Word:
    """A content word: as written, its stem, whether negation turns it round, its place among all tokens, whether it has
    a capital, whether it is light (may be missing from a source), and whether it is what a negation denies first."""

    text: str
    stem: str
    negated: bool
    place: int
    capital: bool = False
    light: bool = False
    focal: bool = False


@dataclass(frozen=True, eq=False)
class Reading:
    """A sentence's tokens (lower case, elisions undone) and its content words. Compared by identity: `read` keeps them."""

    text: str
    tokens: tuple[str, ...]
    words: tuple[Word, ...]
    negators: int = field(default=0)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all content words."""
        return frozenset(word.stem for word in self.words)

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """The tokens folded."""
        return tuple(map(fold, self.tokens))

    @cached_property
    def folded(self) -> str:
        """The whole text folded, with single spaces around it, for looking up phrases by whole words."""
        return f" {' '.join(self.plain)} "


def expand(text: str) -> str:
    """Contractions and elisions written out: "can't" -> "can not", "l'article" -> "le article"."""
    text = text[:READ].translate(_APOSTROPHES)
    for pattern, words in _EXPANSIONS:
        text = pattern.sub(words, text)
    return text


@lru_cache(maxsize=512)
def read(text: str, language: str = "") -> Reading:
    """The content words of a text with their polarity. Linear; at most `READ` characters are read."""
    raw = _TOKEN.findall(expand(text))
    tokens = tuple(token.lower() for token in raw)
    scopes = find_scopes(tokens, language)
    words = tuple(
        _word(raw[place], place, scopes, language) for place, token in enumerate(tokens) if is_content(token, language)
    )
    return Reading(text, tokens, words, scopes.count)


def is_content(token: str, language: str = "") -> bool:
    """Whether a lower-case token can be evidence: a word or figure that is not in the table of empty ones."""
    empty = fold(token) in EMPTY and token not in _THINGS.get(language, ())
    return token[0].isalnum() and not empty and (len(token) > 1 or token.isdigit())


# Empty in the other language only: a car is no French "car", nor tea the English "the".
_THINGS = {"en": word_set("car son pour"), "fr": word_set("thé or")}


def is_light(token: str, language: str) -> bool:
    """Whether a content word may be missing from a source: a light verb, a figure (see `values`), a unit."""
    return token[0].isdigit() or lemma(token, language) in LIGHT or fold(token) in LIGHT


def _word(raw: str, place: int, scopes: "Scopes", language: str) -> Word:
    low = raw.lower()
    negated = (place in scopes.denied) != affirmed(low, language)[1]
    light = is_light(low, language)
    return Word(raw, stem(low, language), negated, place, raw[0].isupper(), light, place in scopes.focus)


@dataclass(frozen=True, slots=True)
class Scopes:
    """Where negations reach: the places denied, those denied first, and how many negations there are."""

    denied: frozenset[int]
    focus: frozenset[int]
    count: int


def find_scopes(tokens: tuple[str, ...], language: str) -> Scopes:
    """The reach of each negation in its clause; two on one word cancel out ("pas impossible" is possible)."""
    plain = tuple(map(fold, tokens))
    denied = _refused(tokens, plain, language)
    focus = {place for place in denied if not is_light(tokens[place], language)}
    count, place = 0, 0
    while place < len(tokens):
        if not _negates(plain, place, language):
            place += 1
            continue
        after, stop = _after(plain, place, language)
        before = _near(plain, range(place - 1, -1, -1)) if plain[place] in _OF_CLAUSES else []
        denied ^= {*after, *before}
        focus |= _first(tokens, plain, after, before, language)
        count, place = count + 1, stop
    return Scopes(frozenset(denied), frozenset(focus), count)


def _after(plain: tuple[str, ...], place: int, language: str) -> tuple[list[int], int]:
    """The content words behind a negator, and where its clause ends: at a break, or at the next verb after one of them."""
    reached: list[int] = []
    at = place + 1
    ends = _ends(plain, place, language)
    while at < len(plain) and plain[at] not in _BREAKS and len(reached) < REACH:
        if reached and plain[at] in ends and plain[at - 1] not in {"ne", "n"}:
            break  # "aucun remboursement ne est accordé": one negation
        if is_content(plain[at]):
            reached.append(at)
        at += 1
    return reached, max(at, place + 1)


def _ends(plain: tuple[str, ...], place: int, language: str) -> frozenset[str]:
    """The words at which a negation ends: the next verb, which "No refund is paid" denies too; a clause; another negation."""
    if plain[place] == "no" and (not place or plain[place - 1] in _BREAKS):
        return _NEXT
    return _NEXT | _VERBS if language == "fr" else _NEXT | (_VERBS - {"a"})  # in English an article


def _first(
    tokens: tuple[str, ...], plain: tuple[str, ...], after: list[int], before: list[int], language: str
) -> set[int]:
    """What is denied first: the next weighty word, else the two before ("payment by card is not possible"). What only
    tells when is none: "the oven must not be used before the visit"."""
    weighty = [place for place in after if not is_light(tokens[place], language)]
    if weighty and before and not _WHEN.isdisjoint(plain[after[0] : weighty[0]]):
        weighty = []
    return set(weighty[:1] or [place for place in before if not is_light(tokens[place], language)][:2])


def _refused(tokens: tuple[str, ...], plain: tuple[str, ...], language: str) -> set[int]:
    """What a word such as "impossible" or "forbidden" turns round: its own clause, on both sides."""
    reached: set[int] = set()
    for place, token in enumerate(tokens):
        if token.isalpha() and lemma(token, language) in REFUSALS:
            reached.update(_near(plain, range(place - 1, -1, -1)), _near(plain, range(place + 1, len(tokens))))
    return reached


def _near(plain: tuple[str, ...], way: range) -> list[int]:
    clause = takewhile(lambda place: plain[place] not in _BREAKS and plain[place] not in _LINKS, way)
    return list(islice((place for place in clause if is_content(plain[place])), REACH))


def _negates(plain: tuple[str, ...], place: int, language: str) -> bool:
    """A negator; not "not only"; French "ne" with its "pas" to come, since "ne … que" restricts."""
    near = plain[place + 1 : place + 6]
    if plain[place] == "ne" and language != "en":
        return any(token in _WITH_NE for token in near) or near[:1] == ("saurait",)
    return plain[place] in NEGATORS and near[:1] not in (("only",), ("seulement",), ("uniquement",))
