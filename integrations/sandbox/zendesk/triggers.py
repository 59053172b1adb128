"""Zendesk's triggers that change the ticket they fire on. What they change belongs to the update that they fired on.

https://developer.zendesk.com/documentation/ticketing/reference-guides/actions-reference/
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from integrations.sandbox import store
from integrations.sandbox.records import Change, Desk, Ticket
from integrations.sandbox.zendesk.events import fires
from integrations.sandbox.zendesk.shapes import via


def triggered(desk: Desk, changes: Sequence[Change]) -> list[Change]:
    """Runs every trigger whose conditions hold for an update, once; returns what they changed."""
    first = changes[0] if changes else None
    if first is None:
        return []
    fired = [row for row in desk.rows.get("triggers", {}).values() if fires(row, first)]
    return [change for row in fired for change in _run(desk, first.ticket, row)]


def _run(desk: Desk, ticket: Ticket, row: Mapping[str, Any]) -> list[Change]:
    fields: dict[str, Any] = {}
    for action in row["actions"]:
        if action["field"] in ACTIONS:
            fields |= ACTIONS[action["field"]](ticket, action["value"])
    return store.amend(desk, ticket, fields, via("rule", "trigger", {"id": row["id"], "title": row["title"]}))


ACTIONS: Mapping[str, Callable[[Ticket, str], dict[str, Any]]] = {
    "status": lambda _, value: {"status": value},
    "priority": lambda _, value: {"priority": value},
    "set_tags": lambda _, value: {"tags": sorted(value.split())},
    "current_tags": lambda ticket, value: {"tags": sorted({*ticket.tags, *value.split()})},
    "remove_tags": lambda ticket, value: {"tags": sorted({*ticket.tags} - {*value.split()})},
    "satisfaction_score": lambda _, value: {"satisfaction": {"score": value}},
}
