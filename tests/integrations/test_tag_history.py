"""Who set a tag at Zendesk: the one who added it last, and an agent only if they may write to customers."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from integrations.helpdesks.zendesk.tag_history import NOBODY, tagged_by

AUDITS = json.loads((Path(__file__).parents[1] / "payloads/zendesk_audits_tags.json").read_text())["audits"]
USERS = {
    "9003": {"id": 9003, "name": "Camille", "role": "end-user"},
    "9004": {"id": 9004, "name": "Ana", "role": "agent"},
}


def by(name: str, audits: list[Any] = AUDITS, **more: object) -> tuple[str, str | None]:
    users = {f"/users/{key}.json": {"user": {**user, **more}} for key, user in USERS.items()}
    found, _at = tagged_by(audits, name, users.__getitem__)
    return found.name, found.role


@pytest.mark.parametrize(("name", "who"), [
    ("klark_send", ("Ana", "agent")),  # the customer had set it a minute before, and is listed later
    ("klark_reject", ("Camille", "customer")), ("form_delivery", ("Camille", "customer")),
    ("by_rule", ("", None)), ("never_set", ("", None)),
])  # fmt: skip
def test_the_last_who_added_it_counts_and_a_rule_is_nobody(name: str, who: tuple[str, str | None]) -> None:
    assert by(name) == who


@pytest.mark.parametrize("more", [{"only_private_comments": True}, {"role_type": 1}, {"role_type": 3}])
def test_who_may_write_notes_only_is_no_agent_here(more: dict[str, object]) -> None:
    assert by("klark_send", **more) == ("Ana", None)


def test_a_tag_that_a_mail_set_is_nobodys_since_its_sender_can_be_forged() -> None:
    mailed = [{**audit, "via": {"channel": "email"}} for audit in AUDITS]
    assert by("klark_send", mailed) == ("", None)


def test_when_it_was_added_is_told_too() -> None:
    at = tagged_by(AUDITS, "klark_send", lambda _: {"user": USERS["9004"]})[1]
    assert at == datetime(2026, 10, 5, 9, 8, tzinfo=UTC)


def test_a_suspended_agent_is_told_as_such() -> None:
    assert tagged_by(AUDITS, "klark_send", lambda _: {"user": {**USERS["9004"], "suspended": True}})[0].suspended


@pytest.mark.parametrize("audits", [
    [], [{}], [{"events": None}], [{"events": ["x", {"field_name": "tags", "value": 7}]}],
    [{"author_id": "x", "events": [{"field_name": "tags", "value": ["klark_send"]}]}],
])  # fmt: skip
def test_strange_audits_name_nobody(audits: list[Any]) -> None:
    assert tagged_by(audits, "klark_send", lambda _: {}) == (NOBODY, None)
