"""Splits a text into the pieces of a vocabulary: the most probable split of a unigram model (Kudo 2018), as SentencePiece does.

The package tokenizers does the same (`tests/integrations/test_e5.py` compares them), but takes 250 MB and a second to load.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

PENALTY = 10.0
"""What a letter that no piece has costs more than the rarest piece, in natural logarithms, as in SentencePiece."""


class Pieces:
    """A vocabulary: pieces in the order of their ids, the logarithm of the probability of each, and the id of what is unknown."""

    def __init__(self, pieces: Iterable[str], scores: Sequence[float], unknown: int) -> None:
        self._ids = {piece: at for at, piece in enumerate(pieces) if at != unknown}
        self._scores, self._unknown = scores, unknown
        self._longest = max(map(len, self._ids))
        self._rarest = min(scores) - PENALTY

    def split(self, text: str) -> list[int]:
        """Returns the ids of the pieces; adjacent letters that are unknown are one."""
        ids, end = [], len(text)
        lasts = self._lasts(text)
        while end:
            end, last = lasts[end]
            ids.append(last)
        alike = groupby(reversed(ids), lambda one: one == self._unknown)
        return [one for strange, group in alike for one in ([self._unknown] if strange else group)]

    def _lasts(self, text: str) -> list[tuple[int, int]]:
        """Returns for each end in the text where the last piece of the best split up to there begins, and its id."""
        ids, scores = self._ids, self._scores
        best, lasts = [0.0] + [float("-inf")] * len(text), [(0, self._unknown)] * (len(text) + 1)
        for start in range(len(text)):
            before = best[start]
            if text[start] not in ids and before + self._rarest > best[start + 1]:
                best[start + 1], lasts[start + 1] = before + self._rarest, (start, self._unknown)
            for end in range(start + 1, min(start + self._longest, len(text)) + 1):
                piece = ids.get(text[start:end])
                if piece is not None and before + scores[piece] > best[end]:
                    best[end], lasts[end] = before + scores[piece], (start, piece)
        return lasts
