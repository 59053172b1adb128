"""The sentences of a draft, or of what a person made of it, each with its sources and what checks found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guardrails.checks.finding_meanings import told_of
from guardrails.grounding.colleague_answers import Answered
from klark.admin.choice_labels import LEVEL_COLOURS, LEVELS, SENTENCE_COLOURS, above_info, worst
from klark.delivery.whose_text import changed_by, drafted_text, is_as_drafted
from klark.drafting.edited_reply import lines_behind
from klark.models import Delivery, Draft
from klark.values.wording import state_words, titled
from klark.values.words_kept import keeps, unsaid

Recorded = Mapping[str, Any]
SAYS_OTHERWISE = "klark.G151"
"""The finding that a sentence's sources contradict it."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding, with the words and the colour for its level. `holds` means that it holds the draft back; `source` is what the
    source says instead, if it says otherwise."""

    id: str
    level: Any
    colour: str
    why: str
    holds: bool
    source: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of the draft with its sources ("title", "url", "version", "text") and the findings on it."""

    text: str
    state: Any
    colour: str
    sources: tuple[Recorded, ...]
    remarks: tuple[Remark, ...]


def claims_in(draft: Draft, row: Delivery | None) -> tuple[Claim, ...]:
    """Returns the sentences of a draft with their sources; if `row`, its reply, has another text by now, also those that a
    person wrote, each with the line of an article that says it, if any does, and says which ones that person left out. Call
    inside `within(tenant_id)`."""
    drafted = claims_of(draft.sentences, draft.findings)
    if row is None or row.kind != Delivery.Kind.REPLY or is_as_drafted(draft, row.text):
        return drafted
    who = {"who": changed_by(row) or _("someone")}
    out = _("left out by %(who)s") % who
    kept = zip(drafted, keeps(row.text, [each.text for each in drafted]), strict=True)
    told = [each if stands else replace(each, state=out, colour="") for each, stands in kept]
    by = _("written by %(who)s") % who
    written = unsaid(row.text, drafted_text(draft))
    found = zip(written, lines_behind(draft, written), strict=True)
    return (*told, *(Claim(each, by, "", (_source(line),) if line else (), ()) for each, line in found))


def claims_of(sentences: Sequence[Recorded], findings: Sequence[Recorded]) -> tuple[Claim, ...]:
    """Returns each recorded sentence of a draft with its sources and the findings on it."""
    remarks = [(each.get("sentence"), remark_of(each)) for each in findings]
    return tuple(_claim(each, number, remarks) for number, each in enumerate(sentences))


def remarks_on(findings: Sequence[Recorded], claims: Sequence[Claim]) -> tuple[Remark, ...]:
    """Returns the findings on the whole draft, and those that hold it back, which are one for each of its sentences, `claims`."""
    told: list[Remark] = []
    for place in dict.fromkeys(one.get("sentence") for one in findings):
        found = [dict(one) for one in findings if one.get("sentence") == place]
        if place is None:
            told += map(remark_of, found)
        elif held := above_info(found):
            told.append(_together(held, claims[place].sources if place < len(claims) else ()))
    return tuple(told)


def _together(held: list[dict[str, Any]], sources: Sequence[Recorded]) -> Remark:
    """Returns the findings on one sentence as one, at the highest level; with the source's words if it says otherwise."""
    told = [remark_of(one) for one in held]
    why = " · ".join(dict.fromkeys(each.why for each in told))
    refuted = any(each.id == SAYS_OTHERWISE for each in told)
    says = " · ".join(each["text"] for each in sources) if refuted else ""
    hardest = told[[one["level"] for one in held].index(worst(held))]
    return replace(hardest, id=" ".join(dict.fromkeys(each.id for each in told)), why=why, source=says)


def _claim(sentence: Recorded, number: int, remarks: list[tuple[int | None, Remark]]) -> Claim:
    state, sources = sentence["state"], tuple(_source(each) for each in sentence["sources"])
    shown = state_words(state, get_language() or "en"), SENTENCE_COLOURS.get(state, "")
    return Claim(sentence["text"], *shown, sources, tuple(remark for place, remark in remarks if place == number))


def _source(kept: Recorded) -> Recorded:
    told = Answered(**kept["answered"]) if kept.get("answered") else None
    if told:
        told = replace(told, day=date_format(date.fromisoformat(told.day), "SHORT_DATE_FORMAT"))
    title = titled(kept.get("title", ""), told, get_language() or "en")
    return {**kept, "title": title, "url": web_address(kept.get("url"))}


def remark_of(finding: Recorded) -> Remark:
    """Returns a finding in the reader's language."""
    level = finding["level"]
    holds = bool(above_info([dict(finding)]))
    why = told_of(finding["id"], finding.get("words", ""), (get_language() or "en")[:2])
    return Remark(finding["id"], LEVELS.get(level, level), LEVEL_COLOURS.get(level, ""), why, holds)


def web_address(url: object) -> str:
    """Returns `url` if it is safe as a link, or "": an address from outside may be a script."""
    return url if isinstance(url, str) and url.startswith(("https://", "http://")) else ""
