"""The turn that a draft was made for, read back from the draft's record: the ticket as it was, what triage saw, the passages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from guardrails.support.colleague_answers import Answered
from integrations.helpdesks.base import Attachment, Comment, Person, Ticket
from klark.assistance.no_assistance import NoAssistance
from klark.models import Draft, Stop
from klark.values.passages import FoundArticle, Section
from klark.values.requester_trust import NOT_TOLD, Trust
from klark.values.triage import Triage

Kept = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RecordedTurn:
    """What a draft was made from, and its `letter`. `signs`: whether the helpdesk adds a signature of its own."""

    tenant_id: int
    connection_id: UUID
    signs: bool
    ticket: Ticket
    triage: Triage
    found: tuple[FoundArticle, ...]
    letter: str = ""

    @property
    def about(self) -> tuple[UUID, str]:
        """The ticket that completions are kept for."""
        return self.connection_id, self.ticket.id[:40]


def recorded_turn(draft: Draft) -> RecordedTurn:
    """Returns what the draft was made from. Call inside `within(tenant_id)`. Raises NoAssistance where its record was deleted,
    and while a person has stopped klark there."""
    here = Q(connection=None, topic="") | Q(connection=draft.connection_id) | Q(topic=draft.topic or None)
    if Stop.in_force().filter(here, tenant_id=draft.tenant_id).exists():
        raise NoAssistance(gettext("klark is stopped here: release it first."))
    if not draft.record.get("ticket", {}).get("comments"):
        raise NoAssistance(gettext("klark does not keep any more what was written on this ticket."))
    return RecordedTurn(
        draft.tenant_id, draft.connection_id, draft.connection.signs, _ticket(draft.record["ticket"]),
        _triage(draft.record.get("triage", {}), draft), tuple(map(_found, draft.record.get("passages", ()))),
        draft.reply_text,
    )  # fmt: skip


def _ticket(kept: Kept) -> Ticket:
    return Ticket(
        kept["id"], kept["subject"], _person(kept["requester"]), tuple(map(_comment, kept["comments"])),
        cc=tuple(map(_person, kept.get("cc", ()))), custom_fields=kept.get("custom_fields") or {}, brand_id=kept.get("brand_id"),
    )  # fmt: skip


def _person(kept: Kept) -> Person:
    return Person(kept["id"], kept.get("name", ""), kept.get("email", ""))


def _comment(kept: Kept) -> Comment:
    return Comment(
        kept["id"], _person(kept["author"]), kept["body_html"], kept["body_text"], kept["public"], kept["from_customer"],
        parse_datetime(kept.get("created_at") or ""), kept.get("marker"), kept.get("automatic", False),
        attachments=tuple(Attachment(each["name"], each.get("kind", "")) for each in kept.get("attachments") or ()),
    )  # fmt: skip


def _triage(kept: Kept, draft: Draft) -> Triage:
    """Returns what rewording needs of triage: the language, what is asked, and who will read the reply."""
    trust = Trust(**kept["trust"]) if kept.get("trust") else NOT_TOLD
    return Triage(
        draft.language or None, draft.topic, "normal", "calm", (), tuple(kept.get("asks", ())), asks_for_human=False,
        injection=False, text=kept.get("text", ""), trust=trust,
    )  # fmt: skip


def _found(kept: Kept) -> FoundArticle:
    lines = iter(kept["sentences"])
    sections = tuple(Section(heading, tuple(islice(lines, count)), score) for heading, count, score in kept["sections"])
    return FoundArticle(
        0, kept["article"], kept["version"], kept["title"], kept["url"], kept["language"], sections, kept["score"],
        date.fromisoformat(kept["updated"]) if kept.get("updated") else None, kept.get("fallback", False),
        kept.get("personal", False), Answered(**kept["answered"]) if kept.get("answered") else None,
    )  # fmt: skip
