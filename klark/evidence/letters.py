"""Tells a letter's answer from its greeting and its farewell, also where a person has changed either."""

import re
from collections.abc import Collection, Sequence

_WORD = re.compile(r"\w+")
FEWEST = 5
"""Words of a paragraph below which nothing but a whole sentence of the answer tells that it is one."""
SHARED = 0.6
"""The share of a paragraph's words that stand in the answer, from which it is taken for a part of it."""


def paragraphs(text: str) -> list[str]:
    """Returns the paragraphs of a letter, as it is drafted and typed: with an empty line between them."""
    return [one.strip() for one in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if one.strip()]


def around(text: str, sentences: Sequence[str]) -> tuple[str, str] | None:
    """Returns what stands before and after the answer, whose drafted sentences are given; None where none of it is left."""
    parts, words = paragraphs(text), frozenset(_words(" ".join(sentences)))
    places = [at for at, part in enumerate(parts) if _is_answer(part, sentences, words)]
    if not places:
        return None
    return "\n\n".join(parts[: places[0]]), "\n\n".join(parts[places[-1] + 1 :])


def _is_answer(part: str, sentences: Sequence[str], words: Collection[str]) -> bool:
    if any(sentence in part for sentence in sentences):
        return True
    own = _words(part)
    return len(own) >= FEWEST and sum(word in words for word in own) >= SHARED * len(own)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
