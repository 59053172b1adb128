"""Whether klark knows that nothing fits: `python -m tests.bench.answerable --data DIR`, the folder of all sets.

same: AUROC of a set's queries as they are against the same queries with their gold documents, and the twins of those,
taken out. cross: against the queries of the other sets. ece: expected calibration error over ten bins, where the three
kinds weigh one half, one quarter and one quarter.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from tests.bench import ready  # noqa: F401

# isort: split

from klark.steps.answerable import Signs, answerable, signs
from tests.bench.files import refuse, show
from tests.bench.knowledge import Query, Set, database, read_set, take_in
from tests.bench.retrieval import Remembering, Searched, Searcher

BINS = 10


@dataclass(frozen=True)
class Judged:
    """The scores of one set's documents: of queries they answer, of the same without the answers, of other sets'."""

    answered: list[float]
    same: list[float]
    cross: list[float]


@dataclass(frozen=True)
class Gathered:
    """The same, as signs; None where nothing could be told."""

    answered: list[Signs | None]
    same: list[Signs | None]
    cross: list[Signs | None]


def auroc(higher: Sequence[float], lower: Sequence[float]) -> float:
    """The share of pairs in the right order; ties count half."""
    pairs = [(high > low) + 0.5 * (high == low) for high in higher for low in lower]
    return sum(pairs) / len(pairs)


def calibration_error(judged: Judged) -> float:
    """How far, on average, a probability is from the share of answered queries among those given about as much."""
    kinds = ((judged.answered, 1.0, 0.5), (judged.same, 0.0, 0.25), (judged.cross, 0.0, 0.25))
    points = [(score, truth, weight / len(scores)) for scores, truth, weight in kinds for score in scores]
    bins = [[point for point in points if min(int(point[0] * BINS), BINS - 1) == n] for n in range(BINS)]
    return sum(abs(sum(weight * (score - truth) for score, truth, weight in some)) for some in bins)


def judged(name: str, sets: dict[str, Set], vectors: Path) -> Judged:
    """All queries on the documents of one set, as klark judges them."""
    read = gathered(name, sets, vectors)
    return Judged(*([probability(one) for one in kind] for kind in (read.answered, read.same, read.cross)))


def gathered(name: str, sets: dict[str, Set], vectors: Path, most: int | None = None) -> Gathered:
    """All queries on the documents of one set, as their signs; of each other set `most`, spread over it."""
    bench = sets[name]
    with database("bench") as tenant_id:
        embedder = Remembering(vectors)
        take_in(tenant_id, bench.documents, embedder)
        searcher = Searcher(tenant_id, embedder)
        language = bench.documents[0].language
        own = [(query, searcher.search(query.text, language)) for query in bench.queries]
        others = chain.from_iterable(_spread(other.queries, most) for key, other in sets.items() if key != name)
        cross = [_signs(searcher.search(query.text, language)) for query in others]
    without = [_signs(_without(found, bench, query.gold, searcher.keys)) for query, found in own]
    return Gathered([_signs(found) for _, found in own], without, cross)


def _spread(queries: Sequence[Query], most: int | None) -> Sequence[Query]:
    return queries[:: max(1, -(-len(queries) // most))] if most else queries


def _signs(found: Searched) -> Signs | None:
    return signs(found.ranked, found.asked.known)


def _without(found: Searched, bench: Set, gold: frozenset[str], keys: dict[int, str]) -> Searched:
    """As if these documents and their twins had not been there."""
    gone = {bench.twin[one] for one in gold}
    return replace(found, ranked=[one for one in found.ranked if bench.twin[keys[one.article_id]] not in gone])


def probability(read: Signs | None) -> float:
    """0 where nothing can be told."""
    return answerable(read) if read else 0.0


def read_sets(folder: Path) -> dict[str, Set]:
    """All sets of a folder, by name; fewer than two end the bench."""
    folders = sorted(path.parent for path in folder.glob("*/docs.jsonl"))
    if len(folders) < 2:
        refuse(f"{folder}: needs two folders with docs.jsonl and queries.jsonl, or more")
    return {each.name: read_set(each) for each in folders}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure all sets of a folder."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument(
        "--data", type=Path, required=True, help="a folder of folders with docs.jsonl and queries.jsonl"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--vectors", type=Path, default=Path(":memory:"), help="a file that keeps vectors between runs")
    options = parser.parse_args(arguments)
    sets = read_sets(options.data)
    by_set = {name: judged(name, sets, options.vectors) for name in sets}
    figures = {
        "cross": {name: round(auroc(one.answered, one.cross), 3) for name, one in by_set.items()},
        "same": {name: round(auroc(one.answered, one.same), 3) for name, one in by_set.items()},
        "ece": {name: round(calibration_error(one), 3) for name, one in by_set.items()},
    }
    show(figures, [f"{name:>6}  {value}" for name, value in figures.items()], as_json=options.json)


if __name__ == "__main__":
    main(sys.argv[1:])
