"""The benches' own arithmetic, and that they refuse what they cannot read in one line."""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from klark.retrieval.query import SearchQuery
from tests.bench.knowledge import Document, Query, Set, read_set
from tests.bench.messy import VARIANTS
from tests.bench.retrieval import Searched, groups, interval, quoted, scored

TWINS = {"a": "a", "b": "b", "c": "b"}


def query(*gold: str) -> Query:
    return Query("q", "?", "en", frozenset(gold))


def found(*documents: str, read: str = "") -> Searched:
    return Searched(list(documents), [], SearchQuery((), {}, {}, (), 1.0), frozenset(read))


def bench(*queries: Query) -> Set:
    return Set((Document("a", "", "", "en"),), queries, TWINS)


def test_twins_count_as_one_document() -> None:
    one = scored(bench(), query("a", "b", "c"), found("c", "b", "a"))
    assert (one.r3, one.r10, one.any10, one.mrr) == (1.0, 1.0, 1.0, 1.0)


def test_what_is_missed_lowers_the_share() -> None:
    one = scored(bench(), query("a", "b"), found("x", "a"))
    assert (one.r3, one.any10, one.mrr) == (0.5, 1.0, 0.5)
    assert scored(bench(), query("a"), found()).mrr == 0.0


def test_what_a_drafter_is_given_is_counted_beside_the_order() -> None:
    assert [scored(bench(), query("a", "b"), found("a", "b", read=read)).read for read in ("", "x", "c", "ac")] == [
        0.0, 0.0, 0.5, 1.0]  # fmt: skip


def test_queries_that_share_a_document_are_one_group() -> None:
    scores = [scored(bench(), one, found()) for one in (query("a"), query("b"), query("a", "c"), query("a"))]
    assert [len(group) for group in groups(scores, TWINS)] == [4]
    assert [len(group) for group in groups(scores[:2], TWINS)] == [1, 1]


def test_an_interval_of_equal_scores_is_a_point() -> None:
    scores = [scored(bench(), query("a"), found("a"))] * 3
    assert interval([[one] for one in scores], lambda one: one.mrr) == [1.0, 1.0]


def test_only_what_a_query_quotes_is_asked_and_what_quotes_nothing_is_left_out() -> None:
    asks = [
        replace(query("a"), text=text)
        for text in ('Say: "where is my parcel?" Then "thanks a lot, goodbye"', "No quotes.")
    ]
    assert [one.text for one in quoted(bench(*asks)).queries] == ["where is my parcel? thanks a lot, goodbye"]
    with pytest.raises(SystemExit):
        quoted(bench(asks[1]))


@pytest.mark.parametrize("name", VARIANTS)
def test_a_messy_query_is_another_and_always_the_same(name: str) -> None:
    text = "Est-ce que vous livrez mon colis pendant les jours fériés, s'il vous plaît ?" * 4
    first, second = (VARIANTS[name](text, "fr", random.Random(3)) for _ in range(2))
    assert first == second != text


@pytest.mark.parametrize(("docs", "queries", "complaint"), [
    (None, "", "docs.jsonl"), ("{}", "", "docs.jsonl:1"), ('{"id": "a", "title": "t", "body": 1}', "", "'body'"),
    ('{"id": "a", "title": "t", "body": "b"}', '{"id": "q", "text": "x", "relevant": ["z"]}', "no query"),
    ('{"id": "a", "title": "t", "body": "b"}\n{"id": "a", "title": "t", "body": "b"}', "", "stands twice"),
])  # fmt: skip
def test_unreadable_sets_are_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], docs: str | None, queries: str, complaint: str
) -> None:
    if docs is not None:
        (tmp_path / "docs.jsonl").write_text(docs)
    (tmp_path / "queries.jsonl").write_text(queries)
    with pytest.raises(SystemExit) as end:
        read_set(tmp_path)
    said = capsys.readouterr().err
    assert (end.value.code, said.count("\n"), complaint in said) == (2, 1, True)


def test_a_set_is_read_with_its_twins(tmp_path: Path) -> None:
    rows = [{"id": "a", "title": "t", "body": "Same  text"}, {"id": "b", "title": "u", "body": "same text"}]
    (tmp_path / "docs.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (tmp_path / "queries.jsonl").write_text('{"id": "q", "text": "x", "lang": "en", "relevant": ["b", "gone"]}')
    one = read_set(tmp_path)
    assert (dict(one.twin), one.queries[0].gold) == ({"a": "a", "b": "a"}, frozenset({"b"}))
