"""Makes the script's tickets happen in the sandbox: one generator per ticket, which yields to wait for klark."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from integrations.sandbox.client import DeskName, Sandbox, Speaker
from integrations.sandbox.records import AGENT_ID
from klark.demo.tickets import ScriptEvent, ScriptTicket

BEYOND_TIME_OUT_S = 6  # the demo's workers time out after 4 s
FAULTS = {
    "429": {"kind": "status", "status": 429, "headers": {"Retry-After": "1"}},
    "delay": {"kind": "delay", "seconds": BEYOND_TIME_OUT_S},
    "drop": {"kind": "drop"},
}
METHODS = {"read": "GET", "write": "PUT|POST"}


@dataclass(slots=True)
class Played:
    """A ticket of the script, with its number at its helpdesk once it exists. `turns` counts the decisions klark owes it."""

    script: ScriptTicket
    number: int = 0
    turns: int = 0

    @property
    def desk(self) -> DeskName:
        """The helpdesk that the ticket is on."""
        return cast("DeskName", self.script.desk)


def act(played: Played, sandbox: Sandbox) -> Iterator[None]:
    """Makes everything happen on one ticket. At each `yield`, the caller waits until klark has dealt with it so far."""
    script, desk = played.script, played.desk
    sandbox.hold(desk)
    played.number = _open(script, sandbox)
    played.turns = 1
    reverse = any(event.do == "hold_and_release_reversed" for event in script.events)
    for event in script.events:
        _prepare(event, played, sandbox, now=reverse)
    sandbox.release(desk, "reverse" if reverse else "forward")
    for event in script.events:
        if event.when == "after" or event.do in {"own_comment_back", "webhook_times"}:
            if event.do != "webhook_times":
                yield
            _follow(event, played, sandbox)


def _open(script: ScriptTicket, sandbox: Sandbox) -> int:
    more: dict[str, Any] = {"as": script.opened_by}
    if script.status != "new":
        more["status"] = script.status
    if script.assignee:
        more["assignee_id"] = AGENT_ID
    if script.history:
        more["history"] = [
            {"from": entry.author, "public": entry.public, "body_html": entry.body_html} for entry in script.history
        ]
    return sandbox.ticket(
        cast("DeskName", script.desk),
        subject=script.subject,
        body_html=script.body_html,
        requester={"name": script.requester.name, "email": script.requester.email},
        cc=[{"name": person.name, "email": person.email} for person in script.cc],
        channel=_channel(script),
        tags=list(script.tags),
        headers=dict(script.headers),
        **more,
    )


def _channel(script: ScriptTicket) -> str:
    """Returns the ticket's channel. Freshdesk marks a ticket opened by an agent only by its source, an outbound e-mail."""
    return "outbound" if (script.desk, script.opened_by) == ("freshdesk", "agent") else script.channel


def _prepare(event: ScriptEvent, played: Played, sandbox: Sandbox, now: bool) -> None:
    """Sets up the fault that is to occur, or the comment that is to arrive, while klark works on the ticket."""
    desk, number = played.desk, played.number
    if event.do == "fault":
        path = rf"/tickets/{number}(\D|$)"
        sandbox.fault(desk=desk, path=path, method=METHODS[event.on], times=1, **FAULTS[event.kind])  # type: ignore[arg-type]  # a row of FAULTS
    elif event.when == "drafting" and now:
        sandbox.comment(desk, number, event.body, by=_speaker(event))
    elif event.when == "drafting":
        sandbox.race(desk, number, on="fetch", by=_speaker(event), part="comments", body_html=event.body)


def _follow(event: ScriptEvent, played: Played, sandbox: Sandbox) -> None:
    if event.do == "webhook_times":
        sandbox.resend(played.desk, played.number, event.times - 1)
    elif event.do == "own_comment_back":
        sandbox.resend(played.desk, played.number)
    else:
        played.turns += event.do == "customer_writes_again"
        sandbox.comment(played.desk, played.number, event.body, by=_speaker(event))


def _speaker(event: ScriptEvent) -> Speaker:
    return "agent" if event.do == "agent_replies" else "customer"
