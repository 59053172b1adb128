"""What of an article no model may read, and what a lead should know of it: hidden text, and text that speaks to machines."""

from collections.abc import Iterable
from dataclasses import replace

from lxml.etree import ParserError
from lxml.html import fragment_fromstring

from guardrails.clean import hidden_text, looks_like_instruction
from guardrails.clean_instructions import READ
from klark.models.text import clip
from klark.steps.cut import LIMIT, Part

OVERLAP = 1_000


def warning(title: str, given_html: str, kept_html: str) -> str:
    """One line on the article, the worst first; "" where nothing is wrong. `kept_html` is `given_html` as it is kept."""
    hidden = " ".join(hidden_text(given_html))
    signs = (
        (looks_like_instruction(hidden), "Hidden text that speaks to a machine was left out."),
        (
            _speaks_to_machines(f"{title}\n{_text(kept_html)}"),
            "Sentences that speak to a machine were left out.",
        ),
        (bool(hidden.strip()) and not looks_like_instruction(hidden), "Hidden text was left out."),
        (len(kept_html) > LIMIT, f"Only its first {LIMIT:,} characters are read: make several articles of it."),
    )
    return clip(" ".join(words for applies, words in signs if applies), 300)


def _text(body_html: str) -> str:
    """All of it: html_to_text of the helpdesks reads only as much as a mail may have."""
    try:
        return str(fragment_fromstring(body_html, create_parent="div").text_content())
    except (ParserError, ValueError):
        return body_html


def _speaks_to_machines(text: str) -> bool:
    """In any part of a long text, each looked at with the end of the part before."""
    starts = range(0, max(len(text), 1), READ - OVERLAP)
    return any(looks_like_instruction(text[start : start + READ]) for start in starts)


def harmless(parts: Iterable[Part]) -> list[Part]:
    """The passages without sentences that speak to a machine, and without those that do so as a whole."""
    return [safe for part in parts if (safe := _harmless(part))]


def _harmless(part: Part) -> Part | None:
    if not looks_like_instruction("\n".join([part.title, *part.headings, *part.sentences])):
        return part
    headings = part.headings or ("",) * len(part.sentences)
    kept = [(heading, sentence) for heading, sentence in zip(headings, part.sentences, strict=True)
            if not looks_like_instruction(sentence) and not looks_like_instruction(heading)]  # fmt: skip
    safe = replace(part, sentences=tuple(sentence for _, sentence in kept),
                   headings=tuple(heading for heading, _ in kept) if part.headings else ())  # fmt: skip
    whole = "\n".join([part.title, *safe.headings, *safe.sentences])
    return safe if kept and not looks_like_instruction(whole) else None
