"""What `train_sensitive.py` is made of: tickets, features, the model over words, thresholds."""

import json
import random
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from guardrails.sensitive import _hits, _rules  # noqa: E402 - the path comes first
from guardrails.sensitive_categories import CATEGORIES  # noqa: E402
from guardrails.sensitive_model import features  # noqa: E402
from tests.bench.sensitive import LEFT_OUT  # noqa: E402

CASES, UNSEEN, OWN = (
    ROOT / "tests/cases/sensitive",
    ROOT / "tests/cases/sensitive_unseen",
    ROOT / "scripts/sensitive_tickets",
)
FEATURES, FRAMES, HELD = 9_000, 1_800, 10
HARD = 0.5
"""What an ordinary ticket that looks sensitive counts in training: so many at full weight would hide the sensitive ones."""
WORD_C = 20.0
MOST_FALSE = (0.0025, 0.005)
"""The share of ordinary questions that may be found: by rules and words, and by all together."""
LOWER = (0.5, 1.0)
"""How many spreads less each needs where a rule has a hint."""
Array = Any


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket with its topic ("" where it is ordinary) and where it comes from."""

    text: str
    topic: str
    source: str


def tickets() -> list[Ticket]:
    """Everything there is to learn from and to measure on."""
    old = [_case(line, "first") for path in sorted(CASES.glob("*.jsonl")) for line in _lines(path)]
    new = [_case(line, "") for path in sorted(CASES.glob("*/*.jsonl")) for line in _lines(path)]
    own = [
        _own(path.stem, line) for path in sorted(OWN.glob("*.txt")) if path.stem != "frames" for line in _lines(path)
    ]
    unseen = [_case(line, "unseen") for path in sorted(UNSEEN.glob("*.jsonl")) for line in _lines(path)]
    return [*old, *new, *own, *frames(), *unseen]


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _case(line: str, source: str) -> Ticket:
    row = json.loads(line)
    held = int(re.findall(r"\d+", row["id"])[-1]) % HELD == 0
    return Ticket(row["text"], row["category"] or "", source or ("held" if held else "fresh"))


def _own(stem: str, line: str) -> Ticket:
    """`en: text` speaks of the file's topic, `en! text` does not."""
    return Ticket(line[4:], stem if line[2] == ":" else "", "own")


def frames() -> list[Ticket]:
    """Ordinary questions by frame, the blanks filled by chance (always the same)."""
    lines = [line for line in _lines(OWN / "frames.txt") if not line.startswith("#")]
    slots = {tuple(line[1:].split(" ", 2)[:2]): line.split(" ", 2)[2].split("|") for line in lines if line[0] == "="}
    chance, made = random.Random(7), []  # noqa: S311 - no secret
    for language, share in (("en", 0.6), ("fr", 0.4)):
        own = [line[3:] for line in lines if line.startswith(f"{language} ")]
        for number in range(int(FRAMES * share)):
            fill = re.sub(
                r"\{(\w+)\}", lambda slot, code=language: chance.choice(slots[code, slot[1]]), own[number % len(own)]
            )
            made.append(Ticket(fill, "", "frame"))
    return made


@dataclass(frozen=True, slots=True)
class Counted:
    """Which features stand in which texts: a matrix of ones, and the features' names."""

    found: Array
    names: Array

    def rows(self, kept: Array) -> "Counted":
        """Some of the texts."""
        return Counted(self.found[kept], self.names)


def counted(texts: Sequence[str], others: Sequence[str], least: int = 3) -> tuple[Counted, Counted]:
    """The features that at least so many of `texts` have, in these and in other texts."""
    names: dict[str, int] = {}
    ids = [[names.setdefault(name, len(names)) for name in dict.fromkeys(features(text))] for text in (*texts, *others)]
    at = np.cumsum([0, *map(len, ids)])
    columns = np.fromiter((column for row in ids for column in row), dtype=np.int32, count=at[-1])
    found = sp.csr_matrix((np.ones(len(columns), dtype=np.float32), columns, at), shape=(len(ids), len(names)))
    common = np.flatnonzero(np.asarray(found[: len(texts)].sum(axis=0)).ravel() >= least)
    kept = found[:, common].tocsr()
    known = np.array(list(names))[common]
    return Counted(kept[: len(texts)], known), Counted(kept[len(texts) :], known)


@dataclass(frozen=True, slots=True)
class Words:
    """The linear model over features: the columns it knows, their rarity and weight."""

    columns: Array
    rarity: Array
    weights: Array
    bias: float

    def scores(self, given: Counted) -> Array:
        """One a text, before scaling."""
        return matrix(given, self.columns, self.rarity) @ self.weights + self.bias


def matrix(given: Counted, columns: Array, rarity: Array) -> Array:
    """Rows of length 1: the rarity of each known feature that the text has."""
    found = given.found[:, columns] @ sp.diags(rarity)
    length = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
    return sp.diags(1 / np.maximum(length, 1e-9)) @ found


def fit_words(given: Counted, truth: Array, counts_as: Array) -> Words:
    """All features first; then once more with those that weigh most."""
    first = _fit_words(given, truth, counts_as, np.arange(len(given.names)))
    heavy = np.argsort(-np.abs(first.weights * first.rarity), kind="stable")[:FEATURES]
    return _fit_words(given, truth, counts_as, np.sort(heavy))


def _fit_words(given: Counted, truth: Array, counts_as: Array, columns: Array) -> Words:
    counts = np.asarray(given.found[:, columns].sum(axis=0)).ravel()
    rarity = np.round(np.log((1 + given.found.shape[0]) / (1 + counts)) + 1, 2)
    found = LogisticRegression(C=WORD_C, solver="liblinear").fit(matrix(given, columns, rarity), truth, counts_as)
    return Words(columns, rarity, np.round(found.coef_[0], 2), float(found.intercept_[0]))


def scale(scores: Array) -> tuple[float, float]:
    """Middle and spread."""
    return round(float(np.mean(scores)), 4), round(float(np.std(scores)), 4)


def scaled(scores: Array, by: tuple[float, float]) -> Array:
    """In spreads from the middle."""
    return (scores - by[0]) / by[1]


def rule_weights(seen: Sequence[str]) -> Array:
    """The most that one topic's rules reach in each text."""
    return np.array(
        [max(sum(weight for weight, _ in _hits(_rules(topic), text)) for topic in CATEGORIES) for text in seen]
    )


def found_by(weights: Array, scores: Array, hint: float, sure: float) -> Array:
    """What rules and model find together."""
    return (weights >= 1) | (scores >= sure) | ((weights >= 0.5) & (scores >= hint))


def threshold(weights: Array, scores: Array, most: float, lower: float) -> tuple[float, float]:
    """The lowest pair (hint, sure) under which at most `most` of ordinary texts are found; hint so much lower."""
    for sure in np.unique(np.quantile(scores, np.linspace(0.9, 1, 2000))):
        if found_by(weights, scores, sure - lower, sure).mean() <= most:
            return round(float(sure) - lower, 3), round(float(sure), 3)
    raise SystemExit("The rules alone find too much.")


def ordinary(path: Path | None, every: int) -> list[str]:
    """Some ordinary questions to choose thresholds by: none of those that rules were made weaker for (every sixth)."""
    if path is None:
        return []
    rows = [json.loads(line) for line in _lines(path)]
    return [row["text"] for row in rows if row["intent"] not in LEFT_OUT][3::every]


def show(title: str, rows: Sequence[Ticket], found: Array) -> dict[str, float]:
    """Recall by topic, macro, critical, and false hits, of some tickets; returned without the topics."""
    positive = Counter(row.topic for row in rows if row.topic)
    hits = Counter(row.topic for row, hit in zip(rows, found, strict=True) if row.topic and hit)
    critical = [topic for topic in positive if CATEGORIES[topic].critical]
    false = [hit for row, hit in zip(rows, found, strict=True) if not row.topic]
    told = {
        "tickets": len(rows), "macro": np.mean([hits[topic] / positive[topic] for topic in positive]),
        "critical": sum(hits[topic] for topic in critical) / sum(positive[topic] for topic in critical), "false": np.mean(false),
    }  # fmt: skip
    figures = {name: round(float(value), 3) for name, value in told.items()}
    print(title, figures, {topic: round(hits[topic] / positive[topic], 2) for topic in positive}, sep="\n   ")
    return figures
