"""Sections of articles as people read them: quoted in a letter where there is no model, listed in a handover."""

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from guardrails.base import Reply, Sentence
from klark.delivery.note_layout import Link
from klark.values.passages import FoundArticle

INTRO = {"en": "This is what our help pages say:", "fr": "Voici ce qu'en disent nos pages d'aide\u00a0:"}
NEAREST = 3
_ROW = re.compile(r"^[^:;]{1,80}: .+; [^:;]{1,80}: ")
SHORT = 90
"""Characters of a line; a section whose lines are all this short is shown as a list."""


def quoted_sections(reply: Reply, intro: str) -> list[str]:
    """Returns an introduction, then each section under its title with its link."""
    by_section = groupby(
        reply.sentences, key=lambda each: (each.sources[0].title, each.sources[0].heading, each.sources[0].url)
    )
    told = [_section(title, heading, url, list(lines)) for (title, heading, url), lines in by_section]
    return [intro or INTRO.get(reply.language, INTRO["en"]), *told]


def _section(title: str, heading: str, url: str, lines: Sequence[Sentence]) -> str:
    head = " \u203a ".join(filter(None, (title, heading)))
    return "\n".join(filter(None, (head, _said([each.text for each in lines]), url)))


def _said(lines: Sequence[str]) -> str:
    """Returns rows and items as a list, prose as a paragraph."""
    rows = any(_ROW.match(line) for line in lines)
    if rows or (len(lines) > 2 and all(len(line) <= SHORT for line in lines)):
        return "\n".join(f"- {line}" for line in lines)
    return " ".join(lines)


def nearest(found: Sequence[FoundArticle]) -> tuple[Link, ...]:
    """Returns the sections with the highest scores, and where they stand."""
    scored = [(section.score, each, section.heading) for each in found if not each.masked for section in each.sections]
    return _best([(score, each.title, heading, each.url) for score, each, heading in scored])


def nearest_kept(passages: Sequence[Mapping[str, Any]]) -> tuple[Link, ...]:
    """Returns what `nearest` does, from the passages as a draft's record keeps them (stored_evidence)."""
    open_to_all = [kept for kept in passages if not kept.get("personal") and not kept.get("answered")]
    return _best([
        (score, kept["title"], heading, kept["url"]) for kept in open_to_all for heading, _, score in kept.get("sections", ())
    ])  # fmt: skip


def _best(scored: Sequence[tuple[float, str, str, str]]) -> tuple[Link, ...]:
    best = sorted(scored, key=lambda one: -one[0])[:NEAREST]
    links = (Link(" \u203a ".join(filter(None, (title, heading))), url) for _, title, heading, url in best)
    return tuple(dict.fromkeys(links))
