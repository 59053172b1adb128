"""What a ticket says, as the search, a model and the checks read it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from guardrails.untrusted.clean import clean
from integrations.helpdesks.base import Comment, Ticket
from integrations.helpdesks.text import KEPT, tidy, written


@lru_cache(maxsize=KEPT)
def written_by_customer(body_html: str, body_text: str) -> str:
    """Returns a comment without quotes, signature, and what nobody can see."""
    # Lines that held only what nobody can see are empty now.
    return tidy(clean(written(body_html, body_text))[0]).strip()


MOST_COMMENTS, MOST_OF_ONE = 6, 2_000
"""Answered comments that a model reads, and characters of each. What nobody has answered yet is never cut."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """What the customer wrote and nobody has answered yet: public comments, oldest first, the turn last. `subject` is ""
    once somebody has answered: it is about what was asked before."""

    subject: str
    comments: tuple[str, ...]

    @property
    def text(self) -> str:
        """The comments, without the subject."""
        return _joined(*self.comments)

    @property
    def whole(self) -> str:
        """The subject and the comments."""
        return _joined(self.subject, *self.comments)

    @property
    def newest_first(self) -> "Unanswered":
        """The same with the comments turned round, for whoever reads only the beginning of a text."""
        return replace(self, comments=self.comments[::-1])


def unanswered(ticket: Ticket) -> Unanswered:
    """Returns what nobody has answered yet; where the turn says nothing, a customer's subject that asks something stands
    for it."""
    answered, waiting = _parted(ticket)
    *earlier, turn = [written_by_customer(each.body_html, each.body_text) for each in waiting] or [""]
    subject = ticket.subject.strip()
    asks = subject.count(" ") >= 2 and not answered and _began(ticket)  # "Delivery" alone asks nothing
    if asks and not any(map(str.isalnum, turn)):
        turn = subject
    return Unanswered(subject if waiting and not answered else "", (*earlier, turn))


def whole_of(ticket: Ticket) -> str:
    """Returns the whole ticket: subject, what was said up to the last answer, and last what nobody has answered yet."""
    waiting, subject = unanswered(ticket), ticket.subject.strip()
    said = [f"{'Customer' if each.from_customer else 'Support'}: {text}" for each, text in answered_thread(ticket)]
    if not said:
        return _joined(subject, *waiting.comments)
    return "\n".join([subject, *said, f"Customer, now: {waiting.text}"]).strip()


def customers_words(ticket: Ticket) -> str:
    """Returns what the customer wrote of it, and nobody else: what support has said proves nothing."""
    before = [text for each, text in answered_thread(ticket) if each.from_customer]
    return _joined(ticket.subject.strip() if _began(ticket) else "", *before, *unanswered(ticket).comments)


def unread_attachments(ticket: Ticket) -> bool:
    """Returns whether a file is attached to what nobody has answered yet. A picture in the text counts: no helpdesk tells a
    photo from a signature's logo."""
    return any(each.attachments for each in _parted(ticket)[1])


def _began(ticket: Ticket) -> bool:
    """Returns whether the customer opened the ticket; otherwise its subject is support's too."""
    return not ticket.comments or ticket.comments[0].from_customer


def answered_thread(ticket: Ticket) -> list[tuple[Comment, str]]:
    """Returns the last few public comments up to the last answer, each with its words."""
    public = [each for each in _parted(ticket)[0] if each.public and not each.automatic][-MOST_COMMENTS:]
    read = ((each, written_by_customer(each.body_html, each.body_text)[:MOST_OF_ONE]) for each in public)
    return [(each, text) for each, text in read if text]


def _parted(ticket: Ticket) -> tuple[Sequence[Comment], Sequence[Comment]]:
    """Returns the comments up to the last answer before the turn, and the customer's public ones after it."""
    turn = ticket.last_from_customer()
    read = ticket.comments[: ticket.comments.index(turn) + 1] if turn else ()
    answers = [place for place, each in enumerate(read, 1) if _is_answer(each)]
    end = answers[-1] if answers else 0
    return read[:end], [each for each in read[end:] if each.from_customer and each.public]


def _is_answer(comment: Comment) -> bool:
    return comment.public and not comment.from_customer and not comment.automatic


def _joined(*texts: str) -> str:
    return "\n".join(dict.fromkeys(filter(None, texts)))
