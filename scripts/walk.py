"""Traces a ticket of each decision through `klark.pipeline.answer`, and prints the modules that it crossed up to the decision.

    uv run python -m scripts.walk

A line for each module of the path's rooms that pipeline.py calls, in order, with the number of its calls; `*` marks one to
which it comes back after another.
"""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from types import FrameType
from typing import Any

import django
import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings  # noqa: E402

from integrations.sandbox.client import Sandbox  # noqa: E402
from klark import pipeline  # noqa: E402
from klark.models import WebhookEvent  # noqa: E402
from klark.models.evidence.measurement import timed  # noqa: E402
from tests.bench.stage import database, stand_ins  # noqa: E402
from tests.klark import rows  # noqa: E402
from tests.klark.modelled import answering, furnished  # noqa: E402

KLARK = str(Path(pipeline.__file__).parent)
ROOMS = {"intake", "triage", "retrieval", "context", "drafting", "deciding"}
TICKETS = {
    "SKIP": ("Thanks a lot!", "reply"),
    "ESCALATE": ("Please let me speak to a human being.", "reply"),
    "WAIT": (rows.ASKED, "queue"),
    "NOTE": (rows.ASKED, "note"),
    "REPLY": (rows.ASKED, "reply"),
}
"""What a customer writes, and the policy's mode, by the decision that this leads to."""


@dataclass(frozen=True)
class Walk:
    """`calls`: a module of the rooms for each call that pipeline.py makes up to the decision; `crossed`: all modules of
    klark whose code ran until then."""

    decision: str
    calls: tuple[str, ...]
    crossed: frozenset[str]

    @property
    def called(self) -> Counter[str]:
        """How often each module was called, in order of the first call."""
        return Counter(self.calls)

    @property
    def entered_again(self) -> set[str]:
        """The modules to which pipeline.py came back after it had called another."""
        entries = Counter(module for module, _ in groupby(self.calls))
        return {module for module, times in entries.items() if times > 1}


def traced(answer: Callable[[], Any]) -> Walk:
    """Returns what `answer` crossed until it recorded its decision."""
    calls: list[str] = []
    crossed: set[str] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event != "call" or not frame.f_code.co_filename.startswith(KLARK):
            return
        module = frame.f_globals["__name__"]
        by_pipeline = _caller(frame) == pipeline.__name__
        if by_pipeline and module == "klark.delivery.record":
            sys.setprofile(None)
            return
        crossed.add(module)
        if by_pipeline and module.split(".")[1] in ROOMS:
            calls.append(module)

    sys.setprofile(note)
    try:
        decided = answer()
    finally:
        sys.setprofile(None)
    return Walk(decided.kind, tuple(calls), frozenset(crossed))


def _caller(frame: FrameType) -> str:
    """Returns the module that called; what only times a step is looked through."""
    back = frame.f_back
    if back is not None and back.f_code is timed.__code__:
        back = back.f_back
    return str(back.f_globals["__name__"]) if back is not None else ""


def walks(sandbox: Sandbox) -> Iterator[Walk]:
    """Yields the walk of a ticket of each decision, in the order of TICKETS; a model drafts and judges."""
    row = rows.case(sandbox).row
    furnished(row.tenant_id)
    for body, mode in TICKETS.values():
        rows.policy(row.tenant_id, mode=mode)
        rows.event(row, sandbox.ticket("zendesk", subject="Delivery", body=body))
        rows.make_due(WebhookEvent)
        yield traced(lambda: pipeline.answer(rows.claim()))


def main() -> None:
    """Prints a walk for each decision, on a database and a helpdesk of its own."""
    with pytest.MonkeyPatch.context() as patch, database(), stand_ins() as stage:
        answering(patch, settings)
        for walk in walks(stage.sandbox):
            print(f"{walk.decision}: pipeline.py calls {len(walk.called)} modules of the rooms, comes back to"
                  f" {len(walk.entered_again)}; {len(walk.crossed)} modules of klark crossed at all")  # fmt: skip
            for module, times in walk.called.items():
                print(f"    {times} {module}{' *' if module in walk.entered_again else ''}")


if __name__ == "__main__":
    main()
