"""Reads Zendesk's help centres and macros, a page at a time: first a full walk, then only what changed.

Each brand has its own help centre, at its own subdomain. If there are several, the others are read there without
credentials, like any visitor would: what they show is public.
https://developer.zendesk.com/api-reference/help_center/help-center-api/articles/
https://developer.zendesk.com/api-reference/ticketing/business-rules/macros/
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from integrations.errors import Refused, TryLater
from integrations.helpdesks.help_centre_page import HelpArticle, HelpCentrePage, packed, read_cursor
from integrations.helpdesks.untrusted_input import mapping, mappings, name_of, strings, whole, words
from integrations.helpdesks.zendesk import texts
from integrations.helpdesks.zendesk.pages import FIRST, next_page

MOST_PAGES = 500  # of one list
MOST_CHANGED = 50  # articles: beyond, a walk takes fewer requests than asking for the translations of each
BEHIND_S = 90
_LOCALE = re.compile(r"[A-Za-z0-9-]{2,20}")
Ask = Callable[..., Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Guide:
    """The reading. `own` requests from the account's own subdomain with credentials, `others` (a brand's subdomain
    first) anonymously. Both take a path and its query, and return the response's JSON object."""

    subdomain: str
    own: Ask
    others: Ask
    saved_replies: bool

    def shelf(self, cursor: str) -> HelpCentrePage:
        """Returns the page at `cursor`."""
        at = read_cursor(cursor)
        since = whole(at.get("since"))
        if since is not None:
            return self._changed(since, strings(at.get("refused")))
        began = whole(at.get("began")) or int(datetime.now(UTC).timestamp()) - BEHIND_S
        if not at.get("left"):
            brands = self._brands()
            plan, refused = self._plan(brands or [])
            return replace(self._step(plan, began, refused, FIRST, 1), hidden="" if brands is not None else "brands")
        return self._step(
            at["left"], began, strings(at.get("refused")), mapping(at.get("asked")) or FIRST, whole(at.get("page")) or 1
        )

    def _step(
        self, plan: Sequence[Sequence[str]], began: int, refused: Sequence[str], asked: Mapping[str, str], number: int
    ) -> HelpCentrePage:
        """Reads one page of the first list in the plan."""
        if not plan:
            return _page_of((), refused, since=began)
        if number > MOST_PAGES:
            raise TryLater(f"Zendesk's list of {plan[0][0]} does not end")
        try:
            articles, more = self._page(plan[0], asked, number)
        except Refused:
            _, brand, subdomain, _ = plan[0]
            if not subdomain:
                raise
            articles, more, refused = (), {}, [*refused, brand]
        if more:
            return _page_of(articles, refused, left=plan, began=began, asked=more, page=number + 1)
        rest = plan[1:]
        return _page_of(articles, refused, left=rest, began=began) if rest else _page_of(articles, refused, since=began)

    def _page(
        self, place: Sequence[str], asked: Mapping[str, str], number: int
    ) -> tuple[tuple[HelpArticle, ...], dict[str, str]]:
        kind, brand, subdomain, locale = place
        page = self._listed(kind, subdomain, locale, asked)
        if not isinstance(page.get(kind), list):
            raise TryLater(f"Zendesk answered without the {kind} asked for")
        read = [_READ[kind](raw) for raw in mappings(page.get(kind))]
        return tuple(replace(each, brand_id=brand) for each in read if each), next_page(page, number)

    def _listed(self, kind: str, subdomain: str, locale: str, asked: Mapping[str, str]) -> Mapping[str, Any]:
        path = "/macros.json" if kind == "macros" else f"/help_center/{locale}/articles.json"
        return self.others(subdomain, path, **asked) if subdomain else self.own(path, **asked)

    def _plan(self, brands: Sequence[Mapping[str, Any]]) -> tuple[list[list[str]], list[str]]:
        """Returns what a walk goes through: every locale of every brand's help centre, then the macros; and the brands
        whose help centre cannot be read without signing in."""
        centres = list(self._centres(brands))
        plan, refused = list[list[str]](), list[str]()
        for brand, subdomain in centres:
            try:
                locales = self._locales(subdomain)
            except Refused:
                if not subdomain:
                    raise
                refused.append(brand)
            else:
                plan += [["articles", brand if len(centres) > 1 else "", subdomain, locale] for locale in locales]
        return [*plan, ["macros", "", "", ""]] if self.saved_replies else plan, refused

    def _brands(self) -> list[Mapping[str, Any]] | None:
        """Returns the account's brands; None if it does not let klark list them."""
        try:
            return mappings(self.own("/brands.json", **FIRST).get("brands"))
        except Refused:
            return None

    def _centres(self, brands: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
        """Yields (brand, subdomain) of each help centre; the subdomain is "" for the account's own, and for an
        account without visible brands."""
        open_ones = [raw for raw in brands if _is_open(raw)]
        named = [(name_of(raw.get("id")), words(raw.get("subdomain")).lower()) for raw in open_ones]
        default = next((words(raw.get("subdomain")).lower() for raw in open_ones if raw.get("default") is True), "")
        at_home = self.subdomain if self.subdomain in [subdomain for _, subdomain in named] else default
        yield next((brand for brand, subdomain in named if subdomain == at_home), ""), ""
        yield from (each for each in named if each[1] != at_home and _LOCALE.fullmatch(each[1]))

    def _locales(self, subdomain: str) -> list[str]:
        path = "/help_center/locales.json"
        told = self.others(subdomain, path) if subdomain else self.own(path)
        return [locale for locale in strings(told.get("locales")) if _LOCALE.fullmatch(locale)]

    def _changed(self, since: int, refused: Sequence[str]) -> HelpCentrePage:
        """Returns what changed in the account's own help centre since then, each article in all its languages.
        Deletions are not listed: only the next walk notices them."""
        told = self.own("/help_center/incremental/articles.json", start_time=str(since))
        rows = mappings(told.get("articles"))
        if not isinstance(told.get("articles"), list):
            raise TryLater("Zendesk answered without the articles asked for")
        if len(rows) > MOST_CHANGED:
            return HelpCentrePage((), "", more=True, walk=False)
        ends = max(whole(told.get("end_time")) or since, since)
        articles = tuple(article for raw in rows for article in self._translations(raw))
        more = bool(told.get("next_page")) and ends > since
        touched = tuple(name_of(raw.get("id")) for raw in rows)
        page = _page_of(articles, refused, since=ends)
        return replace(page, more=more, walk=False, touched=touched)

    def _translations(self, raw: Mapping[str, Any]) -> list[HelpArticle]:
        if not texts.is_published(raw):
            return []
        told = self.own(f"/help_center/articles/{name_of(raw.get('id'))}/translations.json", **FIRST)
        read = [texts.translation(raw, each) for each in mappings(told.get("translations"))]
        return [article for article in read if article]


def _page_of(articles: tuple[HelpArticle, ...], refused: Sequence[str], **at: Any) -> HelpCentrePage:
    """Returns a page of a walk, of which more is to come unless the changes `since` it began come next. Its cursor
    remembers which brands refused: the end of the walk and the changes after it have to know."""
    brands = tuple(dict.fromkeys(refused))
    cursor = packed(**at, **({"refused": brands} if brands else {}))
    return HelpCentrePage(articles, cursor, more="since" not in at, refused=brands)


def _is_open(brand: Mapping[str, Any]) -> bool:
    """Returns whether a brand has a help centre that customers see; one that is being set up is `disabled`."""
    gone = brand.get("active") is False or brand.get("is_deleted") is True
    return not gone and brand.get("has_help_center") is True and brand.get("help_center_state") != "disabled"


_READ: Mapping[str, Callable[[Mapping[str, Any]], HelpArticle | None]] = {
    "articles": texts.article,
    "macros": texts.macro,
}
