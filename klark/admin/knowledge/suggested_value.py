"""An article's form with another value put in, as a suggestion opens it: nothing is saved before a lead has read and saved it."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from klark.evidence.suggestions.edits import in_place_of
from klark.models import Article

PLACES = "klark.places_put_in"


def put_in(request: HttpRequest, article: Article) -> None:
    """Puts the value into the text that the form shows, and notes in how many places."""
    was, now = (request.GET.get(name, "") for name in ("was", "now"))
    if request.method == "GET" and was and now:
        article.body_html, request.META[PLACES] = in_place_of(was, now, article.body_html)


def tell(request: HttpRequest) -> None:
    """Says on the page in how many places it was put in, where the form was opened with one."""
    if (places := request.META.get(PLACES)) is None:
        return
    some = ngettext(
        "“%(now)s” stands in place of “%(was)s” in %(n)d place. Nothing is saved yet: read the text, then save it.",
        "“%(now)s” stands in place of “%(was)s” in %(n)d places. Nothing is saved yet: read the text, then save it.",
        places,
    )
    none = _("“%(was)s” does not stand in the text in these words: put in “%(now)s” by hand, then save it.")
    told = {"was": request.GET["was"], "now": request.GET["now"], "n": places}
    messages.info(request, (some if places else none) % told)
