"""Reads from klark's own rows what it did with the script's tickets."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from klark.demo.play_tickets import Played
from klark.demo.seed import Seeded
from klark.models import Decision, Delivery, Outcome, WebhookEvent, within
from klark.models.delivery import NO_COMMENT

ECHOES = frozenset({"already_answered", "own_comment", "agent_wrote_last"})  # these only repeat an earlier decision
BUSY = ("due", "sending")


@dataclass(frozen=True, slots=True)
class Stood:
    """A final decision. `text` is the reply, note or waiting draft; `seconds` is the time from the webhook to the end of
    the write, or to the decision if there is no write."""

    kind: str
    reason: str
    language: str
    topic: str
    text: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Watched:
    """One ticket as klark's rows show it now. `busy` means that work is due; `parked` are the troubles of parked rows."""

    stood: tuple[Stood, ...]
    busy: bool
    parked: tuple[str, ...]


def watch(seeded: Seeded, played: Iterable[Played]) -> dict[str, Watched]:
    """Returns the state of each ticket that has happened, by its id in the script."""
    where = {(seeded.connections[each.desk].pk, str(each.number)): each.script.id for each in played if each.number}
    with within(seeded.tenant_id):
        stood = _decisions(seeded.tenant_id)
        busy, parked = _open_work(seeded.tenant_id)
    return {script_id: Watched(tuple(stood[key]), key in busy, tuple(parked[key])) for key, script_id in where.items()}


Key = tuple[object, str]


def _decisions(tenant_id: int) -> dict[Key, list[Stood]]:
    rows = (
        Decision.of(tenant_id).select_related("event", "draft").prefetch_related("draft__outcomes", "draft__deliveries")
    )
    found: dict[Key, list[Stood]] = defaultdict(list)
    for row in rows.order_by("decided_at", "pk"):
        one = _stood(row)
        before = found[row.connection_id, row.ticket_id]
        if one is not None and not (one.kind == "SKIP" and before and one.reason in {last.reason for last in before}):
            before.append(one)
    return found


def _stood(row: Decision) -> Stood | None:
    """Returns the decision, or None if it only repeats another or its draft was replaced. An overtaken draft is a SKIP."""
    outcomes = {outcome.kind for outcome in row.draft.outcomes.all()} if row.draft else set()
    if row.reason in ECHOES or outcomes & {Outcome.Kind.REPLACED, Outcome.Kind.OTHER_READERS}:
        return None
    made = row.draft.deliveries.all() if row.draft else ()
    writes = [write for write in made if write.kind not in NO_COMMENT]
    ended = max((write.ended_at for write in writes if write.ended_at), default=row.decided_at)
    seconds = (ended - row.event.received_at).total_seconds()
    text = writes[-1].text if writes else ""
    if outcomes & {Outcome.Kind.OVERTAKEN, Outcome.Kind.GONE}:
        return Stood("SKIP", "overtaken", row.language, row.topic, "", seconds)
    return Stood(row.kind, row.reason, row.language, row.topic, text, seconds)


def _open_work(tenant_id: int) -> tuple[set[Key], dict[Key, list[str]]]:
    busy: set[Key] = set()
    parked: dict[Key, list[str]] = defaultdict(list)
    for rows in (WebhookEvent, Delivery):
        for row in rows.of(tenant_id).filter(state__in=(*BUSY, "parked")):
            if row.state == "parked":
                parked[row.connection_id, row.ticket_id].append(row.trouble)
            else:
                busy.add((row.connection_id, row.ticket_id))
    return busy, parked
