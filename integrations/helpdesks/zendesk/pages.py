"""Zendesk's two paginations: by cursor, and by page number where a response has no cursor."""

from collections.abc import Mapping
from typing import Any

from integrations.helpdesks.untrusted_input import mapping, words

PAGE = 100
FIRST: Mapping[str, str] = {"page[size]": str(PAGE)}


def next_page(page: Mapping[str, Any], page_number: int) -> dict[str, str]:
    """Returns the query of the list's next page; {} at its end. URLs in a response are not followed: only their
    presence counts."""
    meta = mapping(page.get("meta"))
    if meta:
        after = words(meta.get("after_cursor"))
        return {"page[size]": str(PAGE), "page[after]": after} if meta.get("has_more") is True and after else {}
    return {"per_page": str(PAGE), "page": str(page_number + 1)} if page.get("next_page") else {}
