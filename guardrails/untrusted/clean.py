"""Removes what nobody can see from a customer's or an article's text before anything reads it.

Ordinary text stays as it is, with its emoji sequences, its Arabic and Hebrew marks, and its French no-break spaces.
Everything runs in time linear in the length of the text.
"""

import re
import unicodedata
from collections.abc import Callable

from guardrails.untrusted.clean_html import hidden_text, visible_html
from guardrails.untrusted.clean_style import is_hiding
from guardrails.untrusted.detect_instructions import looks_like_instruction

__all__ = ["clean", "hidden_text", "looks_like_instruction", "visible_html"]

_Keep = Callable[[re.Match[str]], str]

# Scripts whose spelling needs joiners: Arabic to Thaana, the Indic scripts, Tibetan to Khmer, Mongolian, Arabic forms.
_JOINING = re.compile(r"[\u0600-\u07ff\u08a0-\u0dff\u0f00-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc]")
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_PICTURE = re.compile(r"[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff\ufe0f]")
_TAKES_STYLE = re.compile(r"[#*0-9\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff]")  # digits: key caps
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_FLAG = "\U0001f3f4"
_REGIONS = frozenset({"gbeng", "gbsct", "gbwls"})
_MARKS_IN_A_ROW = 4

_COMMENT = re.compile(r"<!--(?:(?!-->).)*(?:-->|\Z)", re.DOTALL)
_OPEN_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]{0,20})\b[^<>]{0,2000}>")


def clean(text: str) -> tuple[str, tuple[str, ...]]:
    """Returns `text` in NFC without what is invisible, and the kinds of what was removed, in the order of `KINDS`."""
    found: set[str] = set()
    for kind, pattern, keep in KINDS:
        cut = _cut(pattern, keep, text)
        if cut != text:
            found.add(kind)
        text = cut
    visible = _without_hidden_elements(text)
    if visible != text:
        found.add("hidden_style")
    return unicodedata.normalize("NFC", visible), tuple(kind for kind in _ORDER if kind in found)


def _cut(pattern: re.Pattern[str], keep: _Keep | None, text: str) -> str:
    return pattern.sub(keep or "", text) if pattern.search(text) else text


def _around(match: re.Match[str]) -> tuple[str, str]:
    text, start, end = match.string, match.start(), match.end()
    return text[start - 1 : start], text[end : end + 1]


def _keep_joiner(match: re.Match[str]) -> str:
    """Keeps a joiner inside an emoji sequence and between letters of a script that joins."""
    before, after = _around(match)
    joins = any(script.match(before) and script.match(after) for script in (_PICTURE, _JOINING))
    return match[0] if joins and len(match[0]) == 1 else ""


def _keep_selector(match: re.Match[str]) -> str:
    """Keeps one selector after a character that has an emoji or text style; a run of them carries hidden bytes."""
    before, _ = _around(match)
    first = match[0][0]
    owner = _TAKES_STYLE if first in "\ufe0e\ufe0f" else _HAN
    return first if owner.match(before) else ""


def _keep_region(match: re.Match[str]) -> str:
    """Keeps tag characters that spell the flags of England, Scotland and Wales; anything else that they spell is
    hidden text."""
    before, _ = _around(match)
    spelt = "".join(chr(ord(tag) - 0xE0000) for tag in match[0])
    return match[0] if before == _FLAG and spelt.removesuffix("\x7f") in _REGIONS else ""


def _keep_direction(match: re.Match[str]) -> str:
    """Keeps a direction mark near right-to-left letters."""
    nearby = match.string[max(0, match.start() - 40) : match.end() + 40]
    return match[0] if len(match[0]) == 1 and _RIGHT_TO_LEFT.search(nearby) else ""


def _keep_some_marks(match: re.Match[str]) -> str:
    return match[0][:_MARKS_IN_A_ROW]


KINDS: tuple[tuple[str, re.Pattern[str], _Keep | None], ...] = (
    ("lone_surrogate", re.compile(r"[\ud800-\udfff]"), None),
    ("control", re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"), None),
    ("tag", re.compile(r"[\U000e0000-\U000e007f]+"), _keep_region),
    ("bidi", re.compile(r"[\u202a-\u202e\u2066-\u2069\u206a-\u206f]"), None),
    ("bidi", re.compile(r"[\u200e\u200f\u061c]+"), _keep_direction),
    (
        "zero_width",
        re.compile(
            r"[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u3164\ufeff\uffa0\ufff0-\ufffb]"
        ),
        None,
    ),
    ("zero_width", re.compile(r"[\u200c\u200d]+"), _keep_joiner),
    ("variation", re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]+"), _keep_selector),
    ("private_use", re.compile(r"[\ue000-\uf8ff\U000f0000-\U0010ffff]"), None),
    (
        "stacked_marks",
        re.compile(rf"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{{{_MARKS_IN_A_ROW + 1},}}"),
        _keep_some_marks,
    ),
    ("html_comment", _COMMENT, None),
)
"""What is removed, in this order: the kind, its pattern, and a function that returns what of a match may stay."""

_ORDER = (*dict.fromkeys(kind for kind, _, _ in KINDS), "hidden_style")


def _without_hidden_elements(text: str) -> str:
    """Removes elements that their own style hides, where markup was pasted as text."""
    kept: list[str] = []
    unclosed: set[str] = set()
    at = 0
    for tag in _OPEN_TAG.finditer(text):
        if tag.start() < at or not is_hiding(tag[0]):
            continue
        kept.append(text[at : tag.start()])
        at = _end_of_element(text, tag, unclosed)
    return "".join((*kept, text[at:])) if at else text


def _end_of_element(text: str, tag: re.Match[str], unclosed: set[str]) -> int:
    """Returns where the element closes. If it never does, only its tag is removed, since a reader then sees the rest.

    `unclosed` remembers the names that close no more: searching to the end again and again would take quadratic time.
    """
    closing = f"</{tag[1]}>"
    found = -1 if closing in unclosed else text.find(closing, tag.end())
    if found >= 0:
        return found + len(closing)
    unclosed.add(closing)
    return tag.end()
