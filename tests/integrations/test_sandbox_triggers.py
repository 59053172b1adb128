"""Triggers of the stand-in Zendesk change the ticket that they fire on, as part of the update."""

from typing import Any

import pytest

from integrations.sandbox import records
from integrations.sandbox.client import Sandbox
from tests.integrations.sandboxed import Api, Ear, wait_for

pytest_plugins = ["tests.integrations.sandbox_fixtures"]


def trigger(number: int, *actions: tuple[str, str], **conditions: Any) -> dict[str, Any]:
    rows = [{"field": field, "value": value} for field, value in actions]
    return {"id": number, "title": f"Rule {number}", "actions": rows, "conditions": conditions}


ON_REPLY = {"all": [{"field": "role", "operator": "is", "value": "agent"}]}


def test_a_trigger_changes_status_and_tags_in_the_update_it_fires_on(sandbox: Sandbox, zendesk: Api):
    sandbox.rows("zendesk", "triggers", trigger(1, ("status", "pending"), ("current_tags", "b a"), **ON_REPLY))
    ticket = sandbox.ticket("zendesk", tags=["vip"])
    zendesk.say(ticket, metadata={"klark": "m"})
    shown = zendesk.get(f"/tickets/{ticket}.json").json()["ticket"]
    audit = zendesk.get(f"/tickets/{ticket}/audits.json").json()["audits"][-1]
    assert (shown["status"], shown["tags"], audit["metadata"]["custom"]) == (
        "pending",
        ["a", "b", "vip"],
        {"klark": "m"},
    )
    assert [(event["type"], event.get("field_name"), event.get("via", {}).get("channel")) for event in audit["events"]] == [
        ("Comment", None, None), ("Change", "status", "rule"), ("Change", "tags", "rule"),
    ]  # fmt: skip


@pytest.mark.parametrize(("action", "shown"), [
    (("set_tags", "new"), {"tags": ["new"]}), (("remove_tags", "vip x"), {"tags": []}),
    (("priority", "low"), {"priority": "low"}),
    (("satisfaction_score", "offered"), {"satisfaction_rating": {"score": "offered"}}), (("unknown", "x"), {"tags": ["vip"]}),
])  # fmt: skip
def test_each_action_changes_its_part_of_the_ticket(
    sandbox: Sandbox, zendesk: Api, action: tuple[str, str], shown: dict[str, Any]
):
    sandbox.rows("zendesk", "triggers", trigger(1, action, **ON_REPLY))
    ticket = sandbox.ticket("zendesk", tags=["vip"])
    zendesk.say(ticket)
    found = zendesk.get(f"/tickets/{ticket}.json").json()["ticket"]
    assert {name: found[name] for name in shown} == shown


def test_a_trigger_whose_conditions_do_not_hold_changes_nothing(sandbox: Sandbox):
    sandbox.rows("zendesk", "triggers", trigger(1, ("status", "hold"), **ON_REPLY))
    ticket = sandbox.ticket("zendesk")
    sandbox.comment("zendesk", ticket, "<p>Still waiting</p>")
    assert sandbox.stored("zendesk", ticket)["status"] == "new"


def test_a_trigger_is_told_by_webhook_as_the_systems_deed(sandbox: Sandbox, zendesk: Api, ear: Ear):
    sandbox.rows("zendesk", "triggers", trigger(1, ("status", "pending"), **ON_REPLY))
    ticket = sandbox.ticket("zendesk", webhook=False)
    sandbox.webhook("zendesk", ear.url, "secret")
    zendesk.say(ticket)
    assert wait_for(lambda: len(ear.heard) == 2)
    assert {body["type"].rpartition(".")[2]: body["detail"]["actor_id"] for body in ear.bodies()} == {
        "comment_added": str(records.KLARK_ID), "status_changed": str(records.SYSTEM_ID),
    }  # fmt: skip


def test_a_customer_rates_the_answer_without_a_comment(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk", status="solved")
    asker = sandbox.stored("zendesk", ticket)["requester_id"]
    sandbox.change("zendesk", ticket, satisfaction={"score": "good", "comment": "Merci"}, actor_id=asker)
    shown = zendesk.get(f"/tickets/{ticket}.json").json()["ticket"]
    assert (shown["satisfaction_rating"], shown["status"]) == ({"score": "good", "comment": "Merci"}, "solved")
    assert len(sandbox.stored("zendesk", ticket)["comments"]) == 1
