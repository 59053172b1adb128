"""Does twice the text cost about twice the time? Hostile texts, for what reads whole replies and articles.

    python -m tests.bench.linear [--json]

For each reader and piece: the processor time for four times the text, over that for the text itself. Near 4 is linear,
16 is quadratic; the worst of each reader is shown.
"""

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from guardrails.grounding.claimed_actions import claimed
from guardrails.pii.mask import mask
from guardrails.text.contacts import find_links
from guardrails.text.sentences import split_sentences
from guardrails.text.values import find_values
from guardrails.untrusted.detect_instructions import looks_like_instruction
from tests.bench import files

PIECES = (
    ".",
    "a. ",
    "!?",
    "\n",
    "- ",
    "«\"'",
    "é",
    "1. ",
    "M. ",
    "\ud800",
    "😀 ",
    "1 000 ",
    "5 to ",
    "two ",
    "3/4/",
    "A1-",
    "1,",
    "www.",
    "a@",
    "A-",
    "Kovo:\n",
    "12 rue de la Paix ",
    "[NAME_1] ",
    "mdp de la ",
    "de la du ",
    "we will ",
    "nous allons vous ",
    "your order has been ",
    "vous recevrez un ",
)
READERS: Mapping[str, tuple[Callable[[str], object], int]] = {
    "split_sentences": (split_sentences, 100_000),
    "find_values": (find_values, 10_000),
    "mask": (mask, 10_000),
    "find_links": (find_links, 10_000),
    "looks_like_instruction": (looks_like_instruction, 10_000),
    "claimed, English": (partial(claimed, language="en"), 500),
    "claimed, French": (partial(claimed, language="fr"), 500),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """The worst ratio of each reader."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    worst = {name: max(_ratio(reader, piece, signs) for piece in PIECES) for name, (reader, signs) in READERS.items()}
    files.show(worst, [f"{name:22} {ratio:.1f}" for name, ratio in worst.items()], as_json=given.json)


def _ratio(reader: Callable[[str], object], piece: str, signs: int) -> float:
    once, more = (_seconds(reader, piece * (count // len(piece))) for count in (signs, 4 * signs))
    return round(more / max(once, 0.005), 2)


def _seconds(reader: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    reader(text)
    return time.process_time() - start


if __name__ == "__main__":
    main()
