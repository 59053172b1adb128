"""Finds what somebody planted in an article for a model to read: it is left out, and the article carries a warning."""

from collections.abc import Mapping, Sequence

from guardrails.untrusted.clean import hidden_text, looks_like_instruction
from klark.knowledge.chunk import BELOW, LIMIT, Chunk

WARNINGS: Mapping[str, tuple[str, str]] = {
    "orders": (
        "Hidden text that speaks to a machine was left out.",
        "Du texte caché qui s'adresse à une machine a été écarté.",
    ),
    "said": (
        "Sentences that speak to a machine were left out.",
        "Des phrases qui s'adressent à une machine ont été écartées.",
    ),
    "hidden": ("Hidden text was left out.", "Du texte caché a été écarté."),
    "long": (
        f"Only its first {LIMIT:,} characters are read: make several articles of it.",
        f"Seuls ses {LIMIT:,} premiers caractères sont lus : faites-en plusieurs articles.".replace(",", " "),
    ),
}
"""In English, the form in which a warning is stored, and in French."""


def without_orders(parts: Sequence[Chunk]) -> tuple[tuple[Chunk, ...], tuple[str, ...]]:
    """Returns the passages without sentences that give orders to a machine, and those sentences.

    A title that gives orders is emptied, and the text under such a heading is left out. So is a passage that still
    gives orders when it is read whole.
    """
    every = {one for part in parts for one in (part.title, *part.sentences)}
    said = frozenset(filter(looks_like_instruction, every))
    kept = [_without(part, said) for part in parts]
    whole = [
        part for part in kept if part.sentences and looks_like_instruction("\n".join([part.title, *part.sentences]))
    ]
    left = tuple(part for part in kept if part.sentences and part not in whole)
    return left, (*sorted(said), *(" ".join(part.sentences) for part in whole))


def _without(part: Chunk, said: frozenset[str]) -> Chunk:
    if part.title in said:
        return Chunk("", () if BELOW in part.title else tuple(each for each in part.sentences if each not in said))
    return Chunk(part.title, tuple(each for each in part.sentences if each not in said))


def warning(body_html: str, said: Sequence[str]) -> str:
    """Returns what a person must know about an article before it is trusted; "" if nothing was left out.

    `said`: the sentences that gave orders (`without_orders`).
    """
    hidden = " ".join(hidden_text(body_html))
    orders = looks_like_instruction(hidden)
    signs = {
        "orders": orders,
        "said": bool(said),
        "hidden": bool(hidden.strip()) and not orders,
        "long": len(body_html) > LIMIT,
    }
    return " ".join(WARNINGS[sign][0] for sign, applies in signs.items() if applies)


def warning_in(language: str, kept: str) -> str:
    """Returns a stored warning in the reader's language."""
    if not language.startswith("fr"):
        return kept
    for english, french in WARNINGS.values():
        kept = kept.replace(english, french)
    return kept
