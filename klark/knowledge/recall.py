"""After an article has changed or was withdrawn: finds what rests on a sentence that is different now.

An answer that was sent is listed for a person (klark.models.recall). A draft that was not sent is taken back, and its ticket is
drafted anew.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from integrations.helpdesks.base import TicketEvent
from klark.knowledge.changed_sentences import as_text, severity, successor
from klark.models import EVERY_TENANT, Article, Delivery, Draft, Outcome, Passage, Recall, WebhookEvent, within
from klark.models.base import in_batches
from klark.models.delivery import NO_COMMENT, OPEN, SAYS_IT_WAITS
from klark.models.event import REGENERATE, keep
from klark.models.ticket.aftermath import words_kept
from klark.models.ticket.retire import retire
from klark.runtime.per_tenant import tried

KEPT_IN_MIND = timedelta(days=180)
"""The age up to which an answer is recalled."""
STANDS = 0.66
"""Share of a sentence's words that stand in what was sent, from which the sentence counts as sent: it may have been edited."""
MOST = 20
"""Articles of one transaction."""
STATE = Delivery.State
LEFT = (STATE.SENT, STATE.SENDING, STATE.PARKED)
Pair = dict[str, Any]


def recall_all() -> None:
    """Looks through what rests on articles that were retired since. Opens its own transactions; safe to run twice at once."""
    with within(EVERY_TENANT):
        tenants = list(_retired().order_by().values_list("tenant", flat=True).distinct())
    for tenant_id in tenants:
        tried("it was not looked what rests on changed articles", recall, tenant_id)


def recall(tenant_id: int) -> None:
    """Looks through one tenant's drafts, for a few retired articles in a transaction."""
    while True:
        with within(tenant_id):
            rows = _retired().filter(tenant=tenant_id).order_by("pk")
            retired = list(rows.select_for_update(skip_locked=True)[:MOST])
            if not retired:
                return
            for draft in in_batches(_resting_on(tenant_id, retired)):
                _look_at(draft)
            Article.of(tenant_id).filter(pk__in=[each.pk for each in retired]).update(recalled=True)


def _retired() -> QuerySet[Article]:
    return Article.objects.filter(current=False, recalled=False)


def _resting_on(tenant_id: int, retired: Iterable[Article]) -> QuerySet[Draft]:
    """Returns the drafts that rest on any version of these articles."""
    names = {(each.source, each.key) for each in retired}
    versions = Article.of(tenant_id).filter(key__in={key for _, key in names}).values_list("pk", "source", "key")
    known = [pk for pk, *name in versions if tuple(name) in names]
    young = Draft.of(tenant_id).filter(created_at__gte=timezone.now() - KEPT_IN_MIND)
    return young.filter(rests_on__overlap=known).select_related("connection").defer("record")


def _look_at(draft: Draft) -> None:
    rows = list(Delivery.of(draft.tenant_id).filter(draft=draft).exclude(kind__in=NO_COMMENT).order_by("pk"))
    sent = next((row for row in rows if row.kind == Delivery.Kind.REPLY and _left(row)), None)
    if sent is not None:
        _list(draft, [pair for pair in changed(draft) if _was_sent(draft, pair, sent)])
        return
    waiting = next(
        (row for row in rows if row.state in OPEN and row.changes != SAYS_IT_WAITS and _is_drafted(row)), None
    )
    if waiting is not None and next(iter(changed(draft)), None):
        _draft_anew(draft, waiting)


def _left(row: Delivery) -> bool:
    return row.state == STATE.SENT or (row.state in LEFT and row.sending_at is not None)


def _is_drafted(row: Delivery) -> bool:
    return row.kind in (Delivery.Kind.REPLY, Delivery.Kind.NOTE)


def _was_sent(draft: Draft, pair: Pair, sent: Delivery) -> bool:
    kept = words_kept(draft.sentences[pair["place"]]["text"], sent.text)
    return kept is not None and kept >= STANDS


def _list(draft: Draft, pairs: list[Pair]) -> None:
    """Lists an answer, or no longer lists it if its sentences stand again. What a person said of it holds until it changes."""
    found = Recall.of(draft.tenant_id).filter(draft=draft).first()
    if not pairs:
        Recall.of(draft.tenant_id).filter(draft=draft, state=Recall.State.OPEN).delete()
    elif found is None or found.pairs != pairs:
        worst = max(pair["severity"] for pair in pairs)
        now = {"pairs": pairs, "severity": worst, "state": Recall.State.OPEN, "by": "", "event": None}
        Recall.objects.update_or_create(tenant_id=draft.tenant_id, draft=draft, defaults=now)


def _draft_anew(draft: Draft, row: Delivery) -> None:
    if retire(row, Outcome.Kind.SOURCE_CHANGED):
        event = TicketEvent(row.ticket_id, key=f"{REGENERATE}:{row.pk}", kind=REGENERATE)
        keep(draft.connection, event, WebhookEvent.Origin.KLARK)
        again = WebhookEvent.of(draft.tenant_id).filter(connection=draft.connection, key=event.key)
        again.update(instruction=draft.instruction)


def changed(draft: Draft) -> Iterator[Pair]:
    """Yields each sentence of an article that the draft rests on and that is different now, with what it is now. Call inside
    `within(tenant_id)`."""
    known = Versions(draft.tenant_id, Article.of(draft.tenant_id).filter(pk__in=draft.rests_on))
    for place, sentence in enumerate(draft.sentences):
        for source in sentence["sources"]:
            version = known.rows.get((source["article"], source.get("version")))
            if version is not None and not version.current and (pair := known.pair(version, source["text"])):
                yield {"place": place, **pair}


@dataclass
class Versions:
    """The versions of articles that a draft rests on, and what these articles say now."""

    tenant_id: int
    of: QuerySet[Article]
    said: dict[int, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows: Mapping[tuple[str, int], Article] = {(row.key, row.version): row for row in self.of}

    def pair(self, version: Article, sentence: str) -> Pair | None:
        """Returns the sentence beside what stands in its place now; None if it still stands in an article."""
        old = as_text(sentence)
        now = Article.of(self.tenant_id).filter(source=version.source, key=version.key, current=True).first()
        lines = self.lines(now) if now else []
        if old in lines or self._stands_elsewhere(sentence):
            return None
        new = successor(old, set(lines) - set(self.lines(version)))
        return {
            "article": (now or version).pk, "title": (now or version).title, "old": old, "new": new,
            "severity": int(severity(old, new, version.language)),
        }  # fmt: skip

    def lines(self, version: Article) -> list[str]:
        """Returns the sentences of a version."""
        if version.pk not in self.said:
            held = (
                Passage.of(self.tenant_id)
                .filter(article=version)
                .order_by("number")
                .values_list("sentences", flat=True)
            )
            self.said[version.pk] = [as_text(line) for lines in held for line in lines]
        return self.said[version.pk]

    def _stands_elsewhere(self, sentence: str) -> bool:
        """Returns whether another article for everybody says it word for word, as one that was only renamed does."""
        public = Passage.of(self.tenant_id).filter(article__current=True, article__audience="")
        return public.filter(sentences__contains=[sentence]).exists()
