"""The journal of every write that reached an API, in the order of processing: what tests and the demo count."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(slots=True)
class Write:
    """One write. `applied`: the desk changed. `answered`: the caller got a response. `over_a_human`: it applied, said
    something, and at that moment an agent's comment or assignment was newer than the customer's last comment."""

    n: int
    at: str
    desk: str
    ticket: int | None
    method: str
    path: str
    body: Any
    public: bool | None = None
    text: str = ""
    marker: str | None = None
    applied: bool = False
    status: int = 0
    answered: bool = True
    over_a_human: bool = False
    comment: int | None = None


@dataclass(slots=True)
class Journal:
    """All writes so far."""

    writes: list[Write] = field(default_factory=list)
    count: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def open(self, desk: str, method: str, path: str, ticket: int | None, raw: bytes) -> Write:
        """Records a new write and returns it; its result is filled in later."""
        write = Write(next(self.count), datetime.now(UTC).isoformat(), desk, ticket, method, path, _parsed(raw))
        self.writes.append(write)
        return write

    def as_json(self) -> list[dict[str, Any]]:
        """Returns all writes as JSON objects."""
        return [asdict(write) for write in self.writes]


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw or b"null")
    except ValueError:
        return raw.decode(errors="replace")
