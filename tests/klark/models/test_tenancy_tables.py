"""Every table of a tenant, one by one: another tenant's row cannot be seen, changed, deleted, taken over or pointed at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, ProgrammingError, connection, models, transaction
from django.utils import timezone

from klark.models import (
    EVERY_TENANT,
    KLARK,
    Aftermath,
    ApiToken,
    Article,
    ArticleRun,
    AuditAct,
    AuditEntry,
    BacktestedTicket,
    BacktestRun,
    Budget,
    Charge,
    Comparison,
    Correction,
    CountedOutcomes,
    Decision,
    DismissedSuggestion,
    DraftedArticle,
    Feature,
    JudgeCheck,
    Judgement,
    KeptAnswer,
    KeptCompletion,
    Meaning,
    Notification,
    Outcome,
    OutgoingWebhook,
    Owned,
    Passage,
    Presence,
    RegressionResult,
    RegressionRun,
    Standing,
    Stop,
    Tenant,
    Topic,
    TopicRule,
    Word,
    record,
    within,
)
from klark.models.database.security import owned_models
from klark.models.knowledge.past_tickets import PastTicket
from klark.models.knowledge.source import Source, Upload
from klark.models.oauth_handshake import Handshake
from tests.klark.companies import Company, company

pytestmark = pytest.mark.django_db

OURS, THEIRS = "alder", "birch"


def _more(made: Company) -> None:
    """A row of those tables that a company of the tests does not fill by itself: a new table needs a line here."""
    own = {"tenant_id": made.tenant}
    with within(made.tenant):
        Budget.objects.create(**own, connection_id=made.connection)
        backtest = BacktestRun.objects.create(**own, connection_id=made.connection, since=timezone.now(), limit=1)
        BacktestedTicket.objects.create(**own, run=backtest, connection_id=made.connection, ticket_id="41")
        tried = RegressionRun.objects.create(**own)
        RegressionResult.objects.create(**own, run=tried, draft_id=made.draft, verdict="right")
        KeptCompletion.objects.create(**own, digest=made.mark, content={}, model="m")
        article = DraftedArticle.objects.create(**own, title=made.mark)
        ArticleRun.objects.create(**own, article=article, does="write")
        Charge.objects.create(**own, server="m", purpose="draft", reserved=1, cost=1)
        token = ApiToken.objects.create(**own, name=made.mark, digest=made.mark, expires_at=timezone.now())
        KeptAnswer.objects.create(**own, token=token, key="1", asked="1")
        webhook = OutgoingWebhook.objects.create(**own, name=made.mark, url="https://hooks.example", kinds=["test"])
        Notification.objects.create(**own, webhook=webhook, kind="test", key="1")
        Outcome.objects.create(**own, draft_id=made.draft, kind="approved")
        Aftermath.objects.create(**own, draft_id=made.draft)
        Correction.objects.create(**own, draft_id=made.draft, what="topic", now="delivery")
        CountedOutcomes.objects.create(**own, since=timezone.now(), weeks=1, definitions=1, figures={})
        Feature.objects.get_or_create(**own, language="xx", number=1, defaults={"passages": 1})
        Word.objects.get_or_create(**own, word=f"{made.mark}word")
        Judgement.objects.create(**own, draft_id=made.draft, via="queue")
        Standing.objects.create(**own, topic=made.mark, rung="queue", why="new")
        user = get_user_model().objects.create_user(f"{made.mark}-reader")
        Presence.objects.create(**own, draft_id=made.draft, user=user)
        DismissedSuggestion.objects.create(**own, key="topic/1", drafts=1)
        JudgeCheck.objects.create(**own, judge=f"{made.mark}-judge", version="1.1")
        passage = Passage.of(made.tenant).first()
        Comparison.objects.create(**own, state="1 1")
        Stop.objects.create(**own, connection_id=made.connection, by=made.mark)
        source = Source.objects.create(**own, name=f"{made.mark}-folder", kind="folder", address="/invented")
        Upload.objects.create(**own, source=source, name=made.mark, content=b"a", size=1)
        PastTicket.objects.create(**own, connection_id=made.connection, ticket_id="41", requester_id="7")
        Handshake.objects.create(
            **own, connection_id=made.connection, digest=made.mark, session="s", user_id=1, ends_at=timezone.now()
        )
        record(made.tenant, KLARK, AuditAct.WROTE)
        Meaning.objects.create(**own, passage=passage, model="m", language="en", vector="[1,2]", title="[1,2]")


@dataclass(frozen=True)
class Two:
    """Ours and theirs, with a row in every table."""

    ours: int
    theirs: int


@pytest.fixture
def two() -> Two:
    made = [company(mark) for mark in (OURS, THEIRS)]
    for each in made:
        _more(each)
    return Two(made[0].tenant, made[1].tenant)


TABLES = cast("list[type[Owned]]", owned_models())


def named(model: type[models.Model]) -> str:
    return model.__name__


def all_of(model: type[Owned], tenant_id: int) -> list[Any]:
    """The tenant's rows as they are, whoever asks."""
    with within(EVERY_TENANT):
        return list(model._default_manager.filter(tenant_id=tenant_id).order_by("pk").values())


def first_of(model: type[Owned], tenant_id: int) -> Any:
    with within(EVERY_TENANT):
        return model._default_manager.filter(tenant_id=tenant_id).order_by("pk").first()


def refused(change: Callable[[], object]) -> str:
    """What the database says to a change; "" where it lets it pass. Undone in any case."""
    try:
        with transaction.atomic():
            change()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error).splitlines()[0]
    return ""


def reached(change: Callable[[], int]) -> int:
    """How many rows a change reaches: none where the application has no right to it at all."""
    try:
        with transaction.atomic():
            return change()
    except ProgrammingError as error:
        assert str(error).startswith("permission denied")
        return 0


def test_every_table_has_a_row_of_both_here(two: Two) -> None:
    """Or the tests below would prove nothing of it."""
    empty = [named(model) for model in TABLES if not (all_of(model, two.ours) and all_of(model, two.theirs))]
    assert (empty, len(TABLES) >= 16) == ([], True)


def test_their_rows_do_not_exist_for_us(two: Two) -> None:
    theirs = {model: first_of(model, two.theirs).pk for model in TABLES}
    with within(two.ours):
        seen = {model: set(model._default_manager.values_list("tenant_id", flat=True)) for model in TABLES}
        found = [named(model) for model, pk in theirs.items() if model._default_manager.filter(pk=pk).exists()]
        asked = [named(model) for model in TABLES if model.of(two.theirs).exists()]
    assert (seen, found, asked) == ({model: {two.ours} for model in TABLES}, [], [])


def test_without_a_tenant_no_row_exists(two: Two) -> None:
    assert [named(model) for model in TABLES if model._default_manager.exists()] == []


def test_their_rows_cannot_be_changed(two: Two) -> None:
    before = {model: all_of(model, two.theirs) for model in TABLES}
    pks = {model: [row[model._meta.pk.attname] for row in rows] for model, rows in before.items()}
    with within(two.ours):
        changed = {
            named(model): reached(lambda m=model: m._default_manager.filter(pk__in=pks[m]).update(tenant_id=two.ours))  # type: ignore[misc]  # bound now
            for model in TABLES
        }
    assert changed == dict.fromkeys(map(named, TABLES), 0)
    assert {model: all_of(model, two.theirs) for model in TABLES} == before


def test_their_rows_cannot_be_deleted(two: Two) -> None:
    before = {model: all_of(model, two.theirs) for model in TABLES}

    def delete(model: type[Owned]) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE tenant_id = %s", [two.theirs])
            return cursor.rowcount

    with within(two.ours):
        for model in TABLES:
            assert (named(model), reached(lambda m=model: delete(m))) == (named(model), 0)  # type: ignore[misc]  # bound now
    assert {model: all_of(model, two.theirs) for model in TABLES} == before


def test_our_rows_cannot_be_given_away(two: Two) -> None:
    with within(two.ours):
        told = {
            named(model): refused(
                lambda model=model: model.of(two.ours).update(tenant_id=two.theirs)  # type: ignore[misc]  # bound now
            )
            for model in TABLES
        }
    assert told.pop(named(AuditEntry)).startswith("permission denied")  # not even our own can be changed
    assert [name for name, words in told.items() if "row-level security" not in words] == []


def test_a_copy_of_our_row_cannot_be_put_among_theirs(two: Two) -> None:
    rows = [first_of(model, two.ours) for model in TABLES]
    for row in rows:
        row.pk, row.tenant_id, row._state.adding = None, two.theirs, True
    with within(two.ours):
        told = {named(type(row)): refused(lambda row=row: row.save(force_insert=True)) for row in rows}  # type: ignore[misc]  # bound now
    assert [name for name, words in told.items() if "row-level security" not in words] == []


LINKS = [
    (model, field.name)
    for model in TABLES
    for field in model._meta.concrete_fields
    if isinstance(field, models.ForeignKey) and field.related_model in TABLES
]


def test_our_rows_cannot_point_at_theirs_even_where_everything_is_seen(two: Two) -> None:
    with within(EVERY_TENANT):
        told = {f"{named(model)}.{link}": refused(lambda m=model, li=link: _point(two, m, li)) for model, link in LINKS}  # type: ignore[misc]  # bound now
    assert [name for name, words in told.items() if "violates foreign key" not in words] == []


def test_our_rows_may_point_at_our_own(two: Two) -> None:
    """So that it is the tenant which is refused above."""
    same = Two(two.ours, two.ours)
    with within(EVERY_TENANT):
        told = {
            f"{named(model)}.{link}": refused(lambda m=model, li=link: _point(same, m, li)) for model, link in LINKS
        }  # type: ignore[misc]  # bound now
    assert [name for name, words in told.items() if words] == []


def _point(two: Two, model: type[Owned], link: str) -> None:
    target = cast("type[Owned]", model._meta.get_field(link).related_model)
    theirs = target._default_manager.filter(tenant_id=two.theirs).order_by("pk").first()
    ours = model._default_manager.filter(tenant_id=two.ours).order_by("pk").first()
    assert theirs is not None and ours is not None
    if two.ours != two.theirs:  # no unique index is in the way then: it is the tenant that is refused
        model._default_manager.filter(tenant_id=two.theirs).delete()
    model._default_manager.filter(pk=ours.pk).update(**{link: theirs.pk})


def _tenants(_: Two) -> set[int]:
    return set(Tenant.objects.values_list("pk", flat=True))


def _topics(_: Two) -> set[int]:
    return set(Topic.objects.values_list("tenant_id", flat=True))


def _joined(_: Two) -> set[int]:
    return set(TopicRule.objects.values_list("policy__tenant_id", flat=True))


def _counted(_: Two) -> set[int]:
    return set(
        Decision.objects.values_list("tenant_id").annotate(n=models.Count("pk")).values_list("tenant_id", flat=True)
    )


def _reached(_: Two) -> set[int]:
    return set(Article.objects.filter(passages__isnull=False).values_list("passages__tenant_id", flat=True))


def _raw(_: Two) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id FROM klark_draft UNION SELECT tenant_id FROM klark_delivery")
        return {tenant for (tenant,) in cursor.fetchall()}


def _everything_by_hand(_: Two) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id FROM klark_connection WHERE true OR tenant_id IS NULL")
        return {tenant for (tenant,) in cursor.fetchall()}


WAYS: Mapping[str, Callable[[Two], set[int]]] = {
    "tenants": _tenants, "a plain query": _topics, "a join": _joined, "a count": _counted, "a way back": _reached,
    "raw SQL": _raw, "a condition that holds for all": _everything_by_hand,
}  # fmt: skip


@pytest.mark.parametrize("who", [("ours",), ("theirs",), ("ours", "theirs"), ()], ids=" and ".join)
def test_whichever_way_is_asked_only_the_tenants_that_were_named_answer(two: Two, who: tuple[str, ...]) -> None:
    wanted = {int(getattr(two, each)) for each in who}
    with within(*wanted):
        assert {way: ask(two) for way, ask in WAYS.items()} == dict.fromkeys(WAYS, wanted)


def test_a_name_that_is_no_tenants_shows_nothing(two: Two) -> None:
    for name in ("", " ", "0", "-1", "%", "*,", "**", "'*'", "1 OR 1=1", "x", "*;", f"'{two.ours}'"):
        with within(name):
            assert (name, _topics(two), _tenants(two)) == (name, set(), set())


def test_a_number_that_begins_like_ours_is_not_ours(two: Two) -> None:
    with within(f"{two.ours}0", f"1{two.ours}"):
        assert two.ours not in _topics(two)


def test_what_was_set_ends_with_its_transaction_even_when_it_fails(two: Two) -> None:
    with pytest.raises(ZeroDivisionError), within(two.ours):
        raise ZeroDivisionError
    assert _topics(two) == set()


def test_an_inner_one_that_fails_gives_the_outer_one_back(two: Two) -> None:
    with within(two.ours):
        with pytest.raises(ZeroDivisionError), within(two.theirs):
            raise ZeroDivisionError
        assert _topics(two) == {two.ours}
