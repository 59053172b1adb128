"""Freshdesk's custom fields have types too, and one that is refused keeps no tag and no group from its ticket."""

from dataclasses import replace

import pytest

from integrations.errors import Refused
from integrations.sandbox.client import Sandbox
from integrations.sandbox.records import GROUP_ID
from tests.integrations.sandboxed import Api
from tests.integrations.stand_in import REPLY, asked

pytest_plugins = ["tests.integrations.sandbox_fixtures"]
pytestmark = pytest.mark.usefixtures("clock")
KINDS = {"cf_vip": "checkbox", "cf_parcels": "number", "cf_weight": "decimal", "cf_causes": "multi_select_dropdown",
         "cf_order": "text"}  # fmt: skip
TEXTS = {"cf_vip": "true", "cf_parcels": "12", "cf_weight": "19.9", "cf_causes": "torn, wet", "cf_order": "12"}


@pytest.fixture(autouse=True)
def fields(sandbox: Sandbox) -> None:
    rows = [{"id": 7900 + place, "name": name, "type": f"custom_{kind}", "required_for_closure": name == "cf_order"}
            for place, (name, kind) in enumerate(KINDS.items())]  # fmt: skip
    sandbox.rows("freshdesk", "ticket_fields", *rows)


def test_a_policys_texts_are_written_in_each_fields_type(sandbox: Sandbox):
    adapter, ticket = asked(sandbox, "freshdesk")
    adapter.settle(ticket, replace(REPLY, custom_fields=TEXTS))
    assert sandbox.stored("freshdesk", int(ticket.id))["custom_fields"] == {
        "cf_vip": True, "cf_parcels": 12, "cf_weight": 19.9, "cf_causes": ["torn", "wet"], "cf_order": "12",
    }  # fmt: skip


def test_where_the_fields_may_not_be_read_their_texts_are_sent_as_they_are(sandbox: Sandbox):
    sandbox.fault("status", desk="freshdesk", method="GET", path="ticket_fields", status=403)
    adapter, ticket = asked(sandbox, "freshdesk")
    adapter.settle(ticket, replace(REPLY, custom_fields={"cf_order": "12"}))
    assert sandbox.stored("freshdesk", int(ticket.id))["custom_fields"] == {"cf_order": "12"}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"custom_fields": {"cf_parcels": "a few"}}, "It should be a/an Integer"),
        ({"status": "solved"}, "It should not be blank as this is a mandatory field"),
    ],
)
def test_a_field_or_a_status_that_is_refused_leaves_tags_and_group_set_and_is_told(
    sandbox: Sandbox, changes: dict[str, object], told: str
):
    adapter, ticket = asked(sandbox, "freshdesk")
    with pytest.raises(Refused, match=told):
        adapter.settle(ticket, replace(REPLY, tags=("answered",), group_id=str(GROUP_ID), **changes))
    after = adapter.fetch(ticket.id)
    assert (after.tags, after.group_id, after.status, after.custom_fields) == (("answered",), str(GROUP_ID), "open", {})


def test_what_is_refused_alone_is_asked_for_once(sandbox: Sandbox):
    adapter, ticket = asked(sandbox, "freshdesk")
    with pytest.raises(Refused):
        adapter.settle(ticket, replace(REPLY, status="solved"))
    assert len(sandbox.writes("freshdesk", int(ticket.id))) == 1


def test_a_ticket_that_is_gone_is_not_changed_a_second_time(sandbox: Sandbox):
    adapter, ticket = asked(sandbox, "freshdesk")
    sandbox.change("freshdesk", int(ticket.id), deleted=True)
    with pytest.raises(Refused):
        adapter.settle(ticket, replace(REPLY, status="solved", tags=("answered",)))
    assert len(sandbox.writes("freshdesk", int(ticket.id))) == 1


def test_the_stand_in_resolves_a_ticket_once_its_mandatory_field_is_filled_in(freshdesk: Api, sandbox: Sandbox):
    number = sandbox.ticket("freshdesk")
    assert freshdesk.put(f"/tickets/{number}", {"status": 4}).status_code == 400
    assert freshdesk.put(f"/tickets/{number}", {"status": 4, "custom_fields": {"cf_order": "FR-1"}}).status_code == 200
