"""How far a claim rests on its sources: which source sentences say it, and which of its words they do not have."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from guardrails.base import Source
from guardrails.sentences import split_sentences
from guardrails.synonyms import widened
from guardrails.words import Reading, Word, bare, read

CITED = 3_000
"""How many characters of one cited text are read; it is a sentence, or a few."""
AROUND = 8_000
"""How many characters of the surrounding passage are read."""
POOL = 4
"""How many source sentences one claim may be merged from."""
SYNONYM = 0.85
"""What a word counts where the cited sentences only have one that can say the same."""
NEARBY = 0.7
"""What a word counts that stands only in the passage around the cited sentence, or in its title."""


@dataclass(frozen=True)
class Evidence:
    """A claim beside the sentences that say most of it (`pool`, best first) and what stands around them."""

    claim: Reading
    pool: tuple[Reading, ...]
    around: Reading
    ticket: Reading
    language: str

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of the cited sentences that the claim draws on."""
        return frozenset().union(*(reading.stems for reading in self.pool))

    @cached_property
    def wide(self) -> frozenset[str]:
        """Those stems with what can say the same."""
        return widened(self.stems, self.language)

    @cached_property
    def claimed(self) -> frozenset[str]:
        """The claim's stems with what can say the same."""
        return widened(self.claim.stems, self.language)

    @property
    def words(self) -> tuple[Word, ...]:
        """All content words of the pool."""
        return tuple(word for reading in self.pool for word in reading.words)

    @cached_property
    def missing(self) -> tuple[Word, ...]:
        """The claim's words that no cited sentence has; light words are let go."""
        return tuple(word for word in self.claim.words if word.stem not in self.wide and not word.light)

    @cached_property
    def coverage(self) -> float:
        """The share of the claim's weighty words that its sources have, 0 to 1; 1 where it has none."""
        weighty = [word for word in self.claim.words if word.stem in self.wide and not word.light]
        held = sum(1.0 if word.stem in self.stems else SYNONYM for word in weighty)
        near = sum(NEARBY for word in self.missing if word.stem in self.around.stems)
        total = len(weighty) + len(self.missing)
        return (held + near) / total if total else 1.0


def gather(claim: str, sources: Sequence[Source], language: str, ticket: str = "") -> Evidence:
    """A claim with its evidence. The pool grows greedily, by the words each sentence adds."""
    reading = read(claim, language)
    candidates = [read(text, language) for source in sources for text in split_sentences(source.text[:CITED])]
    around = " . ".join(f"{source.title} . {source.around[:AROUND]}" for source in sources[:POOL])
    return Evidence(
        reading, _pool(reading, candidates), read(around, language), read(ticket[:AROUND], language), language
    )


def _pool(claim: Reading, candidates: Sequence[Reading]) -> tuple[Reading, ...]:
    pool: list[Reading] = []
    left = set(claim.stems)
    rest = list(candidates)
    while rest and len(pool) < POOL:
        best = max(rest, key=lambda reading: (len(left & reading.stems), -len(reading.stems)))
        if pool and not left & best.stems:
            break
        pool.append(best)
        rest.remove(best)
        left -= best.stems
    return tuple(pool)


def is_verbatim(claim: str, sources: Sequence[Source]) -> bool:
    """Whether a claim is a whole sentence of a source, or several in a row, but for case, accents and end marks."""
    wanted = bare(claim)
    texts = (text for source in sources for text in (source.text[:AROUND], source.around[:AROUND]))
    return bool(wanted) and any(_has_whole(wanted, text) for text in texts)


def _has_whole(wanted: str, text: str) -> bool:
    whole, sentences = _bared(text)
    if wanted == whole or wanted in sentences:
        return True
    parts = tuple(map(bare, split_sentences(wanted)))
    return len(parts) > 1 and any(sentences[at : at + len(parts)] == parts for at in range(len(sentences)))


@lru_cache(maxsize=256)
def _bared(text: str) -> tuple[str, tuple[str, ...]]:
    return bare(text), tuple(map(bare, split_sentences(text)))
