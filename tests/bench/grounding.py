"""How well the score of `guardrails.grounding_score` tells supported claims from others.

    python -m tests.bench.grounding --data FILE [--json]

FILE has lines `{id,set,lang,context,claim,supported}`. For each set: the number of claims, AUROC, balanced accuracy at the
shipped threshold, milliseconds of processor time a claim. Sets of BEGIN are given once more without the claims that say I,
you or we (their chit-chat is told by that alone). WiCE has each claim with several chunks of one page: a claim's score is
the mean over its chunks; the single chunks are given as a set of their own.
"""

import re
import time
from collections.abc import Iterable, Sequence
from typing import Any

from guardrails.grounding_score import fitted, grounding_score
from tests.bench import files
from tests.bench.files import Fields, Row

FIELDS: Fields = {"id": (str, int), "set": str, "lang": str, "context": str, "claim": str, "supported": (bool, int)}
CLUSTERED = "wice"
CHATTY = "begin"
PERSONS = re.compile(r"\b(?:i|you|we|me|my|your|our|us|mine|yours|ours|im)\b", re.IGNORECASE)
Judged = list[tuple[bool, float]]


def main(arguments: Sequence[str] | None = None) -> None:
    """The figures for one file."""
    given = files.options(__doc__.split("\n", 1)[0], "a file of claims", arguments)
    figures = measured(files.read_rows(given.data, FIELDS))
    lines = [
        f"{name:32} n {found['n']:5} AUROC {found['auroc']:.3f} BAcc {found['bacc']:.3f} {found['ms_per_claim']:.1f} ms"
        for name, found in figures.items()
    ]
    files.show(figures, lines, as_json=given.json)


def measured(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """The figures by set."""
    fitted(), grounding_score("Warm up.", "Warm up.", "en"), grounding_score("Chauffe.", "Chauffe.", "fr")
    scored = [(row, *_timed(row)) for row in rows]
    figures: dict[str, dict[str, Any]] = {}
    for name in sorted({row["set"] for row in rows}):
        own = [(row, score, spent) for row, score, spent in scored if row["set"] == name]
        milliseconds = round(1000 * sum(spent for _, _, spent in own) / len(own), 2)
        for title, part in _parts(name, [(row, score) for row, score, _ in own]):
            figures[title] = {**_figures(part), "ms_per_claim": milliseconds}
    return figures


def _timed(row: Row) -> tuple[float, float]:
    start = time.process_time()
    score = grounding_score(row["claim"], row["context"], row["lang"])
    return score, time.process_time() - start


def _parts(name: str, scored: list[tuple[Row, float]]) -> Iterable[tuple[str, Judged]]:
    yield name, clustered(scored)
    if name.startswith(CHATTY):
        yield f"{name} without I/you/we", _judged(pair for pair in scored if not PERSONS.search(pair[0]["claim"]))
    if name.startswith(CLUSTERED):
        yield f"{name} by chunk", _judged(scored)


def _judged(scored: Iterable[tuple[Row, float]]) -> Judged:
    return [(bool(row["supported"]), score) for row, score in scored]


def clustered(scored: Sequence[tuple[Row, float]]) -> Judged:
    """Truth and score of each claim; those of a clustered set as the mean over its rows."""
    groups: dict[str, Judged] = {}
    for row, score in scored:
        key = row["claim"] if row["set"].startswith(CLUSTERED) else str(row["id"])
        groups.setdefault(f"{row['set']} {key}", []).append((bool(row["supported"]), score))
    return [(group[0][0], sum(score for _, score in group) / len(group)) for group in groups.values()]


def _figures(judged: Judged) -> dict[str, Any]:
    return {"n": len(judged), "auroc": round(auroc(judged), 4), "bacc": round(balanced(judged, fitted().threshold), 4)}


def auroc(judged: Judged) -> float:
    """The chance that a supported claim scores above another, ties counting half; 0.5 where one kind is absent."""
    yes, no = ([score for truth, score in judged if truth is side] for side in (True, False))
    if not yes or not no:
        return 0.5
    ranks = _ranks([*yes, *no])
    return (sum(ranks[: len(yes)]) - len(yes) * (len(yes) + 1) / 2) / (len(yes) * len(no))


def _ranks(scores: Sequence[float]) -> list[float]:
    """The rank of each score from 1, the mean of the places where some are equal."""
    places: dict[float, list[int]] = {}
    for rank, score in enumerate(sorted(scores), 1):
        places.setdefault(score, []).append(rank)
    return [sum(places[score]) / len(places[score]) for score in scores]


def balanced(judged: Judged, threshold: float) -> float:
    """The mean of the shares judged rightly among the supported and among the others."""
    rights = {
        side: [(score >= threshold) == side for truth, score in judged if truth is side] for side in (True, False)
    }
    shares = [sum(right) / len(right) for right in rights.values() if right]
    return sum(shares) / len(shares)


if __name__ == "__main__":
    main()
