"""Puts the personal data back into a recorded prompt: the mask is made once more from the kept ticket, since its table is never
stored."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from guardrails.pii.mask import MASK_VERSION, mask_all
from integrations.helpdesks.base import Ticket
from integrations.llms.delimiters import unlabelled
from klark.values.people import known_on_record
from klark.values.revived import revived
from klark.values.ticket_text import customers_words, whole_of

TOKEN = re.compile(r"\[[A-Z]+_\d+\]")
Recorded = Mapping[str, Any]


def in_clear(record: Recorded) -> Mapping[str, str] | None:
    """Returns the value of each token that stands in the ticket of a draft's record; None where the mask made anew is not the one
    that the prompt shows, as after a klark with another mask."""
    kept, prompt = record.get("ticket") or {}, record.get("answer", {}).get("user", "")
    if not prompt or record.get("mask") != MASK_VERSION:
        return None
    ticket = revived(Ticket, kept)
    text = whole_of(ticket) or customers_words(ticket)
    (masked,), table = mask_all([text], known_on_record(kept), "\n".join(_public(record)))
    return table if unlabelled(masked) in prompt else None


def restored(text: str, table: Mapping[str, str]) -> str:
    """Returns the text with the tokens that the table knows replaced; others stay."""
    return TOKEN.sub(lambda found: table.get(found[0], found[0]), text)


def _public(record: Recorded) -> Iterator[str]:
    """Yields what anybody may read of the passages, by which a product's name is told from a person's."""
    for each in record.get("passages", ()):
        if not each.get("personal") and not each.get("answered"):
            yield from (each["title"], *each["sentences"])
