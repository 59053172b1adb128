"""What a write changes on its ticket besides adding a comment, as the policy says for each kind of write."""

from collections.abc import Sequence
from typing import Any

from klark.models import Connection, Delivery
from klark.values.policy.fields import OWN_SEAT
from klark.values.policy.rules import Rules


def changes_with(kind: str, rules: Rules, sensitive: Sequence[str] = ()) -> dict[str, Any]:
    """Returns a delivery's columns: tags, group, and the ticket's fields. `sensitive`: the topics for which a person must
    read the ticket first, with or without a draft."""
    update = rules.updates.get(kind, {})
    handover = kind == Delivery.Kind.HANDOVER or bool(sensitive)
    tags = [*(rules.tags_for(sensitive) if handover else ()), *update.get("tags", ())]
    group = rules.group_for(sensitive) if handover else ""
    fields = {name: value for name, value in update.items() if name != "tags"}
    return {"tags": list(dict.fromkeys(tags)), "group_id": group, "changes": fields}


def assignee_of(row: Delivery, connection: Connection) -> str | None:
    """Returns the id of the agent that the ticket is assigned to, which may be klark's own seat, or None."""
    wanted = row.changes.get("assignee")
    return (connection.own_user_id or None) if wanted == OWN_SEAT else wanted
