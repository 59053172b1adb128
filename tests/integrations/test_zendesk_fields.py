"""Zendesk's custom fields have types: read as they are, and written as each field takes them."""

from dataclasses import replace
from typing import Any

import pytest

from integrations.errors import Refused
from integrations.helpdesks.typed_values import READ, typed
from integrations.sandbox.client import Sandbox
from tests.integrations.sandboxed import Api
from tests.integrations.stand_in import REPLY, asked

pytest_plugins = ["tests.integrations.sandbox_fixtures"]
pytestmark = pytest.mark.usefixtures("clock")
CHOICES = [{"name": "Torn", "value": "torn"}, {"name": "Wet", "value": "wet"}]
FIELDS = {
    7501: "checkbox",
    7502: "integer",
    7503: "decimal",
    7504: "date",
    7505: "tagger",
    7506: "multiselect",
    7507: "text",
}
TEXTS = {
    "7501": "true",
    "7502": "12",
    "7503": "19.9",
    "7504": "2026-10-05",
    "7505": "torn",
    "7506": "torn, wet",
    "7507": "12",
}


@pytest.fixture
def fields(sandbox: Sandbox) -> None:
    rows = [{"id": number, "type": kind, "title": kind.capitalize(), "custom_field_options": CHOICES}
            for number, kind in FIELDS.items()]  # fmt: skip
    sandbox.rows("zendesk", "ticket_fields", *rows)


@pytest.mark.usefixtures("fields")
def test_a_policys_texts_are_written_in_each_fields_type_and_read_back_so(sandbox: Sandbox):
    adapter, ticket = asked(sandbox, "zendesk")
    wanted = replace(REPLY, custom_fields=TEXTS)
    adapter.write(ticket, wanted)
    adapter.settle(ticket, wanted)
    assert sandbox.stored("zendesk", int(ticket.id))["custom_fields"] == {
        "7501": True, "7502": 12, "7503": 19.9, "7504": "2026-10-05", "7505": "torn", "7506": ["torn", "wet"], "7507": "12",
    }  # fmt: skip
    assert adapter.fetch(ticket.id).custom_fields == {
        "7501": True, "7502": 12, "7503": 19.9, "7504": "2026-10-05", "7505": "torn", "7506": ("torn", "wet"), "7507": "12",
    }  # fmt: skip


WRONG = [("7501", "yes"), ("7502", "1.5"), ("7503", "nan"), ("7504", "5 Oct"), ("7505", "Torn"), ("7506", "torn, dry")]


@pytest.mark.usefixtures("fields")
@pytest.mark.parametrize(("field", "text"), WRONG)
def test_a_value_that_is_not_of_its_fields_type_costs_no_reply_and_is_told(sandbox: Sandbox, field: str, text: str):
    adapter, ticket = asked(sandbox, "zendesk")
    wanted = replace(REPLY, custom_fields={field: text})
    written = adapter.write(ticket, wanted)
    with pytest.raises(Refused, match=f"{FIELDS[int(field)].capitalize()}: is invalid"):
        adapter.settle(ticket, wanted)
    after = adapter.fetch(ticket.id)
    assert (after.comments[-1].id, after.custom_fields) == (written, {})


@pytest.mark.usefixtures("fields")
def test_where_the_fields_may_not_be_read_their_texts_are_sent_as_they_are(sandbox: Sandbox):
    adapter, ticket = asked(sandbox, "zendesk")
    sandbox.fault("status", desk="zendesk", method="GET", path="ticket_fields", status=403)
    adapter.write(ticket, replace(REPLY, custom_fields={"7507": "by klark"}))
    assert adapter.fetch(ticket.id).custom_fields == {"7507": "by klark"}


def test_without_fields_to_set_nobody_asks_for_their_types(sandbox: Sandbox):
    adapter, ticket = asked(sandbox, "zendesk")
    sandbox.fault("status", desk="zendesk", method="GET", path="ticket_fields", status=403)
    adapter.write(ticket, REPLY)
    assert len(sandbox.faults()) == 1


REFUSED: list[tuple[int, Any]] = [
    (7501, "true"), (7502, "12"), (7502, True), (7503, "19.9"), (7504, "2026-10-5"), (7504, 5), (7505, "Torn"), (7506, "torn"),
    (7506, ["dry"]), (7507, 12),
]  # fmt: skip


@pytest.mark.usefixtures("fields")
@pytest.mark.parametrize(("field", "value"), REFUSED)
def test_the_stand_in_refuses_a_value_of_another_type_as_the_product_does(
    sandbox: Sandbox, zendesk: Api, field: int, value: Any
):
    answer = zendesk.put(
        f"/tickets/{sandbox.ticket('zendesk')}.json", {"ticket": {"custom_fields": [{"id": field, "value": value}]}}
    )
    (fault,) = answer.json()["details"]["base"]
    assert (answer.status_code, answer.json()["error"], fault["ticket_field_id"]) == (422, "RecordInvalid", field)


@pytest.mark.usefixtures("fields")
def test_any_field_can_be_emptied(sandbox: Sandbox, zendesk: Api):
    number = sandbox.ticket("zendesk", custom_fields={"7502": 12})
    answer = zendesk.put(f"/tickets/{number}.json", {"ticket": {"custom_fields": [{"id": 7502, "value": None}]}})
    assert (answer.status_code, sandbox.stored("zendesk", number)["custom_fields"]) == (200, {"7502": None})


@pytest.mark.parametrize(("text", "kind", "value"), [
    ("true", "checkbox", True), (" False ", "checkbox", False), ("1", "checkbox", "1"), ("12", "integer", 12),
    ("-3", "integer", -3), ("a lot", "integer", "a lot"), ("12", "decimal", 12.0), ("inf", "decimal", "inf"),
    ("a,, b ", "multiselect", ["a", "b"]), ("12", "text", "12"), ("12", "", "12"), ("true", "lookup", "true"),
])  # fmt: skip
def test_a_text_becomes_its_fields_type_or_stays_as_it_is(text: str, kind: str, value: Any):
    written = typed(text, READ.get(kind))
    assert (written, type(written)) == (value, type(value))
