"""Freshdesk's automation rules that call klark: as the API takes them, and as a recipe for a person.

That the rules API takes the webhook action is known from two clients, but from no recording.
https://developers.freshdesk.com/api/#automations
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from integrations.helpdesks.untrusted_input import mapping, mappings

HEADER = "X-Klark-Secret"
FIELDS = {"ticket_id": "{{ticket.id}}"}
CONTENT = json.dumps(FIELDS)
# An advanced body, as the clients send it: the layout as a number or a name, the content as an object or as text.
LAYOUTS: tuple[tuple[str, object], ...] = (("2", FIELDS), ("2", CONTENT), ("advanced", FIELDS))
# True of every ticket: a rule needs conditions.
ALWAYS = [{"name": "condition_set_1", "match_type": "all", "properties": [
    {"resource_type": "ticket", "field_name": "priority", "operator": "in", "value": [1, 2, 3, 4]}]}]  # fmt: skip
EVERYONE = {"type": 3}  # an agent or the requester
ACTIONS = ("update", "delete", "marked_spam")  # in the order of importance: see `ways`
# The API's number of each kind of rule: on creation, on update.
RULES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "1": ("klark: a ticket is new", {}),
    "4": (
        "klark: a ticket has changed",
        {"performer": EVERYONE, "events": [{"field_name": "ticket_action", "value": value} for value in ACTIONS]},
    ),
}
FIRST_ONLY = (
    "Of the rules under “Ticket creation” Freshdesk runs only the first that fits, unless told otherwise there: choose "
    "“execute all matching rules”, or put klark's first. Without that, new tickets are found by the catch-up read."
)
RECIPE = """Freshdesk takes these rules from a person only. Admin → Workflows → Automations; make two rules:
  under “Ticket creation”:  for every ticket
  under “Ticket updates”:   updated, deleted or marked as spam, by an agent or the requester
each with one action, “Trigger Webhook” (not “Trigger API”, which some accounts show beside it):
  Request type    POST
  URL             {address}
  Custom headers  {{"X-Klark-Secret": "{secret}"}}
  Encoding        JSON, Advanced
  Content         {content}
Under “Ticket creation”, choose to execute all matching rules, or put klark's first.
If “Trigger Webhook” is offered nowhere, your plan has none: make no rule.
klark then finds tickets by its catch-up read, within minutes."""


def rule(kind: str, address: str, secret: str) -> dict[str, Any]:
    """Returns a rule as the API takes it. The content has the ticket's id and nothing else: placeholders are not escaped."""
    title, more = RULES[kind]
    action = {"field_name": "trigger_webhook", "request_type": "POST", "url": address, "content_type": "JSON",
              "content_layout": "2", "content": FIELDS, "custom_headers": {HEADER: secret}}  # fmt: skip
    return {"name": title, "active": True, **more, "conditions": ALWAYS, "actions": [action]}


def ways(wanted: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yields the forms to try, since the manual has no example of this action, nor of all events. Deletions can be
    left out, since klark reads a ticket before it writes."""
    (action,), events = wanted["actions"], wanted.get("events", [])
    for some in [events, events[:1]] if events else [events]:
        for layout, content in LAYOUTS:
            given = {**wanted, "actions": [{**action, "content_layout": layout, "content": content}]}
            yield {**given, "events": some} if some else given


def recipe(address: str, secret: str) -> str:
    """Returns instructions for a person, to copy and paste."""
    return RECIPE.format(address=address, secret=secret, content=CONTENT)


def call_of(raw: Mapping[str, Any], address: str) -> Mapping[str, Any] | None:
    """Returns the action of a rule that calls klark, or `None`."""
    return next((action for action in mappings(raw.get("actions")) if action.get("url") == address), None)


def fits(raw: Mapping[str, Any], address: str, secret: str) -> bool:
    """Returns whether a rule is switched on and calls klark with this secret."""
    call = call_of(raw, address) or {}
    return raw.get("active") is True and mapping(call.get("custom_headers")).get(HEADER) == secret
