"""A program reads what its token's tenant has, page by page, and nothing of another's."""

import csv
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest

from klark.models import ApiToken, AuditEntry, Decision, within
from tests.klark import rows
from tests.klark.api.program import Program
from tests.klark.companies import Company, company

pytestmark = pytest.mark.django_db
LISTS = ("decisions", "drafts", "deliveries", "topics", "articles")


@pytest.fixture
def ours() -> Company:
    return company("alder")


@pytest.fixture
def program(ours: Company) -> Program:
    return Program(ours.tenant)


def decided(ours: Company, number: int, **more: object) -> int:
    """One more decision; its id."""
    with within(ours.tenant):
        own = {"tenant_id": ours.tenant, "connection_id": ours.connection, "ticket_id": str(number)}
        event = rows.WebhookEvent.objects.create(**own, state="done")
        return Decision.objects.create(**own, event=event, **{"kind": "NOTE", "reason": "note_by_policy", **more}).pk


def test_a_decision_says_what_was_decided_and_why(program: Program, ours: Company) -> None:
    (shown,) = program.get("decisions").json()["results"]
    assert {name: shown[name] for name in ("id", "ticket_id", "kind", "reason", "draft", "policy")} == {
        "id": ours.decision, "ticket_id": "41", "kind": "WAIT", "reason": "queue_by_policy", "draft": ours.draft, "policy": 1,
    }  # fmt: skip
    assert shown["why"] == "waits for approval, as the policy says: alder words"


def test_a_draft_has_its_sentences_with_their_sources_and_what_became_of_it(program: Program, ours: Company) -> None:
    shown = program.get(f"drafts/{ours.draft}").json()
    assert (shown["reply_text"], shown["sentences"][0]["sources"][0]["title"]) == ("alder reply", "alder returns")
    assert [one["state"] for one in shown["deliveries"]] == ["parked", "waiting"]
    assert [one["reason"] for one in shown["decisions"]] == ["queue_by_policy"]


def test_a_list_of_drafts_leaves_their_texts_out(program: Program) -> None:
    (shown,) = program.get("drafts").json()["results"]
    assert (shown["subject"], {"reply_text", "sentences", "record"} & set(shown)) == ("alder subject", set())


def test_a_list_of_writes_leaves_their_texts_out_and_one_has_its_own(program: Program, ours: Company) -> None:
    assert all("text" not in shown for shown in program.get("deliveries").json()["results"])
    assert program.get(f"deliveries/{ours.delivery}").json()["text"]


def test_a_cursor_that_no_page_has_is_not_found(program: Program) -> None:
    for position in ("abc", "9" * 30, "-1", "1 OR 1=1"):
        cursor = b64encode(f"p={position}".encode()).decode()
        assert program.get(f"decisions?cursor={cursor}").status_code == 404, position


def test_whoever_opens_a_draft_has_seen_it(program: Program, ours: Company) -> None:
    program.get("drafts")
    program.get(f"drafts/{ours.draft}")
    program.get(f"deliveries/{ours.delivery}")
    with within(ours.tenant):
        seen = list(AuditEntry.of(ours.tenant).order_by("number").values_list("who", "act", "kind", "row"))
    assert seen == [
        ("token night shift", "saw", "draft", str(ours.draft)),
        ("token night shift", "saw", "delivery", str(ours.delivery)),
    ]


def test_the_policy_in_force_is_shown_without_keys(program: Program) -> None:
    shown = program.get("policy").json()
    assert (shown["version"], shown["rules"]["topics"], shown["rules"]["sign_off"]) == (
        1,
        {"alder-topic": "queue"},
        {"en": "alder team"},
    )
    assert "sealed" not in str(shown)


def test_a_tenant_without_a_policy_has_none_to_show() -> None:
    tenant_id = rows.tenant()
    rows.delete(rows.Policy)
    assert Program(tenant_id).get("policy").status_code == 404


def test_a_list_goes_on_where_its_page_ends(program: Program, ours: Company) -> None:
    others = [decided(ours, number) for number in range(4)]
    first = program.get("decisions", limit=3).json()
    then = program.client.get(first["next"]).json()
    found = [row["id"] for row in first["results"] + then["results"]]
    assert (found, then["next"]) == ([*reversed(others), ours.decision], None)


def test_decisions_are_asked_for_by_what_they_are(program: Program, ours: Company) -> None:
    decided(ours, 7, topic="delivery")
    for query, found in (
        ({"ticket": "7"}, 1), ({"ticket": "8"}, 0), ({"topic": "delivery"}, 1), ({"kind": "NOTE"}, 1), ({"kind": "SKIP"}, 0),
        ({"reason": "queue_by_policy"}, 1), ({}, 2),
    ):  # fmt: skip
        assert (query, len(program.ids("decisions", **query))) == (query, found)


def test_decisions_are_asked_for_by_their_time(program: Program, ours: Company) -> None:
    now = datetime.now(UTC)
    old = decided(ours, 7, decided_at=now - timedelta(days=2))
    yesterday = (now - timedelta(days=1)).isoformat()
    assert (program.ids("decisions", since=yesterday), program.ids("decisions", until=yesterday)) == (
        [ours.decision],
        [old],
    )


def test_drafts_are_asked_for_by_the_state_that_the_queue_shows(program: Program, ours: Company) -> None:
    assert (program.ids("drafts", state="parked"), program.ids("drafts", state="sent")) == ([ours.draft], [])


WRONG = (
    ("decisions", "since", "yesterday"), ("decisions", "kind", "MAYBE"), ("drafts", "ticket", "\0"),
    ("deliveries", "connection", "acme"), ("articles", "current", "perhaps"), ("decisions.csv", "until", "soon"),
)  # fmt: skip


def test_a_wrong_filter_is_told_by_its_name(program: Program) -> None:
    for path, name, value in WRONG:
        answer = program.get(path, **{name: value})
        told = answer.json()
        problem = (answer.status_code, answer["content-type"], told["status"], told["code"])
        assert (path, name, *problem) == (path, name, 400, "application/problem+json", 400, "invalid")
        assert [error["pointer"] for error in told["errors"]] == [f"#/{name}"], path


def test_decisions_come_as_a_table_in_which_no_text_is_a_formula(program: Program, ours: Company) -> None:
    decided(ours, 7, topic="=cmd()")
    answer = program.get("decisions.csv")
    table = list(csv.DictReader(StringIO(b"".join(answer.streaming_content).decode())))
    assert (answer["content-type"], [row["id"] for row in table], table[1]["topic"]) == (
        "text/csv; charset=utf-8", [str(ours.decision), table[1]["id"]], "'=cmd()",
    )  # fmt: skip


def test_a_program_that_asks_for_a_table_by_its_type_gets_it(program: Program) -> None:
    assert program.client.get("/api/v1/decisions.csv", headers={"accept": "text/csv"}).status_code == 200


def test_another_tenants_rows_are_neither_listed_nor_found(program: Program) -> None:
    theirs = company("birch")
    one = {"decisions": theirs.decision, "drafts": theirs.draft, "deliveries": theirs.delivery, "topics": theirs.topic,
           "articles": theirs.article}  # fmt: skip
    for path in LISTS:
        listed, answer = program.get(path), program.get(f"{path}/{one[path]}")
        seen = ("birch" in listed.content.decode(), len(listed.json()["results"]) > 0)
        assert (path, *seen, answer.status_code, answer.json()["code"]) == (path, False, True, 404, "not_found")


def test_what_is_not_there_is_told_in_json(program: Program) -> None:
    answer = program.get("drafts/999999999999")
    assert (answer.status_code, answer["content-type"]) == (404, "application/problem+json")


def test_a_table_ends_where_its_token_is_revoked(program: Program, ours: Company) -> None:
    decided(ours, 7)
    answer = iter(program.get("decisions.csv").streaming_content)
    next(answer)
    with within(ours.tenant):
        ApiToken.objects.update(revoked_at=datetime.now(UTC))
    assert list(answer) == []
