"""Sets klark up in Zendesk: a webhook for triggers, its signing secret, and one trigger.

https://developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks/
https://developer.zendesk.com/api-reference/ticketing/business-rules/triggers/
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from integrations.errors import IntegrationError, Refused, TryLater
from integrations.helpdesks.base import Account
from integrations.helpdesks.setup import Extras, KeepSecret, Seat, Wiring, allowed
from integrations.helpdesks.untrusted_input import mapping, mappings, name_of, number, token, whole, words
from integrations.helpdesks.zendesk import shapes
from integrations.helpdesks.zendesk.client import Zendesk
from integrations.helpdesks.zendesk.tag_history import NOTES_ONLY
from integrations.http_failures import server_time

# A webhook serves events or triggers, which never changes: https://developer.zendesk.com/documentation/webhooks/
FOR_TRIGGERS = "conditional_ticket_events"
PARTS = frozenset({"assigned", "groups", "organization", "requested"})
TITLE = "klark: a ticket is new or has changed"
BODY = json.dumps({"ticket_id": "{{ticket.id}}"})
PAGES = 20


class ZendeskSetup:
    """Sets up one account; implements `Installer`, where the methods are documented."""

    def __init__(self, account: Account) -> None:
        self.desk = Zendesk(account)
        self.api = f"{self.desk.home}/api/v2"
        self.session = self.desk.session

    def seat(self) -> Seat:
        """Asks who the credentials belong to, and tries what the seat must be able to read; as `Installer.seat`."""
        answer = self.session.get(f"{self.api}/users/me.json")
        raw = mapping(mapping(answer.json()).get("user"))
        me = shapes.person(raw)
        if number(me.id) is None:  # wrong credentials get 200 and "Anonymous user"
            raise Refused("Zendesk does not know these credentials: it answered as to an anonymous user")
        missing = [told for fails, told in _SEAT if fails(raw)]
        missing += [told for path, told in _RIGHTS.items() if not allowed(partial(self._get, path))]
        signs = bool(words(raw.get("signature")).strip())
        notes = (
            (not allowed(self._incremental), _NO_CATCH_UP),
            (words(raw.get("ticket_restriction")) in PARTS, _SEES_A_PART),
            (signs, _SIGNED),
        )
        cautions = tuple(told for applies, told in notes if applies)
        return Seat(me, tuple(missing), cautions, self._wrote(me.id), signs, server_time(answer), self._brands())

    def _brands(self) -> Mapping[str, str]:
        with suppress(IntegrationError):
            pages = self.desk.pages("/brands.json", "brands", PAGES)
            return {
                name_of(raw.get("id")): words(raw.get("name")) for page in pages for raw in mappings(page["brands"])
            }
        return {}

    def arrange(self, address: str, secret: str, keep: KeepSecret, *, only_show: bool = False) -> Wiring:
        """Makes or mends the webhook and the one trigger that calls it; as `Installer.arrange`."""
        hook = self._webhook(address)
        besides = (_BESIDES,) if self._others(address) else ()
        if only_show:
            return Wiring(self._lacking(hook, address), cautions=besides)
        done = []
        if hook is None:
            hook = self._make_webhook(address)
            done.append("made the webhook")
        elif hook.get("status") != "active":
            self.session.patch(f"{self.api}/webhooks/{_webhook_id(hook)}", json={"webhook": {"status": "active"}})
            done.append("switched the webhook on again")
        keep(self._secret(_webhook_id(hook)))
        made, cautions = self._settle_trigger(_webhook_id(hook))
        return Wiring((*done, *made), cautions=(*besides, *cautions))

    def furnish(self, extras: Extras, *, only_show: bool = False) -> tuple[str, ...]:
        """Makes the group and the ticket fields that Zendesk lacks; as `Installer.furnish`."""
        group = extras.group if extras.group not in self.desk.groups() else ""
        pages = self.desk.pages("/ticket_fields.json", "ticket_fields", PAGES) if extras.fields else ()
        there = {words(raw.get("title")) for page in pages for raw in mappings(page.get("ticket_fields"))}
        wanted = [("group", {"name": group})] if group else []
        wanted += [("ticket_field", {"type": "text", "title": name}) for name in extras.fields if name not in there]
        return tuple(self._furnish(kind, made, only_show) for kind, made in wanted)

    def _furnish(self, kind: str, wanted: Mapping[str, str], only_show: bool) -> str:
        what = f"the {kind.replace('_', ' ')} “{wanted.get('name') or wanted['title']}”"
        if only_show:
            return f"would make {what}"
        made = mapping(self.session.post(f"{self.api}/{kind}s.json", json={kind: wanted}).json().get(kind))
        return f"made {what} (id {name_of(made.get('id'))})"

    def ring(self, address: str) -> str:
        """Has Zendesk send a test through the webhook, and says what status came back; as `Installer.ring`."""
        hook = self._webhook(address)
        if hook is None:
            raise Refused("Zendesk has no webhook for klark's address")
        asked = {"endpoint": address, "http_method": "POST", "request_format": "json", "payload": '{"klark": "test"}'}
        url = f"{self.api}/webhooks/test?webhook_id={_webhook_id(hook)}"
        got = mapping(self.session.post(url, json={"request": asked}).json()).get("response")
        # "status_code" in recordings: https://github.com/facetoe/zenpy/blob/master/tests/test_api/test_webhooks_api.py
        status = whole(mapping(got).get("status_code") or mapping(got).get("status"))
        if not isinstance(got, dict) or status in range(200, 300):
            return ""
        return f"Zendesk got status {status} from klark" if status else "Zendesk got no answer from klark"

    def remove(self, address: str) -> tuple[str, ...]:
        """Removes every webhook that calls klark, one for events as well, and the triggers that use it."""
        return tuple(told for hook in self._calling(address) for told in self._remove(_webhook_id(hook)))

    def _remove(self, known: str) -> tuple[str, ...]:
        triggers = [name_of(raw.get("id")) for raw in self._triggers() if _notifies(raw) == known]
        for trigger in triggers:
            self.session.delete(f"{self.api}/triggers/{trigger}.json")
        self.session.delete(f"{self.api}/webhooks/{known}")
        return (*("removed the trigger" for _ in triggers), "removed the webhook")

    def _lacking(self, hook: Mapping[str, Any] | None, address: str) -> tuple[str, ...]:
        if hook is None:
            return (f"would make a webhook to {address}", f"would make the trigger “{TITLE}”")
        told = [] if hook.get("status") == "active" else ["would switch the webhook on again"]
        wanted = self._trigger(_webhook_id(hook), self.desk.whoami().id)
        found = self._found(_webhook_id(hook))
        if found is None:
            told.append(f"would make the trigger “{TITLE}”")
        elif _differs(found, wanted):
            told.append("would mend the trigger")
        return tuple(told)

    def _make_webhook(self, address: str) -> Mapping[str, Any]:
        wanted = {"name": "klark", "endpoint": address, "http_method": "POST", "request_format": "json",
                  "status": "active", "subscriptions": [FOR_TRIGGERS]}  # fmt: skip
        return mapping(self.session.post(f"{self.api}/webhooks", json={"webhook": wanted}).json().get("webhook"))

    def _secret(self, webhook_id: str) -> str:
        found = token(mapping(self._get(f"/webhooks/{webhook_id}/signing_secret").get("signing_secret")).get("secret"))
        if not found:
            raise Refused("Zendesk does not show the webhook's signing secret: put it into klark's admin by hand")
        return found

    def _settle_trigger(self, webhook_id: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        found, wanted = self._found(webhook_id), self._trigger(webhook_id, self.desk.whoami().id)
        if found is not None and not _differs(found, wanted):
            return (), ()
        try:
            return (self._put_trigger(found, wanted),), ()
        except Refused:
            # The recordings do not show whether `role` takes a user. Without it klark is notified of its own comments too,
            # and recognises them by their marker.
            return (self._put_trigger(found, self._trigger(webhook_id, "")),), (_UNGUARDED,)

    def _put_trigger(self, found: Mapping[str, Any] | None, wanted: Mapping[str, Any]) -> str:
        if found is None:
            self.session.post(f"{self.api}/triggers.json", json={"trigger": wanted})
            return "made the trigger"
        self.session.put(f"{self.api}/triggers/{name_of(found.get('id'))}.json", json={"trigger": wanted})
        return "mended the trigger"

    def _trigger(self, webhook_id: str, me: str) -> dict[str, Any]:
        """Excludes klark's own changes by user, never by channel, since web forms come by API too. Not by a tag: one that
        klark set would stay, and silence the customer's next comment. klark's own marker covers the rest."""
        mine = [{"field": "role", "operator": "is_not", "value": me}] if me else []
        either = [{"field": "update_type", "operator": "is", "value": value} for value in ("Create", "Change")]
        action = {"field": "notification_webhook", "value": [webhook_id, BODY]}
        return {"title": TITLE, "active": True, "conditions": {"all": mine, "any": either}, "actions": [action]}

    def _found(self, webhook_id: str) -> Mapping[str, Any] | None:
        return next((raw for raw in self._triggers() if _notifies(raw) == webhook_id), None)

    def _triggers(self) -> list[Mapping[str, Any]]:
        pages = self.desk.pages("/triggers.json", "triggers", PAGES)
        return [raw for page in pages for raw in mappings(page.get("triggers"))]

    def _webhook(self, address: str) -> Mapping[str, Any] | None:
        """Returns the webhook that a trigger can call: one for events has the same address but cannot be called."""
        return next((raw for raw in self._calling(address) if _for_triggers(raw)), None)

    def _others(self, address: str) -> list[Mapping[str, Any]]:
        """Returns active webhooks for events, made by hand or by another program."""
        return [raw for raw in self._calling(address) if not _for_triggers(raw) and raw.get("status") == "active"]

    def _calling(self, address: str) -> list[Mapping[str, Any]]:
        pages = self.desk.pages("/webhooks", "webhooks", PAGES)
        listed = [raw for page in pages for raw in mappings(page.get("webhooks"))]
        return [raw for raw in listed if raw.get("endpoint") == address]

    def _incremental(self) -> object:
        since = int((datetime.now(UTC) - timedelta(minutes=5)).timestamp())
        return self._get(f"/incremental/tickets/cursor.json?start_time={since}&per_page=1")

    def _wrote(self, user_id: str) -> int | None:
        try:
            return whole(self._get(f"/search/count.json?query=type:ticket%20commenter:{user_id}").get("count"))
        except IntegrationError:
            return None

    def _get(self, path: str) -> Mapping[str, Any]:
        return mapping(self.session.get(f"{self.api}{path}").json())


def _webhook_id(hook: Mapping[str, Any]) -> str:
    known = words(hook.get("id"))
    if not known.isalnum():
        raise TryLater("Zendesk answered without the webhook's id")
    return known


def _for_triggers(hook: Mapping[str, Any]) -> bool:
    subscriptions = hook.get("subscriptions")
    return isinstance(subscriptions, list) and FOR_TRIGGERS in subscriptions


def _notifies(trigger: Mapping[str, Any]) -> str:
    """Returns the id of the webhook that a trigger calls, or ""."""
    calls = [raw.get("value") for raw in mappings(trigger.get("actions")) if raw.get("field") == "notification_webhook"]
    return next((name_of(call[0]) for call in calls if isinstance(call, list) and call), "")


def _differs(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Compares only what klark sets: Zendesk adds fields of its own."""
    theirs, ours = mapping(found.get("conditions")), wanted["conditions"]
    conditions = any(_plain(theirs.get(part)) != _plain(ours[part]) for part in ("all", "any"))
    calls = [raw.get("value") for raw in mappings(found.get("actions"))]
    return conditions or wanted["actions"][0]["value"] not in calls or found.get("active") is not True


def _plain(conditions: object) -> list[tuple[str, str, str]]:
    return sorted(
        (words(raw.get("field")), words(raw.get("operator")), name_of(raw.get("value"))) for raw in mappings(conditions)
    )


_SEAT: tuple[tuple[Callable[[Mapping[str, Any]], bool], str], ...] = (
    (lambda raw: raw.get("role") not in shapes.ROLES or raw.get("role") == "end-user",
     "This is not an agent: klark needs an agent's seat of its own."),
    (lambda raw: whole(raw.get("role_type")) in NOTES_ONLY or raw.get("only_private_comments") is True,
     "This seat may write notes only (a light agent): klark needs one that may reply publicly."),
    (lambda raw: raw.get("suspended") is True or raw.get("active") is False, "This seat is suspended."),
)  # fmt: skip
_RIGHTS = {
    "/webhooks?page[size]=1": "This seat may not manage webhooks: make it an admin, at least until klark is set up.",
    "/triggers.json?page[size]=1": "This seat may not manage triggers: make it an admin, at least until klark is set up.",
}
_NO_CATCH_UP = (
    "This seat may not read the incremental export, which Zendesk gives to admins only: "
    "what no webhook brings is not found."
)
_SEES_A_PART = "This seat sees only tickets of its own groups or its own: klark answers no others."
_SIGNED = (
    "This seat has a signature at Zendesk, which is added to its mails: klark leaves the policy's sign-off out. "
    "Empty it there to use the policy's."
)
_BESIDES = (
    "Zendesk has another webhook to klark's address, for events, that triggers cannot call: each change comes twice, and "
    "klark takes it once. Delete that one there; klark works with its own."
)
_UNGUARDED = "Zendesk did not take klark's user into the trigger's conditions: klark is told of its own comments, too."
