"""Says a sentence again in other words, without changing what it claims: English and French.

Ways, one table each: other words, active and passive, the condition moved, split in two, asides dropped, pronouns, values
written otherwise. `reworded` draws some of them; every draw is from the generator it is given, so a run can be repeated.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.bench.rewording_en import ENGLISH
from tests.bench.rewording_fr import FRENCH
from tests.bench.rewording_values import VALUES

Turn = tuple[re.Pattern[str], tuple[str | Callable[[re.Match[str]], str], ...]]

WAYS: Mapping[str, Mapping[str, Sequence[Turn]]] = {
    "en": {**ENGLISH, "values": VALUES["en"]},
    "fr": {**FRENCH, "values": VALUES["fr"]},
}
WORDS = 5
"""How many words or phrases are exchanged in one sentence at most."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence in other words, and the ways that were taken."""

    text: str
    ways: tuple[str, ...]


def reworded(text: str, language: str, draw: random.Random) -> Said | None:
    """The sentence in other words, or `None` where no way applies."""
    ways = WAYS[language]
    order = [way for way in ways if way != "words"]
    draw.shuffle(order)
    taken: list[str] = []
    said = text
    for way in (*order[: draw.randint(2, len(order))], "words"):
        before, said = said, _turned(said, ways[way], draw, WORDS if way == "words" else 1)
        taken += [way] if said != before else []
    said = _tidy(said, language)
    return Said(said, tuple(taken)) if _differs(said, text) else None


def _turned(text: str, turns: Sequence[Turn], draw: random.Random, most: int) -> str:
    """Up to `most` of the turns that fit, each in one place, never twice on the same words."""
    fitting = [turn for turn in turns if turn[0].search(text)]
    draw.shuffle(fitting)
    for pattern, others in fitting[:most]:
        hit = pattern.search(text)
        if hit is None:
            continue
        other = draw.choice(others)
        new = other(hit) if callable(other) else hit.expand(other)
        text = text[: hit.start()] + _cased(hit.group(), new) + text[hit.end() :]
    return text


def _cased(old: str, new: str) -> str:
    if not new:
        return new
    if old[:1].isupper() and new[:1].islower():
        return new[0].upper() + new[1:]
    return new


def _tidy(text: str, language: str) -> str:
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ([.,])", r"\1", text)
    text = (
        re.sub(r"(?<= )([Dd]|[Qq]u|[Ll]|[Nn])e (?=[aeiouhyéèêà])(?!une?s? )", r"\1'", text)
        if language == "fr"
        else text
    )
    text = re.sub(r"(?<=[a-zà-ÿ)\d]\. )[a-zà-ÿ]", lambda hit: hit.group().upper(), text)
    text = re.sub(r",\s*([.,;:])", r"\1", text).strip(" ,;")
    return text[:1].upper() + text[1:]


def _differs(said: str, text: str) -> bool:
    """Other words, not only other spaces or marks."""
    return _letters(said) != _letters(text) and len(said.split()) >= 4


def _letters(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign.isalnum())
