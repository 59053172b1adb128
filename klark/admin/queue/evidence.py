"""Reads what a draft's page shows from the draft and its record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klark.admin.choice_labels import DELIVERY_COLOURS, STATES, reason_title, trouble_words
from klark.admin.queue.claims import Claim, Recorded, Remark, claims_in, remarks_on, web_address
from klark.admin.queue.confidence_panel import JudgeReading, LeftOut, Read, judge_readings, left_out, read_signs
from klark.admin.queue.marked_text import Part, marked
from klark.admin.queue.thread import Entry, named, thread_of
from klark.delivery.handing_over import COUNTS_FROM
from klark.delivery.reason_words import kept_words
from klark.delivery.whose_text import changed_by, is_as_drafted
from klark.models import Decision, Delivery, Draft, Outcome, Policy, Topic
from klark.models.delivery import NO_COMMENT
from klark.values.reasons import Reason
from klark.values.requester_trust import LEVELS as TRUST_LEVELS
from klark.values.requester_trust import WHYS, level_words, why_words
from klark.values.wording import confidence_words, measured_words, source_words, value_words

ANSWERED: Mapping[str, Any] = {
    Delivery.State.SENT: _("answered"), Delivery.State.DUE: _("reply on its way"), Delivery.State.SENDING: _("reply on its way"),
}  # fmt: skip
"""What a message is, by the state of the reply to it."""
TRUST_COLOURS: Mapping[str, str] = {"verified": "success", "known": "info"}


@dataclass(frozen=True, slots=True)
class Asker:
    """How far the requester is trusted: the level in words, its colour, and the reason for it."""

    level: str
    colour: str
    why: str


@dataclass(frozen=True, slots=True)
class Recalled:
    """An earlier ticket of the same customer, or a similar one, masked. `promised` is what the company committed to."""

    ticket_id: str
    subject: str
    at: datetime | None
    open: bool
    asked: str
    answered: str
    promised: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A delivery and its state in words."""

    row: Delivery
    state: Any
    colour: str
    trouble: str


SAYS_IT = (Reason.QUEUE_BY_POLICY, Reason.NOTE_BY_POLICY)
"""Reasons that say what was decided, too."""


@dataclass(frozen=True, slots=True)
class DraftPage:
    """Everything on the page. `waiting` is the delivery that waits for a person, if any; `sent` the draft's own last one;
    `copied`: who gets a reply beside the requester; `remarks` are the findings on the whole draft and those that hold it back;
    `read` is the text that waits, with its sentences and findings marked; `unanswered` is what was asked and is left open;
    `is_as_before`: a wish changed nothing, since this is the text of the draft before."""

    waiting: Delivery | None
    steps: tuple[Step, ...]
    sent: Step | None
    copied: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    thread: tuple[Entry, ...]
    claims: tuple[Claim, ...]
    remarks: tuple[Remark, ...]
    decision: Decision | None
    reason: str
    why: str
    policy: Policy | None
    topic: str
    topics: tuple[Topic, ...]
    ticket_url: str
    currency: str
    before: tuple[Recalled, ...] = ()
    alike: tuple[Recalled, ...] = ()
    card: tuple[Recorded, ...] = ()
    asker: Asker | None = None
    confidence: str = ""
    measured: str = ""
    signs: tuple[Read, ...] = ()
    judge_readings: tuple[JudgeReading, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    read: tuple[Part, ...] = ()
    unanswered: tuple[str, ...] = ()
    changed_by: str = ""
    is_as_before: bool = False

    @property
    def is_edited(self) -> bool:
        """Whether what waits is not klark's draft: a person changed it (`changed_by`), and took the approval back."""
        return self.waiting is not None and not self.read

    @property
    def kind(self) -> str:
        """What klark decided, unless the reason says it."""
        return self.decision.get_kind_display() if self.decision and self.decision.reason not in SAYS_IT else ""

    @property
    def turn(self) -> Any:
        """What has become of the message that the draft answers, as far as klark knows."""
        if self.waiting:
            return _("to be answered")
        row = self.sent.row if self.sent and self.sent.row.kind == Delivery.Kind.REPLY else None
        state = row.state if row else ""
        return ANSWERED.get(state, _("klark drafted a reply"))

    @property
    def earlier(self) -> int:
        """How many comments stand before the one that the draft answers."""
        return next((place for place, each in enumerate(self.thread) if each.turn), 0)


def shown(draft: Draft) -> DraftPage:
    """Returns everything that a draft's page shows. Call inside `within(tenant_id)`."""
    language, steps = get_language() or "en", _steps(draft)
    decision = draft.decisions.select_related("policy").first()
    policy = decision.policy if decision else None
    topics = tuple(Topic.of(draft.tenant_id))
    waiting = next((step.row for step in steps if step.row.state == Delivery.State.WAITING), None)
    read = _read(draft, waiting.text) if waiting else ()
    sent = next((step for step in reversed(steps) if not step.row.adds), None)
    claims = claims_in(draft, sent.row if sent else None)
    return DraftPage(
        waiting=waiting,
        steps=steps,
        sent=sent,
        copied=tuple(named(each) for each in draft.record.get("ticket", {}).get("cc", ())),
        outcomes=tuple(draft.outcomes.order_by("pk")),
        thread=thread_of(draft.record.get("ticket", {})),
        claims=claims,
        remarks=remarks_on(draft.findings, claims),
        decision=decision,
        reason=_reason(decision, waiting is not None) if decision else "",
        why=why_beside(decision, draft.findings) if decision else "",
        policy=policy,
        topic=next((str(each) for each in topics if each.key == draft.topic), draft.topic),
        topics=topics,
        ticket_url=web_address(draft.record.get("ticket", {}).get("url", "")),
        currency=policy.currency if policy else "",
        before=_recalled(draft, "before", "asked_at"),
        alike=_recalled(draft, "alike", "answered_at"),
        card=tuple(_fact(each) for each in draft.record.get("card", ())),
        asker=_asker(draft.record.get("triage", {}).get("trust", {})),
        confidence=confidence_words(draft.confidence, language),
        measured=measured_words(draft.confidence, language),
        signs=read_signs(draft),
        judge_readings=judge_readings(draft),
        left_out=left_out(draft),
        unanswered=tuple(draft.record.get("unanswered", ())),
        read=read,
        changed_by=changed_by(waiting) if waiting and not read else "",
        is_as_before=_is_as_before(draft),
    )


def _steps(draft: Draft) -> tuple[Step, ...]:
    rows = draft.deliveries.exclude(kind__in=NO_COMMENT).annotate(counts_from=COUNTS_FROM)
    return tuple(map(_step, rows.order_by("pk")))


def _is_as_before(draft: Draft) -> bool:
    """Returns whether a draft that was made for a wish has the text of the one before it, on the same turn."""
    turn = {"connection": draft.connection_id, "ticket_id": draft.ticket_id, "turn": draft.turn}
    before = (
        Draft.of(draft.tenant_id).filter(**turn, pk__lt=draft.pk).order_by("-pk").values_list("reply_text", flat=True)
    )
    return bool(draft.instruction) and draft.reply_text in before[:1]


def _reason(decision: Decision, waits: bool) -> str:
    over = not waits and decision.reason == Reason.QUEUE_BY_POLICY
    return gettext("waited for approval, as the policy says") if over else reason_title(decision.reason)


def why_beside(decision: Decision, findings: Sequence[Recorded]) -> str:
    """Returns the words stored with the reason; "" where they are the findings, which stand beside them."""
    listed = bool(findings) and decision.reason in (Reason.HELD_BY_GUARD, Reason.BLOCKED_BY_GUARD)
    return "" if listed else kept_words(decision.reason, decision.words, get_language() or "en")


def _read(draft: Draft, text: str) -> tuple[Part, ...]:
    """Returns what waits, to be read; nothing if a person has edited it: the findings are not on their words."""
    return marked(text, draft.sentences, draft.findings) if is_as_drafted(draft, text) else ()


def _asker(found: Recorded) -> Asker | None:
    """Returns how far the requester was trusted then, or None for drafts made before this was recorded."""
    level = next((each for each in TRUST_LEVELS if each == found.get("level")), None)
    why = next((each for each in WHYS if each == found.get("why")), None)
    if level is None or why is None:
        return None
    language = get_language() or "en"
    return Asker(level_words(level, language), TRUST_COLOURS.get(level, "warning"), why_words(why, language))


def _recalled(draft: Draft, kind: str, dated: str) -> tuple[Recalled, ...]:
    rows = draft.record.get("memory", {}).get(kind, [])
    return tuple(
        Recalled(row["ticket_id"], row.get("subject", ""), parse_datetime(row[dated] or ""), row.get("open", False),
                 row["asked"], row["answered"], tuple(row.get("promised", ())))
        for row in rows
    )  # fmt: skip


def _fact(kept: Recorded) -> Recorded:
    """Returns a fact of the customer's card in the user's language."""
    language = get_language() or "en"
    told = {"value": value_words(kept["value"], kept["kind"], language),
            "source": source_words(kept["source"], kept.get("origin", "crm"), language)}  # fmt: skip
    return {**kept, **told}


def _step(row: Delivery) -> Step:
    return Step(row, STATES[row.state][0], DELIVERY_COLOURS.get(row.state, ""), trouble_words(row.trouble))
