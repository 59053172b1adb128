"""The turn that a draft was made for, read back from the draft's record: the ticket as it was, what triage saw, the passages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext

from integrations.helpdesks.base import Ticket
from klark.assistance.no_assistance import NoAssistance
from klark.models import Draft, Stop
from klark.values.passages import FoundArticle, found_again
from klark.values.requester_trust import NOT_TOLD, Trust
from klark.values.revived import revived
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
    """Returns what the draft was made from. Call inside `within(tenant_id)`. Raises NoAssistance where its record was deleted or
    is an older klark's, and while a person has stopped klark there."""
    here = Q(connection=None, topic="") | Q(connection=draft.connection_id) | Q(topic=draft.topic or None)
    if Stop.in_force().filter(here, tenant_id=draft.tenant_id).exists():
        raise NoAssistance(gettext("klark is stopped here: release it first."))
    if not draft.record.get("ticket", {}).get("comments"):
        raise NoAssistance(gettext("klark does not keep any more what was written on this ticket."))
    try:
        return RecordedTurn(
            draft.tenant_id, draft.connection_id, draft.connection.signs, revived(Ticket, draft.record["ticket"]),
            _triage(draft.record.get("triage", {}), draft), tuple(map(found_again, draft.record.get("passages", ()))),
            draft.reply_text,
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise NoAssistance(
            gettext("This draft is of a klark that kept less of a ticket: draft it again first.")
        ) from error


def _triage(kept: Kept, draft: Draft) -> Triage:
    """Returns what rewording needs of triage: the language, what is asked, and who will read the reply."""
    trust = Trust(**kept["trust"]) if kept.get("trust") else NOT_TOLD
    return Triage(
        draft.language or None, draft.topic, "normal", "calm", (), tuple(kept.get("asks", ())), asks_for_human=False,
        injection=False, text=kept.get("text", ""), trust=trust,
    )  # fmt: skip
