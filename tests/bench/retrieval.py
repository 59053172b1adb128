"""How much of what answers a question is found: `python -m tests.bench.retrieval --data DIR --json`.

`DIR` holds docs.jsonl `{id, title, body, lang}` and queries.jsonl `{id, text, lang, relevant}`.

r3, r10  share of the gold documents found among the first 3 and 10; any10: share of queries with any of them
mrr      over the first 10
read     share of the gold documents that a drafter is given, whole or in part, within its tokens

Intervals: 95 %, by bootstrap over groups of queries that share a gold document. Times are without the embedding of the query,
which `embed_ms` gives.
"""

import argparse
import random
import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean, quantiles

from tests.bench import ready  # noqa: F401

# isort: split

from guardrails.text.language import detect
from integrations.embeddings.base import Embedder
from klark.knowledge.embedding import question_vector
from klark.models import Article, within
from klark.retrieval import rank as finding
from klark.retrieval import retrieve
from klark.retrieval.query import SearchQuery, build_query
from klark.retrieval.rank import RankedPassage, rank_passages
from klark.values.passages import QuestionVector, SearchRequest
from klark.values.ticket_text import written_by_customer
from tests.bench.files import refuse, show
from tests.bench.knowledge import Query, Remembering, Set, database, read_set, take_in
from tests.bench.scale import fill

DEPTH = 10
DRAWS = 1_000
_QUOTED = re.compile(r"[\"“«]([^\"“”«»]{12,})[\"”»]")
MODES = {
    "stems": ("stems",), "grams": ("grams",), "text": ("stems", "grams"), "meaning": ("meaning",), "title": ("title",),
    "stems+meaning": ("stems", "meaning"), "text+meaning": ("stems", "grams", "meaning"),
}  # fmt: skip


@dataclass(frozen=True)
class Scored:
    """What came of one query; times in milliseconds."""

    query: Query
    r3: float
    r10: float
    any10: float
    mrr: float
    read: float = 0.0
    search_ms: float = 0.0
    embed_ms: float = 0.0


@dataclass(frozen=True)
class Searched:
    """A ranking of documents, and the time it took."""

    documents: list[str]
    ranked: list[RankedPassage]
    asked: SearchQuery
    read: frozenset[str] = frozenset()
    search_ms: float = 0.0
    embed_ms: float = 0.0


class Searcher:
    """A tenant's knowledge, searched as the pipeline does."""

    def __init__(self, tenant_id: int, embedder: Embedder | None) -> None:
        self.tenant_id, self.embedder = tenant_id, embedder
        retrieve.embedders = lambda: (embedder,) if embedder else ()  # type: ignore[assignment, attr-defined]  # the bench's own
        with within(tenant_id):
            self.keys = dict(Article.of(tenant_id).values_list("pk", "key"))

    def search(self, text: str, language: str) -> Searched:
        """The way of `klark.retrieval.retrieve.rank`, with the embedding timed apart."""
        said = written_by_customer("", text)
        spoken = language or detect(said)[0] or "en"
        started = time.perf_counter()
        with within(self.tenant_id):
            asked = build_query(self.tenant_id, said, spoken)
        asking = time.perf_counter() - started
        looked, embedding = self._looked(asked)
        started = time.perf_counter()
        with within(self.tenant_id):
            ranked = rank_passages(self.tenant_id, spoken, asked, looked)
        taken = asking + time.perf_counter() - started
        documents = list(dict.fromkeys(self.keys[one.article_id] for one in ranked))
        return Searched(documents, ranked, asked, self._read(said, spoken), 1000 * taken, 1000 * embedding)

    def _read(self, said: str, spoken: str) -> frozenset[str]:
        """What a drafter is given."""
        return frozenset(one.article for one in retrieve.search(self.tenant_id, SearchRequest(said, (spoken,))).found)

    def _looked(self, asked: SearchQuery) -> tuple[QuestionVector | None, float]:
        if self.embedder is None:
            return None, 0.0
        started = time.perf_counter()
        vector = self.embedder.questions(asked.parts[:1])[0]
        return question_vector(self.embedder.model, vector), time.perf_counter() - started


def scored(bench: Set, query: Query, found: Searched) -> Scored:
    """Folded twins count as one."""
    gold = {bench.twin[one] for one in query.gold}
    order = list(dict.fromkeys(bench.twin.get(one, one) for one in found.documents))[:DEPTH]
    ranks = [rank for rank, one in enumerate(order, 1) if one in gold]
    at = [sum(rank <= depth for rank in ranks) / len(gold) for depth in (3, DEPTH)]
    read = len(gold & {bench.twin.get(one, one) for one in found.read}) / len(gold)
    shares = (at[0], at[1], float(bool(ranks)), 1 / ranks[0] if ranks else 0.0, read)
    return Scored(query, *shares, found.search_ms, found.embed_ms)


def groups(scores: Iterable[Scored], twin: dict[str, str]) -> list[list[Scored]]:
    """Queries that share a gold document, directly or by way of others, stand or fall together."""
    made: list[tuple[set[str], list[Scored]]] = []
    for one in scores:
        gold, members = {twin[document] for document in one.query.gold}, [one]
        for other in [other for other in made if other[0] & gold]:
            gold |= other[0]
            members += other[1]
            made.remove(other)
        made.append((gold, members))
    return [members for _, members in made]


def interval(clusters: Sequence[Sequence[Scored]], value: Callable[[Scored], float]) -> list[float]:
    """95 % of the means of drawn groups."""
    draw = random.Random(1)
    means = sorted(
        mean(value(one) for group in draw.choices(clusters, k=len(clusters)) for one in group) for _ in range(DRAWS)
    )
    return [round(means[int(share * DRAWS)], 3) for share in (0.025, 0.975)]


def quoted(bench: Set) -> Set:
    """With the customers' own words alone, of queries that quote any."""
    said = ((query, " ".join(_QUOTED.findall(query.text))) for query in bench.queries)
    queries = tuple(replace(query, text=words) for query, words in said if words)
    return replace(bench, queries=queries or refuse("no query quotes anything"))


def figures(bench: Set, scores: Sequence[Scored], index_s: float) -> dict[str, object]:
    """What is printed."""
    clusters = groups(scores, dict(bench.twin))
    measures: dict[str, Callable[[Scored], float]] = {
        "r3": lambda one: one.r3, "r10": lambda one: one.r10, "any10": lambda one: one.any10, "mrr": lambda one: one.mrr,
        "read": lambda one: one.read,
    }  # fmt: skip
    cuts = (
        quantiles([one.search_ms for one in scores], n=20, method="inclusive")
        if len(scores) > 1
        else [scores[0].search_ms] * 19
    )
    return {
        "queries": len(scores),
        **{name: round(mean(map(value, scores)), 3) for name, value in measures.items()},
        "interval": {name: interval(clusters, value) for name, value in measures.items()},
        "p50_ms": round(cuts[9], 1), "p95_ms": round(cuts[18], 1),
        "embed_ms": round(mean(one.embed_ms for one in scores), 1), "index_s": round(index_s, 1),
    }  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure one set."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True, help="a folder with docs.jsonl and queries.jsonl")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--scale", type=int, default=0, help="fill up to this many passages with others")
    parser.add_argument("--only", choices=[*MODES], help="some scores alone")
    parser.add_argument("--quoted", action="store_true", help="only what stands between quotation marks in a query")
    parser.add_argument("--no-meaning", action="store_true", help="by words alone, without an embedding model")
    parser.add_argument("--vectors", type=Path, help="a file that keeps vectors between runs")
    options = parser.parse_args(arguments)
    bench = quoted(read_set(options.data)) if options.quoted else read_set(options.data)
    if options.only:
        finding.WEIGHTS = {name: weight * (name in MODES[options.only]) for name, weight in finding.WEIGHTS.items()}
    with database("bench") as tenant_id:
        embedder = None if options.no_meaning else Remembering(options.vectors or Path(":memory:"))
        index_s = take_in(tenant_id, bench.documents, embedder)
        if options.scale:
            fill(tenant_id, options.scale)
        searcher = Searcher(tenant_id, embedder)
        searcher.search(bench.queries[0].text, bench.queries[0].language)  # what is loaded once is not counted
        scores = [scored(bench, query, searcher.search(query.text, query.language)) for query in bench.queries]
    counted = figures(bench, scores, index_s)
    show(counted, [f"{name:>9}  {value}" for name, value in counted.items()], as_json=options.json)


if __name__ == "__main__":
    main(sys.argv[1:])
