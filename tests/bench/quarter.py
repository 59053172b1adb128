"""An invented quarter of tickets: plain dicts, of which `store` makes rows in klark's own tables.

Each ticket has one to three turns. What may happen to one happens in every combination that the tables can hold, likely or not,
and often at the very end of a limit.
"""

import random
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models

from klark.models import Aftermath, Connection, Correction, Delivery, Draft, Judgement, Outcome, within
from klark.values.words_kept import kept_of, words_kept
from tests.klark import rows

ZONE = "Europe/Paris"
SINCE, UNTIL = datetime(2026, 8, 30, 22, tzinfo=UTC), datetime(2026, 11, 29, 23, tzinfo=UTC)
"""13 weeks, from Monday to Monday in ZONE; clocks are put back between."""
WEEK, INSTANT = timedelta(days=7), timedelta(microseconds=1)
TOPICS, LANGUAGES = ("delivery", "returns", "warranty", "invoice", ""), ("fr", "en", "de")
VERDICTS = ("", "same", "same", "partly", "contradicts", "beside", "untold")
STATES = ("sent", "sent", "sent", "retired", "waiting", "due", "parked", "sending")
WORDS = ["your", "parcel", "left", "today", "and", "comes", "on", "Friday", "please", "write", "to", "us"]
Dicts = list[dict[str, Any]]


def tickets(count: int, seed: int = 17) -> Dicts:
    """Returns so many tickets; the same for the same seed."""
    draw = random.Random(seed)
    return [_ticket(draw, number) for number in range(count)]


def _ticket(draw: random.Random, number: int) -> dict[str, Any]:
    begun = SINCE - WEEK + (UNTIL - SINCE + 2 * WEEK) * draw.random()
    if draw.random() < 0.05:  # on the very border of two weeks
        begun = draw.choice([SINCE, SINCE - INSTANT, UNTIL, UNTIL - INSTANT, UNTIL - WEEK])
    turns, at = [], begun
    for place in range(draw.choice([1, 1, 1, 1, 2, 3])):
        turns.append(_turn(draw, f"{number}-{place}", at))
        at += timedelta(hours=draw.choice([1, 30, 169]))
    _share_answers(turns)
    return {"id": str(number), "desk": draw.choice(["zendesk", "freshdesk"]), "turns": turns}


def _share_answers(turns: Dicts) -> None:
    """Gives each turn the first of the answers after it. What came after a turn that nobody looked at again is not known."""
    seen = [turn["seen"]["colleague"] for turn in turns if turn["seen"] and turn["seen"]["colleague"]]
    unseen = min((turn["drafted"] for turn in turns if not turn["seen"]), default=None)
    answers = sorted((one for one in seen if unseen is None or one["at"] <= unseen), key=lambda one: one["at"])
    for turn in turns:
        if turn["seen"]:
            turn["seen"]["colleague"] = next((one for one in answers if one["at"] > turn["drafted"]), None)


def _turn(draw: random.Random, known: str, at: datetime) -> dict[str, Any]:
    later = random.Random(known)  # apart, so that what is drawn since leaves the rest of the quarter as it was
    left = at + timedelta(seconds=draw.randrange(1, 90_000))
    text = draw.sample(WORDS, draw.randrange(1, len(WORDS)))
    return {
        "id": known, "topic": draw.choice(TOPICS), "language": draw.choice(LANGUAGES), "cost": f"{draw.random() / 50:.6f}",
        "asked": at - timedelta(seconds=draw.randrange(1, 9_000)), "drafted": at, "anew": draw.random() < 0.06,
        "text": " ".join(text), "sentences": _sentences(draw, text), "writes": _writes(draw, left), "acts": _acts(draw, text),
        "compared": {
            "answer": later.choice(VERDICTS), "edit": later.choice(VERDICTS), "values": later.choice([True, False, None]),
        },
        "audit": _audit(draw), "said": _said(draw), **_afterwards(draw, at, left, text),
    }  # fmt: skip


def _sentences(draw: random.Random, text: list[str]) -> list[str]:
    """Returns the words in pieces; of a draft whose content was deleted, none."""
    starts = range(0, len(text), draw.randrange(1, 5)) if draw.random() < 0.95 else range(0)
    return [" ".join(text[start : start + starts.step]) for start in starts]


def _audit(draw: random.Random) -> dict[str, Any] | None:
    if draw.random() < 0.8:
        return None
    verdict = draw.choice(["right", "right", "right", "wrong", "serious", ""])
    return {"via": draw.choice(["audit", "audit", "queue"]), "drawn": draw.random() < 0.8, "verdict": verdict}


def _said(draw: random.Random) -> dict[str, list[str]]:
    """Returns what klark took the ticket for, and what people said that it is."""
    every = {"topic": TOPICS, "priority": ("low", "normal", "high", "urgent"), "language": LANGUAGES}
    return {what: [draw.choice(keys), draw.choice(keys[:3])] for what, keys in every.items() if draw.random() < 0.15}


def _writes(draw: random.Random, left: datetime) -> Dicts:
    kinds = draw.choice(
        [["reply"], ["reply"], ["reply"], ["note"], ["handover"], ["reply", "handover"], ["reply", "note"], []]
    )
    return [_write(draw, kind, left) for kind in kinds]


def _write(draw: random.Random, kind: str, left: datetime) -> dict[str, Any]:
    state = draw.choice(STATES)
    gone = state in ("sent", "sending") and draw.random() < 0.95
    ended = left + timedelta(seconds=draw.choice([0, 1, 40])) if state in ("sent", "retired", "parked") else None
    return {"kind": kind, "state": state, "left": left if gone else None, "ended": ended}


def _acts(draw: random.Random, text: list[str]) -> Dicts:
    kind = draw.choice([
        *[""] * 6, "approved", "approved", "edited", "edited", "rejected", "overtaken", "replaced", "gone", "escalated",
        "regenerated",
    ])  # fmt: skip
    acts = [{"kind": kind, "text": _changed(draw, text) if kind == "edited" else ""}] if kind else []
    return [*acts, {"kind": "overtaken", "text": ""}] if draw.random() < 0.05 else acts


def _changed(draw: random.Random, text: list[str]) -> str:
    kept = [word.upper() if draw.random() < 0.2 else word for word in text if draw.random() < 0.8]
    return " ".join([*kept, *draw.choices(WORDS, k=draw.randrange(4))])


def _afterwards(draw: random.Random, at: datetime, left: datetime, text: list[str]) -> dict[str, Any]:
    if draw.random() < 0.1:
        return {"seen": None}
    borders = [one + WEEK + more for one in (at, left) for more in (timedelta(0), INSTANT, -INSTANT)]
    answer = draw.choice([*borders, at + timedelta(hours=5), None, None, None, None, None])
    words = draw.choice([" ".join(text).title(), _changed(draw, text), " ".join([*text, "Lea"])])
    return {"seen": {
        "colleague": {"at": answer, "text": words} if answer else None,
        "opened_again": draw.choice([*borders, left + timedelta(days=2), *[None] * 30]),
        "over": draw.choice([True, True, True, False, None]),
        "rating": draw.choice(["", "", "", "good", "good", "neutral", "bad"]),
        "read": draw.choice([*borders, left + 2 * WEEK, left + 2 * WEEK, left + 2 * WEEK, at + timedelta(days=1)]),
    }}  # fmt: skip


def store(made: Dicts) -> int:
    """Stores the tickets as klark would have; returns their tenant."""
    tenant = rows.tenant("quarter", time_zone=ZONE)
    desks = {desk: rows.connection(tenant, desk) for desk in rows.DESKS}
    turns = [(ticket, turn, desks[ticket["desk"]]) for ticket in made for turn in ticket["turns"]]
    with within(tenant):
        drafts = _in_order(Draft, [_draft(*each) for each in turns])
        pairs = [(draft, turn) for draft, (_, turn, _) in zip(drafts, turns, strict=True)]
        _in_order(Delivery, _each(pairs, lambda draft, turn: [_delivery(draft, write) for write in turn["writes"]]))
        _in_order(Outcome, _each(pairs, lambda draft, turn: [_outcome(draft, turn, act) for act in turn["acts"]]))
        _in_order(Judgement, _each(pairs, lambda draft, turn: [_judgement(draft, turn)] if turn["audit"] else []))
        _in_order(Correction, _each(pairs, _corrections))
        _in_order(Aftermath, _each(pairs, lambda draft, turn: [_aftermath(draft, turn)] if turn["seen"] else []))
    return tenant


Row = Any


def _each(
    pairs: Iterable[tuple[Draft, Mapping[str, Any]]], made: Callable[[Draft, Mapping[str, Any]], list[Row]]
) -> list[Row]:
    return [row for draft, turn in pairs for row in made(draft, turn)]


def _in_order(kind: type[models.Model], made: list[Row]) -> list[Row]:
    return list(kind._default_manager.bulk_create(made, batch_size=1000))


def _draft(ticket: Mapping[str, Any], turn: Mapping[str, Any], account: Connection) -> Draft:
    return Draft(
        tenant_id=account.tenant_id, connection=account, ticket_id=ticket["id"], turn=turn["id"], live=not turn["anew"],
        topic=turn["topic"], language=turn["language"], cost=Decimal(turn["cost"]), reply_text=turn["text"],
        customer_wrote_at=turn["asked"], created_at=turn["drafted"], sentences=[{"text": each} for each in turn["sentences"]],
    )  # fmt: skip


def _delivery(draft: Draft, write: Mapping[str, Any]) -> Delivery:
    return Delivery(
        tenant_id=draft.tenant_id, connection_id=draft.connection_id, ticket_id=draft.ticket_id, draft=draft,
        kind=write["kind"], state=write["state"], sending_at=write["left"], ended_at=write["ended"],
    )  # fmt: skip


def _outcome(draft: Draft, turn: Mapping[str, Any], act: Mapping[str, str]) -> Outcome:
    approved, edited = act["kind"] == "approved", act["kind"] == "edited"
    said = [each["text"] for each in draft.sentences]
    kept = kept_of(said, turn["text"], act["text"], approved) if approved or edited else {}
    told = turn["compared"]
    values = {"verdict": told["edit"], "values_changed": told["values"]} if edited else {}
    return Outcome(tenant_id=draft.tenant_id, draft=draft, kind=act["kind"], at=draft.created_at, **kept, **values)


def _judgement(draft: Draft, turn: Mapping[str, Any]) -> Judgement:
    return Judgement(tenant_id=draft.tenant_id, draft=draft, **turn["audit"])


def _corrections(draft: Draft, turn: Mapping[str, Any]) -> list[Correction]:
    own = {"tenant_id": draft.tenant_id, "draft": draft}
    return [Correction(**own, what=what, was=was, now=now) for what, (was, now) in turn["said"].items()]


def _aftermath(draft: Draft, turn: Mapping[str, Any]) -> Aftermath:
    seen, answer = turn["seen"], turn["seen"]["colleague"]
    return Aftermath(
        tenant_id=draft.tenant_id, draft=draft, agent_at=answer["at"] if answer else None,
        agent_kept=words_kept(turn["text"], answer["text"]) if answer else None,
        agent_verdict=turn["compared"]["answer"] if answer else "", reopened_at=seen["opened_again"],
        is_over=seen["over"], satisfaction=seen["rating"], read_at=seen["read"],
    )  # fmt: skip
