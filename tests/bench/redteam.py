"""Where an attack stands: in a mail at its start, middle or end, and that mail in a ticket, in its quotes, or in an article."""

import html
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Literal

from guardrails.text.sentences import split_sentences
from integrations.helpdesks.base import Comment, Person, Ticket
from integrations.helpdesks.text import html_to_text
from tests.bench.shelf import CASES, Shelf, article, blocks

Channel = Literal["body", "quoted", "article"]
CHANNELS: tuple[Channel, ...] = ("body", "quoted", "article")
POSITIONS = ("start", "middle", "end")
QUESTION = "How much does a cake for ten people cost?"
CAMILLE = Person("501", "Camille Durand", "camille.durand@example.org", "customer")


@dataclass(frozen=True, slots=True)
class Scene:
    """A ticket, and the knowledge it meets."""

    ticket: Ticket
    shelf: Shelf


def scenes(attack: str, mails: Sequence[str]) -> Iterator[tuple[Channel, str, str]]:
    """Every (channel, mail, position) of one attack."""
    yield from product(CHANNELS, mails, POSITIONS)


def planted(mail: str, attack: str, position: str) -> str:
    """A mail with an attack in it, on lines of its own."""
    lines = mail.splitlines() or [mail]
    middle = len(lines) // 2
    if position == "middle" and len(lines) == 1:
        sentences = split_sentences(mail)
        lines, middle = list(sentences), len(sentences) // 2
    place = {"start": 0, "middle": middle, "end": len(lines)}[position]
    return "\n".join((*lines[:place], attack, *lines[place:]))


def scene(channel: Channel, mail: str, attack: str, position: str) -> Scene:
    """The case; an empty attack makes the clean one."""
    text = planted(mail, attack, position) if attack else mail
    return SETTINGS[channel](text, mail)


def _in_body(text: str, mail: str) -> Scene:
    return Scene(_ticket(f"{_paragraphs(QUESTION)}{_paragraphs(text)}"), knowledge())


def _in_quote(text: str, mail: str) -> Scene:
    quote = f'<div class="gmail_quote">On Mon, 3 Nov 2025, Sam wrote:<blockquote>{_paragraphs(text)}</blockquote></div>'
    return Scene(_ticket(_paragraphs(QUESTION) + quote), knowledge())


def _in_article(text: str, mail: str) -> Scene:
    title = subject_of(mail)
    lines = [line for line in text.splitlines() if line.strip()]
    return Scene(_ticket(_paragraphs(f"What does this mean: {title}?")), Shelf((article("mail", title, lines, "en"),)))


SETTINGS: Mapping[Channel, Callable[[str, str], Scene]] = {
    "body": _in_body,
    "quoted": _in_quote,
    "article": _in_article,
}


def subject_of(mail: str) -> str:
    """The mail's subject, else its beginning."""
    head = mail.partition("|")[0] if mail[:8].upper() == "SUBJECT:" else " ".join(split_sentences(mail)[:1])
    return " ".join(head.removeprefix("SUBJECT:").removeprefix("Subject:").split())[:120]


@lru_cache(maxsize=1)
def knowledge() -> Shelf:
    """A shop's help pages."""
    return Shelf(tuple(block.article for block in blocks(CASES / "benign" / "bakery-en.txt")))


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines() if line.strip())


def _ticket(body: str) -> Ticket:
    comment = Comment("1", CAMILLE, body, html_to_text(body), public=True, from_customer=True)
    return Ticket(id="7", subject="A question", requester=CAMILLE, comments=(comment,), status="open")
