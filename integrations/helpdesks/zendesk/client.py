"""The Zendesk adapter. https://developer.zendesk.com/api-reference/

zenpy is used where its objects lose nothing: whoami, the update. Reading a ticket needs what zenpy hides (the response's
Date, side-loaded users in one request instead of one per author), zenpy drops the size of a page from an incremental export
that goes on by cursor, and lacks the help centre by locale: those requests use the same session without its object layer.
"""

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from time import sleep
from typing import Any

from requests import Response
from zenpy import Zenpy

from integrations.errors import Gone, Invalid, Refused, TryLater
from integrations.helpdesks.base import Account, Arrival, Changes, Person, Satisfaction, Ticket, TicketEvent, Write
from integrations.helpdesks.help_centre_page import HelpCentrePage
from integrations.helpdesks.read_requester_fields import read_profile
from integrations.helpdesks.requester_fields import Profile
from integrations.helpdesks.statuses import status_id
from integrations.helpdesks.transport import DeskTransport, open_line
from integrations.helpdesks.untrusted_input import mapping, mappings, moment, name_of, number, words
from integrations.helpdesks.zendesk import incremental, limits, shapes, tag_history, zenpy_calls
from integrations.helpdesks.zendesk import webhooks as zendesk_webhooks
from integrations.helpdesks.zendesk.fields import kinds_in
from integrations.helpdesks.zendesk.guide import Guide
from integrations.helpdesks.zendesk.pages import FIRST, next_page
from integrations.http_failures import is_settled

# The vendor keeps at most 5,000 comments on a ticket; a list that continues after these pages does not end.
COMMENT_PAGES = 51
GROUP_PAGES = FIELD_PAGES = 20
CLOSED = "the ticket is closed and takes no more comments: open a follow-up ticket from it, and answer there"
_SETTLING_S = 1.1
_READINGS = 4
_SUBDOMAIN = re.compile(r"[a-z0-9][a-z0-9-]{0,62}", re.IGNORECASE)


class Zendesk:
    """One account; implements `Helpdesk`. A write is conditional on the ticket's stamp, so the same one cannot apply twice."""

    safe_resend: bool = True
    tells_who: bool = True

    def __init__(self, account: Account) -> None:
        self.account = account
        self.home = home_of(account.name)
        self._left_out = self._answered = ""
        self.line = DeskTransport(account, self.home, authorization, safe_resend=self.safe_resend)
        self.session = open_line(self.line)

    @cached_property
    def zenpy(self) -> Zenpy:
        """zenpy over the same session, which most events need not."""
        # Its cache would return an old ticket, and its own waiting on 429 never starts: the session raises first.
        return Zenpy(
            subdomain=self.account.name.lower(),
            session=self.session,
            anonymous=True,
            disable_cache=True,
            ratelimit_budget=1,
        )

    @staticmethod
    def verify(raw: bytes, headers: Mapping[str, str], secrets: Sequence[str], now: datetime) -> Arrival:
        """Checks the webhook's signature; see `Helpdesk.verify`."""
        return zendesk_webhooks.verify(raw, headers, secrets, now)

    @staticmethod
    def parse(raw: bytes, headers: Mapping[str, str]) -> TicketEvent | None:
        """Reads the event; see `Helpdesk.parse`."""
        return zendesk_webhooks.parse(raw, headers)

    def fetch(self, ticket_id: str) -> Ticket:
        """Returns the ticket with all its comments, once its stamp is over a second old."""
        with self.line.permitted(2):  # the ticket and its comments
            raw, users = self._settled(ticket_id)
            address = f"/tickets/{raw['id']}/comments.json"
            comments = list(self.pages(address, "comments", COMMENT_PAGES, include="users"))
        for page in comments:
            users |= shapes.users_of(page)
        entries = [entry for page in comments for entry in mappings(page.get("comments"))]
        return shapes.ticket(raw, users, entries, self.account.site(self.home))

    def write(self, ticket: Ticket, write: Write) -> str:
        """Makes one update that sets everything; returns the new comment's id. If Zendesk refuses what goes with the
        comment, as a status that needs an assignee, the comment is written alone. Raises Refused if the ticket is closed."""
        if ticket.status == "closed":
            raise Refused(CLOSED)
        fields, self._left_out = shapes.update(ticket, write, self._kinds(write.custom_fields)), ""
        try:
            fields |= self._own_status(write.status_name)
        except Refused as error:  # the comment and the rest are written all the same
            self._left_out = str(error)
        try:
            written = self._update(fields)
        except Invalid as error:
            alone = shapes.comment_alone(ticket, write)
            if alone == fields:
                raise
            written = self._update(alone)
            self._left_out = str(error)
        self._answered = write.marker
        return written

    def _kinds(self, wanted: Mapping[str, str]) -> Mapping[str, str]:
        """Returns the type of each ticket field, by id; {} if nothing needs it or klark may not read it."""
        try:
            return kinds_in(self.pages("/ticket_fields.json", "ticket_fields", FIELD_PAGES)) if wanted else {}
        except Refused:
            return {}

    def _update(self, fields: Mapping[str, Any]) -> str:
        self.account.permit_in(*limits.pools_of_update(fields["id"]))
        return shapes.written_id(zenpy_calls.update(self.zenpy, fields))

    def _own_status(self, name: str) -> Mapping[str, int]:
        """Returns the field that sets a status of the account's own; {} for "". Raises Refused if there is none of this name."""
        if not name:
            return {}
        listed = mappings(self._ask("/custom_statuses.json", active="true").get("custom_statuses"))
        known = {words(raw.get("agent_label")): name_of(raw.get("id")) for raw in listed}
        return {"custom_status_id": status_id(name, known, "Zendesk")}

    def settle(self, ticket: Ticket, write: Write) -> None:
        """Sets nothing: the update has set everything. Raises Refused for what was left out, as the update's audit shows
        where its answer never came."""
        if write.marker == self._answered:
            if self._left_out:
                raise Refused(self._left_out)
            return
        left = shapes.unset(ticket, write, self._own_status(write.status_name))
        if left and shapes.changes_nothing(self._audit_with(ticket.id, write.marker)):
            raise Refused(f"Zendesk took the comment alone, and not {' or '.join(left)}")

    def tag(self, ticket: Ticket, name: str, on: bool) -> None:
        """Adds or removes one tag, leaving the others to whoever changes them; see `Helpdesk.tag`."""
        if ticket.status == "closed" or (name in ticket.tags) == on:
            return
        self.account.permit_in(*limits.pools_of_update(int(ticket.id)))
        address = f"{self.home}/api/v2/tickets/{_ticket_id(ticket.id)}/tags.json"
        self.session.request("PUT" if on else "DELETE", address, json={"tags": [name]})

    def tagged_by(self, ticket: Ticket, name: str) -> tuple[Person, datetime | None]:
        """Returns who added the tag last and when, by the audits; see `Helpdesk.tagged_by`."""
        return tag_history.tagged_by(self._audits(ticket.id), name, self._ask)

    def find(self, ticket: Ticket, write: Write, since: datetime) -> str | None:
        """Finds the marker on the comments or, if they show none, in the audits: metadata belong to the update."""
        found = next((comment.id for comment in ticket.comments if comment.marker == write.marker), None)
        audit = {} if found is not None else self._audit_with(ticket.id, write.marker)
        return shapes.written_id(audit) if audit else found

    def changes(self, cursor: str) -> Changes:
        """Returns one page of the incremental export, by cursor."""
        return incremental.changes(self._ask(incremental.PATH, **incremental.query(cursor)), cursor)

    def satisfaction(self, ticket: Ticket) -> Satisfaction | None:
        """Returns the rating that came with the ticket; see `Helpdesk.satisfaction`."""
        return ticket.satisfaction

    def whoami(self) -> Person:
        """Returns klark's user. Raises Refused for wrong credentials: Zendesk answers them with 200 and "Anonymous user"."""
        me = shapes.person(zenpy_calls.me(self.zenpy))
        if number(me.id) is None:
            raise Refused("Zendesk does not know klark's credentials: it answered as to an anonymous user")
        return me

    def profile(self, ticket: Ticket, with_organization: bool) -> Profile:
        """Returns the fields of the user and, if wanted, of the organization."""
        host = self.home.removeprefix("https://")
        return read_profile(self._ask, shapes.PROFILE, host, ticket, with_organization)

    def groups(self) -> Mapping[str, str]:
        """Returns the account's groups: name → id."""
        listed = (raw for page in self.pages("/groups.json", "groups", GROUP_PAGES) for raw in mappings(page["groups"]))
        return {words(raw.get("name")): name_of(raw.get("id")) for raw in listed}

    def shelf(self, cursor: str = "") -> HelpCentrePage:
        """Returns the next page of help centre articles, and macros if the account wants them."""
        return Guide(self.account.name.lower(), self._ask, self._ask_openly, self.account.saved_replies).shelf(cursor)

    def _audit_with(self, ticket_id: str, marker: str) -> Mapping[str, Any]:
        return next((raw for raw in self._audits(ticket_id) if shapes.marker_of(raw) == marker), {})

    def _audits(self, ticket_id: str) -> Iterator[Mapping[str, Any]]:
        pages = self.pages(f"/tickets/{_ticket_id(ticket_id)}/audits.json", "audits", COMMENT_PAGES)
        return (raw for page in pages for raw in mappings(page.get("audits")))

    def _settled(self, ticket_id: str) -> tuple[Mapping[str, Any], dict[str, Person]]:
        """Returns the ticket once its stamp (whole seconds) is a second old, so that `safe_update` notices any later change."""
        for _ in range(_READINGS):
            answer = self._get(f"/tickets/{_ticket_id(ticket_id)}.json", include="users")
            body = answer.json()
            raw = _living(mapping(mapping(body).get("ticket")))
            if is_settled(moment(raw.get("updated_at")), answer):
                return raw, shapes.users_of(body)
            self.line.ahead = 0  # too long ago by then
            sleep(_SETTLING_S)
        raise TryLater("the ticket is being changed right now", after=5)

    def pages(self, path: str, kind: str, most: int, **options: str) -> Iterator[Mapping[str, Any]]:
        """Yields every page of a list: by cursor, or by number if the response has no cursor."""
        asked = dict(FIRST)
        for page_number in range(1, most + 1):
            page = self._ask(path, **asked, **options)
            if not isinstance(page.get(kind), list):
                raise TryLater(f"Zendesk answered without the {kind} asked for")
            yield page
            asked = next_page(page, page_number)
            if not asked:
                return
        raise TryLater(f"Zendesk's list of {kind} does not end")

    def _ask(self, path: str, **options: str) -> Mapping[str, Any]:
        return mapping(self._get(path, **options).json())

    def _ask_openly(self, subdomain: str, path: str, **options: str) -> Mapping[str, Any]:
        """Requests from another brand's subdomain anonymously: no credentials are sent there."""
        home = home_of(subdomain)
        stand_in = f"{self.account.address.rstrip('/')}/~{subdomain}" if self.account.address else ""
        session = open_line(DeskTransport(replace(self.account, address=stand_in), home, None))
        return mapping(session.get(f"{home}/api/v2{path}", params=options).json())

    def _get(self, path: str, **options: str) -> Response:
        answer = self.session.get(f"{self.home}/api/v2{path}", params=options)
        if not isinstance(answer.json(), dict):
            raise TryLater("Zendesk answered with a list where an object is due")
        return answer


def home_of(subdomain: str) -> str:
    """Returns the account's base URL. Raises Refused for anything but the bare name of a subdomain."""
    if not _SUBDOMAIN.fullmatch(subdomain):
        raise Refused(f"{subdomain!r} is not a Zendesk subdomain: it is the acme of acme.zendesk.com")
    return f"https://{subdomain.lower()}.zendesk.com"


def authorization(token: str) -> str:
    """Returns the header for "oauth:TOKEN" or "email/token:KEY". Zendesk ends API tokens on 2027-04-30."""
    if token.startswith("oauth:"):
        return f"Bearer {token.removeprefix('oauth:')}"
    return f"Basic {base64.b64encode(token.encode()).decode()}"


def _ticket_id(text: str) -> str:
    known = number(text)
    if known is None:
        raise Gone(f"{text[:20]!r} is not a Zendesk ticket")
    return known


def _living(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    if number(raw.get("id")) is None:
        raise TryLater("Zendesk answered without the ticket asked for")
    if raw.get("status") == "deleted":
        raise Gone("the ticket was deleted")
    return raw
