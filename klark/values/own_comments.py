"""What klark has already written on a ticket, and done for its requester."""

from dataclasses import dataclass

from integrations.helpdesks.base import Comment, Priority


@dataclass(frozen=True, slots=True)
class OwnComments:
    """What klark wrote on one ticket. `texts` have letters and digits only: see `letters_of`."""

    own_ids: frozenset[str]
    comment_ids: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()

    def wrote(self, comment: Comment) -> bool:
        """Returns whether this comment is klark's."""
        if comment.marker or comment.id in self.comment_ids:
            return True
        return comment.author.id in self.own_ids and letters_of(comment.body_text) in self.texts


def letters_of(text: str) -> str:
    """Returns a text's letters and digits alone, so that a helpdesk's own formatting does not matter."""
    return "".join(filter(str.isalnum, text.casefold()))


@dataclass(frozen=True, slots=True)
class History:
    """What klark has already done for this ticket and its requester. `drafted`: whether it ever made a write for it;
    `open_writes`: whether one waits or is due; `corrected_here`, `corrected_for_requester`: the language that a reviewer has
    last named for the ticket, and for any of the requester's, where klark had taken it for another; `None` for neither;
    `corrected_priority`: how urgent a reviewer has last said that the ticket is; `priority_then`: what the helpdesk had then."""

    answered_turns: frozenset[str]
    runs_of_ticket: int
    runs_of_requester: int
    drafted: bool = False
    open_writes: bool = False
    corrected_here: str | None = None
    corrected_for_requester: str | None = None
    corrected_priority: Priority | None = None
    priority_then: Priority | None = None
