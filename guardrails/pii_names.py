"""Names that nobody knows beforehand: found by what announces them, by where they stand, and by a list of given names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guardrails.pii_given import FAMILY, GIVEN, WORDS_TOO
from guardrails.pii_spans import Span
from guardrails.pii_words import STOP, WORD, fold, is_everyday

_MOST_WORDS = 4
_PARTICLE = r"(?:de la|de|du|des|da|di|dos|van der|van den|van|von|der|den|la|le|el|al|bin|ben|st|mc|y|d|o)"
_GAP = re.compile(r"[ \u00a0]{1,2}|\. ?|[ \u00a0]?-[ \u00a0]?|['’]")
_PARTICLES = frozenset(
    [
        "de",
        "du",
        "des",
        "da",
        "di",
        "dos",
        "van",
        "von",
        "der",
        "den",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ben",
        "st",
        "mc",
        "d",
        "o",
    ]
)


@dataclass(frozen=True, slots=True)
class _Announcement:
    """Words that a name follows. `loudly`: the next word is a name in any case ("my name is mark")."""

    pattern: re.Pattern[str]
    loudly: bool = False
    unknown_only: bool = False


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)[ \t\u00a0]{{0,3}}[:,]?[ \t\u00a0\"“«*]{{0,3}}", re.IGNORECASE)


_ANNOUNCED: tuple[_Announcement, ...] = (
    _Announcement(
        _words(
            r"my (?:full |first |last |middle )?name(?: is|'s|’s)|name(?: is|:| :)|name on the (?:account|order|card)(?: is|:)?|under the name(?: of)?"
            r"|full name|first name|last name|surname|name ?:|customer ?:|client ?:|contact ?:|recipient ?:|from ?:|to ?:|cc ?:|attn\.?|c/o"
            r"|je m['’ ]?appelle|je me nomme|jmappelle|jm'appelle|mon (?:nom|prénom|prenom)(?: est|:| :| c'est)|nom ?:|prénom ?:|prenom ?:|nom et prénom ?:"
            r"|destinataire ?:|expéditeur ?:|titulaire ?:|au nom de|à l['’]attention de|a l['’]attention de|de ?:|à ?:|signé|signed"
        ),
        loudly=True,
    ),
    _Announcement(
        _words(
            r"mr\.?|mrs\.?|ms\.?|miss|mx\.?|messrs\.?|dr\.?|prof\.?|sir|mme\.?|mmes\.?|mlle\.?|mademoiselle|madame|monsieur|m\.|mr et mme|maître|herr|frau|señora?|signora?|docteur|doctor"
        ),
        loudly=True,
    ),
    _Announcement(
        _words(
            r"hello|hi|hey|dear|hiya|good (?:morning|afternoon|evening)|bonjour|bonsoir|salut|coucou|bjr|cher|chère|chers|chere|hallo|hola|ciao"
        )
    ),
    _Announcement(
        _words(
            r"i am|i'm|i’m|im|this is|it's|it is|je suis|c'est|c’est|ici|moi c'est|called|named|nommée?|appelée?|prénommée?"
        ),
        unknown_only=True,
    ),
    _Announcement(
        _words(
            r"(?:spoke|speak|speaking|talk|talked|talking|chatted|dealt|chat) (?:to|with)|on behalf of|(?:message|mail|email|call|reply|answer) from|ask(?:ed)? for|contacted by|helped by|assisted by|"
            r"my (?:late )?(?:husband|wife|son|daughter|brother|sister|mother|father|mum|mom|dad|boss|colleague|friend|neighbou?r|partner|assistant|boyfriend|girlfriend|uncle|aunt|cousin)|"
            r"mon (?:mari|fils|frère|père|collègue|ami|voisin|patron|conjoint|compagnon|assistant|oncle|cousin)|ma (?:femme|fille|sœur|soeur|mère|collègue|voisine|compagne|conjointe|tante|cousine|mamie)|"
            r"(?:parlé|discuté|échangé|eu) (?:à|avec|au téléphone avec)|de la part de|conseillère?|votre collègue|your colleague|agent|advisor|signature de|rappelée? par|contactée? par|pour le compte de"
        ),
        unknown_only=True,
    ),
)
_CLOSING = re.compile(
    r"(?:(?:^|(?<=[.!?\n]))[ \t]{0,4})(?:(?:bien |très )?cordialement(?: vôtre)?|bien à (?:vous|toi)|(?:sincères |meilleures )?salutations(?: distinguées)?|cdlt|cdt|amicalement"
    r"|merci(?: d['’]avance| beaucoup| bien| par avance| à vous| pour votre (?:aide|retour|réponse))?|bonne (?:journée|soirée|réception)(?: à vous)?|à bientôt"
    r"|(?:kind |best |warm |kindest |many )?regards|best(?: wishes)?|(?:yours |very )?(?:sincerely|truly|faithfully)(?: yours)?|cheers|respectfully|take care|love"
    r"|(?:many |with )?thanks(?: in advance| a lot| so much| again| very much| for your (?:help|time|reply))?|thank you(?: very much| so much| in advance| for your (?:help|time|reply))?|thx|--|—|mit freundlichen grüßen|saludos|groeten|tks)"
    r"[ \t]{0,3}[,.!…:]{0,3}(?P<gap>[ \t]{0,3}(?:\r?\n[ \t*_>-]{0,6}){0,3})",
    re.IGNORECASE | re.MULTILINE,
)
_BEFORE_ADDRESS = re.compile(
    r"(?P<name>[^\W\d_][\w'’.-]{0,30}(?: [^\W\d_][\w'’.-]{0,30}){0,3}) ?(?=[<(\[](?:mailto:)?[\w.+-]{1,64}@)"
)
_HANDLE = re.compile(r"(?<![\w.@/])@[A-Za-z_][\w.]{2,30}(?<!\.)")
_LAST_LINE = re.compile(r"\n[ \t*_–—-]{0,6}(?P<line>[^\n]{2,60}?)[ \t*_.,]{0,4}\s*\Z")


def find_names(text: str) -> Iterator[Span]:
    """Every name that its announcement, its place or its given name gives away."""
    words = list(WORD.finditer(text))
    starts = {word.start(): index for index, word in enumerate(words)}
    yield from _announced(text, words, starts)
    yield from _signed(text, words, starts)
    yield from _given(text, words)
    yield from (
        Span(*match.span("name"), "NAME") for match in _BEFORE_ADDRESS.finditer(text) if _has_name(match["name"])
    )
    yield from (Span(match.start(), match.end(), "NAME") for match in _HANDLE.finditer(text))


def _announced(text: str, words: list[re.Match[str]], starts: dict[int, int]) -> Iterator[Span]:
    for announcement in _ANNOUNCED:
        for match in announcement.pattern.finditer(text):
            index = starts.get(match.end())
            if index is not None and _opens(words, index, announcement):
                yield _run(text, words, index)


def _opens(words: list[re.Match[str]], index: int, announcement: _Announcement) -> bool:
    """Whether the announced word begins a name."""
    word = words[index][0]
    plain = fold(word)
    if plain in _PARTICLES and announcement.loudly:
        return _goes_on(words, index) or _goes_on(words, index + 1)
    if plain in STOP:
        return False
    if announcement.loudly:
        return word[0].isupper() or not is_everyday(plain) or plain in GIVEN
    if not word[0].isupper():
        return plain in GIVEN
    return not announcement.unknown_only or plain in GIVEN or not is_everyday(plain) or _goes_on(words, index)


def _goes_on(words: list[re.Match[str]], index: int) -> bool:
    """Whether another capitalised word follows at once: "I am Rose Carter"."""
    follower = words[index + 1 : index + 2]
    if not follower or follower[0].start() - words[index].end() != 1:
        return False
    return follower[0][0][0].isupper() and fold(follower[0][0]) not in STOP


def _run(text: str, words: list[re.Match[str]], index: int) -> Span:
    """A name from its first word on: capitalised or unknown words, initials and particles between them."""
    start, end = words[index].span()
    for taken, word in enumerate(words[index + 1 : index + 8], 1):
        gap = text[words[index + taken - 1].end() : word.start()]
        if taken > _MOST_WORDS + 1 or _GAP.fullmatch(gap) is None:
            break
        if fold(word[0]) in _PARTICLES and not gap.startswith("."):
            continue
        if not _carries_on(text, word, gap):
            break
        end = word.end()
    possessive = re.search(r"['’]s?$", text[start:end])
    return Span(start, end - len(possessive[0]) if possessive else end, "NAME")


def _carries_on(text: str, word: re.Match[str], gap: str) -> bool:
    plain = fold(word[0])
    if gap.startswith(".") and len(text[: word.start()].rstrip(" .").rsplit(" ", 1)[-1]) > 2:
        return False  # a full stop after a whole word ends the sentence; after an initial it does not
    if len(plain) == 1 and word[0].isupper():
        return True  # an initial
    if plain in STOP:
        return False
    return word[0][0].isupper() or plain in FAMILY or (not is_everyday(plain) and len(plain) > 2)


def _signed(text: str, words: list[re.Match[str]], starts: dict[int, int]) -> Iterator[Span]:
    """The name under a closing, or alone on the last line."""
    for match in _CLOSING.finditer(text):
        index = starts.get(match.end())
        if index is not None and _signs(text, words[index], new_line="\n" in match["gap"]):
            yield _run(text, words, index)
    last = _LAST_LINE.search(text[-400:])
    if last and _is_signature(last["line"]):
        shift = max(0, len(text) - 400)
        yield Span(last.start("line") + shift, last.end("line") + shift, "NAME")


def _signs(text: str, word: re.Match[str], *, new_line: bool) -> bool:
    plain = fold(word[0])
    if plain in STOP:
        return False
    line = text[word.start() : word.start() + 80].split("\n", maxsplit=1)[0]
    if not new_line:
        return word[0][0].isupper() and len(line.split()) <= 3
    return len(line.split()) <= 5 and (word[0][0].isupper() or not is_everyday(plain) or plain in GIVEN)


def _is_signature(line: str) -> bool:
    found = [fold(word) for word in WORD.findall(line)]
    shaped = re.fullmatch(r"[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*){0,3}", line) is not None
    if not shaped or not found or any(word in STOP for word in found):
        return False
    return any(word in GIVEN or not is_everyday(word) for word in found) and all(
        part[0].isupper() for part in line.split()
    )


def _given(text: str, words: list[re.Match[str]]) -> Iterator[Span]:
    for index, word in enumerate(words):
        plain = fold(word[0]).removesuffix("'s").split("-")[0]
        if plain not in GIVEN:
            continue
        if word[0][0].isupper() and (plain not in WORDS_TOO or _is_inside(text, word) or _goes_on(words, index)):
            yield _with_family_name(text, words, index)
        elif not word[0][0].isupper() and not is_everyday(plain):
            yield _run(text, words, index)


def _is_inside(text: str, word: re.Match[str]) -> bool:
    """Whether the word stands inside a sentence, where a capital says something."""
    before = text[max(0, word.start() - 3) : word.start()].rstrip(" \"'“«(")
    return bool(before) and before[-1] not in ".!?\n:;>-*•"


def _with_family_name(text: str, words: list[re.Match[str]], index: int) -> Span:
    """A given name and what follows, and a family name in capitals before it: "DURAND Camille"."""
    run = _run(text, words, index)
    if not index or text[words[index - 1].end() : run.start] != " ":
        return run
    before = words[index - 1]
    shouted = before[0].isupper() and len(before[0]) > 2 and fold(before[0]) not in STOP
    return Span(before.start() if shouted else run.start, run.end, "NAME")


def _has_name(words: str) -> bool:
    return any(fold(word) not in STOP for word in words.split()) and words[0].isupper()
