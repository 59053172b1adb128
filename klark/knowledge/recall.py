"""After an article has changed or was withdrawn: finds what rests on a sentence that is different now.

An answer that was sent is listed for a person (klark.models.knowledge.recall). A draft that was not sent is taken back, and
its ticket is drafted anew.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from integrations.helpdesks.base import TicketEvent
from klark.knowledge.changed_sentences import as_text, claims_stand, severity, successor
from klark.models import EVERY_TENANT, Article, Delivery, Draft, Outcome, Passage, Recall, WebhookEvent, within
from klark.models.delivery import NO_COMMENT, OPEN, SAYS_IT_WAITS
from klark.models.event import ANEW, REGENERATE, keep
from klark.models.ticket.retire import retire
from klark.runtime.per_tenant import tried
from klark.values.words_kept import words_kept

KEPT_IN_MIND = timedelta(days=180)
"""The age up to which an answer is recalled."""
STANDS = 0.66
"""Share of a sentence's words that stand in what was sent, from which the sentence counts as sent: it may have been edited."""
MOST = 20
"""Articles that are looked at together."""
AT_ONCE = 100
"""Drafts of one transaction."""
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
    """Looks through one tenant's drafts, for a few retired articles at a time and with a batch of drafts in a transaction."""
    last = 0
    while retired := _some(tenant_id, last):
        draft: int | None = 0
        held: set[int] = set()
        while draft is not None:
            draft = _look(tenant_id, retired, draft, held)
        last = retired[-1]


def _retired() -> QuerySet[Article]:
    return Article.objects.filter(current=False, recalled=False)


def _some(tenant_id: int, after: int) -> list[int]:
    with within(tenant_id):
        rows = _retired().filter(tenant=tenant_id, pk__gt=after).order_by("pk")
        return list(rows.values_list("pk", flat=True)[:MOST])


def _look(tenant_id: int, retired: Iterable[int], after: int, held: set[int]) -> int | None:
    """Looks at the drafts that come after one, and adds to `held` the articles of those that a worker holds just now. Returns the
    last draft; None at the end, when the articles are noted as looked at, except those held."""
    with within(tenant_id):
        some = _retired().filter(tenant=tenant_id, pk__in=retired).order_by("pk").defer("body_html")
        rows = list(some.select_for_update(skip_locked=True))
        drafts = list(_resting_on(tenant_id, rows).filter(pk__gt=after).order_by("pk")[:AT_ONCE])
        held |= _look_at(tenant_id, drafts)
        if len(drafts) == AT_ONCE:
            return drafts[-1].pk
        Article.of(tenant_id).filter(pk__in=[each.pk for each in rows]).update(recalled=True)
        Article.look_again(tenant_id, held)
    return None


def _resting_on(tenant_id: int, retired: Iterable[Article]) -> QuerySet[Draft]:
    """Returns the drafts that rest on any version of these articles."""
    names = {(each.source, each.key) for each in retired}
    versions = Article.of(tenant_id).filter(key__in={key for _, key in names}).values_list("pk", "source", "key")
    known = [pk for pk, *name in versions if tuple(name) in names]
    young = Draft.of(tenant_id).filter(created_at__gte=timezone.now() - KEPT_IN_MIND)
    return young.filter(rests_on__overlap=known).select_related("connection").defer("record")


def _look_at(tenant_id: int, drafts: Sequence[Draft]) -> set[int]:
    """Lists what was sent and takes back what was not; returns the articles of drafts that could not be taken back now."""
    known, deliveries = Versions(tenant_id, drafts), _deliveries(tenant_id, drafts)
    answers: dict[int, list[Pair]] = {}
    held: set[int] = set()
    for draft in drafts:
        rows, pairs = deliveries[draft.pk], known.changed(draft)
        sent = next((row for row in rows if row.kind == Delivery.Kind.REPLY and _left(row)), None)
        waiting = next((row for row in rows if row.state in OPEN and row.changes != SAYS_IT_WAITS), None)
        if sent is not None:
            answers[draft.pk] = [pair for pair in pairs if _was_sent(draft, pair, sent)]
        elif pairs and waiting is not None and not _draft_anew(draft, waiting):
            held.update(draft.rests_on)
    _list(tenant_id, answers)
    return held


def _deliveries(tenant_id: int, drafts: Sequence[Draft]) -> Mapping[int, list[Delivery]]:
    rows = Delivery.of(tenant_id).filter(draft__in=drafts).exclude(kind__in=(*NO_COMMENT, Delivery.Kind.HANDOVER))
    found = defaultdict(list)
    for row in rows.order_by("pk").defer("html"):
        found[row.draft_id].append(row)
    return found


def _left(row: Delivery) -> bool:
    return row.state == STATE.SENT or (row.state in LEFT and row.sending_at is not None)


def _was_sent(draft: Draft, pair: Pair, sent: Delivery) -> bool:
    said = draft.sentences[pair["place"]]["text"]
    kept = words_kept(said, sent.text)
    return kept is not None and kept >= STANDS and claims_stand(said, sent.text, draft.language)


def _list(tenant_id: int, answers: Mapping[int, list[Pair]]) -> None:
    """Lists answers, and no longer those whose sentences stand again. What a person said of one holds until it changes."""
    listed = Recall.of(tenant_id).filter(draft__in=answers)
    found = dict(listed.values_list("draft", "pairs"))
    listed.filter(draft__in=[pk for pk, pairs in answers.items() if not pairs], state=Recall.State.OPEN).delete()
    Recall.objects.bulk_create(
        (
            Recall(
                tenant_id=tenant_id, draft_id=pk, pairs=pairs, severity=max(pair["severity"] for pair in pairs)
            )
            for pk, pairs in answers.items()
            if pairs and found.get(pk) != pairs
        ),
        update_conflicts=True, unique_fields=["draft"], update_fields=["pairs", "severity", "state", "by", "event"],
    )  # fmt: skip


def _draft_anew(draft: Draft, row: Delivery) -> bool:
    """Takes a draft back and has its turn drafted anew, but for a correction, which a person asks for. Returns False if a worker
    holds it or it has moved on."""
    if not retire(row, Outcome.Kind.SOURCE_CHANGED):
        return False
    if not row.corrects:
        event = TicketEvent(row.ticket_id, key=f"{ANEW}:{row.pk}", kind=REGENERATE)
        keep(draft.connection, event, WebhookEvent.Origin.KLARK)
        again = WebhookEvent.of(draft.tenant_id).filter(connection=draft.connection, key=event.key)
        again.update(instruction=draft.instruction)
    return True


@dataclass
class Versions:
    """The versions of articles that some drafts rest on, and what these articles say now. Made inside `within(tenant_id)`, with
    as many queries for many drafts as for one."""

    tenant_id: int
    drafts: Sequence[Draft]
    lines: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    pairs: dict[tuple[int, str], Pair | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        every = Article.of(self.tenant_id).defer("body_html")
        self.rows = every.in_bulk({pk for draft in self.drafts for pk in draft.rests_on})
        named = every.filter(current=True, key__in={row.key for row in self.rows.values()})
        self.now = {(row.source, row.key): row for row in named}
        texts = Passage.of(self.tenant_id).filter(article__in={*self.rows, *(row.pk for row in self.now.values())})
        for article, held in texts.order_by("article", "number").values_list("article", "sentences"):
            self.lines[article] += map(as_text, held)
        cited = {
            (version.pk, sentence): version for draft in self.drafts for _, version, sentence in self._cited(draft)
        }
        moved = [sentence for (_, sentence), version in cited.items() if not self._stands(version, sentence)]
        self.elsewhere = self._said_elsewhere(moved)

    def changed(self, draft: Draft) -> list[Pair]:
        """Returns each sentence of an article that the draft rests on and that is different now, with what it is now."""
        found = ((place, self._pair(version, sentence)) for place, version, sentence in self._cited(draft))
        return [{"place": place, **pair} for place, pair in found if pair]

    def _cited(self, draft: Draft) -> Iterator[tuple[int, Article, str]]:
        """Yields what the draft cites from versions that are not current: which of its sentences does, the version, its words."""
        rows = [self.rows[pk] for pk in draft.rests_on if pk in self.rows]
        versions = {(row.key, row.version): row for row in rows if not row.current}
        for place, sentence in enumerate(draft.sentences):
            for source in sentence["sources"]:
                if (version := versions.get((source["article"], source.get("version")))) is not None:
                    yield place, version, source["text"]

    def _pair(self, version: Article, sentence: str) -> Pair | None:
        """Returns the sentence beside what stands in its place now; None if it still stands in an article."""
        key = version.pk, sentence
        if key not in self.pairs:
            gone = not self._stands(version, sentence) and sentence not in self.elsewhere
            self.pairs[key] = self._beside(version, as_text(sentence)) if gone else None
        return self.pairs[key]

    def _beside(self, version: Article, old: str) -> Pair:
        now = self.now.get((version.source, version.key))
        new = successor(old, set(self.lines[now.pk] if now else ()) - set(self.lines[version.pk]))
        return {
            "article": (now or version).pk, "title": (now or version).title, "old": old, "new": new,
            "severity": int(severity(old, new, version.language)),
        }  # fmt: skip

    def _stands(self, version: Article, sentence: str) -> bool:
        now = self.now.get((version.source, version.key))
        return now is not None and as_text(sentence) in self.lines[now.pk]

    def _said_elsewhere(self, sentences: Collection[str]) -> set[str]:
        """Returns which sentences an article for everybody says word for word, as one that was only renamed does."""
        if not sentences:
            return set()
        public = Passage.of(self.tenant_id).filter(article__current=True, article__audience="")
        held = public.filter(sentences__has_any_keys=list(sentences)).values_list("sentences", flat=True)
        return {line for lines in held for line in lines}
