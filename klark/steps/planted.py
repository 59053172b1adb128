"""What somebody planted in an article for a model to read: it is left out, and the article says so."""

from collections.abc import Sequence
from dataclasses import replace

from guardrails.clean import hidden_text, looks_like_instruction
from klark.steps.cut import Part

NOTHING = ""


def without_orders(parts: Sequence[Part]) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """The passages without sentences that give orders to a machine, and those sentences. A title that does so is cut to
    nothing; a passage without sentences goes."""
    orders = tuple(one for part in parts for one in (part.title, *part.sentences) if looks_like_instruction(one))
    if not orders:
        return tuple(parts), ()
    said = frozenset(orders)
    kept = (
        replace(
            part,
            title="" if part.title in said else part.title,
            sentences=tuple(sentence for sentence in part.sentences if sentence not in said),
        )
        for part in parts
    )
    return tuple(part for part in kept if part.sentences), tuple(dict.fromkeys(orders))


def warning(body_html: str, parts: Sequence[Part]) -> str:
    """What a person must know about an article before it is trusted; "" where nothing was left out."""
    hidden = " ".join(hidden_text(body_html))
    if looks_like_instruction(hidden):
        return "Hidden text that speaks to a machine was left out."
    if without_orders(parts)[1]:
        return "Sentences that speak to a machine were left out."
    return "Hidden text was left out." if hidden.strip() else NOTHING
