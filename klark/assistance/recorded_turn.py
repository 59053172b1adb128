"""The turn that a draft was made for, read back from the draft's record: the ticket as it was, what triage saw, the passages."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from integrations.helpdesks.base import Ticket
from klark.assistance.no_assistance import NoAssistance
from klark.drafting.edited_reply import triage_of
from klark.models import Draft, Stop
from klark.values.passages import FoundArticle, found_again
from klark.values.revived import revived
from klark.values.triage import Triage


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
    if Stop.holds(draft):
        raise NoAssistance(gettext("klark is stopped here: release it first."))
    if not draft.record.get("ticket", {}).get("comments"):
        raise NoAssistance(gettext("klark does not keep any more what was written on this ticket."))
    try:
        return RecordedTurn(
            draft.tenant_id, draft.connection_id, draft.connection.signs, revived(Ticket, draft.record["ticket"]),
            triage_of(draft), tuple(map(found_again, draft.record.get("passages", ()))),
            draft.reply_text,
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise NoAssistance(
            gettext("This draft is of a klark that kept less of a ticket: draft it again first.")
        ) from error
