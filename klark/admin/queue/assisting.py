"""The help that a draft's page offers, and what it shows of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power, Slow, access_of
from klark.admin.queue.claims import claims_of, remarks_on
from klark.admin.queue.evidence import DraftPage
from klark.admin.queue.listing import DraftList
from klark.assistance.no_assistance import NoAssistance, place
from klark.assistance.recorded_turn import RecordedTurn, recorded_turn
from klark.assistance.summary import LEAST, Point, summary_of
from klark.assistance.thread import text_of
from klark.assistance.translation import Translation, translated
from klark.assistance.variants import OFFER, variant_of
from klark.models import Draft
from klark.values.policy.rules import Rules
from klark.values.wording import language_words, state_words

Typed = Mapping[str, str]
RECORDED = "recorded"
"""The name of the demo's own model (klark.demo.model_server)."""
LONG = 6
"""Digits that no message's number has."""
KINDS: Mapping[str, Any] = {
    "asked": _("Asked"),
    "done": _("Done"),
    "promised": _("Promised"),
    "open": _("Still open"),
}
DROPPED: Mapping[str, Any] = {
    "no_source": _("it names no message"),
    "damaged": _("a masked name or number came back damaged"),
    "not_supported": _("its message does not say so"),
    "other_values": _("a number, date or link is not in its message"),
}
WORDED: Mapping[str, Any] = {
    "shorter": _("Shorter"),
    "warmer": _("Warmer"),
    "formal": _("More formal"),
    "informal": _("Less formal"),
    "simpler": _("Simpler"),
}


@dataclass(frozen=True, slots=True)
class Offered:
    """What help a draft's page offers, and where it is asked for. `sums_up`: the thread is long enough for a summary;
    `with_draft`: the buttons below the reply, (name, label); `translates`: the customer writes in another language than the
    page's reader; `is_recorded`: the model is the demo's."""

    address: str
    sums_up: bool
    with_draft: tuple[tuple[str, Any], ...]
    translates: bool
    is_recorded: bool


def offered(draft: Draft, page: DraftPage, rules: Rules) -> Offered:
    """Returns what help there is with a draft, without asking anybody."""
    made = rules.offers_on(draft.topic, draft.language or rules.language)
    offers = ((f"{OFFER} {name}", _offer_title(name)) for name in made)
    people = sum(entry.side != "machine" for entry in page.thread)
    foreign = draft.language not in ("", _reader())
    names = {"theirs": language_words(draft.language, _reader()), "ours": language_words(_reader(), _reader())}
    both = [("read", _("Read it in %(ours)s")), ("translate", _("My text into %(theirs)s"))] if foreign else []
    translating = ((name, label % names) for name, label in both)
    return Offered(
        reverse("admin:klark_draft_assist", args=(draft.pk,)),
        people >= LEAST,
        (*WORDED.items(), *offers, *translating),
        foreign,
        plays_recorded(),
    )


def assist(pages: DraftList, request: HttpRequest, object_id: str) -> HttpResponse:
    """Answers a press on one of the help's buttons with the HTML to show, once the request's transaction has ended."""
    if request.method != "POST":
        raise PermissionDenied
    draft = pages.get_object(request, object_id)
    help_with = HELPS.get(request.POST.get("help", "").partition(" ")[0])
    if draft is None or help_with is None:
        raise Http404
    if not access_of(request).may(Power.REVIEW, draft.tenant_id):
        raise PermissionDenied
    try:
        turn = recorded_turn(draft)
    except NoAssistance as error:
        return HttpResponse(_refused(error))
    typed = request.POST.dict()
    return Slow(lambda: _helped(lambda: help_with(turn, typed)))


def _helped(help_with: Callable[[], str]) -> str:
    try:
        with place():
            return help_with()
    except NoAssistance as error:
        return _refused(error)


def _refused(error: NoAssistance) -> str:
    return render_to_string("klark/help_refused.html", {"why": error, "recorded": error.details and plays_recorded()})


def plays_recorded() -> bool:
    """Returns whether the model is the demo's, which knows the tickets of its script alone."""
    return settings.KLARK_MODE == "demo" and settings.KLARK_MODEL_NAME == RECORDED


def _offer_title(offer: str) -> str:
    return gettext("With: %(offer)s") % {"offer": offer}


def _summary(turn: RecordedTurn, _typed: Typed) -> str:
    summary = summary_of(turn, _reader())
    points = [_point(point) for kind in KINDS for point in summary.points if point.kind == kind]
    dropped = [(text, DROPPED[why]) for text, why in summary.dropped]
    recorded = summary.refusal and summary.refusal.details and plays_recorded()
    told = {"points": points, "summary": summary, "dropped": dropped, "recorded": recorded}
    return render_to_string("klark/summary.html", told)


def _point(point: Point) -> dict[str, Any]:
    doubt = state_words(point.state, get_language() or "en") if point.state == "UNJUDGED" else ""
    return {"title": KINDS[point.kind], "text": point.text, "messages": point.messages, "doubt": doubt}


def _reader() -> str:
    """Returns the language of whoever reads the page."""
    return (get_language() or "en")[:2]


def _variant(turn: RecordedTurn, typed: Typed) -> str:
    wish, _space, offer = typed["help"].partition(" ")
    variant = variant_of(turn, wish, _text(turn, typed), offer)
    claims = claims_of(variant.sentences, variant.findings)
    told = {
        "title": WORDED.get(wish) or _offer_title(offer), "text": variant.text, "claims": claims,
        "remarks": remarks_on(variant.findings, claims), "left_out": variant.left_out, "language": turn.triage.language,
    }  # fmt: skip
    return render_to_string("klark/variant.html", told)


def _message(turn: RecordedTurn, typed: Typed) -> str:
    number = typed.get("message", "")
    text = text_of(turn.ticket, int(number)) if number.isdecimal() and len(number) < LONG else ""
    return _shown(translated(turn, text, _reader(), from_customer=True))


def _read(turn: RecordedTurn, typed: Typed) -> str:
    return _shown(translated(turn, _text(turn, typed), _reader(), from_customer=False))


def _written(turn: RecordedTurn, typed: Typed) -> str:
    into = turn.triage.language or _reader()
    return _shown(translated(turn, _text(turn, typed), into, from_customer=False), for_customer=True)


def _shown(translation: Translation, for_customer: bool = False) -> str:
    told = {"translation": translation, "for_customer": for_customer}
    return render_to_string("klark/translation.html", told)


def _text(turn: RecordedTurn, typed: Typed) -> str:
    """Returns what stands in the box, as the page sends it along, or else the draft."""
    return typed.get("text", "").strip() or turn.letter


HELPS: Mapping[str, Callable[[RecordedTurn, Typed], str]] = {
    "summary": _summary, **dict.fromkeys((*WORDED, OFFER), _variant), "message": _message, "read": _read, "translate": _written,
}  # fmt: skip
