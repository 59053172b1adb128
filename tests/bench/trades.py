"""The invented shops and trades of tests/cases/extractive as sets of documents and questions: many small tenants, for what
must not hang on three large ones."""

import html
import json
import re
from pathlib import Path
from typing import Any

from tests.bench.knowledge import Document, Query, Set, twins

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "extractive"
_TAG, _SPACE = re.compile(r"<[^>]+>"), re.compile(r"\s+")


def trades() -> dict[str, Set]:
    """By name, which ends in the language; of each the questions whose answer stands in its articles."""
    found = sorted(FOLDER.rglob("articles-*.jsonl"))
    return {path.stem.removeprefix("articles-"): _set(path) for path in found}


def trade(name: str) -> str:
    """What the same trade is called in every language."""
    return name.rpartition("-")[0]


def _set(path: Path) -> Set:
    name, language = path.stem.removeprefix("articles-"), path.stem.rpartition("-")[2]
    articles = _rows(path)
    documents = tuple(Document(one["id"], one["title"], _body(one), language) for one in articles)
    cases = path.with_name(f"cases-{name}.jsonl")
    read = (
        [(row["id"], " ".join(row["questions"]), _cited(row)) for row in _rows(cases) if row["answerable"]]
        if cases.exists()
        else [
            (row["id"], row["body"], _holding(row, articles)) for row in _rows(path.with_name(f"tickets-{name}.jsonl"))
        ]
    )
    queries = tuple(Query(key, text, language, gold) for key, text, gold in read if gold)
    return Set(documents, queries, twins(documents))


def _cited(row: dict[str, Any]) -> frozenset[str]:
    return frozenset(cite.partition(".")[0] for some in row["cites"] for cite in some.split("|"))


def _holding(row: dict[str, Any], articles: list[dict[str, Any]]) -> frozenset[str]:
    """The articles that hold the whole answer; none where it is not whole."""
    if row["answer"] != "all" or not row["must"]:
        return frozenset()
    return frozenset(one["id"] for one in articles if all(each in _text(one) for each in row["must"]))


def _body(article: dict[str, Any]) -> str:
    return str(article["body_html"]) if "body_html" in article else " ".join(article["sentences"])


def _text(article: dict[str, Any]) -> str:
    return _SPACE.sub(" ", html.unescape(_TAG.sub(" ", _body(article))))


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
