"""Threads written by hand, with the sentences that a summary should have."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from integrations.helpdesks.base import Comment, Person, Ticket
from klark.assistance.recorded_turn import RecordedTurn
from klark.values.triage import Triage

CASES = Path(__file__).parents[2] / "cases" / "threads" / "threads.jsonl"
BEGAN = datetime(2026, 11, 16, 9, tzinfo=UTC)
CUSTOMER, AGENT = Person("7", "Jane Carver", "jane.carver@example.com"), Person("8", "Sam Agent")


@dataclass(frozen=True)
class Thread:
    """`expect`: for each kind, the sentences (or their beginnings) that a summary should quote."""

    language: str
    messages: Sequence[tuple[str, str]]
    expect: Mapping[str, Sequence[str]]

    @property
    def ticket(self) -> Ticket:
        comments = tuple(_comment(number, *each) for number, each in enumerate(self.messages, 1))
        return Ticket("41", "Question", CUSTOMER, comments)

    @property
    def turn(self) -> RecordedTurn:
        seen = Triage(self.language, "", "normal", "calm", (), (), asks_for_human=False, injection=False, text="")
        return RecordedTurn(1, UUID(int=1), signs=False, ticket=self.ticket, triage=seen, found=())


def threads() -> list[Thread]:
    rows = map(json.loads, CASES.read_text(encoding="utf-8").splitlines())
    return [Thread(row["lang"], [(side, text) for side, text in row["messages"]], row["expect"]) for row in rows]


def _comment(number: int, side: str, text: str) -> Comment:
    ours = side != "customer"
    return Comment(
        str(100 + number), AGENT if ours else CUSTOMER, "", text, public=side != "note", from_customer=not ours,
        created_at=BEGAN + timedelta(days=number),
    )  # fmt: skip
