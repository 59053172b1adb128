"""Masks what a person typed with the tokens of the prompt, and looks a second time for what a mask may have missed."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from guardrails.pii.mask import Kind, Known, find, mask
from guardrails.pii.tokens import TOKEN
from klark.drafting.prompt import DraftRequest, Material

METHOD = (
    "Names, addresses, numbers and codes are tokens such as [NAME_1], the same in prompt and answer; the table that undoes them "
    "is never written. Every text is then read again as if nobody on the ticket were known, which finds more and errs more: what "
    "still looks like personal data leaves the whole example out."
)
HARMLESS = frozenset({"URL", "TEXT"})


class LeftOut(Exception):
    """Raised where a draft is no example; `why` is a key of klark.evidence.training.candidates.LEFT_OUT."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Masking:
    """The masking of one prompt."""

    asked: DraftRequest
    given: Material

    @cached_property
    def public(self) -> str:
        """What anyone may read: a product's name in it is nobody's name."""
        return "\n".join(line for each in self.asked.found if not each.masked for line in (each.title, *each.lines))

    @cached_property
    def _tokens(self) -> dict[str, str]:
        return {value.casefold(): token for token, value in self.given.table.items()}

    def of(self, text: str) -> str:
        """Returns a text masked with the prompt's tokens. Raises LeftOut if it holds what the prompt does not: no model could
        know that."""
        known = [Known(_kind(token), value) for token, value in self.given.table.items()]
        masked = mask(text, (*self.asked.known, *known), self.public)
        own = {token: self._tokens.get(value.casefold()) for token, value in masked.table.items()}
        if None in own.values():
            raise LeftOut("unknown_data")
        return TOKEN.sub(lambda token: own.get(token[0]) or token[0], masked.text)

    def check(self, said: Iterable[str]) -> None:
        """Raises LeftOut if anything that a stranger wrote, or that is `said`, may still be personal data."""
        told = (line for number, each in enumerate(self.given.passages) if self.asked.found[number].masked
                for line in each.sentences)  # fmt: skip
        if not self.is_sure((*self.given.ticket.values(), *self.given.asks, self.given.instruction, *told, *said)):
            raise LeftOut("unmasked")

    def is_sure(self, texts: Iterable[str]) -> bool:
        """Returns whether nothing in these masked texts looks like personal data."""
        found = (span for text in texts for span in find(TOKEN.sub("•", text), (), self.public))
        return all(span.kind in HARMLESS for span in found)


def _kind(token: str) -> Kind:
    return cast("Kind", token[1:].rpartition("_")[0])
