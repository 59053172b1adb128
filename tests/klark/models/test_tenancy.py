"""No tenant sees another, and the database holds that even where klark's own code would not."""

from contextlib import nullcontext
from typing import Any, cast

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from klark.models import EVERY_TENANT, Policy, Tenant, Topic, TopicRule, within
from klark.models.database.security import owned_models, secure
from klark.models.tenancy import at_once
from tests.klark.test_webhooks import owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_tenants() -> tuple[int, int]:
    with within(EVERY_TENANT):
        first, second = (Tenant.objects.create(slug=slug, name=slug).pk for slug in ("first", "second"))
        for tenant in (first, second):
            Topic.objects.create(tenant_id=tenant, key="delivery", name="Delivery")
    return first, second


def test_within_a_tenant_only_its_rows_exist(two_tenants: tuple[int, int]) -> None:
    first, _ = two_tenants
    with within(first):
        assert list(Topic.objects.values_list("tenant_id", flat=True)) == [first]
        assert list(Tenant.objects.values_list("pk", flat=True)) == [first]


def test_outside_of_any_tenant_no_row_exists(two_tenants: tuple[int, int]) -> None:
    assert Topic.objects.count() == 0


def test_several_tenants_can_be_seen_together(two_tenants: tuple[int, int]) -> None:
    with within(*two_tenants):
        assert Topic.objects.count() == 2


def test_an_inner_within_gives_the_outer_one_back(two_tenants: tuple[int, int]) -> None:
    first, second = two_tenants
    with within(first):
        with within(second):
            assert Topic.objects.get().tenant_id == second
        assert Topic.objects.get().tenant_id == first


@pytest.mark.parametrize("in_a_block", [False, True])
@pytest.mark.django_db(transaction=True)
def test_one_statement_at_once_sees_what_a_block_of_its_own_would_and_leaves_nothing_behind(
    two_tenants: tuple[int, int], in_a_block: bool
) -> None:
    first, second = two_tenants
    statement, values = "SELECT tenant_id FROM klark_topic WHERE key = %(key)s ORDER BY 1", {"key": "delivery"}
    with within(first) if in_a_block else nullcontext():
        assert at_once(second, statement, values) == [(second,)]
        assert at_once(EVERY_TENANT, statement, values) == [(first,), (second,)]
        assert Topic.objects.count() == (1 if in_a_block else 0)


@pytest.mark.django_db(transaction=True)
def test_one_statement_at_once_is_one_message_to_the_server(two_tenants: tuple[int, int]) -> None:
    with CaptureQueriesContext(connection) as asked:
        at_once(two_tenants[0], "SELECT 1", {})
    assert len(asked) == 1


@pytest.mark.django_db(transaction=True)
def test_what_opens_a_block_goes_with_its_first_statement(two_tenants: tuple[int, int]) -> None:
    first, second = two_tenants
    with CaptureQueriesContext(connection) as asked, within(first):
        assert Topic.objects.count() == 1
        with within(second):
            assert Topic.objects.get().tenant_id == second
        assert Topic.objects.get().tenant_id == first
    assert len(asked) == 4  # three statements, COMMIT


@pytest.mark.django_db(transaction=True)
def test_a_block_that_asks_nothing_leaves_nothing_behind(two_tenants: tuple[int, int]) -> None:
    with within(two_tenants[0]), within(two_tenants[1]):
        pass
    assert Topic.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "bad", ["SELECT 1/0", "SELEKT", "SELECT %s"], ids=["fails", "cannot be read", "cannot be sent"]
)
def test_a_block_whose_first_statement_goes_wrong_ends_like_any_other(two_tenants: tuple[int, int], bad: str) -> None:
    first, _ = two_tenants
    values = ["\0"] if "%s" in bad else None
    for outer in (nullcontext(), within(first)):
        with outer:
            with pytest.raises(DatabaseError), within(first), connection.cursor() as cursor:
                cursor.execute(bad, values)
            with within(first):
                assert Topic.objects.count() == 1, outer


@pytest.mark.django_db(transaction=True)
def test_a_block_that_is_interrupted_after_its_first_statement_was_answered_takes_it_back(
    two_tenants: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = two_tenants
    execute = psycopg.Cursor.execute

    def interrupted(self: Any, *given: Any, **named: Any) -> None:
        execute(self, *given, **named)
        raise TimeoutError

    with within(first):
        assert Topic.objects.count() == 1
        with pytest.raises(TimeoutError), transaction.atomic(), monkeypatch.context() as patch:
            patch.setattr(psycopg.Cursor, "execute", interrupted)
            Topic.objects.update(name="Written")
    with within(first):
        assert Topic.objects.get().name == "Delivery"


@pytest.mark.django_db(transaction=True)
def test_what_is_done_after_a_commit_is_shown_what_it_asks_for_and_nothing_else(two_tenants: tuple[int, int]) -> None:
    first, second = two_tenants
    counted: list[int] = []

    def look() -> None:
        with transaction.atomic():
            for tenant in (first, second):
                with within(tenant):
                    counted.append(Topic.objects.filter(tenant_id=tenant).count())
            counted.append(Topic.objects.count())

    with within(first):
        transaction.on_commit(look)
    assert counted == [1, 1, 0]


@pytest.mark.django_db(transaction=True)
def test_while_a_database_is_secured_again_those_who_work_may_neither_less_nor_more(
    two_tenants: tuple[int, int],
) -> None:
    """Else `migrate` beside running workers would hide a stop from them, or let them change what is in the audit chain."""
    may = "SELECT count(*), has_table_privilege('klark_auditentry', 'UPDATE') FROM klark_tenant"
    amiss: list[str] = []

    class Beside(psycopg.Cursor[Any]):
        def execute(self, statement: Any, *values: Any, **options: Any) -> Any:
            done = super().execute(statement, *values, **options)
            if at_once(EVERY_TENANT, may, {}) != [(2, False)]:
                amiss.append(str(statement))
            return done

    with owner() as link:
        link.autocommit, link.cursor_factory = True, Beside
        secure(cast(Any, link), connection.settings_dict["USER"], "unused: the role is there")
    assert amiss == []


def test_a_row_cannot_be_written_for_another_tenant(two_tenants: tuple[int, int]) -> None:
    first, second = two_tenants
    with pytest.raises(ProgrammingError, match="row-level security"), within(first):
        Topic.objects.create(tenant_id=second, key="returns", name="Returns")


def test_another_tenants_row_cannot_be_changed_or_deleted(two_tenants: tuple[int, int]) -> None:
    first, second = two_tenants
    with within(second):
        theirs = Topic.objects.get().pk
    with within(first):
        assert Topic.objects.filter(pk=theirs).update(name="mine") == 0
        assert Topic.objects.filter(pk=theirs).delete()[0] == 0


def test_a_foreign_key_cannot_point_into_another_tenant(two_tenants: tuple[int, int]) -> None:
    first, second = two_tenants
    with pytest.raises(IntegrityError), transaction.atomic():
        with within(EVERY_TENANT):
            theirs = Topic.of(second).get()
            policy = Policy.objects.create(tenant_id=first, version=1)
            TopicRule.objects.create(tenant_id=first, policy=policy, topic=theirs)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_every_table_of_a_tenant_is_under_row_level_security() -> None:
    tables = {model._meta.db_table for model in owned_models()} | {"klark_tenant"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        secured = {name for (name,) in cursor.fetchall()}
    assert tables - secured == set()


def test_only_the_application_may_call_its_functions() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE proname LIKE 'klark\\_%' AND (NOT has_function_privilege(oid, 'EXECUTE')"
            " OR EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0))"
        )
        assert cursor.fetchall() == []


def test_the_application_runs_as_a_role_that_security_binds() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False, False)
