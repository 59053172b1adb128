"""How often a model on this machine agrees with people on whether a claim stands in its sources, and how long it takes.

    python -m tests.bench.local_verdicts --data FOLDER --file MODEL.gguf [--count 40]

FOLDER has `verdicts.jsonl` with `{claim,verdict}`, `replies.jsonl` with `{id,sentences:[{text,quotes}]}` and `lies.jsonl` with
`{id,n,text}`, the place (from 1) of the sentence that a lie was made of: its quotes are the lie's sources. Half of the claims
asked are supported, the others contradicted or not stated in turn; which ones is drawn by a fixed lot.
"""

import argparse
import os
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Any

from integrations.http.transports import Outbound
from integrations.llms.base import ModelAccount, Prompt
from integrations.llms.local import Local
from tests.bench.files import Fields, read_rows

SYSTEM = """You check a reply of a support team against its sources. For each numbered claim give a verdict:
"supported" if the sources say all of it, "contradicted" if they say otherwise (another number, day, subject, condition or
a "not" too many or too few), "not_stated" if they do not say it. Read each figure and each condition; a claim that sounds
like the sources may still be false."""
VERDICT: Fields = {"claim": str, "verdict": str}
REPLY: Fields = {"id": str, "sentences": list}
LIE: Fields = {"id": str, "n": int, "text": str}
KINDS = ("supported", "contradicted", "not_stated")
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "verdicts": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": {
                "type": "object",
                "properties": {
                    "claim": {"const": 1},
                    "verdict": {"enum": list(KINDS)},
                    "relevant": {"type": "boolean"},
                },
                "required": ["claim", "verdict", "relevant"],
            },
        },
        "answers": {"type": "array", "maxItems": 0, "items": {"type": "null"}},
    },
    "required": ["verdicts", "answers"],
}


def sources(folder: Path) -> dict[str, list[str]]:
    """The quotes of each claim."""
    replies = {reply["id"]: reply["sentences"] for reply in read_rows(folder / "replies.jsonl", REPLY)}
    told = {each["text"]: each["quotes"] for each in chain.from_iterable(replies.values())}
    lies = {lie["text"]: replies[lie["id"]][lie["n"] - 1]["quotes"] for lie in read_rows(folder / "lies.jsonl", LIE)}
    return {**told, **lies}


def drawn(verdicts: Sequence[Mapping[str, Any]], count: int) -> list[Mapping[str, Any]]:
    """As many claims, half of them supported."""
    lot = random.Random(1).sample(verdicts, len(verdicts))
    supported, contradicted, unsaid = ([each for each in lot if each["verdict"] == kind] for kind in KINDS)
    false = filter(None, chain.from_iterable(zip_longest(contradicted, unsaid)))
    return [*supported[: count // 2], *islice(false, count - count // 2)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Ask, count and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--file", required=True)
    parser.add_argument("--count", type=int, default=40)
    given = parser.parse_args(arguments)
    model = Local(ModelAccount(Path(given.file).stem, "", "", Outbound(), timeout_s=300.0, file=given.file))
    quotes, tally, began = sources(given.data), Counter[tuple[str, str]](), time.monotonic()
    for each in drawn(read_rows(given.data / "verdicts.jsonl", VERDICT), given.count):
        listed = "\n".join(f"- {quote}" for quote in quotes[each["claim"]])
        done = model.complete(Prompt(SYSTEM, f"Sources:\n{listed}\n\nClaim 1: {each['claim']}", SCHEMA, max_tokens=80))
        tally[each["verdict"], done.content["verdicts"][0]["verdict"]] += 1
    took, asked = time.monotonic() - began, tally.total()
    agree, load = sum(tally[kind, kind] for kind in KINDS), os.getloadavg()[0]
    print(f"{agree} of {asked} verdicts agree; {took / asked:.1f} s a claim, load {load:.1f}")
    for kind in KINDS:
        print(f"{kind:>12}:", ", ".join(f"{said} {tally[kind, said]}" for said in KINDS))


if __name__ == "__main__":
    main()
