"""Three months of labelled drafts that never were, so that the pages on evidence can be looked at: a tenant of its own, whose
name says that its history is invented. What its topics may do follows from the labels by klark's own tests (klark.autonomy).

Only the demo makes it, in the demo's own database; it counts for no other tenant.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from klark.autonomy.standing import open_next, restate
from klark.demo.seed import LEAD
from klark.drafting.tenant_settings import DRAFT
from klark.knowledge.ingest import NewArticle, ingest
from klark.models import (
    EVERY_TENANT,
    Actor,
    Aftermath,
    AgainstDraft,
    Article,
    Charge,
    Connection,
    Decision,
    DecisionKind,
    Delivery,
    Draft,
    Judgement,
    Membership,
    Outcome,
    Policy,
    Standing,
    Tenant,
    Topic,
    WebhookEvent,
    within,
)
from klark.values.reasons import Reason
from klark.values.words_kept import words_kept

SLUG, NAME = "invented-history", "Invented history"
SAYS, SENT = "A bag can be returned within 14 days.", "A bag can be returned within 30 days."
"""What the article says, and what people send in its place."""
WROTE = ("Your parcel is on its way.", "This reply was invented for the demo.")
ENDS = ("A courier calls before.", "It comes by bicycle.", "The neighbours may take it.", "Nobody has to sign for it.")
"""What the other drafts say, and what people send in place of the second sentence, in turn."""
COST = Decimal("0.004")
"""Of a draft, in the policy's currency."""
WEEKS, OPENED_WEEKS, SURGE_DAYS, DECIDED_DAYS = 13, 4, 3, 15
PER_DAY = (7, 7, 6, 6, 7, 3, 2)
CLIMBING, FALLING = "delivery", "returns"
HANDED_OVER = "warranty"
TOPICS = {CLIMBING: "Delivery (invented)", FALLING: "Returns (invented)"}
"""The topics whose drafts are judged."""
LEFT_TO_PEOPLE = "Warranty (invented)"
"""The topic that klark hands over, since no article speaks of it."""
ENGLISH, FRENCH = "en", "fr"
QUESTIONS = {
    (CLIMBING, ENGLISH): "When will my parcel arrive?", (FALLING, ENGLISH): "How long do I have to send a bag back?",
    (HANDED_OVER, ENGLISH): "Is a torn strap covered?", (HANDED_OVER, FRENCH): "Une sangle déchirée est-elle prise en charge ?",
}  # fmt: skip
UNHAPPY = "I have asked this twice and nobody answers. "
BY, VIA, VERDICT = Actor(None, "invented lead"), Judgement.Via, Judgement.Verdict
ANSWERS = (AgainstDraft.SAME, AgainstDraft.PARTLY, AgainstDraft.SAME, AgainstDraft.CONTRADICTS, AgainstDraft.SAME)
"""How what colleagues wrote compares with the drafts, in turn."""
REVIEWED, SEEN = timedelta(minutes=8), timedelta(minutes=9)
"""From a draft until a person was done with it, and until its reply stood on the ticket."""


@dataclass(frozen=True, slots=True)
class Invented:
    """A draft that never was: how it was judged, whether it was, and whether a person had read it before it was sent.
    `overtaken`: a colleague answered before anybody read it; `handed_over`: nothing was drafted, and a person had to answer, or
    (`needless`) the customer closed the ticket."""

    at: datetime
    topic: str
    number: int
    wrong: bool
    read: bool = True
    judged: bool = True
    overtaken: bool = False
    unhappy: bool = False
    handed_over: bool = False
    needless: bool = False
    language: str = ENGLISH


def invent() -> int:
    """Makes the tenant and its history, unless an earlier demo did; returns its id."""
    with within(EVERY_TENANT):
        tenant, new = Tenant.objects.get_or_create(slug=SLUG, defaults={"name": NAME})
        if new:
            _furnish(tenant)
    return tenant.pk


def _furnish(tenant: Tenant) -> None:
    own: dict[str, Any] = {"tenant": tenant}
    now = timezone.now()
    lead = get_user_model().objects.get(username=LEAD)
    Membership.objects.create(**own, user=lead, role=Membership.Role.LEAD)
    Policy.objects.create(**own, version=1, mode="reply", autonomy="proposed", minutes_saved=4)
    desk, other = (
        Connection.objects.create(**own, helpdesk=helpdesk, account=SLUG, own_user_id="1", active=False)
        for helpdesk in ("zendesk", "freshdesk")
    )
    ingest(tenant.pk, "manual", NewArticle(FALLING, TOPICS[FALLING], f"<p>{SAYS}</p>", ENGLISH))
    opened = now - timedelta(weeks=OPENED_WEEKS)
    for key, name in TOPICS.items():
        Topic.objects.create(**own, key=key, name=name)
        begun = now - timedelta(weeks=WEEKS)
        Standing.objects.create(
            **own, topic=key, language=ENGLISH, rung="queue", why="new", since=begun, stepped_at=begun
        )
    _keep(desk, _queued(CLIMBING, now, now))
    _keep(desk, _queued(FALLING, now, opened))
    restate(tenant.pk, CLIMBING, ENGLISH)
    restate(tenant.pk, FALLING, ENGLISH)
    _open(tenant, opened)
    Topic.objects.create(**own, key=HANDED_OVER, name=LEFT_TO_PEOPLE)
    _keep(other, _left_to_people(now))
    _keep(desk, _audited(now, opened))
    restate(tenant.pk, FALLING, ENGLISH)


def _open(tenant: Tenant, opened: datetime) -> None:
    """Opens the topic that is to fall, some weeks ago, if its labels allow."""
    row = Standing.of(tenant.pk).get(topic=FALLING)
    if not open_next(row, BY):
        raise RuntimeError("The invented labels do not lead where they should: see klark.demo.invented_history.")
    Standing.of(tenant.pk).filter(pk=row.pk).update(stepped_at=opened)


def _queued(topic: str, now: datetime, until: datetime) -> Iterator[Invented]:
    """Yields drafts for people to read: one in sixty is edited, one in 25 overtaken, and of the climbing topic there are three
    times as many of late."""
    for number, at in enumerate(_times(topic, now, now - timedelta(weeks=WEEKS), until), 1):
        yield Invented(at, topic, number, number % 60 == 30, overtaken=number % 25 == 12, unhappy=number % 12 == 0)


def _audited(now: datetime, opened: datetime) -> Iterator[Invented]:
    """Yields drafts that were sent unread. Of the last twelve three were found wrong, and two wait to be judged; half of the last
    week's customers are unhappy."""
    times = list(_times(FALLING, now, opened, now))
    for number, at in enumerate(times, 1):
        left = len(times) - number
        unhappy = number % (2 if at > now - timedelta(days=7) else 12) == 0
        yield Invented(at, FALLING, 10_000 + number, wrong=left in (1, 5, 9), read=False, judged=left not in (0, 2),
                       unhappy=unhappy)  # fmt: skip


def _left_to_people(now: datetime) -> Iterator[Invented]:
    """Yields tickets that were handed over, one a day, half of them in French; one in six needed no answer in the end."""
    for day in range(7 * WEEKS, 0, -1):
        at = (now - timedelta(days=day)).replace(hour=9, minute=30, second=0)
        yield Invented(at, HANDED_OVER, 20_000 + day, wrong=False, read=False, judged=False, handed_over=True,
                       needless=day % 6 == 0, language=FRENCH if day % 2 else ENGLISH)  # fmt: skip


def _times(topic: str, now: datetime, since: datetime, until: datetime) -> Iterator[datetime]:
    chance = Random(topic)  # noqa: S311  # an invention, the same each time
    for back in range(7 * WEEKS, -1, -1):
        day = (now - timedelta(days=back)).replace(hour=7, minute=0, second=0)
        surge = 3 if topic == CLIMBING and 1 <= back <= SURGE_DAYS else 1
        times = sorted(day + timedelta(minutes=chance.randrange(600)) for _ in range(surge * PER_DAY[day.weekday()]))
        yield from (at for at in times if since <= at < until)


def _keep(desk: Connection, invented: Iterator[Invented]) -> None:
    """Stores drafts with their replies, what was decided, what people did and said, and what came of the tickets."""
    every = list(invented)
    resting, policy = Article.of(desk.tenant_id).get(), Policy.of(desk.tenant_id).get()
    drafts = Draft.objects.bulk_create(_draft(desk, one, resting) for one in every)
    pairs = list(zip(every, drafts, strict=True))
    _decide(pairs, policy)
    Charge.objects.bulk_create(
        Charge(tenant_id=draft.tenant_id, server=NAME, purpose=DRAFT, state=Charge.State.SETTLED, reserved=COST, cost=COST,
               at=one.at)
        for one, draft in pairs
    )  # fmt: skip
    Delivery.objects.bulk_create(_delivery(one, draft) for one, draft in pairs)
    Outcome.objects.bulk_create(_outcome(one, draft) for one, draft in pairs if one.read)
    Judgement.objects.bulk_create(
        Judgement(tenant_id=draft.tenant_id, draft=draft, topic=one.topic, language=ENGLISH,
                  via=VIA.QUEUE if one.read else VIA.AUDIT,
                  verdict="" if not one.judged else VERDICT.WRONG if one.wrong else VERDICT.RIGHT,
                  judged_at=one.at + timedelta(minutes=10) if one.judged else None)
        for one, draft in pairs if not one.overtaken and not one.handed_over
    )  # fmt: skip
    followed = timezone.now() - timedelta(days=8)
    Aftermath.objects.bulk_create(_aftermath(one, draft) for one, draft in pairs if one.at < followed)


def _delivery(one: Invented, draft: Draft) -> Delivery:
    retired = one.overtaken
    return Delivery(
        **_of(draft), draft=draft, kind=Delivery.Kind.HANDOVER if one.handed_over else Delivery.Kind.REPLY,
        text=_sent(one, draft), ended_at=one.at + SEEN, state=Delivery.State.RETIRED if retired else Delivery.State.SENT,
        sending_at=None if retired else one.at + SEEN,
    )  # fmt: skip


def _sent(one: Invented, draft: Draft) -> str:
    """Returns what a person sent: where the article is wrong, an edit says otherwise; elsewhere its last sentence is another."""
    if not (one.read and one.wrong):
        return draft.reply_text
    return SENT if draft.reply_text == SAYS else f"{WROTE[0]} {ENDS[one.number // 60 % len(ENDS)]}"


def _decide(pairs: Sequence[tuple[Invented, Draft]], policy: Policy) -> None:
    """Stores the events and decisions of the last two weeks, which the overview counts: all of them would take a second."""
    recent = [(one, draft) for one, draft in pairs if one.at > timezone.now() - timedelta(days=DECIDED_DAYS)]
    events = WebhookEvent.objects.bulk_create(
        WebhookEvent(**_of(draft), state=WebhookEvent.State.DONE, key=f"invented-{draft.pk}", received_at=one.at,
                     due_at=one.at, ended_at=one.at)
        for one, draft in recent
    )  # fmt: skip
    Decision.objects.bulk_create(
        Decision(**_of(draft), event=event, draft=draft, policy=policy, language=one.language, topic=one.topic, decided_at=one.at,
                 **_decided(one))
        for (one, draft), event in zip(recent, events, strict=True)
    )  # fmt: skip


def _decided(one: Invented) -> dict[str, Any]:
    if one.handed_over:
        return {"kind": DecisionKind.ESCALATE, "reason": Reason.NOT_ANSWERABLE}
    if one.read:
        return {"kind": DecisionKind.WAIT, "reason": Reason.NOT_YET_EARNED}
    return {"kind": DecisionKind.REPLY, "reason": Reason.READY}


def _of(draft: Draft) -> dict[str, Any]:
    return {"tenant_id": draft.tenant_id, "connection_id": draft.connection_id, "ticket_id": draft.ticket_id}


def _outcome(one: Invented, draft: Draft) -> Outcome:
    """Returns what a person did with a draft."""
    count = len(draft.sentences)
    about: dict[str, Any] = {"tenant_id": draft.tenant_id, "draft": draft, "at": one.at + REVIEWED}
    if one.overtaken:
        return Outcome(**about, kind=Outcome.Kind.OVERTAKEN)
    if not one.wrong:
        return Outcome(**about, kind=Outcome.Kind.APPROVED, by=BY.name, sentences=count, sentences_kept=count)
    text = _sent(one, draft)
    changed = draft.reply_text == SAYS
    return Outcome(**about, kind=Outcome.Kind.EDITED, by=BY.name, kept=words_kept(draft.reply_text, text), text=text,
                   values_changed=changed, sentences=count, sentences_kept=count - 1,
                   verdict=AgainstDraft.CONTRADICTS if changed else AgainstDraft.SAME)  # fmt: skip


def _aftermath(one: Invented, draft: Draft) -> Aftermath:
    """Returns what came of a ticket, and what the colleague wrote who was faster, or to whom it was left."""
    found = Aftermath(tenant_id=draft.tenant_id, draft=draft, is_over=True, read_at=one.at + timedelta(days=7, hours=1),
                      satisfaction="bad" if one.wrong else "good" if draft.pk % 4 == 0 else "")  # fmt: skip
    if one.overtaken:
        found.agent_at, found.agent_kept = one.at + REVIEWED, 0.4
        found.agent_verdict = ANSWERS[one.number // 25 % len(ANSWERS)]
    if one.handed_over and not one.needless:
        found.agent_at = one.at + REVIEWED
    return found


def _draft(desk: Connection, one: Invented, article: Article) -> Draft:
    quoting = one.topic == FALLING and (one.wrong or not one.judged)
    source = {"article": article.key, "version": article.version, "title": article.title, "url": "", "text": SAYS}
    said = () if one.handed_over else (SAYS,) if quoting else WROTE
    state, sources = ("SUPPORTED", [source]) if quoting else ("UNJUDGED", [])
    return Draft(
        tenant_id=desk.tenant_id, connection=desk, ticket_id=str(one.number if one.topic == CLIMBING else 50_000 + one.number),
        turn="1", subject=f"Invented ticket on {one.topic}", requester="nobody", language=one.language, topic=one.topic,
        mood="upset" if one.unhappy else "calm",
        reply_text=" ".join(said), cost=COST, confidence=None if one.handed_over else 0.95,
        sentences=[{"text": text, "state": state, "sources": sources} for text in said],
        rests_on=[article.pk] if quoting else [],
        record={"ticket": {"comments": [_asked(one)]}},
        customer_wrote_at=one.at - timedelta(minutes=4), created_at=one.at,
    )  # fmt: skip


def _asked(one: Invented) -> dict[str, Any]:
    """Returns the customer's message as a draft's record keeps it."""
    text = UNHAPPY * one.unhappy + QUESTIONS[one.topic, one.language]
    return {
        "id": "1", "from_customer": True, "public": True, "author": {"name": "nobody", "email": "", "id": ""},
        "created_at": (one.at - timedelta(minutes=4)).isoformat(), "body_text": text,
    }  # fmt: skip
