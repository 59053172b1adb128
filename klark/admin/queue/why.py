"""The page "Why": everything that klark did on one ticket and why, in order, and for each draft what it was made of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from klark.admin.access import Power, access_of, actor
from klark.admin.admin_page import admin_page
from klark.admin.choice_labels import DECISION_COLOURS, DELIVERY_COLOURS, STATES, labelled, reason_title, trouble_words
from klark.admin.queue.claims import Recorded, remark_of, web_address
from klark.admin.queue.evidence import SAYS_IT, DraftPage, shown, why_beside
from klark.admin.queue.next_draft import address_of
from klark.admin.queue.policy_rule import rule_words
from klark.evidence.in_clear import in_clear, restored
from klark.models import Aftermath, AuditAct, Connection, Decision, Delivery, Draft, Outcome, WebhookEvent, record

MOST, MOST_DRAFTS = 100, 5
"""How many decisions, and how many drafts, are shown: the newest."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of the time line. `tag` is a word with a colour; `text` says it in a sentence, `beside` what it began with."""

    at: datetime
    tag: tuple[str, Any]
    text: str
    link: str = ""
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A draft with what it was made of. `prompt` and `raw` are masked unless `clear`; `refused`: they cannot be unmasked."""

    draft: Draft
    page: DraftPage
    decision: Decision | None
    rule: str
    passages: tuple[Recorded, ...]
    remarks: tuple[Any, ...]
    prompt: str
    raw: str
    judged: tuple[Recorded, ...]
    clear: bool
    refused: bool


def page(request: HttpRequest, connection: Any, ticket: str) -> HttpResponse:
    """Returns the page. POST with the id of a draft shows what its models read and said in clear, and records that it was seen.
    Raises PermissionDenied, and Http404."""
    account = get_object_or_404(access_of(request).scope(Connection.objects.all(), Power.SEE), pk=connection)
    may_clear = access_of(request).may(Power.LEAD, account.tenant_id)
    if request.method == "POST" and not may_clear:
        raise PermissionDenied
    decisions = list(
        Decision.of(account.tenant_id).filter(connection=account, ticket_id=ticket).select_related("event", "policy")
        .defer("event__raw").order_by("-decided_at")[:MOST]
    )  # fmt: skip
    waiting = WebhookEvent.of(account.tenant_id).filter(connection=account, ticket_id=ticket, decision=None)
    undecided = list(waiting.defer("raw").order_by("-pk")[:MOST])
    if not decisions and not undecided:
        raise Http404
    clear = request.POST.get("clear", "") if request.method == "POST" else ""
    drafts = _drafts(account, decisions)
    findings = {each.pk: each.findings for each in drafts}
    made = [_made(each, decisions, clear == str(each.pk)) for each in drafts]
    context = {
        "title": labelled(_("Why"), f"#{ticket}"), "account": account, "ticket": ticket,
        "moments": _moments(account, decisions, undecided, findings), "made": made, "may_clear": may_clear, "is_fullwidth": "1",
        "ticket_url": next((each.page.ticket_url for each in made if each.page.ticket_url), ""),
    }  # fmt: skip
    for each in made:
        if each.draft.record:
            record(
                account.tenant_id, actor(request), AuditAct.SAW, each.draft, **({"clear": True} if each.clear else {})
            )
    return admin_page(request, "klark/why.html", context)


def has_steps(draft: Draft) -> bool:
    """Returns whether the page has anything to show of a draft's ticket."""
    ticket = {"connection": draft.connection_id, "ticket_id": draft.ticket_id}
    decided, came_in = Decision.of(draft.tenant_id).filter(**ticket), WebhookEvent.of(draft.tenant_id).filter(**ticket)
    return decided.exists() or came_in.filter(decision=None).exists()


def _drafts(account: Connection, decisions: Sequence[Decision]) -> list[Draft]:
    ids = [each.draft_id for each in decisions if each.draft_id][:MOST_DRAFTS]
    rows = Draft.of(account.tenant_id).select_related("connection").in_bulk(ids)
    return [rows[pk] for pk in dict.fromkeys(ids) if pk in rows]


def _made(draft: Draft, decisions: Sequence[Decision], clear: bool) -> Made:
    kept, decision = draft.record, next((each for each in decisions if each.draft_id == draft.pk), None)
    answer = kept.get("answer") or {}
    table = in_clear(kept) if clear else {}
    readings = tuple({**each, **{name: restored(each.get(name, ""), table or {}) for name in ("user", "raw")}}
                     for each in kept.get("judged", ()))  # fmt: skip
    prompt = "\n\n".join(filter(None, (answer.get("system", ""), answer.get("user", ""))))
    passages = tuple({**each, "url": web_address(each.get("url"))} for each in kept.get("passages", ()))
    return Made(
        draft, shown(draft), decision, rule_words(decision) if decision else "", passages,
        tuple(remark_of(each) for each in draft.findings), restored(prompt, table or {}),
        restored(answer.get("raw", ""), table or {}), readings, clear and table is not None, table is None,
    )  # fmt: skip


def _moments(
    account: Connection, decisions: Sequence[Decision], undecided: Sequence[WebhookEvent], findings: Mapping[int, Any]
) -> list[Moment]:
    """Returns all that happened, the newest first. `findings`: those that the page lists, by their drafts' ids."""
    drafts = [each.draft_id for each in decisions if each.draft_id]
    found: Iterable[Moment] = (
        *map(_came, undecided), *(_decided(each, findings.get(each.draft_id or 0, ())) for each in decisions),
        *_written(Delivery.of(account.tenant_id).filter(draft__in=drafts).exclude(kind=Delivery.Kind.TAG)),
        *_by_people(Outcome.of(account.tenant_id).filter(draft__in=drafts)),
        *(each for row in Aftermath.of(account.tenant_id).filter(draft__in=drafts) for each in _after(row)),
    )  # fmt: skip
    return sorted(found, key=lambda each: each.at, reverse=True)


def _came(event: WebhookEvent) -> Moment:
    parked = event.state == WebhookEvent.State.PARKED
    words = (_origin(event), trouble_words(event.trouble) if parked else "")
    return Moment(
        event.received_at, ("danger" if parked else "", event.get_state_display()), " ".join(filter(None, words))
    )


def _origin(event: WebhookEvent) -> str:
    return _("An event came in: %(origin)s.") % {"origin": event.get_origin_display()}


def _decided(decision: Decision, listed: Sequence[Recorded]) -> Moment:
    """Returns the line of a decision, with the event that it answers; where its reason says what was decided, only that.
    `listed`: findings that stand elsewhere on the page."""
    why, words = reason_title(decision.reason), why_beside(decision, listed)
    colour, says_it = DECISION_COLOURS.get(decision.kind, ""), decision.reason in SAYS_IT
    begun = "" if says_it else why if why.startswith("klark") else capfirst(why)
    text = " ".join(filter(None, (begun, f"({words})" if words else "")))
    return Moment(
        decision.decided_at, (colour, why if says_it else decision.get_kind_display()), f"{text}." if text else "",
        address_of(decision.draft_id) if decision.draft_id else "", _origin(decision.event),
    )  # fmt: skip


def _written(rows: Iterable[Delivery]) -> Iterator[Moment]:
    for row in rows:
        words = (f"{capfirst(row.get_kind_display())}.", trouble_words(row.trouble))
        state = (DELIVERY_COLOURS[row.state], STATES[row.state][0])
        yield Moment(row.ended_at or row.created_at, state, " ".join(filter(None, words)))


def _by_people(rows: Iterable[Outcome]) -> Iterator[Moment]:
    for row in rows:
        who = row.by or _("nobody in particular")
        why = _("Sent though the checks object: %(reason)s") % {"reason": row.reason} if row.overruled else row.reason
        yield Moment(row.at, ("", row.get_kind_display()), labelled(who, why) if why else who)


def _after(row: Aftermath) -> Iterator[Moment]:
    verdict = row.get_agent_verdict_display()
    answered = (_("A colleague answered in public."), f"{capfirst(verdict)}." if verdict else "")
    told = {"agent_at": " ".join(filter(None, answered)), "reopened_at": _("The ticket was open again.")}
    for name, words in told.items():
        if at := getattr(row, name):
            yield Moment(at, ("", _("seen on the ticket")), words)
