"""Whether klark knows that nothing fits: `python -m tests.bench.answerable --data DIR`, the folder of all sets.

same: AUROC of a set's queries as they are against the same queries with their gold documents, and the twins of those,
taken out. cross: against the queries of the other sets. Both by set, since an order holds within one tenant.
ece: expected calibration error over ten bins, of the queries of all sets together, each set weighing the same: a chance is
held against one bar whatever the tenant. In a set, the answered weigh one half, the two other kinds one quarter each.
ece_by_set: of each set alone. ece_by_chance: the mean of what a judge would get who is always right about the chances, of
whom these very chances came: so few queries fall into ten bins unevenly by themselves.
"""

import argparse
import random
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from tests.bench import ready  # noqa: F401

# isort: split

from guardrails.language import detect
from klark.models import within
from klark.steps.answerable import Heard, answerable
from klark.steps.hear import Search, hear
from klark.steps.meaning import seen
from klark.steps.triage import written_by_customer
from klark.steps.usual import measure
from tests.bench.files import refuse, show
from tests.bench.knowledge import Query, Remembering, Set, database, read_set, take_in
from tests.bench.retrieval import Searcher

BINS = 10
DRAWS = 500
Weighed = tuple[float, float, float]
"""A chance, whether there was an answer (1 or 0), and what that weighs."""


@dataclass(frozen=True)
class Judged:
    """The scores of one set's documents: of queries they answer, of the same without the answers, of other sets'."""

    answered: list[float]
    same: list[float]
    cross: list[float]


@dataclass(frozen=True)
class Gathered:
    """The same, as what was heard; None where nothing could be told."""

    answered: list[Heard | None]
    same: list[Heard | None]
    cross: list[Heard | None]


class Hearer:
    """What speaks of a question, read by klark's own code."""

    def __init__(self, tenant_id: int, embedder: Remembering) -> None:
        self.searcher, self.embedder, self.tenant_id = Searcher(tenant_id, embedder), embedder, tenant_id

    def search(self, text: str, language: str) -> Search:
        """As klark.steps.retrieve.rank does."""
        spoken = language or detect(written_by_customer("", text))[0] or "en"
        found = self.searcher.search(text, spoken)
        looked = seen(self.embedder.model, self.embedder.questions(found.asked.parts))
        return Search(self.tenant_id, spoken, found.asked, looked, found.ranked)

    def hear(self, search: Search, away: Collection[str] = ()) -> Heard | None:
        """As if the documents `away` were not there."""
        with within(self.tenant_id):
            return hear(search, {pk for pk, key in self.searcher.keys.items() if key in away})


def auroc(higher: Sequence[float], lower: Sequence[float]) -> float:
    """The share of pairs in the right order; ties count half."""
    pairs = [(high > low) + 0.5 * (high == low) for high in higher for low in lower]
    return sum(pairs) / len(pairs)


def weighed(judged: Judged) -> list[Weighed]:
    """Answered and unanswered alike; half of the unanswered of each kind."""
    kinds = ((judged.answered, 1.0, 0.5), (judged.same, 0.0, 0.25), (judged.cross, 0.0, 0.25))
    return [(score, truth, weight / len(scores)) for scores, truth, weight in kinds for score in scores]


def calibration_error(sets: Sequence[Judged]) -> float:
    """How far, on average, a probability is from the share of answered queries among those given about as much."""
    return _error([point for judged in sets for point in weighed(judged)]) / len(sets)


def error_by_chance(sets: Sequence[Judged]) -> float:
    """The same of a judge who is right: each query is answered as often as he says, by the fall of the dice."""
    draw = random.Random(1)
    points = [point for judged in sets for point in weighed(judged)]
    fallen = [[(score, float(draw.random() < score), weight) for score, _, weight in points] for _ in range(DRAWS)]
    return mean(map(_error, fallen)) / len(sets)


def _error(points: Sequence[Weighed]) -> float:
    off = [0.0] * BINS
    for score, truth, weight in points:
        off[min(int(score * BINS), BINS - 1)] += weight * (score - truth)
    return sum(map(abs, off))


def judged(name: str, sets: dict[str, Set], vectors: Path) -> Judged:
    """All queries on the documents of one set, as klark judges them."""
    others = [query for key, other in sets.items() if key != name for query in other.queries]
    with database("bench") as tenant_id:
        read = gathered(tenant_id, sets[name], others, Remembering(vectors))
    return Judged(*([probability(one) for one in kind] for kind in (read.answered, read.same, read.cross)))


def gathered(tenant_id: int, bench: Set, others: Sequence[Query], embedder: Remembering) -> Gathered:
    """What is heard of all queries and of those of other sets, once the tenant has learnt one set's documents."""
    take_in(tenant_id, bench.documents, embedder)
    measure(tenant_id, embedder)
    hearer, language = Hearer(tenant_id, embedder), bench.documents[0].language
    own = [(hearer.search(query.text, language), _gone(bench, query)) for query in bench.queries]
    return Gathered(
        [hearer.hear(search) for search, _ in own], [hearer.hear(search, gone) for search, gone in own],
        [hearer.hear(hearer.search(query.text, language)) for query in others],
    )  # fmt: skip


def _gone(bench: Set, query: Query) -> frozenset[str]:
    """The documents that answer a query, and their twins."""
    gold = {bench.twin[one] for one in query.gold}
    return frozenset(key for key, first in bench.twin.items() if first in gold)


def probability(heard: Heard | None) -> float:
    """0 where nothing can be told."""
    return answerable(heard) if heard else 0.0


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
        "ece": round(calibration_error([*by_set.values()]), 3),
        "ece_by_set": {name: round(calibration_error([one]), 3) for name, one in by_set.items()},
        "ece_by_chance": _by_chance(by_set),
    }
    show(figures, [f"{name:>13}  {value}" for name, value in figures.items()], as_json=options.json)


def _by_chance(by_set: dict[str, Judged]) -> dict[str, float]:
    groups = {"all": [*by_set.values()]} | {name: [one] for name, one in by_set.items()}
    return {name: round(error_by_chance(some), 3) for name, some in groups.items()}


if __name__ == "__main__":
    main(sys.argv[1:])
