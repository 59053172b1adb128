"""A token opens one tenant, for what its scopes say, until it expires or is revoked, so many times a minute."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from klark.models import ApiToken, sha256
from tests.klark import rows
from tests.klark.api.program import EVERY_SCOPE, Program

pytestmark = pytest.mark.django_db
PAST = datetime.now(UTC) - timedelta(minutes=1)


def test_only_the_digest_of_a_token_is_kept() -> None:
    program = Program(rows.tenant())
    row = rows.get(ApiToken)
    assert (program.token.startswith("klark_"), len(program.token) > 40, row.digest) == (
        True,
        True,
        sha256(program.token),
    )
    assert program.token not in str(vars(row))


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer ", "Bearer klark_wrong", "Basic a2xhcms6", "klark_wrong", "Bearer é"]
)
def test_nothing_opens_without_a_token(given: str) -> None:
    answer = Client().get("/api/v1/decisions", headers={"authorization": given})
    assert (answer.status_code, answer["www-authenticate"], answer["content-type"]) == (
        401,
        "Bearer",
        "application/problem+json",
    )


@pytest.mark.parametrize("ended", [{"expires_at": PAST}, {"revoked_at": PAST}])
def test_a_token_that_has_ended_opens_nothing(ended: dict[str, datetime]) -> None:
    answer = Program(rows.tenant(), **ended).get("decisions")
    assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failed")


@pytest.mark.parametrize("scope", EVERY_SCOPE)
def test_a_scope_opens_its_own_part_and_no_other(scope: str) -> None:
    answer = Program(rows.tenant(), [scope]).get("decisions")
    assert answer.status_code == (200 if scope == "read" else 403)
    assert scope == "read" or "read" in answer.json()["detail"]


def test_a_login_to_the_admin_is_no_token(admin_client: Client) -> None:
    assert admin_client.get("/api/v1/decisions").status_code == 401


def test_a_token_is_used_so_many_times_a_minute_and_then_told_when_to_come_back() -> None:
    program = Program(rows.tenant(), per_minute=2)
    answers = [program.get("decisions") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert (answers[2].json()["code"], 50 < int(answers[2]["retry-after"]) <= 60) == ("throttled", True)
    rows.change(ApiToken, minute_began=PAST)
    assert program.get("decisions").status_code == 200


def test_the_limit_of_one_token_is_not_anothers() -> None:
    tenant_id = rows.tenant()
    spent, other = Program(tenant_id, per_minute=0), Program(tenant_id, name="day shift")
    assert (spent.get("decisions").status_code, other.get("decisions").status_code) == (429, 200)


def test_it_is_known_when_a_token_was_used_last() -> None:
    program = Program(rows.tenant())
    assert rows.get(ApiToken).last_used_at is None
    program.get("decisions")
    assert datetime.now(UTC) - rows.get(ApiToken).last_used_at < timedelta(minutes=1)
