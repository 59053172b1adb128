"""Which comments on a ticket are klark's own: by marker, by stored id, or by author and text; never by author alone,
since the seat klark writes from may have been used by a person."""

from dataclasses import dataclass

from django.db.models import Q

from integrations.helpdesks.base import Comment
from klark.models import Connection, Delivery


@dataclass(frozen=True, slots=True)
class Mine:
    """What klark wrote on one ticket. `texts` are folded: see `fold`."""

    own_ids: frozenset[str]
    comment_ids: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()

    def wrote(self, comment: Comment) -> bool:
        """Whether this comment is klark's."""
        if comment.marker or comment.id in self.comment_ids:
            return True
        return comment.author.id in self.own_ids and fold(comment.body_text) in self.texts


def fold(text: str) -> str:
    """A text by its letters and digits alone, so that a helpdesk's own formatting does not matter."""
    return "".join(character for character in text.casefold() if character.isalnum())


def mine(connection: Connection, ticket_id: str) -> Mine:
    """What klark wrote on this ticket. Inside `within`."""
    rows = Delivery.of(connection.tenant_id).filter(connection=connection, ticket_id=ticket_id)
    tried = Q(sending_at__isnull=False) | ~Q(trouble="")  # an answer that says "not made" may lie
    written = list(rows.filter(tried).values_list("comment_id", "text"))
    own = frozenset({connection.own_user_id} - {""})
    return Mine(own, frozenset(i for i, _ in written if i), frozenset(fold(text) for _, text in written))
