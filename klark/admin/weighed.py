"""What a draft's page shows of how sure klark was of it, and of what a model did to the search."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from klark.models import Draft
from klark.steps.signs import sign_words
from klark.steps.spoken import percent_of, percent_words

Recorded = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Read:
    """A sign in words. `otherwise`: what the confidence would be if this sign alone were at its best; "" where that is no
    more."""

    words: str
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Searched:
    """What the tenant's model did to the search. `moved`: klark's own places in the model's order."""

    queries: tuple[str, ...] = ()
    moved: str = ""
    failed: tuple[str, ...] = ()


def read_signs(draft: Draft) -> tuple[Read, ...]:
    """What the confidence was read from, what cost it most first; nothing for drafts from before that was kept."""
    language = get_language() or "en"
    kept = draft.record.get("case", {}).get("signs", ())
    read = (Read(sign_words(each["name"], each["value"], language), _gained(draft, each["otherwise"])) for each in kept)
    return tuple(one for one in read if one.words)


def _gained(draft: Draft, otherwise: float) -> str:
    gains = draft.confidence is not None and percent_of(otherwise) > percent_of(draft.confidence)
    return percent_words(otherwise) if gains else ""


def searched(draft: Draft) -> Searched | None:
    """None where no model was asked, or nothing was kept of it."""
    kept: Recorded = draft.record.get("search", {})
    found = Searched(
        tuple(kept.get("queries", ())), ", ".join(map(str, kept.get("order", ()))), tuple(kept.get("failed", ()))
    )
    return found if found != Searched() else None
