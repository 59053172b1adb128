"""How much of a draft stands in what was sent."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Any

from guardrails.text.sentences import split_sentences
from guardrails.text.words import fold

LEFT_OUT = "…"
_QUOTES = ' "“”«»'
_ENDS = f"{_QUOTES}.!…"
"""No question mark, which makes another sentence, and no sign that belongs to a figure."""
_WORD = re.compile(r"[^\W_]+|[%€$£]")


def words_kept(draft: str, sent: str) -> float | None:
    """Returns the share (0 to 1) of the draft's words that stand in what was sent, each as often; None for a draft without
    words. A word is what stands between blanks; case and order do not matter."""
    before, after = Counter(draft.casefold().split()), Counter(sent.casefold().split())
    return (before & after).total() / before.total() if before else None


def kept_of(sentences: Sequence[str], drafted: str, sent: str, same: bool) -> dict[str, Any]:
    """Returns the columns of an `Outcome` that say how much of a draft was sent; which sentences are kept,
    `keeps` says. `drafted`: the draft as text; `same`: it was sent as it was."""
    of = len(sentences)
    if same:
        return {"sentences": of, "sentences_kept": of}
    return {"kept": words_kept(drafted, sent), "sentences": of, "sentences_kept": sum(keeps(sent, sentences))}


def contains(text: str, part: str) -> bool:
    """Returns whether a part stands in a text to the letter, whatever their case and blanks."""
    return _plain(part) in _plain(text)


def keeps(text: str, sentences: Sequence[str]) -> list[bool]:
    """Returns for each sentence whether it stands in a text, whatever their case and blanks, and the marks at its edges."""
    said = _cores(text)
    return [_core(each) in said or contains(text, each) for each in sentences]


def says(text: str, sentence: str) -> bool:
    """Returns whether a text has the words of a sentence in their order, with nothing but punctuation between them: what stands
    at its edges, emphasis and signs that nobody sees make no other sentence of it."""
    words = _WORD.findall(_seen(sentence))
    return bool(words) and f" {' '.join(words)} " in f" {' '.join(_WORD.findall(_seen(text)))} "


def _seen(text: str) -> str:
    return fold("".join(sign for sign in text if unicodedata.category(sign) != "Cf"))


def unsaid(text: str, other: str) -> list[str]:
    """Returns the sentences of a text that are none of the other one's, whatever marks are at their edges."""
    said = _cores(other)
    return [sentence for sentence in split_sentences(text) if _core(sentence) not in said]


def without(text: str, other: str) -> str:
    """Returns a text without the sentences that the other one has too; in its own lines where there is none."""
    left = unsaid(text, other)
    return text if len(left) == len(split_sentences(text)) else " ".join(left)


def differing(text: str, other: str) -> str:
    """Returns the sentences of a text that do not stand in the other one, whatever their case and blanks; "…" stands for those
    between, before and after them that do."""
    whole, shown = _plain(other), list[str]()
    for sentence in split_sentences(text):
        if _plain(sentence) not in whole:
            shown.append(sentence)
        elif shown[-1:] != [LEFT_OUT]:
            shown.append(LEFT_OUT)
    return " ".join(shown)


def _cores(text: str) -> set[str]:
    return set(map(_core, split_sentences(text)))


def _core(sentence: str) -> str:
    return _plain(sentence).rstrip(_ENDS).lstrip(_QUOTES)


def _plain(text: str) -> str:
    return f" {' '.join(text.casefold().split())} "
