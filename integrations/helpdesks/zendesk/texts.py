"""Converts Zendesk's articles, translations and macros into published texts.

https://developer.zendesk.com/api-reference/help_center/help-center-api/translations/
"""

import html
import re
from collections.abc import Mapping
from typing import Any

from integrations.helpdesks.help_centre_page import HelpArticle
from integrations.helpdesks.untrusted_input import mappings, moment, name_of, words

# What a macro fills in from the ticket that it is used on: a line with it is incomplete.
_PLACEHOLDER = re.compile(r"\{\{|\{%")
_BLOCK = re.compile(r"</?(?:p|div|ul|ol|li)\b[^<>]*>", re.IGNORECASE)
_BLOCK_ENDS = re.compile(r"(?:</p>|</li>|</div>|<br\s*/?>|\n)", re.IGNORECASE)


def is_published(raw: Mapping[str, Any]) -> bool:
    """Returns whether everyone may read an article: no draft, and not restricted to a user segment."""
    restricted = raw.get("user_segment_id") is not None or bool(raw.get("user_segment_ids"))
    return raw.get("draft") is False and not restricted


def article(raw: Mapping[str, Any]) -> HelpArticle | None:
    """Returns an article, or `None` if not everyone may read it. An article has the same id in all languages, hence
    the locale in klark's."""
    if not is_published(raw) or not words(raw.get("body")):
        return None
    return _text(name_of(raw.get("id")), raw)


def translation(of: Mapping[str, Any], raw: Mapping[str, Any]) -> HelpArticle | None:
    """Returns an article in one language, from its translation; `None` for one that is hidden or a draft."""
    if raw.get("draft") is not False or raw.get("hidden") is True or not words(raw.get("body")):
        return None
    return _text(name_of(of.get("id")), raw)


def macro(raw: Mapping[str, Any]) -> HelpArticle | None:
    """Returns what a macro tells customers; `None` if it says nothing in public, is switched off, or is not shared
    with everyone. Lines with placeholders are left out."""
    told = {words(action.get("field")): action.get("value") for action in mappings(raw.get("actions"))}
    private = str(told.get("comment_mode_is_public", True)).lower() == "false"
    if raw.get("active") is not True or raw.get("restriction") is not None or private:
        return None
    said = _said(told.get("comment_value_html")) or html.escape(_said(told.get("comment_value")), quote=False)
    body = without_placeholders(said)
    if not body:
        return None
    title = words(raw.get("title")).rpartition("::")[2].strip()
    changed, made = moment(raw.get("updated_at")), moment(raw.get("created_at"))
    return HelpArticle(f"macro:{name_of(raw.get('id'))}:", title, body, "", updated_at=changed, created_at=made)


def without_placeholders(body: str) -> str:
    """Returns the lines and paragraphs of a saved reply that have no placeholders."""
    parts = (_BLOCK.sub("", part).strip() for part in _BLOCK_ENDS.split(body))
    return "".join(f"<p>{part}</p>" for part in parts if part and not _PLACEHOLDER.search(part))


def _said(value: object) -> str:
    """A macro's text is a string, or follows its channel in a list: ["channel:all", "…"]."""
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
        created_at=moment(raw.get("created_at")),
    )
