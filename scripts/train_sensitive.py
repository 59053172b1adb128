"""Train `guardrails/sensitive_model.json` and `sensitive_tuning.json`, and say how well they do on tickets they have not seen.

    uv run --group train --with jax --with optax python scripts/train_sensitive.py [--ordinary FILE] [--dry-run]

Read: `tests/cases/sensitive/` and `scripts/sensitive_tickets/`, all of this repository. Tickets in the folders `en` and `fr`
whose number divides by ten are held out, and so are all of `tests/cases/sensitive_unseen/`, whose author has not seen the others:
they are never fitted, only measured. `--ordinary`, a file of ordinary questions (lines with `intent` and `text`), serves
to choose the two thresholds and is not learned from. About an hour on two cores; `--encoder FILE` keeps the longest part of it.
"""

import argparse
import json
import pickle
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import sensitive_encoder as encoder
from packed_e5 import Packed
from sensitive_training import (
    HARD,
    LOWER,
    MOST_FALSE,
    Array,
    Counted,
    Ticket,
    Words,
    counted,
    fit_words,
    found_by,
    ordinary,
    rule_weights,
    scale,
    scaled,
    show,
    threshold,
    tickets,
)  # fmt: skip

from guardrails.sensitive_categories import CATEGORIES
from guardrails.sensitive_model import FILE, MEANT, SAID, TUNING, windows
from guardrails.sensitive_text import plain

ORDINARY = len(CATEGORIES)
"""The number of the class that is no topic; topics have the numbers of their order."""


@dataclass(frozen=True, slots=True)
class Read:
    """Tickets, their features and tokens, and the most that one topic's rules reach in each."""

    rows: list[Ticket]
    features: Counted
    tokens: list[list[int]]
    rules: Array

    def only(self, source: str) -> "Read":
        """Those of one source."""
        kept = np.flatnonzero([row.source == source for row in self.rows])
        return Read([self.rows[at] for at in kept], self.features.rows(kept), [self.tokens[at] for at in kept],
                    self.rules[kept])  # fmt: skip

    @property
    def topics(self) -> Array:
        """One a ticket, "" where it is ordinary."""
        return np.array([row.topic for row in self.rows])

    @property
    def classes(self) -> Array:
        """The topics as numbers."""
        numbers = {name: at for at, name in enumerate(CATEGORIES)}
        return np.array([numbers.get(row.topic, ORDINARY) for row in self.rows])


@dataclass(frozen=True, slots=True)
class Fitted:
    """The two models, with the scales that make them comparable."""

    words: Words
    encoder: encoder.Encoder
    still: encoder.Still
    word_scale: tuple[float, float]
    meaning_scale: tuple[float, float]

    def scores(self, read: Read) -> tuple[Array, Array]:
        """By words alone, and by both together."""
        said = scaled(self.words.scores(read.features), self.word_scale)
        told = scaled(meant(self.encoder, self.still, read.tokens), self.meaning_scale)
        return said, SAID * said + MEANT * told


def meant(fitted: encoder.Encoder, still: encoder.Still, tokens: list[list[int]]) -> Array:
    """The logarithm of the odds that a ticket is sensitive."""
    told = encoder.vectors(still, fitted.moved, tokens) @ fitted.weights + fitted.constants
    return np.logaddexp.reduce(told[:, :ORDINARY], axis=1) - told[:, ORDINARY]


def main() -> None:
    """Fit on all but what is held out, choose thresholds, measure on what is held out, write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--ordinary", type=Path)
    parser.add_argument("--every", type=int, default=4, help="take one of so many ordinary questions")
    parser.add_argument("--encoder", type=Path, help="a file that keeps the fitted encoder between runs")
    parser.add_argument("--dry-run", action="store_true")
    given = parser.parse_args()
    packed = Packed()
    learned, others = _all_read(tickets(), ordinary(given.ordinary, given.every), packed)
    still, moved = encoder.read(packed, [*learned.tokens, *others.tokens])
    fitted = fit(learned, others, still, _encoder(learned, still, moved, given.encoder))
    chosen = _thresholds(fitted, others.only("plain"))
    measured = {name: _tell(name, others.only(name), fitted, chosen) for name in ("held", "unseen")}
    if not given.dry_run:
        FILE.write_text(_json(_written(fitted, chosen, learned) | {"measured": measured}), "utf-8")
        TUNING.write_text(_json(_tuning(fitted.encoder.moved)), "utf-8")


def _all_read(rows: list[Ticket], texts: list[str], packed: Packed) -> tuple[Read, Read]:
    """What is learned from; what is held out, with the ordinary questions."""
    unseen = {"held", "unseen"}
    learned = [row for row in rows if row.source not in unseen]
    others = [*(row for row in rows if row.source in unseen), *(Ticket(text, "", "plain") for text in texts)]
    seen, beside = [[plain(row.text) for row in part] for part in (learned, others)]
    own, rest = counted(seen, beside)
    tokens = [[packed.tokens(_heard(row.text), encoder.TOKENS) for row in part] for part in (learned, others)]
    return Read(learned, own, tokens[0], rule_weights(seen)), Read(others, rest, tokens[1], rule_weights(beside))


def _heard(text: str) -> str:
    """The first window, as the model hears it."""
    return windows(text.encode(errors="replace").decode())[0]


def _encoder(learned: Read, still: encoder.Still, moved: encoder.Bias, cache: Path | None) -> encoder.Encoder:
    if cache and cache.exists():
        kept: encoder.Encoder = pickle.loads(cache.read_bytes())  # noqa: S301 - made by this script
        return kept
    fitted = encoder.fit(still, moved, learned.tokens, learned.classes, _counts_as(learned))
    if cache:
        cache.write_bytes(pickle.dumps(fitted))
    return fitted


def _counts_as(read: Read) -> Array:
    return np.array([HARD if row.source == "fresh" and not row.topic else 1.0 for row in read.rows])


def fit(learned: Read, others: Read, still: encoder.Still, fitted: encoder.Encoder) -> Fitted:
    """The model over words, and both scales: by what each says of tickets that neither has seen."""
    words = fit_words(learned.features, learned.topics != "", _counts_as(learned))
    held = others.only("held")
    return Fitted(words, fitted, still, scale(words.scores(held.features)), scale(meant(fitted, still, held.tokens)))


def _thresholds(fitted: Fitted, plainly: Read) -> list[tuple[float, float]]:
    """Two pairs: for words alone, and for both."""
    scores = fitted.scores(plainly)
    chosen = [threshold(plainly.rules, *each) for each in zip(scores, MOST_FALSE, LOWER, strict=True)]
    for name, each, pair in zip(("words", "all"), scores, chosen, strict=True):
        print(f"ordinary questions, {name}: {found_by(plainly.rules, each, *pair).mean():.4f} false at {pair}")
    return chosen


def _tell(title: str, read: Read, fitted: Fitted, chosen: list[tuple[float, float]]) -> dict[str, dict[str, float]]:
    """The figures of rules alone, with words, and with all."""
    scores = fitted.scores(read)
    found = {"rules": read.rules >= 1} | {
        name: found_by(read.rules, own, *pair) for name, own, pair in zip(("words", "all"), scores, chosen, strict=True)
    }
    return {name: show(f"{title}, {name}", read.rows, hits) for name, hits in found.items()}


def _written(fitted: Fitted, chosen: list[tuple[float, float]], learned: Read) -> dict[str, Any]:
    topics, words, names = learned.topics, fitted.words, list(CATEGORIES)
    homes = _homes(learned.features.rows(np.flatnonzero(topics != "")), topics[topics != ""], names)
    rows = zip(learned.features.names[words.columns], words.rarity, words.weights, homes[words.columns], strict=True)
    above = fitted.encoder.weights[:, :ORDINARY] - fitted.encoder.weights[:, ORDINARY:]
    constants = fitted.encoder.constants[:ORDINARY] - fitted.encoder.constants[ORDINARY]
    return {
        "topic_names": names, "bias": round(words.bias, 4), "scale": fitted.word_scale,
        "words": _columns([row for row in rows if row[2]]),
        "topics": {name: [_packed(np.round(above[:, at], 3), np.float32), round(float(constants[at]), 3)]
                   for at, name in enumerate(names)},
        "meaning_scale": fitted.meaning_scale, "alone": chosen[0], "together": chosen[1],
    }  # fmt: skip


def _columns(rows: list[Any]) -> dict[str, str]:
    """Features with their rarity, weight and topic, column by column."""
    names, rarities, weights, homes = zip(*rows, strict=True)
    return {"names": "\n".join(map(str, names)), "rarities": _packed(rarities, np.float32),
            "weights": _packed(weights, np.float32), "topics": _packed(homes, np.uint8)}  # fmt: skip


def _packed(numbers: Any, kind: Any) -> str:
    return b64encode(np.asarray(numbers, kind).tobytes()).decode()


def _tuning(moved: encoder.Bias) -> dict[str, str]:
    """Tensor name -> base64 of its weights as float16."""
    layers = {f"l{at}.{name}": moved[name][at] for name in encoder.MOVED for at in range(encoder.LAYERS)}
    every = layers | {name: moved[name] for name in encoder.FIRST}
    return {name: _packed(tensor, np.float16) for name, tensor in every.items()}


def _homes(features: Counted, topics: Array, names: list[str]) -> Array:
    """For each feature the number of the topic in whose tickets it is most at home."""
    shares = [np.asarray(features.found[topics == name].mean(axis=0)).ravel() for name in names]
    return np.argmax(np.stack(shares), axis=0)


def _json(written: dict[str, Any]) -> str:
    return json.dumps(written, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    main()
