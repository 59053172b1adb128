"""The Freshdesk adapter. https://developers.freshdesk.com/api/

Freshdesk has no conditional writes, no idempotency keys and no metadata on conversations: a write whose response
never came is looked for by author, time and text, and never sent again.
"""

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from requests import Response

from integrations.errors import Gone, LookAgain, Refused, TryLater, Unsure
from integrations.helpdesks.base import (
    Account,
    Arrival,
    Changes,
    Comment,
    Person,
    Satisfaction,
    Ticket,
    TicketEvent,
    Write,
)
from integrations.helpdesks.freshdesk import limits, shapes
from integrations.helpdesks.freshdesk import webhooks as freshdesk_webhooks
from integrations.helpdesks.freshdesk.addressing import addressed
from integrations.helpdesks.freshdesk.incremental import OVERLAP, event, onward, position
from integrations.helpdesks.freshdesk.own_words import html_letters, letters, says
from integrations.helpdesks.freshdesk.satisfaction import rating
from integrations.helpdesks.freshdesk.solutions import Solutions
from integrations.helpdesks.freshdesk.ticket_fields import in_types, set_what_is_taken, statuses
from integrations.helpdesks.help_centre_page import HelpCentrePage
from integrations.helpdesks.read_requester_fields import read_profile
from integrations.helpdesks.requester_fields import Profile
from integrations.helpdesks.statuses import status_id
from integrations.helpdesks.transport import DeskTransport, open_line
from integrations.helpdesks.untrusted_input import mapping, mappings, name_of, number, words
from integrations.http_failures import is_settled, server_time

PAGE = 100
PAGES = 300
_DOMAIN = re.compile(r"(?=.{4,253}$)[a-z0-9][a-z0-9-]{0,62}(\.[a-z0-9][a-z0-9-]{0,62}){1,5}", re.IGNORECASE)


class Freshdesk:
    """One Freshdesk account; implements `Helpdesk`. Raises Refused for a name that is no domain."""

    safe_resend: bool = False
    tells_who: bool = False

    def __init__(self, account: Account) -> None:
        if not _DOMAIN.fullmatch(account.name) or account.name.replace(".", "").isdigit():
            raise Refused(f"{account.name!r} is not a Freshdesk domain: it looks like acme.freshdesk.com")
        self.account = account
        self.home = f"https://{account.name.lower()}"
        self.line = DeskTransport(account, self.home, authorization)
        self.session = open_line(self.line)

    @staticmethod
    def verify(raw: bytes, headers: Mapping[str, str], secrets: Sequence[str], now: datetime) -> Arrival:
        """Checks the secret in the webhook's header; see `Helpdesk.verify`."""
        return freshdesk_webhooks.verify(raw, headers, secrets, now)

    @staticmethod
    def parse(raw: bytes, headers: Mapping[str, str]) -> TicketEvent | None:
        """Reads the ticket's id from the webhook; see `Helpdesk.parse`."""
        return freshdesk_webhooks.parse(raw, headers)

    def fetch(self, ticket_id: str) -> Ticket:
        """Returns the ticket with all its conversations; see `Helpdesk.fetch`."""
        known = _ticket_id(ticket_id)
        with self.line.permitted(2, besides=1):  # each `include` costs a second credit
            answer = self._get(f"/tickets/{known}", include="requester")
            raw = _living(_object(answer))
            conversations = [entry for page in self._pages(f"/tickets/{known}/conversations") for entry in page]
        ticket = shapes.ticket(raw, conversations, self.account.own_ids, self.account.site(self.home))
        return replace(ticket, settled=is_settled(ticket.updated_at, answer))

    def write(self, ticket: Ticket, write: Write) -> str:
        """Sends a reply or a note; `settle` does the rest as a second write. Freshdesk has no conditional writes, so
        the ticket is read once more, and nothing is done between that read and the write: a change in that moment
        goes unnoticed."""
        known = _ticket_id(ticket.id)
        shapes.update(ticket, write)  # raises Refused for what cannot be set, before anything is sent
        # A note is private by default, but klark does not rely on that.
        path, body = ("reply", addressed(ticket, self._pages)) if write.public else ("notes", {"private": True})
        with self.line.permitted(len(_last_pages(ticket)) + 2):  # the ticket, its last pages, the write
            if not self._is_still(ticket):
                raise LookAgain("someone changed the ticket since it was read")
            answer = self.session.post(self._url(f"/tickets/{known}/{path}"), json={"body": write.html, **body})
        return _created(answer)

    def _is_still(self, ticket: Ticket) -> bool:
        """Returns whether status, assignee, requester, people in copy and comments are unchanged; of the comments,
        only the pages that a new one may be on are read."""
        raw = _living(_object(self._get(f"/tickets/{ticket.id}")))
        path = f"/tickets/{ticket.id}/conversations"
        listed = (_list(self._get(path, per_page=str(PAGE), page=str(page))) for page in _last_pages(ticket))
        known = {comment.id for comment in ticket.comments}
        fresh = {name_of(entry.get("id")) for page in listed for entry in page} - known
        led = shapes.led(raw) == (ticket.status, ticket.assignee_id)
        return not fresh and led and shapes.has_readers(raw, ticket.requester, ticket.cc)

    def settle(self, ticket: Ticket, write: Write) -> None:
        """Values are set rather than added, so that this may be repeated; see `Helpdesk.settle`."""
        changes, unset = shapes.update(ticket, write), None
        if write.custom_fields:
            changes["custom_fields"] = in_types(write.custom_fields, self._fields)
        if write.status_name:
            try:
                changes["status"] = status_id(
                    write.status_name, statuses(self._fields(type="default_status")), "Freshdesk"
                )
            except Refused as error:  # the rest is set all the same
                unset = error
        if changes:
            set_what_is_taken(changes, partial(self._change, ticket.id))
        if unset:
            raise unset

    def _fields(self, **which: str) -> list[Mapping[str, Any]]:
        return _list(self._get("/ticket_fields", **which))

    def _change(self, ticket_id: str, changes: Mapping[str, Any]) -> None:
        self.account.permit_in(limits.UPDATES)
        self.session.put(self._url(f"/tickets/{_ticket_id(ticket_id)}"), json=changes)

    def tag(self, ticket: Ticket, name: str, on: bool) -> None:
        """Sets all tags, as they are read just before: there is no request for one; see `Helpdesk.tag`."""
        if ticket.status != "closed" and (name in ticket.tags) != on:
            now = {*shapes.tags(_object(self._get(f"/tickets/{ticket.id}")))}
            self._change(ticket.id, {"tags": sorted(now | {name} if on else now - {name})})

    def tagged_by(self, ticket: Ticket, name: str) -> None:
        """Returns None: Freshdesk's API tells nobody's changes of tags; see `Helpdesk.tagged_by`."""

    def find(self, ticket: Ticket, write: Write, since: datetime) -> str | None:
        """Compares klark's own comments since then by their text; see `Helpdesk.find`."""
        own = self.account.own_ids or {self.whoami().id}
        wanted = {letters(write.text), html_letters(write.html)}
        written = (
            comment
            for comment in ticket.comments
            if comment.author.id in own and comment.public == write.public and _after(comment, since - OVERLAP)
        )
        return next((comment.id for comment in written if says(comment, wanted)), None)

    def satisfaction(self, ticket: Ticket) -> Satisfaction | None:
        """Asks for the ticket's answers to surveys; an account without surveys refuses. See `Helpdesk.satisfaction`."""
        try:
            return rating(_list(self._get(f"/tickets/{_ticket_id(ticket.id)}/satisfaction_ratings")))
        except Refused:
            return None

    def changes(self, cursor: str) -> Changes:
        """Lists the tickets by time of update; see `Helpdesk.changes`."""
        since, page_number = position(cursor)
        self.account.permit_in(limits.LISTS)
        answer = self._get(
            "/tickets",
            updated_since=since.strftime("%Y-%m-%dT%H:%M:%SZ"),
            order_by="updated_at",
            order_type="asc",
            per_page=str(PAGE),
            page=str(page_number),
        )
        tickets = _list(answer)
        events = tuple(known for raw in tickets if (known := event(raw)))
        if len(tickets) < PAGE:
            return Changes(events, (max(server_time(answer) - OVERLAP, since)).isoformat(), more=False)
        return Changes(events, onward(events, since, page_number), more=True)

    def whoami(self) -> Person:
        """Returns the agent that the API key belongs to."""
        me = shapes.agent(_object(self._get("/agents/me")))
        if number(me.id) is None:
            raise Refused("Freshdesk does not say which agent klark's key belongs to")
        return me

    def profile(self, ticket: Ticket, with_organization: bool) -> Profile:
        """Returns the fields of the contact and, if wanted, of the company."""
        host = self.home.removeprefix("https://")
        return read_profile(lambda path: _object(self._get(path)), shapes.PROFILE, host, ticket, with_organization)

    def groups(self) -> Mapping[str, str]:
        """Returns the account's groups: name → id."""
        return {words(raw.get("name")): name_of(raw.get("id")) for page in self._pages("/groups") for raw in page}

    def shelf(self, cursor: str = "") -> HelpCentrePage:
        """Returns the next page of solution articles, and canned replies if the account wants them."""
        return Solutions(self.account.site(self.home), self._json, self.account.saved_replies).shelf(cursor)

    def _json(self, path: str, **options: str) -> Any:
        return self._get(path, **options).json()

    def _pages(self, path: str) -> Iterator[list[Mapping[str, Any]]]:
        for page_number in range(1, PAGES + 1):
            page = _list(self._get(path, per_page=str(PAGE), page=str(page_number)))
            yield page
            if len(page) < PAGE:
                return
        raise TryLater(f"Freshdesk's list {path} does not end")

    def _get(self, path: str, **options: str) -> Response:
        return self.session.get(self._url(path), params=options)

    def _url(self, path: str) -> str:
        return f"{self.home}/api/v2{path}"


def authorization(token: str) -> str:
    """Returns the Authorization header: the API key is the user name, the password is ignored."""
    return f"Basic {base64.b64encode(f'{token}:X'.encode()).decode()}"


def _ticket_id(text: str) -> str:
    known = number(text)
    if known is None:
        raise Gone(f"{text[:20]!r} is not a Freshdesk ticket")
    return known


def _created(answer: Response) -> str:
    """Returns the new conversation's id. A 200 without one may hide a refusal, so it raises Unsure: the ticket itself
    decides then."""
    known = number(mapping(answer.json()).get("id"))
    if known is None:
        raise Unsure("Freshdesk's answer to the write shows no conversation")
    return known


def _last_pages(ticket: Ticket) -> range:
    """Returns the pages that may list a new comment: the one after the last comment, or the one before it if others
    were deleted."""
    full = (len(ticket.comments) - 1) // PAGE
    return range(max(full, 1), full + 2)


def _living(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    if number(raw.get("id")) is None:
        raise TryLater("Freshdesk answered without the ticket asked for")
    if raw.get("deleted") is True or raw.get("spam") is True:
        raise Gone("the ticket was deleted or marked as spam")
    return raw


def _after(comment: Comment, start: datetime) -> bool:
    return comment.created_at is not None and comment.created_at >= start


def _object(answer: Response) -> Mapping[str, Any]:
    body = answer.json()
    if not isinstance(body, dict):
        raise TryLater("Freshdesk answered with a list where an object is due")
    return body


def _list(answer: Response) -> list[Mapping[str, Any]]:
    listed = answer.json()
    if not isinstance(listed, list):
        raise TryLater("Freshdesk answered with something else than the list asked for")
    return mappings(listed)
