"""What the policy's choices cost, on the tenant's last tickets: how many waited, were handed over or left alone."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from guardrails.triage.sensitive_topics import CATEGORIES
from klark.models import Decision, DecisionKind, Outcome, Policy
from klark.values.policy.office_hours import is_open
from klark.values.policy.part_words import topic_title
from klark.values.reasons import Reason
from klark.values.wording import language_words

LOOKED_AT = 200
EXCLUDED = (Reason.EXCLUDED_CHANNEL, Reason.EXCLUDED_TAG, Reason.EXCLUDED_SENDER, Reason.FLOOD_TICKET, Reason.FLOOD_REQUESTER,
            Reason.OUTSIDE_ROLLOUT)  # fmt: skip
"""Why the policy left a ticket alone; other skips are no choice of a tenant's."""
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of the policy, and which tickets it cost: `what` became of them, and what kinds there were."""

    field: str
    hit: Callable[[Row], bool]
    what: Any
    kinds: Callable[[Row], str] = lambda row: ""


def because(*reasons: Reason, words: str = "") -> Callable[[Row], bool]:
    """Tells whether one of the reasons decided, with these words first."""
    return lambda row: row["reason"] in reasons and row["words"].startswith(words)


def found(finding: str) -> Callable[[Row], bool]:
    """Tells whether a check remarked this on the draft."""
    return lambda row: any(each["id"] == finding for each in row["findings"] or ())


def words_of(row: Row) -> str:
    """Returns what the decision names: a tag, a channel, a domain."""
    return str(row["words"])


def spoken_in(row: Row) -> str:
    """Returns the name of the ticket's language."""
    return language_words(row["language"], get_language() or "en")


def topics_of(row: Row) -> str:
    """Returns the title of the first sensitive topic."""
    first = words_of(row).partition(", ")[0]
    return topic_title(first) if first in CATEGORIES else first


LEFT_ALONE, READ = gettext_lazy("left alone for it"), gettext_lazy("read by klark")
CHOICES: Sequence[Choice] = (
    Choice("tolerate_note", because(Reason.BLOCKED_BY_GUARD), gettext_lazy("left without a draft because a check blocked it")),
    Choice("tolerate_reply", because(Reason.HELD_BY_GUARD), gettext_lazy("waited because a check held the draft")),
    Choice("languages", because(Reason.UNSUPPORTED_LANGUAGE, Reason.UNKNOWN_LANGUAGE),
           gettext_lazy("went to a person for their language"), spoken_in),
    Choice("reply_with_third_party", because(Reason.THIRD_PARTY_IN_COPY), gettext_lazy("waited for it")),
    Choice("reply_when_led", because(Reason.LED_BY_PERSON), gettext_lazy("became a note for it")),
    Choice("autonomy", because(Reason.NOT_YET_EARNED), gettext_lazy("waited because klark had not earned to answer alone")),
    Choice("audit_percent", lambda row: row["kind"] == DecisionKind.REPLY, gettext_lazy("answered by klark alone")),
    Choice("forbidden_phrases", found("klark.G062"), gettext_lazy("had one in the draft")),
    Choice("trusted_domains", found("klark.G070"), gettext_lazy("had another link in the draft")),
    Choice("rollout_percent", because(Reason.OUTSIDE_ROLLOUT, words="rollout_percent"), gettext_lazy("only watched for it")),
    Choice("waiting_note", lambda row: row["kind"] == DecisionKind.WAIT, gettext_lazy("waited, at one note more each")),
    Choice("waiting_hours", lambda row: row["late"], gettext_lazy("handed over because nobody decided in time")),
    Choice("escalate_group", lambda row: row["kind"] == DecisionKind.ESCALATE, gettext_lazy("handed over")),
    Choice("sensitive", because(Reason.SENSITIVE, Reason.PERHAPS_SENSITIVE), gettext_lazy("handed over for one"), topics_of),
    Choice("excluded_tags", because(Reason.EXCLUDED_TAG), LEFT_ALONE, words_of),
    Choice("excluded_channels", because(Reason.EXCLUDED_CHANNEL), LEFT_ALONE, words_of),
    Choice("excluded_senders", because(Reason.EXCLUDED_SENDER), LEFT_ALONE, words_of),
    Choice("runs_per_ticket", because(Reason.FLOOD_TICKET), LEFT_ALONE),
    Choice("runs_per_requester", because(Reason.FLOOD_REQUESTER), LEFT_ALONE),
    Choice("public_sections", because(Reason.SECTIONS_ONLY, Reason.SECTIONS_BY_POLICY), gettext_lazy("given quoted sections")),
    Choice("rollout_channels", lambda row: bool(row["channel"]), READ, lambda row: row["channel"]),
)  # fmt: skip


def costs_of(policy: Policy, brands: Mapping[str, str]) -> dict[str, str]:
    """Returns by field what it costs on the last tickets, in a sentence; {} without a ticket. `brands`: names by id. Call inside
    `within(tenant_id)`."""
    rows = _last(policy.tenant_id) if policy.pk else []
    choices = (*CHOICES, *_of_brands(brands), *_of_hours(policy))
    return {choice.field: _told(choice, rows) for choice in choices if rows}


def _last(tenant_id: int) -> list[Row]:
    """Returns the newest decision on each of the tenant's last tickets that klark read, or that the policy left alone."""
    late = Outcome.objects.filter(draft=OuterRef("draft"), kind=Outcome.Kind.ESCALATED, by="klark")
    read = Decision.of(tenant_id).filter(~Q(kind=DecisionKind.SKIP) | Q(reason__in=EXCLUDED)).order_by("-decided_at")
    some = Decision.objects.filter(pk__in=read.values("pk")[: 2 * LOOKED_AT])  # chosen before records are opened
    rows = some.order_by("-decided_at").values(
        "kind", "reason", "words", "language", "ticket_id", "connection_id", "decided_at", findings=F("draft__findings"),
        channel=F("draft__record__ticket__channel"), brand=F("draft__record__ticket__brand_id"), late=Exists(late),
    )  # fmt: skip
    newest: dict[Any, Row] = {}
    for row in rows:
        newest.setdefault((row["connection_id"], row["ticket_id"]), row)
    return list(newest.values())[:LOOKED_AT]


def _of_brands(names: Mapping[str, str]) -> list[Choice]:
    return [Choice(field, lambda row: bool(row["brand"]), READ,
                   lambda row: names.get(row["brand"], row["brand"])) for field in ("rollout_brands", "brands")]  # fmt: skip


def _of_hours(policy: Policy) -> list[Choice]:
    """Counts what came while the office was closed; nothing where it is always open."""
    if not policy.office_hours:
        return []
    closed = gettext_lazy("read while the office was closed")
    return [Choice(field, lambda row: not is_open(policy.office_hours, policy.time_zone, row["decided_at"]), closed)
            for field in ("office_hours", "rollout_hours")]  # fmt: skip


def _told(choice: Choice, rows: Sequence[Row]) -> str:
    hits = [row for row in rows if choice.hit(row)]
    kinds = Counter(filter(None, map(choice.kinds, hits)))
    which = f" ({', '.join(f'{kind} {count}' for kind, count in kinds.most_common())})" if kinds else ""
    told = {"of": len(rows), "what": choice.what, "n": len(hits), "which": which}
    return _("Of your last %(of)d tickets, %(what)s: %(n)d%(which)s.") % told
