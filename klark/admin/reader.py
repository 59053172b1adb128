"""Times as the reader's own clock has them, and English dates as in the reader's own country.

The browser tells its time zone by a cookie that `klark/static/klark/reader.js` sets, so the page before has the server's.
"""

from collections.abc import Callable
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation.trans_real import parse_accept_lang_header

from klark.values.policy.fields import zones

COOKIE = "klark_zone"
AMERICAN, BRITISH = "en", "en-gb"
AS_IN_AMERICA = ("en", "en-us")


class ReadersOwn:
    """Middleware for after Django's choice of a language: the admin's pages in the reader's zone and region."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.inner = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handles one request."""
        if not request.path.startswith(reverse("admin:index")):
            return self.inner(request)
        with timezone.override(zone_of(request)), translation.override(region_of(request)):
            return self.inner(request)


def zone_of(request: HttpRequest) -> ZoneInfo | None:
    """Returns the browser's time zone; None, which is the server's, if it told none that there is."""
    name = unquote(request.COOKIES.get(COOKIE, ""))
    return ZoneInfo(name) if name in zones() else None


def region_of(request: HttpRequest) -> str:
    """Returns the language of the page; English is British for a browser that asks for the English of another country than the
    United States. Words are the same in both, dates are not."""
    language = translation.get_language() or AMERICAN
    asked = (tag for tag, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")))
    english = next((tag for tag in asked if tag.startswith(AMERICAN)), AMERICAN)
    return BRITISH if language == AMERICAN and english not in AS_IN_AMERICA else language
