"""What klark already wrote on a ticket, and did for its requester."""

from dataclasses import dataclass

from integrations.helpdesks.base import Comment


@dataclass(frozen=True, slots=True)
class OwnComments:
    """What klark wrote on one ticket. `texts` are folded: see `fold`."""

    own_ids: frozenset[str]
    comment_ids: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()

    def wrote(self, comment: Comment) -> bool:
        """Whether this comment is klark's."""
        if comment.marker or comment.id in self.comment_ids:
            return True
        return comment.author.id in self.own_ids and letters_of(comment.body_text) in self.texts


def letters_of(text: str) -> str:
    """A text by its letters and digits alone, so that a helpdesk's own formatting does not matter."""
    return "".join(character for character in text.casefold() if character.isalnum())


@dataclass(frozen=True, slots=True)
class History:
    """What klark already did for this ticket and its requester."""

    answered_turns: frozenset[str]
    runs_of_ticket: int
    runs_of_requester: int
