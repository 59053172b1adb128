"""The controls under /_sandbox/, for loopback only: act as customer or agent, cause failures, and see what arrived.

The functions in the table `CONTROLS` take the world, the call and the path's groups, and return the response. All is JSON.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from integrations.sandbox import people_actions
from integrations.sandbox.faults import PLAYS, Fault
from integrations.sandbox.limits import Limits
from integrations.sandbox.records import Desk, Ticket
from integrations.sandbox.routing import Call, DeskAnswer, Route, find
from integrations.sandbox.world import Race, World
from integrations.sandbox.zendesk.setup import new_webhook

SETTABLE = {field.name for field in fields(Fault)} - {"waiting", "released"}
NO_TICKET = DeskAnswer(404, {"error": "no such ticket"})
FRESHDESK_HEADER = "X-Klark-Secret"


def control(world: World, call: Call) -> DeskAnswer:
    """Runs the control that a call names; 404 if there is none, 400 if its body is wrong."""
    found = find(CONTROLS, call)
    if found is None:
        return DeskAnswer(404, {"error": "no such control", "path": call.path})
    action, groups = found
    try:
        call.body()
        with world.lock:
            return action(world, call, *groups)
    except (ValueError, KeyError, TypeError) as error:
        return DeskAnswer(400, {"error": f"{type(error).__name__}: {error}"})


def health(world: World, call: Call) -> DeskAnswer:
    """Answers that the sandbox is up, how many tickets each desk has, and whether every webhook has been sent."""
    tickets = {name: len(desk.tickets) for name, desk in world.desks.items()}
    return DeskAnswer(200, {"ok": True, "tickets": tickets, "webhooks_idle": world.sender.idle()})


def reset(world: World, call: Call) -> DeskAnswer:
    """Makes both desks as new: no tickets, webhooks, faults or journal, and the settings as at the start."""
    world.reset()
    return DeskAnswer(200, {"ok": True})


def settings(world: World, call: Call) -> DeskAnswer:
    """Changes settings: {retry_scale, timeout_s, incremental_lag_s, limits: {desk: {calls, updates, …}}}."""
    sent = call.body()
    world.sender.scale = float(sent.get("retry_scale", world.sender.scale))
    world.sender.timeout_s = float(sent.get("timeout_s", world.sender.timeout_s))
    world.lag_s = int(sent.get("incremental_lag_s", world.lag_s))
    for name, wanted in sent.get("limits", {}).items():
        _limit(world.limits[name], wanted)
    return DeskAnswer(200, {"ok": True})


def _limit(limits: Limits, wanted: Mapping[str, int]) -> None:
    """Sets new totals (0: none), and restarts their counts."""
    limits.per_ticket = wanted.get("per_ticket", limits.per_ticket)
    limits.tickets.clear()
    for name, window in limits.named().items():
        if name in wanted:
            window.total, window.used = wanted[name], 0


def credentials(world: World, call: Call, name: str) -> DeskAnswer:
    """Replaces the accepted credentials: {keys: […]}."""
    world.keys[name] = set(call.body()["keys"])
    return DeskAnswer(200, {"ok": True})


def webhook(world: World, call: Call, name: str) -> DeskAnswer:
    """Sends every change to this address: {url, secret}, for Freshdesk also {header} or {username}, and {body}."""
    sent, desk = call.body(), world.desks[name]
    if name == "zendesk":
        row = new_webhook(desk, {"endpoint": sent["url"], "subscriptions": ["*"]}, sent["secret"])
        return DeskAnswer(200, {"id": row["id"]})
    action: dict[str, Any] = {"url": sent["url"], "content": sent.get("body")}
    if "username" in sent:
        action["auth_header"] = {"username": sent["username"], "password": sent["secret"]}
    else:
        action["custom_headers"] = {sent.get("header", FRESHDESK_HEADER): sent["secret"]}
    number = str(next(desk.ids))
    desk.rows.setdefault("hooks", {})[number] = action
    return DeskAnswer(200, {"id": number})


def open_ticket(world: World, call: Call, name: str) -> DeskAnswer:
    """Opens a ticket as `people_actions.open_ticket` says; {webhook: false} reports it to nobody. Returns the ids."""
    desk, sent = world.desks[name], call.body()
    ticket, changes = people_actions.open_ticket(desk, sent)
    _tell(world, desk, sent, changes)
    return DeskAnswer(201, {"id": ticket.id, "comment": ticket.comments[-1].id})


def _tell(world: World, desk: Desk, sent: Mapping[str, Any], changes: Any) -> None:
    if sent.get("webhook", True):
        world.announce(desk, changes)


def say(world: World, call: Call, name: str, ticket_id: str) -> DeskAnswer:
    """Adds a comment as `people_actions.say` says; returns its id and its ticket's, which may be a follow-up."""
    desk, sent = world.desks[name], call.body()
    ticket = desk.tickets.get(int(ticket_id))
    if ticket is None:
        return NO_TICKET
    where, changes = people_actions.say(desk, ticket, sent)
    _tell(world, desk, sent, changes)
    return DeskAnswer(201, {"id": where.comments[-1].id, "ticket": where.id})


def change(world: World, call: Call, name: str, ticket_id: str) -> DeskAnswer:
    """Changes a ticket's fields as `people_actions.change` says; {webhook: false} reports it to nobody."""
    desk, sent = world.desks[name], call.body()
    ticket = desk.tickets.get(int(ticket_id))
    if ticket is None:
        return NO_TICKET
    _tell(world, desk, sent, people_actions.change(desk, ticket, sent))
    return DeskAnswer(200, {"ok": True})


def ticket_whole(world: World, call: Call, name: str, ticket_id: str) -> DeskAnswer:
    """Returns a ticket with everything that `stored` shows."""
    ticket = world.desks[name].tickets.get(int(ticket_id))
    return DeskAnswer(200, stored(world.desks[name], ticket)) if ticket else NO_TICKET


def stored(desk: Desk, ticket: Ticket) -> dict[str, Any]:
    """Returns the ticket as stored, people by name, with what no helpdesk would reveal, such as the real writer of a
    comment."""
    said = [_plain({**asdict(c), "author": desk.users[c.author_id].name}) for c in ticket.comments]
    kept = {name: value for name, value in asdict(ticket).items() if name not in ("comments", "audits")}
    return {**_plain(kept), "requester": _plain(asdict(desk.users[ticket.requester_id])), "comments": said}


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}


def describe(world: World, call: Call, name: str) -> DeskAnswer:
    """Sets the fields of a person and their organization; returns both ids."""
    user = people_actions.describe(world.desks[name], call.body())
    return DeskAnswer(200, {"id": user.id, "organization": user.organization_id})


def load(world: World, call: Call, name: str) -> DeskAnswer:
    """Stores help-centre articles, {articles: […]}; returns their ids."""
    return DeskAnswer(200, {"ids": people_actions.load_articles(world.desks[name], call.body()["articles"])})


def article(world: World, call: Call, name: str, number: str) -> DeskAnswer:
    """Deletes an article, or changes it by the fields sent; returns how many texts (one a language) that was."""
    desk = world.desks[name]
    if call.method == "DELETE":
        return DeskAnswer(200, {"deleted": people_actions.drop_article(desk, int(number))})
    return DeskAnswer(200, {"changed": people_actions.change_article(desk, int(number), call.body())})


def add_rows(world: World, call: Call, name: str) -> DeskAnswer:
    """Adds rows to a small list (brands, macros, ticket_fields, triggers), beside those that are always there: {kind, rows}."""
    sent, desk = call.body(), world.desks[name]
    kept = desk.rows.setdefault(str(sent["kind"]), {})
    kept.update({str(row["id"]): dict(row) for row in sent["rows"]})
    return DeskAnswer(200, {"kept": len(kept)})


def resend(world: World, call: Call, name: str) -> DeskAnswer:
    """Sends a ticket's last webhook again, {ticket, times}; returns how many were queued."""
    sent = call.body()
    return DeskAnswer(200, {"queued": world.sender.resend(name, int(sent["ticket"]), int(sent.get("times", 1)))})


def hold(world: World, call: Call, name: str) -> DeskAnswer:
    """Holds a desk's webhooks back, or ends that with {on: false}."""
    world.sender.hold(name, on=bool(call.body().get("on", True)))
    return DeskAnswer(200, {"ok": True})


def release(world: World, call: Call, name: str) -> DeskAnswer:
    """Sends the webhooks held back, {order: "forward", "reverse" or [places]}; returns how many."""
    return DeskAnswer(200, {"released": world.sender.release(name, call.body().get("order", "forward"))})


def webhooks(world: World, call: Call) -> DeskAnswer:
    """Lists the webhooks made so far with their attempts, of all tickets or of ?tickets=1,2."""
    return DeskAnswer(
        200, {"webhooks": [parcel.as_json() for parcel in world.sender.sent if _wanted(call, parcel.ticket)]}
    )


def _wanted(call: Call, ticket: int | None) -> bool:
    """Returns whether a row is asked for: those of the tickets in ?tickets=1,2, or all."""
    tickets = call.query.get("tickets", "")
    return not tickets or str(ticket) in tickets.split(",")


def writes(world: World, call: Call) -> DeskAnswer:
    """Lists the journal of what klark wrote, of all tickets or of ?tickets=1,2."""
    return DeskAnswer(200, {"writes": [row for row in world.journal.as_json() if _wanted(call, row["ticket"])]})


def add_fault(world: World, call: Call) -> DeskAnswer:
    """Adds a fault, given by the fields of `Fault`."""
    sent = call.body()
    unknown = set(sent) - SETTABLE
    if unknown or sent.get("kind") not in PLAYS:
        return DeskAnswer(400, {"error": f"unknown: {sorted(unknown) or sent.get('kind')}", "kinds": sorted(PLAYS)})
    world.faults.add(Fault(**sent))
    return DeskAnswer(201, {"ok": True})


def clear_faults(world: World, call: Call) -> DeskAnswer:
    """Takes back all faults and races still to come."""
    world.faults.clear()
    world.races.clear()
    return DeskAnswer(200, {"ok": True})


def list_faults(world: World, call: Call) -> DeskAnswer:
    """Lists the faults still to come, by their fields."""
    rows = [
        {f.name: getattr(fault, f.name) for f in fields(fault) if f.name != "released"} for fault in world.faults.coming
    ]
    return DeskAnswer(200, {"faults": rows})


def release_hooks(world: World, call: Call) -> DeskAnswer:
    """Lets the calls go on that a hook of this {name} holds; returns how many."""
    return DeskAnswer(200, {"released": world.faults.release(str(call.body().get("name", "")))})


def race(world: World, call: Call) -> DeskAnswer:
    """Makes somebody act at the worst moment: {desk, ticket, on, nth, part, then as for a comment or a change}."""
    sent = call.body()
    desk = world.desks[sent["desk"]]
    ticket = desk.tickets[int(sent["ticket"])]
    if sent["on"] not in ("fetch", "write"):
        return DeskAnswer(400, {"error": "on: fetch or write"})
    act = people_actions.race_act(desk, ticket, sent)
    world.races.append(Race(desk.name, ticket.id, sent["on"], act, int(sent.get("nth", 1)), str(sent.get("part", ""))))
    return DeskAnswer(201, {"ok": True})


DESK = r"/(zendesk|freshdesk)"
CONTROLS = (
    Route("GET", r"/health", health),
    Route("POST", r"/reset", reset),
    Route("POST", r"/settings", settings),
    Route("GET", r"/writes", writes),
    Route("GET", r"/webhooks", webhooks),
    Route("POST", r"/faults", add_fault),
    Route("GET", r"/faults", list_faults),
    Route("DELETE", r"/faults", clear_faults),
    Route("POST", r"/faults/release", release_hooks),
    Route("POST", r"/races", race),
    Route("GET", rf"/tickets{DESK}/(\d+)", ticket_whole),
    Route("POST", rf"{DESK}/credentials", credentials),
    Route("POST", rf"{DESK}/webhook", webhook),
    Route("POST", rf"{DESK}/webhooks/resend", resend),
    Route("POST", rf"{DESK}/webhooks/hold", hold),
    Route("POST", rf"{DESK}/webhooks/release", release),
    Route("POST", rf"{DESK}/tickets", open_ticket),
    Route("POST", rf"{DESK}/tickets/(\d+)/comments", say),
    Route("POST", rf"{DESK}/tickets/(\d+)", change),
    Route("POST", rf"{DESK}/people", describe),
    Route("POST", rf"{DESK}/rows", add_rows),
    Route("POST", rf"{DESK}/articles", load),
    Route("POST", rf"{DESK}/articles/(\d+)", article),
    Route("DELETE", rf"{DESK}/articles/(\d+)", article),
)
