"""Sections of articles as people read them: quoted in a letter where there is no model, listed in a handover."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from guardrails.base import Reply, Sentence
from guardrails.text.words import content_stems
from klark.delivery.note_layout import Link
from klark.values.passages import FoundArticle, Section

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


def nearest(found: Iterable[FoundArticle], asked: str, language: str) -> tuple[Link, ...]:
    """Returns the sections with the highest scores, and where they stand; of those in the language of what was `asked`, only
    what is about it. A score compares the sections of one search, and does not say that any fits: words do."""
    words = content_stems(asked, language)
    scored = [(section, each) for each in found if not each.masked for section in each.sections]
    best = sorted(scored, key=lambda one: -one[0].score)[:NEAREST]
    about = ((each, one) for one, each in best if each.language != language or _is_about(words, each, one))
    links = (Link(" \u203a ".join(filter(None, (each.title, one.heading))), each.url) for each, one in about)
    return tuple(dict.fromkeys(links))


def _is_about(words: frozenset[str], found: FoundArticle, section: Section) -> bool:
    """Returns whether what was asked has a telling word of the article's title, or two of the section."""
    title = content_stems(found.title, found.language)
    whole = content_stems("\n".join((section.heading, *section.lines)), found.language)
    return bool(words & title) or len(words & whole) > 1
