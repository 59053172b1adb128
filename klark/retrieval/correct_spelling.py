"""Corrects what was written in a hurry, so that the search looks for what was meant: short forms are written out, typos
become the nearest word of the tenant's own passages, and accents are put back where the writer left out all of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection
from simplemma import is_known

from guardrails.text.typing_errors import slips
from guardrails.text.words import fold
from klark.retrieval.short_forms import at_length

MENDED_FROM, ACCENTS_FROM = 5, 4
"""Letters of a word from which its typos are corrected, and from which its accents are put back."""
MOST = 60
"""Words of a ticket that are corrected; a text with more typos is not in this language."""
LONG, MOST_SLIPS = 9, 2
"""Letters from which as many slips still make a typo; in a shorter word only one does."""
CHECKED = frozenset({"en", "fr", "de", "es", "it", "nl", "pt"})
"""Languages with a dictionary: a word in it is no typo, even if no passage has it."""

KNOWN = "SELECT word, form FROM klark_word WHERE tenant_id = %s AND language = %s AND word = ANY (%s::text[])"
LIKE = "SELECT asked, word, form FROM klark_words_like(%s, %s, %s::text[])"

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words of a tenant's passages in a language: folded -> as they are written there; `mended` is typo -> what it means."""

    forms: Mapping[str, str]
    mended: Mapping[str, str] = field(default_factory=dict)


def mended(tenant_id: int, texts: Sequence[str], language: str) -> list[str]:
    """Returns the texts as they were meant. Call inside `within(tenant_id)`."""
    forms = _known(tenant_id, language, {fold(word) for text in texts for word in _WORD.findall(text)})
    longer = [at_length(text, language, forms) for text in texts]
    unknown = sorted({word for text in longer for word in _WORD.findall(text) if _may_be_typo(fold(word), forms)})
    typos = list(dict.fromkeys(fold(word) for word in unknown if not _is_word(word, language)))[:MOST]
    vocabulary = Vocabulary(forms, _meant(tenant_id, language, typos))
    return [_as_meant(text, vocabulary) for text in longer]


def _known(tenant_id: int, language: str, folded: set[str]) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [tenant_id, language, list(folded)])
        return dict(cursor.fetchall())


def _may_be_typo(folded: str, forms: Mapping[str, str]) -> bool:
    return len(folded) >= MENDED_FROM and folded.isalpha() and folded not in forms


def _is_word(word: str, language: str) -> bool:
    """Returns whether the dictionary has the word as written or without accents, which many leave out."""
    return language in CHECKED and any(is_known(each, lang=language) for each in (fold(word), word.lower()))


def _meant(tenant_id: int, language: str, typos: Sequence[str]) -> dict[str, str]:
    """Returns for each typo the word with the fewest slips; of several, the most similar, which come first."""
    if not typos:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(LIKE, [tenant_id, language, list(typos)])
        found = [(slips(asked, word, MOST_SLIPS), asked, form) for asked, word, form in cursor.fetchall()]
    near = [one for one in found if one[0] <= (MOST_SLIPS if len(one[1]) >= LONG else 1)]
    best: dict[str, str] = {}
    for _, asked, form in sorted(near, key=lambda one: one[0]):
        best.setdefault(asked, form)
    return best


def _as_meant(text: str, vocabulary: Vocabulary) -> str:
    bare = fold(text) == text.casefold()
    return _WORD.sub(lambda word: _word(word.group(), vocabulary, bare), text)


def _word(word: str, vocabulary: Vocabulary, bare: bool) -> str:
    folded = fold(word)
    if folded in vocabulary.mended:
        return vocabulary.mended[folded]
    form = vocabulary.forms.get(folded, "") if bare and len(folded) >= ACCENTS_FROM else ""
    return form if form and form != folded else word
