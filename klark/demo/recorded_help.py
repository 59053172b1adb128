"""Plays what was written in advance to help an agent: other wordings of a reply, and translations line by line. Pure functions.

A line is found by its letters without its placeholders, and by their number; those stand as "*" in what was written.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from klark.demo.recordings import TOKEN, Recordings, Wording, letters

Content = Mapping[str, Any]
PLACEHOLDER = "*"
REVIEWER = re.compile(r"^The reviewer asks: (.+)$", re.MULTILINE)
"""How a drafter is told a reviewer's wish (klark.drafting.prompt)."""
WISHED: Mapping[str, re.Pattern[str]] = {
    "Make it less formal": re.compile(r"\b(?:(?:less|moins) form|informal|informel|casual|famili|tutoi|tutoy)", re.I),
    "Make it more formal": re.compile(r"\b(?:form|vouvoi|vouvoy|polite|poli)", re.I),
    "Make it as short as": re.compile(r"\b(?:short|brief|concise|concis|court|bref|plus br[eè]ve)", re.I),
    "Make it warmer": re.compile(r"\b(?:warm|friendl|kind|chaleur|aimable|sympa)", re.I),
    "Make it simpler": re.compile(r"\b(?:simpl|plain|easier|facile)", re.I),
}
"""The words by which a reviewer's own wish is taken for one that a wording was written for."""


def wording_of(recordings: Recordings, ticket_id: str, system: str) -> Wording:
    """Returns the reply's wording that the system prompt wishes for. Raises ValueError for one that was not written."""
    for wording in recordings.wordings:
        if wording.id == ticket_id and wording.wish in system:
            return wording
    raise ValueError("this model knows no other wording of that reply")


def wished(recordings: Recordings, ticket_id: str, system: str) -> Wording | None:
    """Returns the reply's wording that a reviewer asks the drafter for; None for one that was not written, or no wish."""
    asked = REVIEWER.search(system)
    wish = next((name for name, words in WISHED.items() if asked and words.search(asked[1])), "")
    return next((each for each in recordings.wordings if each.id == ticket_id and each.wish == wish), None)


def translation(recordings: Recordings, lines: Sequence[tuple[str, str]]) -> Content:
    """Returns the labelled lines in the other language. Raises ValueError for one that was not written in advance."""
    return {"lines": [{"line": label, "text": _translated(recordings, line)} for label, line in lines]}


def comparison(
    recordings: Recordings, originals: Sequence[tuple[str, str]], claims: Sequence[tuple[str, str]]
) -> Content:
    """Returns of each claim whether it is the translation of its original."""
    same = [
        letters(_translated(recordings, line)) == letters(claim)
        for (_, line), (_, claim) in zip(originals, claims, strict=True)
    ]
    words = ("supported" if each else "not_stated" for each in same)
    return {
        "verdicts": [
            {"claim": label, "verdict": word, "relevant": True} for (label, _), word in zip(claims, words, strict=True)
        ],
        "answers": [{"ask": label, "answered": each} for (label, _), each in zip(originals, same, strict=True)],
    }


def _translated(recordings: Recordings, line: str) -> str:
    tokens, bare = TOKEN.findall(line), letters(TOKEN.sub("", line))
    found = recordings.translations.get((bare, len(tokens)), line if not bare else None)
    if found is None:
        raise ValueError("this model knows no translation of that line")
    for token in tokens:
        found = found.replace(PLACEHOLDER, token, 1)
    return found
