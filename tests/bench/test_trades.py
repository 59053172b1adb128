"""The invented trades are read as sets of documents and questions."""

from typing import Any

import pytest

from tests.bench.trades import _cited, _holding, trade, trades

ARTICLES = [
    {"id": "a", "body_html": "<p>It costs <b>5&nbsp;€</b> a\nday.</p>"},
    {"id": "b", "sentences": ["It is free."]},
]


def test_every_shop_and_trade_has_documents_and_questions_that_they_answer() -> None:
    found = trades()
    assert len(found) == 24
    for name, one in found.items():
        keys = {document.id for document in one.documents}
        assert len(keys) >= 5, name
        assert len(one.queries) >= 10, name
        assert all(query.gold and query.gold <= keys for query in one.queries), name
        assert {document.language for document in one.documents} == {name[-2:]}, name


def test_a_trade_is_the_same_in_every_language() -> None:
    assert [trade(name) for name in ("outdoor-en", "outdoor-fr", "two-words-en")] == ["outdoor", "outdoor", "two-words"]


def test_each_of_several_articles_that_may_be_cited_answers() -> None:
    assert _cited({"cites": ["a.1|b.2", "c.3"]}) == {"a", "b", "c"}


@pytest.mark.parametrize(("row", "gold"), [
    ({"answer": "all", "must": ["5 € a day"]}, {"a"}), ({"answer": "all", "must": ["It"]}, {"a", "b"}),
    ({"answer": "all", "must": ["It", "free"]}, {"b"}), ({"answer": "part", "must": ["free"]}, set()),
    ({"answer": "all", "must": []}, set()), ({"answer": "all", "must": ["7 €"]}, set()),
])  # fmt: skip
def test_what_holds_all_that_an_answer_must_say_answers(row: dict[str, Any], gold: set[str]) -> None:
    assert _holding(row, ARTICLES) == gold
