"""The stand-in Freshdesk's mail: its support addresses, what a reply may name, and how a body is rewritten."""

import re
from collections.abc import Mapping
from typing import Any

from integrations.sandbox.records import GLOBAL_MAILBOX, Ticket

FONT = (
    "font-family:-apple-system, BlinkMacSystemFont, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif; font-size:14px"
)
REPLY_FIELDS = ("body", "from_email", "user_id", "cc_emails", "bcc_emails")


def _mailbox(
    number: int, address: str, *, product: int | None = None, first: bool = False, active: bool = True
) -> dict[str, Any]:
    return {"id": number, "name": address.partition("@")[0].capitalize(), "product_id": product, "to_email": address,
            "reply_email": address, "group_id": None, "primary_role": first, "active": active,
            "created_at": "2026-01-05T08:00:00Z", "updated_at": "2026-01-05T08:00:00Z"}  # fmt: skip


SECOND_PRODUCT = 7102
MAILBOXES = (
    _mailbox(7901, GLOBAL_MAILBOX, first=True),
    _mailbox(7902, "returns@example.com"),
    _mailbox(7903, "press@example.com", active=False),
    _mailbox(7904, "help@second.example", product=SECOND_PRODUCT, first=True),
    _mailbox(7905, "orders@second.example", product=SECOND_PRODUCT),
)


def mailbox_of(record: Ticket) -> int | None:
    """Returns the id of the mailbox that a ticket's mails come to; `None` if it began elsewhere."""
    own = (each["id"] for each in MAILBOXES if each["reply_email"] == record.mailbox)
    return next(own, None) if record.channel == "email" else None


def unsendable(sent: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """Returns the first field of a reply that does not validate, with Freshdesk's words and code for it."""
    strange = next((name for name in sent if name not in REPLY_FIELDS), None)
    if strange:
        return strange, "Unexpected/invalid field in request", "invalid_field"
    if sent.get("from_email", GLOBAL_MAILBOX) not in {each["reply_email"] for each in MAILBOXES if each["active"]}:
        return "from_email", "It should be one of the active support emails", "invalid_value"
    copied = sent.get("cc_emails", [])
    if not isinstance(copied, list) or not all(isinstance(each, str) and "@" in each for each in copied):
        return "cc_emails", "It should contain elements of type valid email only", "invalid_value"
    return None


def rewritten(html: str) -> str:
    """Returns a body as Freshdesk gives it back: directions on paragraphs, links that open elsewhere, and a font around it."""
    directed = re.sub(r"<(p|ul|ol|h[1-6])>", r'<\1 dir="auto">', html)
    linked = re.sub(r'<a href="([^"]*)"[^>]*>', r'<a href="\1" rel="noreferrer" target="_blank">', directed)
    return f'<div style="{FONT}">\n<div>{linked}</div>\n</div>'
