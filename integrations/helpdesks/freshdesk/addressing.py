"""Addresses a reply as a person at Freshdesk would: from the ticket's own support address, with the ticket's own copies.

The API does neither by itself: without `from_email` the reply goes out from the account's global address.
https://developers.freshdesk.com/api/#reply_ticket
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from integrations.errors import Refused
from integrations.helpdesks.base import Ticket
from integrations.helpdesks.freshdesk import shapes
from integrations.helpdesks.untrusted_input import number, words

MAILBOXES = "/email_configs"
Mailbox = Mapping[str, Any]
ReadPages = Callable[[str], Iterable[Sequence[Mailbox]]]
"""A path -> the pages of the list there. Raises what `Helpdesk` raises."""


def addressed(ticket: Ticket, read: ReadPages) -> dict[str, Any]:
    """Returns a reply's `from_email` and `cc_emails`; what the ticket does not decide is left to Freshdesk."""
    fields = {"from_email": _sender(ticket, read), "cc_emails": shapes.copies(ticket)}
    return {name: value for name, value in fields.items() if value}


def _sender(ticket: Ticket, read: ReadPages) -> str:
    """Returns the address of the ticket's mailbox; else the one that its last mail came to or went out from; else
    that of its product; else ""."""
    known, last = number(ticket.raw.get("email_config_id")), words(ticket.raw.get("support_email"))
    if known is None and (last or ticket.brand_id is None):
        return last
    mailboxes = _mailboxes(read)
    own = (each for each in mailboxes if number(each.get("id")) == known)
    products = (each for each in mailboxes if each.get("primary_role") and _is_of(each, ticket.brand_id))
    return _address(next(own, {})) or last or _address(next(products, {}))


def _mailboxes(read: ReadPages) -> list[Mailbox]:
    """Returns the mailboxes that mail can be sent from; none if klark's seat may not see them."""
    try:
        return [each for page in read(MAILBOXES) for each in page if each.get("active") is not False]
    except Refused:
        return []


def _is_of(mailbox: Mailbox, product_id: str | None) -> bool:
    return product_id is not None and number(mailbox.get("product_id")) == product_id


def _address(mailbox: Mailbox) -> str:
    return words(mailbox.get("reply_email"))
