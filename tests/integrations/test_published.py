"""What an account publishes, page by page: Zendesk's help centres by brand and locale, what changed, macros; Freshdesk's
categories, folders, subfolders and languages, canned replies. What not everyone may read never comes."""

import json
from typing import Any

import pytest

from integrations.errors import Gone, Refused, TryLater
from integrations.helpdesks.freshdesk import solutions as freshdesk_solutions
from integrations.helpdesks.help_centre_page import packed, read_cursor
from integrations.helpdesks.zendesk import guide as zendesk_guide
from integrations.helpdesks.zendesk import texts as zendesk_texts

from .desks import FRESHDESK, ZENDESK, Reply, payload, published, stub

API = "/api/v2"
LOCALES = ("GET", f"{API}/help_center/locales.json")
ENGLISH = ("GET", f"{API}/help_center/en-us/articles.json")
BRANDS = ("GET", f"{API}/brands.json")
MACROS = ("GET", f"{API}/macros.json")
CHANGED = ("GET", f"{API}/help_center/incremental/articles.json")
ARTICLE: dict[str, Any] = payload("zendesk_articles.json")["articles"][0]


def keys(desk: Any, cursor: str = "") -> list[str]:
    return [article.id for article in published(desk, cursor)]


def paths(desk: Any) -> list[str]:
    return [request.url.split(".com")[1].split("?")[0] for request in stub(desk).sent]


# --- cursors


@pytest.mark.parametrize("cursor", ["", "nonsense", "[]", "null", '"x"', "{", "1"])
def test_a_cursor_that_nobody_can_read_begins_anew(cursor: str) -> None:
    assert read_cursor(cursor) == {}


def test_a_cursor_reads_back_as_it_was_packed() -> None:
    assert read_cursor(packed(left=[["articles", "", "", "fr"]], page=2)) == {
        "left": [["articles", "", "", "fr"]],
        "page": 2,
    }


# --- Zendesk


def articles(*rows: dict[str, Any], after: str = "") -> Reply:
    return Reply({"articles": list(rows), "meta": {"has_more": bool(after), "after_cursor": after or None}})


def test_a_walk_reads_each_locale_page_by_page_and_then_only_changes() -> None:
    second = ARTICLE | {"id": 305}
    helpdesk = ZENDESK.open({ENGLISH: [articles(ARTICLE, after="c+/="), articles(second)]})
    first = helpdesk.shelf()
    last = helpdesk.shelf(first.cursor)
    assert ([article.id for article in (*first.articles, *last.articles)], first.more, last.more) == (
        ["301:en-us", "305:en-us"], True, False,
    )  # fmt: skip
    assert (first.walk, last.walk, "since" in json.loads(last.cursor)) == (True, True, True)
    assert stub(helpdesk).queries(ENGLISH[1]) == [{"page[size]": "100"}, {"page[size]": "100", "page[after]": "c+/="}]


def test_pages_by_number_are_gone_on_with_as_well() -> None:
    numbered = {"articles": [ARTICLE], "next_page": "https://elsewhere.example/?page=2"}
    helpdesk = ZENDESK.open({ENGLISH: [Reply(numbered), articles(ARTICLE | {"id": 305})]})
    assert keys(helpdesk) == ["301:en-us", "305:en-us"]
    assert stub(helpdesk).queries(ENGLISH[1])[1] == {"per_page": "100", "page": "2"}


def test_a_walk_that_is_gone_on_with_does_not_begin_again() -> None:
    helpdesk = ZENDESK.open({LOCALES: Reply({"locales": ["en-us", "fr"]}),
                             ("GET", f"{API}/help_center/fr/articles.json"): articles(ARTICLE | {"locale": "fr"})})  # fmt: skip
    cursor = helpdesk.shelf().cursor
    other = ZENDESK.open({("GET", f"{API}/help_center/fr/articles.json"): articles(ARTICLE | {"locale": "fr"})})
    assert keys(other, cursor) == ["301:fr"]
    assert paths(other) == [f"{API}/help_center/fr/articles.json"]


@pytest.mark.parametrize(
    "hidden",
    [{"draft": True}, {"draft": None}, {"user_segment_id": 7}, {"user_segment_ids": [7]}, {"body": ""}, {"body": None}],
)
def test_what_not_everyone_may_read_is_no_article(hidden: dict[str, Any]) -> None:
    assert keys(ZENDESK.open({ENGLISH: articles(ARTICLE | hidden)})) == []


@pytest.mark.parametrize("locales", [None, {}, "en-us", ["../x", "", "a b", 7, None]])
def test_locales_that_are_none_are_not_asked_for(locales: Any) -> None:
    helpdesk = ZENDESK.open({LOCALES: Reply({"locales": locales})})
    assert (keys(helpdesk), paths(helpdesk)) == ([], [BRANDS[1], LOCALES[1]])


def test_a_list_that_does_not_end_is_not_read_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zendesk_guide, "MOST_PAGES", 3)
    with pytest.raises(TryLater, match="does not end"):
        keys(ZENDESK.open({ENGLISH: articles(ARTICLE, after="c")}))


def test_an_answer_without_articles_is_no_empty_help_centre() -> None:
    with pytest.raises(TryLater, match="without the articles"):
        keys(ZENDESK.open({ENGLISH: Reply({"count": 0})}))


def brand(number: int, subdomain: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "subdomain": subdomain, "active": True, "has_help_center": True, **more}


def brands(*rows: dict[str, Any]) -> Reply:
    return Reply({"brands": list(rows)})


def test_another_brands_help_centre_is_read_at_its_own_subdomain_without_credentials() -> None:
    helpdesk = ZENDESK.open({BRANDS: brands(brand(1, "acme"), brand(2, "second"))})
    found = published(helpdesk)
    assert [(article.id, article.brand_id) for article in found] == [("301:en-us", "1"), ("301:en-us", "2")]
    there = [request for request in stub(helpdesk).sent if "second.zendesk.com" in request.url]
    assert (len(there), [request.headers.get("Authorization") for request in there]) == (2, [None, None])


@pytest.mark.parametrize(
    "rows",
    [(), (brand(1, "acme"),), (brand(1, "acme"), brand(2, "second", active=False)),
     (brand(1, "acme"), brand(2, "second", has_help_center=False)), (brand(1, "other", default=True),),
     (brand(1, "acme"), brand(2, "evil.example/x")), (brand(1, "acme"), brand(2, ""))],
)  # fmt: skip
def test_with_one_help_centre_nothing_is_told_apart(rows: tuple[dict[str, Any], ...]) -> None:
    helpdesk = ZENDESK.open({BRANDS: brands(*rows)})
    assert [article.brand_id for article in published(helpdesk)] == [""]
    assert {request.url.split("/")[2] for request in stub(helpdesk).sent} == {"acme.zendesk.com"}


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_brand_whose_help_centre_asks_to_sign_in_shows_nothing(status: int) -> None:
    helpdesk = ZENDESK.open({BRANDS: brands(brand(1, "acme"), brand(2, "second")), LOCALES: [
        Reply({"locales": ["en-us"]}), Reply({"error": "Forbidden"}, status)]})  # fmt: skip
    assert keys(helpdesk) == ["301:en-us"]


def test_an_account_that_shows_no_brands_has_one() -> None:
    assert keys(ZENDESK.open({BRANDS: Reply({"error": "Forbidden"}, 403)})) == ["301:en-us"]


def test_a_help_centre_at_home_that_is_not_shown_is_an_error_and_not_empty() -> None:
    with pytest.raises(Refused):
        keys(ZENDESK.open({LOCALES: Reply({"error": "Forbidden"}, 403)}))


def changed(*rows: dict[str, Any], end_time: Any = 1_790_000_000, next_page: str | None = None) -> Reply:
    return Reply({"articles": list(rows), "end_time": end_time, "next_page": next_page})


def translations(number: int, *rows: dict[str, Any]) -> dict[tuple[str, str], Reply]:
    return {("GET", f"{API}/help_center/articles/{number}/translations.json"): Reply({"translations": list(rows)})}


SINCE = packed(since=1_789_000_000)
SPOKEN = {"locale": "fr", "title": "Retours", "body": "<p>30 jours.</p>", "draft": False, "hidden": False,
          "html_url": "https://acme.zendesk.com/hc/fr/articles/301"}  # fmt: skip


def test_a_changed_article_comes_in_all_its_languages() -> None:
    english = {**SPOKEN, "locale": "en-us", "title": "Returns"}
    helpdesk = ZENDESK.open({CHANGED: changed(ARTICLE), **translations(301, english, SPOKEN)})
    page = helpdesk.shelf(SINCE)
    assert [(article.id, article.title) for article in page.articles] == [
        ("301:en-us", "Returns"),
        ("301:fr", "Retours"),
    ]
    assert (page.touched, page.walk, page.more, page.cursor) == (("301",), False, False, packed(since=1_790_000_000))
    assert stub(helpdesk).queries(CHANGED[1]) == [{"start_time": "1789000000"}]


@pytest.mark.parametrize("hidden", [{"draft": True}, {"hidden": True}, {"body": ""}, {"draft": None}])
def test_a_translation_that_is_not_published_is_touched_and_not_shown(hidden: dict[str, Any]) -> None:
    page = ZENDESK.open({CHANGED: changed(ARTICLE), **translations(301, {**SPOKEN, **hidden})}).shelf(SINCE)
    assert (page.articles, page.touched) == ((), ("301",))


@pytest.mark.parametrize("hidden", [{"draft": True}, {"user_segment_id": 9}])
def test_an_article_that_was_unpublished_is_touched_and_its_translations_are_not_asked_for(
    hidden: dict[str, Any],
) -> None:
    helpdesk = ZENDESK.open({CHANGED: changed(ARTICLE | hidden)})
    page = helpdesk.shelf(SINCE)
    assert (page.articles, page.touched, paths(helpdesk)) == ((), ("301",), [CHANGED[1]])


def test_very_many_changes_are_walked_through_instead() -> None:
    rows = [ARTICLE | {"id": number} for number in range(zendesk_guide.MOST_CHANGED + 1)]
    page = ZENDESK.open({CHANGED: changed(*rows)}).shelf(SINCE)
    assert (page.articles, page.touched, page.cursor, page.more) == ((), (), "", True)


@pytest.mark.parametrize(
    ("end_time", "onward", "cursor", "more"),
    [
        (1_790_000_000, "https://acme.zendesk.com/next", 1_790_000_000, True),
        (1_790_000_000, None, 1_790_000_000, False),
        (None, None, 1_789_000_000, False),
        ("x", "https://acme.zendesk.com/next", 1_789_000_000, False),
        (1_000, "https://acme.zendesk.com/next", 1_789_000_000, False),
    ],
)
def test_the_cursor_of_changes_never_goes_back(end_time: Any, onward: str | None, cursor: int, more: bool) -> None:
    page = ZENDESK.open({CHANGED: changed(end_time=end_time, next_page=onward)}).shelf(SINCE)
    assert (page.cursor, page.more) == (packed(since=cursor), more)


MACRO: dict[str, Any] = {
    "id": 9, "title": "Returns::How to send back", "active": True, "restriction": None,
    "actions": [{"field": "status", "value": "solved"}, {"field": "comment_value_html", "value": "<p>Send it back.</p>"}],
}  # fmt: skip


def macro(**more: Any) -> dict[str, Any]:
    return {**MACRO, **more}


def says(field: str, value: Any, **more: Any) -> dict[str, Any]:
    return macro(actions=[{"field": field, "value": value}], **more)


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (macro(), "<p>Send it back.</p>"),
        (says("comment_value", "Send <it> back.\nThanks."), "<p>Send &lt;it&gt; back.</p><p>Thanks.</p>"),
        (says("comment_value", ["channel:all", "Send it."]), "<p>Send it.</p>"),
        (says("comment_value_html", "<p>Hello {{ticket.requester.name}},</p><p>Send it.</p>"), "<p>Send it.</p>"),
        (says("comment_value", "{{dc.returns}}"), None),
        (says("comment_value", "{% if x %}a{% endif %}"), None),
        (says("comment_value", []), None),
        (says("comment_value", {"a": 1}), None),
        (macro(active=False), None),
        (macro(restriction={"type": "User", "id": 3}), None),
        (macro(actions=[]), None),
        (macro(actions=None), None),
        (macro(actions=[*MACRO["actions"], {"field": "comment_mode_is_public", "value": "false"}]), None),
        (macro(actions=[*MACRO["actions"], {"field": "comment_mode_is_public", "value": False}]), None),
        (
            macro(actions=[*MACRO["actions"], {"field": "comment_mode_is_public", "value": True}]),
            "<p>Send it back.</p>",
        ),
    ],
)
def test_a_macro_is_what_it_says_to_everyones_customers_without_placeholders(
    raw: dict[str, Any], body: str | None
) -> None:
    found = zendesk_texts.macro(raw)
    assert (found and found.body_html) == body


def test_a_macros_title_is_its_last_part_and_its_id_says_what_it_is() -> None:
    found = zendesk_texts.macro(MACRO)
    assert found and (found.id, found.title, found.language, found.url) == ("macro:9:", "How to send back", "", "")


@pytest.mark.parametrize(("wanted", "expected"), [(True, ["301:en-us", "macro:9:"]), (False, ["301:en-us"])])
def test_macros_come_only_where_they_are_wanted(wanted: bool, expected: list[str]) -> None:
    helpdesk = ZENDESK.open({MACROS: Reply({"macros": [MACRO]})}, saved_replies=wanted)
    assert (keys(helpdesk), MACROS[1] in paths(helpdesk)) == (expected, wanted)


# --- Freshdesk

CATEGORIES = ("GET", f"{API}/solutions/categories")
FOLDERS = ("GET", f"{API}/solutions/categories/11/folders")
SETTINGS = ("GET", f"{API}/settings/helpdesk")
LISTED = payload("freshdesk_articles.json")


def folder(number: int, visibility: Any = 1, **more: Any) -> dict[str, Any]:
    return {"id": number, "visibility": visibility, **more}


@pytest.mark.parametrize("visibility", [2, 3, 4, None, "all", True, 0])
def test_a_folder_that_is_not_everyones_is_not_opened(visibility: Any) -> None:
    helpdesk = FRESHDESK.open({FOLDERS: Reply([folder(21, visibility)])})
    assert (keys(helpdesk), [path for path in paths(helpdesk) if "/folders/21" in path]) == ([], [])


def test_folders_within_folders_are_opened_and_one_in_a_private_folder_as_well() -> None:
    helpdesk = FRESHDESK.open({
        FOLDERS: Reply([folder(30, 3, sub_folders_count=1)]),
        ("GET", f"{API}/solutions/folders/30/subfolders"): Reply([folder(31, sub_folders_count=1), folder(33, 3)]),
        ("GET", f"{API}/solutions/folders/31/subfolders"): Reply([folder(32)]),
        ("GET", f"{API}/solutions/folders/31/articles"): Reply(LISTED),
        ("GET", f"{API}/solutions/folders/32/articles"): Reply([LISTED[0] | {"id": 400}]),
    })  # fmt: skip
    assert keys(helpdesk) == ["301:en", "400:en"]


def test_an_account_without_subfolders_is_not_broken_by_a_count() -> None:
    helpdesk = FRESHDESK.open({FOLDERS: Reply([folder(21, sub_folders_count=2)])})
    assert keys(helpdesk) == ["301:en"]


def test_each_call_is_one_request_so_that_a_kill_costs_no_more() -> None:
    helpdesk = FRESHDESK.open()
    cursor, more, calls = "", True, 0
    while more:
        page = helpdesk.shelf(cursor)
        cursor, more, calls = page.cursor, page.more, calls + 1
    assert len(stub(helpdesk).sent) == calls + 1  # the languages are asked for once, before the first


def test_a_walk_of_freshdesk_is_gone_on_with_where_it_was() -> None:
    whole = keys(FRESHDESK.open())
    helpdesk = FRESHDESK.open()
    first = helpdesk.shelf()
    assert keys(FRESHDESK.open(), first.cursor) == whole
    assert (first.articles, first.more, first.walk) == ((), True, True)


def test_after_a_walk_freshdesk_begins_anew_since_nothing_there_tells_changes() -> None:
    helpdesk = FRESHDESK.open()
    page = helpdesk.shelf()
    while page.more:
        page = helpdesk.shelf(page.cursor)
    assert page.cursor == ""


def test_full_pages_are_followed() -> None:
    full = [LISTED[0] | {"id": 1000 + number} for number in range(100)]
    helpdesk = FRESHDESK.open({("GET", f"{API}/solutions/folders/21/articles"): [Reply(full), Reply(LISTED)]})
    assert len(keys(helpdesk)) == 101
    assert [asked["page"] for asked in stub(helpdesk).queries(f"{API}/solutions/folders/21/articles")] == ["1", "2"]


def test_a_list_of_freshdesk_that_does_not_end_is_not_read_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshdesk_solutions, "MOST_PAGES", 2)
    full = Reply([LISTED[0] | {"id": 1000 + number} for number in range(100)])
    with pytest.raises(TryLater, match="does not end"):
        keys(FRESHDESK.open({("GET", f"{API}/solutions/folders/21/articles"): full}))


@pytest.mark.parametrize("place", [CATEGORIES, FOLDERS])
def test_categories_or_folders_that_are_gone_are_an_error_and_not_empty(place: tuple[str, str]) -> None:
    with pytest.raises(Gone):
        keys(FRESHDESK.open({place: Reply(b"", 404)}))


@pytest.mark.parametrize("told", [{}, {"supported_languages": None}, {"supported_languages": ["../x", 7, ""]}])
def test_languages_that_are_none_are_not_asked_for(told: dict[str, Any]) -> None:
    assert keys(FRESHDESK.open({SETTINGS: Reply({"primary_language": "en", **told})})) == ["301:en"]


CANNED = {"id": 77, "title": "Thanks", "content": "Thank you.", "content_html": "<div>Thank you.</div>"}


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (CANNED, "<p>Thank you.</p>"),
        ({**CANNED, "content_html": None}, "<p>Thank you.</p>"),
        ({**CANNED, "content_html": "<div>Hi {{ticket.requester.firstname}}</div><div>Thank you.</div>"},
         "<p>Thank you.</p>"),
        ({**CANNED, "content_html": "{{ticket.url}}"}, None),
        ({**CANNED, "content_html": "", "content": ""}, None),
        ({**CANNED, "id": None}, None),
    ],
)  # fmt: skip
def test_a_canned_reply_is_what_it_says_without_placeholders(raw: dict[str, Any], body: str | None) -> None:
    found = freshdesk_solutions.canned(raw)
    assert (found and found.body_html) == body


def test_canned_replies_of_shared_folders_come_where_they_are_wanted() -> None:
    table = {
        ("GET", f"{API}/canned_response_folders"): Reply([{"id": 1, "personal": True}, {"id": 2, "personal": False}, {"id": 3}]),
        ("GET", f"{API}/canned_response_folders/2/responses"): Reply([CANNED]),
    }  # fmt: skip
    assert keys(FRESHDESK.open(table, saved_replies=True)) == ["301:en", "canned:77:"]
    assert keys(FRESHDESK.open(table)) == ["301:en"]
