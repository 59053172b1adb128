"""klark's own path for one ticket, without a database: what it decides and what it would write.

`think` and `written` are the functions that the workers call; only the search for passages is replaced, and how long a step
takes is not measured: that would be counted in the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from unittest.mock import patch

from integrations.helpdesks.base import Comment, Ticket
from integrations.llms.base import LLM
from klark import live_reads, pipeline
from klark.delivery.record import letter, written
from klark.values.decision import Decided
from klark.values.draft import Judge
from klark.values.passages import FoundArticle, Retrieved
from klark.values.people import first_name
from klark.values.policy.rules import Rules
from klark.values.reasons import Reason
from klark.values.run_record import RunRecord
from klark.values.tenant_settings import TenantSettings
from klark.values.triage import Triage
from tests.bench.redteam import CAMILLE

RULES = Rules(
    mode="reply",
    trusted_domains=frozenset({"shop.example", "lumo.example"}),
    escalate_tags=("klark-handover",),
    minimum_confidence=0,
)
"""The policy that allows most: public replies of any confidence, drafts with a HOLD to approve, notes."""
TODAY = date(2026, 11, 25)


@dataclass(frozen=True, slots=True)
class Written:
    """What one run came to. `texts` is all that would stand on the ticket or wait to stand there, HTML and plain."""

    run: RunRecord
    kind: str
    texts: tuple[str, ...]
    tags: tuple[str, ...]
    group: str


def run(
    seen: Triage, found: Sequence[FoundArticle], drafters: Sequence[LLM], text: str = "", judge: Judge | None = None
) -> Written:
    """Think and write. `seen` is what the ticket was read as, and `found` what the search gives."""
    comment = Comment("1", CAMILLE, "", text or seen.text, public=True, from_customer=True)
    ticket = Ticket("7", "A question", CAMILLE, (comment,), status="open")
    ours = TenantSettings(1, RULES, (), tuple(drafters), TODAY, judge=judge)
    with (
        patch.object(live_reads, "retrieve", lambda *_: Retrieved(tuple(found), by_meaning=True)),
        patch.object(live_reads, "triage", lambda *_: seen),
        patch.object(pipeline, "timed", lambda _, step, *args: step(*args)),
    ):
        run = pipeline.think(ticket, ours)
    return _written(run, first_name(ticket.requester))


def _written(run: RunRecord, name: str) -> Written:
    """With a draft that waits, also the note that a policy for notes would make of it."""
    text = letter(run, name, RULES)
    rendered = written(RULES, run, text)[1]
    texts = [rendered.html, rendered.text]
    if run.decided.kind == "WAIT":
        note = written(RULES, _as_note(run), text)[1]
        texts += [note.html, note.text]
    handover = run.decided.kind == "ESCALATE"
    tags, group = (RULES.escalate_tags, RULES.escalate_group) if handover else ((), "")
    return Written(run, run.decided.kind, tuple(texts), tags, group)


def _as_note(run: RunRecord) -> RunRecord:
    return RunRecord(run.triage, Decided("NOTE", Reason.HELD_BY_GUARD), run.found, run.answer, run.verdict)
