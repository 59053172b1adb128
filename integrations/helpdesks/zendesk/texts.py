"""Zendesk's articles, translations and macros as published texts.

https://developer.zendesk.com/api-reference/help_center/help-center-api/translations/
"""

import html
import re
from collections.abc import Mapping
from typing import Any

from integrations.helpdesks.help_centre_page import HelpArticle
from integrations.helpdesks.reading import mappings, moment, name_of, words

# What a macro is filled with on the ticket it is used on: such a line says nothing without it.
_PLACEHOLDER = re.compile(r"\{\{|\{%")
_BLOCK = re.compile(r"</?(?:p|div|ul|ol|li)\b[^<>]*>", re.IGNORECASE)
_BLOCK_ENDS = re.compile(r"(?:</p>|</li>|</div>|<br\s*/?>|\n)", re.IGNORECASE)


def is_published(raw: Mapping[str, Any]) -> bool:
    """Whether everyone may read an article: no draft, not for a user segment only."""
    restricted = raw.get("user_segment_id") is not None or bool(raw.get("user_segment_ids"))
    return raw.get("draft") is False and not restricted


def article(raw: Mapping[str, Any]) -> HelpArticle | None:
    """`None` for what not everyone may read. An article has one id in all languages, hence the locale."""
    if not is_published(raw) or not words(raw.get("body")):
        return None
    return _text(name_of(raw.get("id")), raw)


def translation(of: Mapping[str, Any], raw: Mapping[str, Any]) -> HelpArticle | None:
    """An article in one language, as its translation shows it; `None` for one that is hidden or a draft."""
    if raw.get("draft") is not False or raw.get("hidden") is True or not words(raw.get("body")):
        return None
    return _text(name_of(of.get("id")), raw)


def macro(raw: Mapping[str, Any]) -> HelpArticle | None:
    """What a macro says to customers; `None` for one that says nothing in public, is switched off, or is not everyone's.
    Lines with placeholders are left out."""
    told = {words(action.get("field")): action.get("value") for action in mappings(raw.get("actions"))}
    private = str(told.get("comment_mode_is_public", True)).lower() == "false"
    if raw.get("active") is not True or raw.get("restriction") is not None or private:
        return None
    said = _said(told.get("comment_value_html")) or html.escape(_said(told.get("comment_value")), quote=False)
    body = without_placeholders(said)
    if not body:
        return None
    title = words(raw.get("title")).rpartition("::")[2].strip()
    return HelpArticle(f"macro:{name_of(raw.get('id'))}:", title, body, "", updated_at=moment(raw.get("updated_at")))


def without_placeholders(body: str) -> str:
    """The lines and paragraphs of a saved reply that hold without being filled in."""
    parts = (_BLOCK.sub("", part).strip() for part in _BLOCK_ENDS.split(body))
    return "".join(f"<p>{part}</p>" for part in parts if part and not _PLACEHOLDER.search(part))


def _said(value: object) -> str:
    """A macro's text stands alone or after its channel: ["channel:all", "…"]."""
    if isinstance(value, list):
        return words(value[-1]) if value else ""
    return words(value)


def _text(known: str, raw: Mapping[str, Any]) -> HelpArticle:
    language = words(raw.get("locale"))
    return HelpArticle(
        id=f"{known}:{language}",
        title=words(raw.get("title")),
        body_html=words(raw.get("body")),
        language=language,
        url=words(raw.get("html_url")),
        updated_at=moment(raw.get("updated_at")),
    )
