"""Decides what happens with a draft: a pure function of what is known, what was found and what the tenant allows.

The tables are read from the top. `BEFORE_DRAFTING` and `STOPS` hand a ticket to a person; `CEILINGS` limit how far a draft
may go by itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from guardrails.base import Level
from klark.values.decision import Case, Decided, Kind
from klark.values.reasons import Reason
from klark.values.wording import percent_of, percent_words

REPLIED_ON = frozenset({"email", "web", "api"})
"""Channels for public replies: on the others people talk live, or in public, or the channel is not known."""
SPOKEN = frozenset({"chat", "social", "phone", "side_conversation"})
MOST_CHARACTERS = 20_000  # of what nobody has answered yet; a ticket read only in part is never answered
LONGEST_NOTICED = 300  # characters of findings that are kept beside a reason


def _speaks(case: Case) -> bool:
    return case.triage.language in case.rules.languages


def _nothing_written(case: Case) -> bool:
    return not case.triage.text.strip() and not case.triage.unanswered


def _unsure(case: Case) -> bool:
    """Fails closed: an unknown confidence is below every minimum. For quoted sections there is none: see `_private`."""
    minimum = 0 if case.coverage == "sections" else case.rules.minimum_confidence
    return minimum > 0 if case.confidence is None else percent_of(case.confidence) < minimum


def _private(case: Case) -> bool:
    """Returns whether quoted sections are for agents alone: a policy sends them only where the tenant has no model. One
    that is away or too dear has not said that the sections answer."""
    return case.coverage == "sections" and (case.has_model or not case.rules.public_sections)


BEFORE_DRAFTING: tuple[tuple[Callable[[Case], bool], Reason], ...] = (
    (lambda case: bool(case.triage.sensitive) and not case.triage.doubtful, Reason.SENSITIVE),
    (lambda case: bool(case.triage.trouble), Reason.TRIAGE_UNAVAILABLE),
    (lambda case: case.triage.injection, Reason.INJECTION),
    (lambda case: case.triage.asks_for_human, Reason.ASKS_FOR_HUMAN),
    (lambda case: bool(case.triage.not_for_us), Reason.NOT_FOR_US),
    (lambda case: _nothing_written(case) and case.unread_attachments, Reason.UNREAD_ATTACHMENT),
    (_nothing_written, Reason.EMPTY),
    (lambda case: case.triage.language is None, Reason.UNKNOWN_LANGUAGE),
    (lambda case: not _speaks(case), Reason.UNSUPPORTED_LANGUAGE),
    (lambda case: case.triage.topic in case.stopped_topics, Reason.TOPIC_STOPPED),
    (lambda case: case.mode == "off", Reason.POLICY_OFF),
    (lambda case: max(len(case.triage.text), case.triage.unanswered) > MOST_CHARACTERS, Reason.TOO_LONG),
)

_NOTHING_ASKED = frozenset({Reason.INJECTION, Reason.NOT_FOR_US, Reason.UNKNOWN_LANGUAGE})

STOPS: tuple[tuple[Callable[[Case], bool], Reason], ...] = (
    (lambda case: case.coverage == "failed", Reason.MODEL_FAILED),
    (lambda case: case.coverage == "none" and case.budget_spent, Reason.BUDGET_SPENT),
    (lambda case: case.coverage == "none", Reason.NOT_ANSWERABLE),
    (lambda case: case.verdict.level >= Level.BLOCK, Reason.BLOCKED_BY_GUARD),
    (lambda case: case.verdict.level > case.rules.tolerate_note, Reason.BLOCKED_BY_GUARD),
)

CEILINGS: tuple[tuple[Callable[[Case], bool], Kind, Reason], ...] = (
    (lambda case: bool(case.triage.sensitive), "NOTE", Reason.PERHAPS_SENSITIVE),
    (lambda case: case.coverage == "part", "NOTE", Reason.PARTLY_ANSWERABLE),
    (_private, "NOTE", Reason.SECTIONS_ONLY),
    (lambda case: case.excluded_in_copy, "NOTE", Reason.EXCLUDED_IN_COPY),
    (lambda case: case.led_by_person and not case.rules.reply_when_led, "NOTE", Reason.LED_BY_PERSON),
    (lambda case: case.channel in SPOKEN, "NOTE", Reason.CHANNEL),
    (lambda case: case.verdict.level > case.rules.tolerate_queue, "NOTE", Reason.HELD_BY_GUARD),
    (lambda case: case.mode == "note", "NOTE", Reason.NOTE_BY_POLICY),
    (lambda case: case.rung == "note", "NOTE", Reason.NOT_YET_EARNED),
    (lambda case: case.verdict.level > case.rules.tolerate_reply, "WAIT", Reason.HELD_BY_GUARD),
    (lambda case: case.verdict.never_alone, "WAIT", Reason.HELD_BY_GUARD),
    (lambda case: case.unread_attachments, "WAIT", Reason.UNREAD_ATTACHMENT),
    (lambda case: case.third_party and not case.rules.reply_with_third_party, "WAIT", Reason.THIRD_PARTY_IN_COPY),
    (lambda case: case.channel not in REPLIED_ON, "WAIT", Reason.CHANNEL),
    (lambda case: case.mode == "queue", "WAIT", Reason.QUEUE_BY_POLICY),
    (lambda case: not case.by_meaning, "WAIT", Reason.SEARCHED_BY_WORDS),
    (lambda case: case.repaired, "WAIT", Reason.REPAIRED),
    (_unsure, "WAIT", Reason.LOW_CONFIDENCE),
    (lambda case: case.rung == "queue", "WAIT", Reason.NOT_YET_EARNED),
)
ALLOWED = frozenset({Reason.NOTE_BY_POLICY, Reason.QUEUE_BY_POLICY, Reason.NOT_YET_EARNED})
"""Ceilings that say how far klark may go with a good draft, and nothing of the draft."""


def stop_before_drafting(case: Case) -> Decided | None:
    """Returns the decision that stops the ticket before anything is drafted, or `None`. No model has seen it by then but
    the triage model and, where a sensitive topic was in doubt, the second reader. A doubt that remains stops nothing by
    itself: the ticket goes to a person with a draft."""
    return _first_stop(case, BEFORE_DRAFTING)


def articles_help(case: Case, stopped: Decided) -> bool:
    """Returns whether whoever gets a ticket that was stopped before drafting is helped by the articles closest to it."""
    return stopped.kind == "ESCALATE" and bool(case.triage.text.strip()) and stopped.reason not in _NOTHING_ASKED


def only_sensitivity_stops(case: Case) -> bool:
    """Returns whether nothing but a sensitive topic stops the ticket: only then is a second reader worth its cost."""
    return stop_before_drafting(replace(case, triage=replace(case.triage, sensitive=()))) is None


def decide(case: Case) -> Decided:
    """Returns what happens with this draft. Every public reply has passed all tables."""
    stop = stop_before_drafting(case) or _first_stop(case, STOPS)
    if stop is not None:
        return stop
    for applies, kind, reason in CEILINGS:
        if applies(case):
            return Decided(kind, reason, _why(case, reason), _good(case))
    return Decided("REPLY", Reason.SECTIONS_BY_POLICY if case.coverage == "sections" else Reason.READY, counts=True)


def _good(case: Case) -> bool:
    """Returns whether the draft would be sent if klark might go as far as that."""
    return not any(applies(case) for applies, _, reason in CEILINGS if reason not in ALLOWED)


def _first_stop(case: Case, table: tuple[tuple[Callable[[Case], bool], Reason], ...]) -> Decided | None:
    """Returns the first stop that applies; whatever it is, a ticket that may be sensitive is handed over as such."""
    for applies, why in table:
        if applies(case):
            reason = Reason.SENSITIVE if case.triage.sensitive else why
            alone = reason is Reason.NOT_FOR_US and case.triage.leave_alone
            return Decided("SKIP" if alone else "ESCALATE", reason, _why(case, reason))
    return None


def _why(case: Case, reason: Reason) -> str:
    """Returns the words of the ticket or of the checks that decided."""
    say = _WORDS.get(reason)
    return say(case) if say else ""


def _noticed(case: Case) -> str:
    """Returns what the checks noticed, a line each: its id and its words. The words of a blocked draft are left out: they may
    be an attack's, and would appear in a note."""
    worst = [each for each in case.verdict.findings if each.level == case.verdict.level]
    lines = [[each.id, *(() if each.level >= Level.BLOCK else each.words.split())] for each in worst]
    whole = "\n".join(dict.fromkeys(map(" ".join, lines)))
    short = whole[:LONGEST_NOTICED]
    return short if short == whole else short.rpartition("\n")[0] or short


def _topics(case: Case) -> str:
    return ", ".join(case.triage.sensitive)


_WORDS: Mapping[Reason, Callable[[Case], str]] = {
    Reason.BLOCKED_BY_GUARD: _noticed,
    Reason.HELD_BY_GUARD: _noticed,
    Reason.TRIAGE_UNAVAILABLE: lambda case: case.triage.trouble,
    Reason.SENSITIVE: _topics,
    Reason.PERHAPS_SENSITIVE: _topics,
    Reason.NOT_FOR_US: lambda case: case.triage.not_for_us,
    Reason.UNSUPPORTED_LANGUAGE: lambda case: case.triage.language or "",
    Reason.LOW_CONFIDENCE: lambda case: f"{percent_words(case.confidence)} < {case.rules.minimum_confidence} %",
}
