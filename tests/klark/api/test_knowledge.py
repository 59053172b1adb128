"""A program puts articles in and takes them out, in the way of every source."""

from typing import Any

import pytest

from klark.knowledge.ingest import take_out
from klark.models import Article, AuditEntry, Passage, within
from tests.klark import rows
from tests.klark.api.program import HOME, Program

pytestmark = pytest.mark.django_db
TEXT = {"title": "Returns", "body_html": "<p>Send it back within 30 days.</p>", "language": "en"}


@pytest.fixture
def program() -> Program:
    return Program(rows.tenant())


def put(program: Program, key: str = "returns", **changes: Any) -> Any:
    return program.client.put(f"{HOME}knowledge/{key}", {**TEXT, **changes}, "application/json")


def take(program: Program, key: str = "returns") -> int:
    return int(program.client.delete(f"{HOME}knowledge/{key}").status_code)


def test_an_article_that_is_put_in_is_listed_and_can_be_found(program: Program) -> None:
    answer = put(program)
    (listed,) = program.get("articles", key="returns").json()["results"]
    assert (answer.status_code, answer.json(), listed["source"]) == (201, listed, "api")
    assert rows.get(Passage).words is not None


def test_the_same_again_changes_nothing_and_another_text_is_a_new_version(program: Program) -> None:
    first, same, other = put(program), put(program), put(program, body_html="<p>Within 14 days.</p>")
    assert [answer.status_code for answer in (first, same, other)] == [201, 200, 201]
    assert [answer.json()["version"] for answer in (first, same, other)] == [1, 1, 2]


def test_it_was_first_written_when_it_was_put_in_unless_the_program_says_when(program: Program) -> None:
    first, other = put(program).json(), put(program, body_html="<p>Within 14 days.</p>").json()
    assert first["updated_at"] is None
    assert first["created_at"] == other["created_at"] < other["updated_at"]
    said = put(program, body_html="<p>Within 14 days.</p>", created_at="2025-01-02T00:00:00Z")
    assert (said.status_code, said.json()["created_at"]) == (200, "2025-01-02T00:00:00Z")


def test_an_article_that_is_taken_out_is_found_no_longer_and_comes_back_when_it_is_put_in(program: Program) -> None:
    put(program)
    assert (take(program), take(program), program.ids("articles", key="returns")) == (204, 404, [])
    assert (put(program).status_code, len(program.ids("articles", key="returns"))) == (201, 1)


def test_what_a_person_took_out_does_not_come_back_as_it_was(program: Program) -> None:
    put(program)
    article = rows.get(Article)
    with within(article.tenant_id):
        take_out(article)
    again = put(program)
    assert (again.status_code, put(program, title="Sending back").status_code) == (409, 201)
    assert "took this article out" in again.json()["detail"]


def test_who_put_it_in_and_took_it_out_is_in_the_audit_chain(program: Program) -> None:
    put(program)
    put(program)
    take(program)
    with within(rows.get(rows.Tenant).pk):
        assert (
            list(AuditEntry.objects.values_list("who", "act").order_by("number"))
            == [("token night shift", "article")] * 2
        )


def test_articles_of_other_sources_stay_where_they_are(program: Program) -> None:
    rows.article(rows.get(rows.Tenant).pk, key="returns")
    assert (take(program), rows.get(Article).current) == (404, True)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [({"title": ""}, "#/title"), ({"url": "javascript:alert(1)"}, "#/url"), ({"body_html": None}, "#/body_html"),
     ({"language": "x" * 11}, "#/language"), ({"valid_from": "2026-02-01T00:00Z", "valid_until": "2026-01-01T00:00Z"},
      "#/valid_until")],
)  # fmt: skip
def test_what_is_no_article_is_told_by_its_field(program: Program, changes: dict[str, Any], pointer: str) -> None:
    answer = put(program, **changes)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"], rows.count(Article)) == (400, pointer, 0)


@pytest.mark.parametrize("key", ["k" * 201, "help:en", "a%00b"])
def test_a_key_is_short_and_plain(program: Program, key: str) -> None:
    assert (put(program, key).status_code, rows.count(Article)) == (400, 0)


def test_another_tenant_has_its_own(program: Program) -> None:
    put(program)
    other = Program(rows.tenant("birch"))
    assert (take(other), put(other).status_code, rows.count(Article, current=True)) == (404, 201, 2)


@pytest.mark.parametrize("scope", ["read", "act", "ask"])
def test_another_scope_changes_no_article(scope: str) -> None:
    program = Program(rows.tenant(), [scope])
    assert (put(program).status_code, take(program), rows.count(Article)) == (403, 403, 0)
