"""An article's form with another value put in, as a suggestion opens it: nothing is saved before a lead has read and saved it."""

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from klark.evidence.suggestions.edits import in_place_of

TEXT = "body_html"


def put_in(request: HttpRequest, form: BaseForm) -> None:
    """Puts the value that the address names into the text that the form shows, and says in how many places. Does nothing to a
    form without an input for the text."""
    was, now = (request.GET.get(name, "") for name in ("was", "now"))
    if request.method != "GET" or not was or not now or TEXT not in form.fields:
        return
    form.initial[TEXT], places = in_place_of(was, now, form.initial[TEXT])
    some = ngettext(
        "“%(now)s” stands in place of “%(was)s” in %(n)d place. Nothing is saved yet: read the text, then save it.",
        "“%(now)s” stands in place of “%(was)s” in %(n)d places. Nothing is saved yet: read the text, then save it.",
        places,
    )
    none = _("“%(was)s” does not stand in the text in these words: put in “%(now)s” by hand, then save it.")
    messages.info(request, (some if places else none) % {"was": was, "now": now, "n": places})
