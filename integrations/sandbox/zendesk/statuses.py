"""The stand-in Zendesk's own statuses: each belongs to a category, which is the ticket's status."""

from typing import Any

from integrations.sandbox.records import CUSTOM_STATUS_ID


def _status(number: int, category: str, label: str, *, default: bool = False) -> dict[str, Any]:
    return {"id": number, "status_category": category, "agent_label": label, "end_user_label": label, "active": True,
            "default": default, "created_at": "2026-01-05T08:00:00Z", "updated_at": "2026-01-05T08:00:00Z"}  # fmt: skip


CUSTOM_STATUSES = (
    _status(CUSTOM_STATUS_ID, "new", "New", default=True),
    _status(7302, "pending", "Pending", default=True),
    _status(7303, "pending", "Waiting on parts"),
)
CATEGORIES: dict[Any, str] = {each["id"]: each["status_category"] for each in CUSTOM_STATUSES}
