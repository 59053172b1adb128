"""Reads Freshdesk's solutions and canned replies, a page at a time. The API cannot list changes, so each reading
walks through everything: categories, their folders and subfolders, the articles of each folder in each language, then
the shared replies.

https://developers.freshdesk.com/api/#solutions  https://developers.freshdesk.com/api/#canned-responses
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from integrations.errors import Gone, Refused, TryLater
from integrations.helpdesks.help_centre_page import HelpArticle, HelpCentrePage, packed, read_cursor
from integrations.helpdesks.untrusted_input import mapping, mappings, moment, name_of, number, strings, whole, words
from integrations.helpdesks.zendesk.texts import without_placeholders

PAGE = 100
MOST_PAGES = 300
PUBLISHED, EVERYONE = 2, 1
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?")
Ask = Callable[..., Any]
Place = Sequence[str]


@dataclass(frozen=True, slots=True)
class Solutions:
    """The walk. `ask` takes a path and its query, and returns the response's JSON."""

    home: str
    ask: Ask
    saved_replies: bool

    def shelf(self, cursor: str) -> HelpCentrePage:
        """Returns the page at `cursor`: the articles of the first place left to read; the places that it leads to go
        into the next cursor."""
        at = read_cursor(cursor)
        if not at.get("left"):
            languages = self._languages()
            return replace(self._page(self._plan(languages or [""]), at), hidden="" if languages else "languages")
        return self._page(at["left"], at)

    def _page(self, plan: Sequence[Place], at: Mapping[str, Any]) -> HelpCentrePage:
        page = whole(at.get("page")) or 1
        if page > MOST_PAGES:
            raise TryLater(f"Freshdesk's list of {plan[0][0]} does not end")
        articles, further, full = self._step(plan[0], page)
        if full:
            left = [plan[0], *plan[1:], *further]
            return HelpCentrePage(articles, packed(left=left, page=page + 1), more=True)
        left = [*further, *plan[1:]]
        return HelpCentrePage(articles, packed(left=left) if left else "", more=bool(left))

    def _plan(self, languages: Sequence[str]) -> list[Place]:
        """Returns the starting places. The languages are requested once, and carried along with each place."""
        plan: list[Place] = [("categories", "", ",".join(languages))]
        return [*plan, ("canned", "", "")] if self.saved_replies else plan

    def _step(self, place: Place, page: int) -> tuple[tuple[HelpArticle, ...], list[Place], bool]:
        """Returns the articles of a page, the places that it names, and whether there may be another page."""
        kind, known, spoken = place
        rows = self._listed(_PATHS[kind].format(known), page, lenient=kind in _MAY_LACK)
        read = [_text(kind, raw, spoken, self.home) for raw in rows]
        further = [each for raw in rows for each in _LEADS[kind](raw, spoken)] if kind in _LEADS else []
        return tuple(each for each in read if each), further, len(rows) >= PAGE

    def _listed(self, path: str, page: int, *, lenient: bool) -> list[Mapping[str, Any]]:
        try:
            listed = self.ask(path, per_page=str(PAGE), page=str(page))
        except Gone:
            if lenient:  # a folder has no articles in this language, an account no subfolders
                return []
            raise
        if not isinstance(listed, list):
            raise TryLater("Freshdesk answered with something else than the list asked for")
        return mappings(listed)

    def _languages(self) -> list[str]:
        """Returns the account's own language, and the others that it publishes in; [] if klark's agent may not see them."""
        try:
            settings = mapping(self.ask("/settings/helpdesk"))
        except Refused:
            return []
        primary = words(settings.get("primary_language"))
        others = strings(settings.get("supported_languages"))
        return [primary, *(language for language in others if _LANGUAGE.fullmatch(language) and language != primary)]


_PATHS: Mapping[str, str] = {
    "categories": "/solutions/categories",
    "folders": "/solutions/categories/{}/folders",
    "subfolders": "/solutions/folders/{}/subfolders",
    "articles": "/solutions/folders/{}",
    "canned": "/canned_response_folders",
    "replies": "/canned_response_folders/{}/responses",
}
_MAY_LACK = frozenset({"articles", "subfolders"})


def _from_category(raw: Mapping[str, Any], spoken: str) -> list[Place]:
    known = number(raw.get("id"))
    return [("folders", known, spoken)] if known else []


def _from_folder(raw: Mapping[str, Any], spoken: str) -> list[Place]:
    """Returns the articles of a public folder, in each language; a folder that does not say so is taken for private.
    A private folder may still contain public subfolders."""
    known = number(raw.get("id"))
    if known is None:
        return []
    primary, *others = spoken.split(",")
    public = whole(raw.get("visibility")) == EVERYONE
    places: list[Place] = [("articles", f"{known}/articles", primary)] if public else []
    places += [("articles", f"{known}/articles/{language}", language) for language in others if public]
    return [*places, *([("subfolders", known, spoken)] if whole(raw.get("sub_folders_count")) else [])]


def _from_canned(raw: Mapping[str, Any], _: str) -> list[Place]:
    """Returns the replies of a shared folder; a personal folder is one agent's own."""
    known = number(raw.get("id"))
    return [("replies", known, "")] if known and raw.get("personal") is False else []


_LEADS: Mapping[str, Callable[[Mapping[str, Any], str], list[Place]]] = {
    "categories": _from_category,
    "folders": _from_folder,
    "subfolders": _from_folder,
    "canned": _from_canned,
}


def _text(kind: str, raw: Mapping[str, Any], language: str, home: str) -> HelpArticle | None:
    if kind == "replies":
        return canned(raw)
    return article(raw, language, home) if kind == "articles" else None


def article(raw: Mapping[str, Any], language: str, home: str) -> HelpArticle | None:
    """Returns an article, or `None` for a draft. An article has the same id in all languages, hence the language in
    klark's id: the one asked for, or none where the account does not show its languages."""
    if whole(raw.get("status")) != PUBLISHED or not words(raw.get("description")):
        return None
    known = name_of(raw.get("id"))
    spoken = words(raw.get("language")) or language
    return HelpArticle(
        id=f"{known}:{spoken if language else ''}",
        title=words(raw.get("title")),
        body_html=words(raw.get("description")),
        language=spoken,
        url=f"{home}/support/solutions/articles/{known}",
        updated_at=moment(raw.get("updated_at")),
        created_at=moment(raw.get("created_at")),
    )


def canned(raw: Mapping[str, Any]) -> HelpArticle | None:
    """Returns a shared reply without the lines that are filled in on a ticket; `None` if nothing is left."""
    said = words(raw.get("content_html")) or escape(words(raw.get("content")), quote=False)
    body = without_placeholders(said)
    known = number(raw.get("id"))
    if not body or known is None:
        return None
    changed, made = moment(raw.get("updated_at")), moment(raw.get("created_at"))
    return HelpArticle(f"canned:{known}:", words(raw.get("title")), body, "", updated_at=changed, created_at=made)
