"""Runs all checks on a reply before anyone sees it, and returns all findings as one verdict.

Fails closed: a check that raises or is not reached in time is a HOLD; a reply too long to check is a BLOCK. The
running time is limited by the size of what is read; the deadline is only checked between checks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from time import monotonic

from guardrails.base import UNJUDGED, Check, Finding, Level, Options, Reply, State, Verdict
from guardrails.checks import CHECKS
from guardrails.checks.groundedness import state_of
from guardrails.checks.provenance import REFUTED

BROKEN = "klark.G000"
NOT_REACHED = "klark.G001"
NOT_READ = "klark.G002"

READABLE = 20_000
"""Maximum number of characters of a reply that is checked; far above what the checks let pass (guardrails.checks.length)."""
SENTENCES = 400
"""Maximum number of sentences of a reply that is checked."""
DEADLINE_S = 10.0
LINE = 300
"""Maximum number of characters of a finding's `why` and `words`."""

_BLIND = frozenset({BROKEN, NOT_REACHED})


def guard(
    reply: Reply, options: Options, checks: Mapping[str, Check] = CHECKS, deadline_s: float = DEADLINE_S
) -> Verdict:
    """Returns the findings of all checks on a reply, and the support state of each sentence. Never raises."""
    if len(reply.sentences) > SENTENCES or sum(len(sentence.text) for sentence in reply.sentences) > READABLE:
        return _unread(reply)
    stop = monotonic() + deadline_s
    findings: list[Finding] = []
    for name, check in checks.items():
        findings += _run(name, check, reply, options) if monotonic() < stop else [_not_reached(name)]
    return Verdict(tuple(findings), _states(reply, options, findings))


def _run(name: str, check: Check, reply: Reply, options: Options) -> Sequence[Finding]:
    try:
        return tuple(map(_storable, check(reply, options)))
    except Exception as error:  # noqa: BLE001  # whatever goes wrong in a check, the reply is held
        why = f"the check {name!r} failed: {type(error).__name__}"
        return [Finding(BROKEN, Level.HOLD, why, words=name, never_alone=True)]


def _storable(finding: Finding) -> Finding:
    """Cuts `why` and `words` to one readable line, without characters that databases or terminals reject."""
    why, words = (_line(text) for text in (finding.why, finding.words))
    return finding if (why, words) == (finding.why, finding.words) else replace(finding, why=why, words=words)


def _line(text: str) -> str:
    line = " ".join(text[:LINE].split())
    return line if line.isprintable() else "".join(map(_shown, line))


def _shown(sign: str) -> str:
    return sign if sign.isprintable() else sign.encode("unicode_escape").decode()


def _not_reached(name: str) -> Finding:
    return Finding(NOT_REACHED, Level.HOLD, f"no time was left for the check {name!r}", words=name, never_alone=True)


def _unread(reply: Reply) -> Verdict:
    why = f"the reply is longer than the {READABLE} characters and {SENTENCES} sentences that the checks read"
    unjudged: State = "UNJUDGED"
    return Verdict((Finding(NOT_READ, Level.BLOCK, why),), (unjudged,) * len(reply.sentences))


def _states(reply: Reply, options: Options, findings: Sequence[Finding]) -> tuple[State, ...]:
    """If any check failed or was not reached, no judge's opinion counts, so every sentence but a copy is UNJUDGED."""
    blind = any(finding.id in _BLIND for finding in findings)
    judged = UNJUDGED if blind else options.judged
    refuted = {finding.sentence for finding in findings if finding.id == REFUTED}
    return tuple(
        "CONTRADICTED" if place in refuted else state_of(sentence, judged.of(place))
        for place, sentence in enumerate(reply.sentences)
    )
