"""Reads what a draft's page shows of klark's confidence in it, and of the judges' verdicts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from klark.deciding.confidence_signals import sign_words
from klark.models import Draft
from klark.values.wording import percent_of, percent_words


@dataclass(frozen=True, slots=True)
class Read:
    """A sign behind the confidence, in words.

    `otherwise` is what the confidence would be if this sign alone were at its best, in percent; "" if no higher.
    """

    words: str
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class JudgeReading:
    """One reading of the draft by a judge. `server`: its server, and its name there; `trusted` means it has passed its
    check; `failed` says why it gave no verdict."""

    model: str
    server: str
    trusted: bool
    failed: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sentence that is not in the draft any more, and why."""

    text: str
    why: Any


LEFT_OUT: Mapping[str, Any] = {
    "not_stated": _("The judge says that its sources do not say this."),
    "contradicted": _("The judge says that its sources say otherwise."),
    "beside": _("The judge says that it does not answer what was asked."),
    "": _("The judge did not find it supported, or helpful."),
}
"""By the judge's word on the sentence; "" where that was not kept."""


def read_signs(draft: Draft) -> tuple[Read, ...]:
    """Returns the signs behind the confidence, the one that lowered it most first; none if they were not recorded."""
    language = get_language() or "en"
    kept = draft.record.get("case", {}).get("signs", ())
    read = (Read(sign_words(each["name"], each["value"], language), _gained(draft, each["otherwise"])) for each in kept)
    return tuple(one for one in read if one.words)


def _gained(draft: Draft, otherwise: float) -> str:
    gains = draft.confidence is not None and percent_of(otherwise) > percent_of(draft.confidence)
    return percent_words(otherwise) if gains else ""


def judge_readings(draft: Draft) -> tuple[JudgeReading, ...]:
    """Returns the judges' readings of the draft, the one that counts first; none if there were none or none were recorded."""
    kept = draft.record.get("judged", ())
    return tuple(JudgeReading(each["model"], each.get("server", ""), each["trusted"], each["failed"]) for each in kept)


def left_out(draft: Draft) -> tuple[LeftOut, ...]:
    """Returns the sentences that a repair removed from the draft, each with the judge's reason where its words were kept."""
    texts = [each["text"] for each in draft.record.get("answer", {}).get("left_out", ())]
    whys = _refused(
        draft.record.get("judged", ())[-1:]
    )  # readings stand newest first once a repair is kept (judge.judged)
    told = whys if len(whys) == len(texts) else [""] * len(texts)
    return tuple(LeftOut(text, LEFT_OUT.get(why, LEFT_OUT[""])) for text, why in zip(texts, told, strict=True))


def _refused(first: Sequence[Mapping[str, Any]]) -> list[str]:
    """Returns what the judge said against sentences of the draft as it was first read, in their order."""
    try:
        said = json.loads(first[0]["raw"])["verdicts"]
        words = [_refusal(each) for each in said]
    except (LookupError, TypeError, ValueError):
        return []
    return list(filter(None, words))


def _refusal(said: Mapping[str, Any]) -> str:
    """Returns what the judge said against a sentence: a key of LEFT_OUT; "" for nothing."""
    if said["verdict"] == "supported":
        return "" if said["relevant"] else "beside"
    return str(said["verdict"])
