"""What a draft's page shows of how sure klark was of it, and of who judged it."""

from dataclasses import dataclass

from django.utils.translation import get_language

from klark.deciding.signs import sign_words
from klark.models import Draft
from klark.values.labels import percent_of, percent_words


@dataclass(frozen=True, slots=True)
class Read:
    """A sign in words. `otherwise`: what the confidence would be if this sign alone were at its best; "" where that is no
    more."""

    words: str
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One reading of the draft by a judge. `trusted`: it has passed its check; `failed` says why it said nothing."""

    model: str
    trusted: bool
    failed: str


def read_signs(draft: Draft) -> tuple[Read, ...]:
    """What the confidence was read from, what cost it most first; nothing for drafts from before that was kept."""
    language = get_language() or "en"
    kept = draft.record.get("case", {}).get("signs", ())
    read = (Read(sign_words(each["name"], each["value"], language), _gained(draft, each["otherwise"])) for each in kept)
    return tuple(one for one in read if one.words)


def _gained(draft: Draft, otherwise: float) -> str:
    gains = draft.confidence is not None and percent_of(otherwise) > percent_of(draft.confidence)
    return percent_words(otherwise) if gains else ""


def judgements(draft: Draft) -> tuple[Judgement, ...]:
    """Who judged the draft, the reading that counts first; nothing where nobody was asked, or nothing was kept of it."""
    kept = draft.record.get("judged", ())
    return tuple(Judgement(each["model"], each["trusted"], each["failed"]) for each in kept)


def left_out(draft: Draft) -> tuple[str, ...]:
    """The sentences that a repair took out of the draft."""
    return tuple(each["text"] for each in draft.record.get("answer", {}).get("left_out", ()))
