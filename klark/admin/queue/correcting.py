"""What klark took a draft's ticket for, and the forms by which a reviewer says what it is: topic, language, priority."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guardrails.text.language import CODES
from klark import review
from klark.admin.access import actor
from klark.admin.base import PLAIN_ERRORS
from klark.admin.queue.evidence import DraftPage
from klark.models import AuditAct, Correction, Draft, Topic, record
from klark.models.ticket.corrections import give_language, give_priority
from klark.review import Unfit
from klark.values.triage import PRIORITIES
from klark.values.wording import language_words, priority_words

WHAT = Correction.What
Done = tuple[str, Topic | None]


@dataclass(frozen=True, slots=True)
class Correctable:
    """One of the three: as it stands (`name`), what the form asks, and its options as (value, name). Without options it is shown
    alone."""

    what: str
    now: str
    name: Any
    tip: Any
    asks: Any
    options: Sequence[tuple[str, Any]]


def correctable(draft: Draft, page: DraftPage, languages: Sequence[str]) -> list[Correctable]:
    """Returns what a draft's page shows of its ticket, and lets a reviewer correct. `languages`: those that the
    policy answers in."""
    reader = get_language() or "en"
    topics = [(topic.key, str(topic)) for topic in page.topics]
    spoken = [(code, language_words(code, reader)) for code in dict.fromkeys([*languages, draft.language]) if code]
    priority = _priority_of(draft)
    found = [
        Correctable(WHAT.TOPIC, draft.topic, page.topic or _("no topic"), _("Correct the topic"),
                    _("What is this ticket about? Tickets like it follow."), topics),
        Correctable(WHAT.LANGUAGE, draft.language, draft.language.upper() or _("language not known"), _("Correct the language"),
                    _("Which language does this customer write in? The next drafts follow."), spoken),
        Correctable(WHAT.PRIORITY, priority, priority_words(priority, reader), _("Correct the priority"),
                    _("How urgent is this ticket? Its place in the queue follows, and its next drafts."),
                    [(each, priority_words(each, reader)) for each in PRIORITIES]),
    ]  # fmt: skip
    return [each for each in found if each.now or (each.options and each.what != WHAT.PRIORITY)]


def _priority_of(draft: Draft) -> str:
    """Returns what was said of it last, or else what klark took it for; "" where its record is gone."""
    said = {each.what: each.now for each in draft.corrections.all()}
    return said.get(WHAT.PRIORITY) or draft.record.get("triage", {}).get("priority") or ""


def correct(request: HttpRequest, draft: Draft) -> Topic | None:
    """Takes what was chosen in one of the forms, and says what follows from it. Returns the topic that has learnt from it, if any
    has."""
    what = request.POST["press"]
    try:
        told, topic = CORRECTIONS[what](request, draft, request.POST.get(what, ""))
    except PLAIN_ERRORS as error:
        messages.error(request, str(error))
        return None
    messages.success(request, told)
    return topic


def _topic(request: HttpRequest, draft: Draft, key: str) -> Done:
    topic = review.correct_topic(draft, key)
    record(draft.tenant_id, actor(request), AuditAct.TOPIC, topic, draft=draft.pk)
    return _("Noted: this is about “%(topic)s”, and tickets like it from now on.") % {"topic": topic}, topic


def _language(request: HttpRequest, draft: Draft, code: str) -> Done:
    if code not in CODES:
        raise Unfit(_("There is no such language: choose one of the list."))
    give_language(draft, code)
    record(draft.tenant_id, actor(request), AuditAct.JUDGED, draft, what=WHAT.LANGUAGE, before=draft.language, now=code)
    told = _("Noted: this customer writes %(language)s. Draft again, and the draft is written in it; so is the next.")
    return told % {"language": language_words(code, get_language() or "en")}, None


def _priority(request: HttpRequest, draft: Draft, priority: str) -> Done:
    if priority not in PRIORITIES:
        raise Unfit(_("There is no such priority: choose one of the list."))
    before = _priority_of(draft)
    give_priority(draft, priority)
    record(draft.tenant_id, actor(request), AuditAct.JUDGED, draft, what=WHAT.PRIORITY, before=before, now=priority)
    told = _(
        "Noted. It counts for the ticket's place in the queue (an angry customer's stays ahead), and its next drafts keep "
        "it. A priority that you lower is raised again by a sensitive topic, or if the helpdesk raises it later. "
        "In the helpdesk nothing changes."
    )
    return str(told), None


CORRECTIONS: Mapping[str, Callable[[HttpRequest, Draft, str], Done]] = {
    WHAT.TOPIC: _topic, WHAT.LANGUAGE: _language, WHAT.PRIORITY: _priority,
}  # fmt: skip
