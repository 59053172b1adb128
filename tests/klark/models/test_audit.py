"""The audit chain: exact under writers at once, closed to the application's role, and every way of tampering is found."""

import io
import os
from collections.abc import Callable
from threading import Thread

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import ProgrammingError, connection, connections, transaction
from psycopg import sql

from klark.models import (
    COMMAND_LINE,
    EVERY_TENANT,
    KLARK,
    Actor,
    AuditAct,
    AuditDetail,
    AuditEntry,
    Draft,
    Policy,
    Tenant,
    record,
    within,
)
from klark.models.audit.entry import chain
from klark.models.audit.verify import Anchor, head, verify
from klark.models.policy_versions import save_row
from tests.klark import rows

ADA = Actor(7, "ada")
commits = pytest.mark.django_db(transaction=True)


def filled(entries: int = 6) -> int:
    """A tenant with a chain of entries; its id."""
    tenant = rows.tenant()
    with within(tenant):
        for number in range(1, entries + 1):
            record(tenant, ADA, AuditAct.SAW, Tenant(pk=tenant), step=number)
    return tenant


def entry(tenant_id: int, number: int) -> AuditEntry:
    with within(tenant_id):
        return chain(tenant_id).get(number=number)


# Adding


@pytest.mark.django_db
def test_an_entry_says_who_did_what_to_which_row_and_links_to_the_one_before() -> None:
    tenant = filled(2)
    first, second = entry(tenant, 1), entry(tenant, 2)
    assert (second.who, second.user_id, second.act, second.kind, second.row) == (
        "ada",
        7,
        "saw",
        "tenant",
        str(tenant),
    )
    assert (first.previous, second.previous) == ("", first.link)
    with within(tenant):
        assert second.detail.content == {"step": 2}


@pytest.mark.django_db
def test_what_is_rolled_back_leaves_no_entry() -> None:
    tenant = filled(1)
    with pytest.raises(ZeroDivisionError), within(tenant):
        record(tenant, KLARK, AuditAct.WROTE)
        raise ZeroDivisionError
    assert head(tenant).number == 1


@pytest.mark.django_db
def test_a_tenants_chain_and_the_installations_are_apart() -> None:
    tenant, other = filled(2), rows.tenant("globex")
    record(None, COMMAND_LINE, AuditAct.KEYS)
    record(other, ADA, AuditAct.SAW)
    assert (head(tenant).number, head(other).number, head(None).number) == (2, 1, 1)
    with within(tenant, other):
        assert {one.tenant_id for one in AuditEntry.objects.all()} == {tenant, other}


@commits
def test_many_at_once_leave_no_gap_and_no_number_twice() -> None:
    tenant = rows.tenant()

    def write() -> None:
        for _ in range(10):
            record(tenant, KLARK, AuditAct.WROTE)
        connections.close_all()

    threads = [Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = verify(tenant)
    assert (found.entries, found.breaks) == (60, ())


@commits
def test_a_policy_that_is_being_saved_keeps_no_worker_from_adding() -> None:
    """Or both would wait for each other: the one for the tenant's row, the other for its chain."""
    tenant = rows.tenant()

    def write() -> None:
        record(tenant, KLARK, AuditAct.WROTE)
        connections.close_all()

    worker = Thread(target=write)
    with within(tenant):
        save_row(Policy.of(tenant).get())
        worker.start()
        worker.join(20)
        waits = worker.is_alive()
        if not waits:
            record(tenant, ADA, AuditAct.POLICY)
    worker.join()
    assert (waits, head(tenant).number) == (False, 2)


# The application's role


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", ["UPDATE {} SET who = 'eve'", "DELETE FROM {}", "UPDATE {} SET link = previous WHERE number = 1"]
)
def test_the_application_can_neither_change_nor_delete_an_entry(change: str) -> None:
    filled(2)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        within(EVERY_TENANT),
        connection.cursor() as cursor,
    ):
        cursor.execute(change.format(AuditEntry._meta.db_table))


@pytest.mark.django_db
def test_nobody_adds_to_another_tenants_chain_or_to_the_installations() -> None:
    tenant, other = filled(1), rows.tenant("globex")
    for theirs in (other, None):
        with pytest.raises(ProgrammingError, match="row-level security"), within(tenant), transaction.atomic():
            one = entry(tenant, 1)
            one.pk, one.tenant_id, one._state.adding = None, theirs, True
            one.save(force_insert=True)


# Details


@pytest.mark.django_db
def test_erasing_details_leaves_the_chain_whole_and_is_told() -> None:
    tenant = filled(4)
    with within(tenant):
        AuditDetail.of(tenant).filter(entry__number__in=(2, 3)).delete()
    found = verify(tenant)
    assert (found.entries, found.without_details, found.breaks) == (4, 2, ())


@pytest.mark.django_db
def test_details_that_were_changed_are_found() -> None:
    tenant = filled(3)
    with within(tenant):
        AuditDetail.of(tenant).filter(entry__number=2).update(content={"step": 20})
    assert verify(tenant).breaks == ("The details of entry 2 were changed.",)


@pytest.mark.django_db
def test_without_its_salt_a_digest_tells_nothing_of_the_details() -> None:
    tenant = rows.tenant()
    for _ in range(2):
        record(tenant, ADA, AuditAct.SAW, step=1)
    assert entry(tenant, 1).digest != entry(tenant, 2).digest


# Tampering, as the owner of the tables


def as_owner(statement: str, *values: object) -> None:
    with psycopg.connect(os.environ["KLARK_TEST_OWNER_URL"], dbname=settings.DATABASES["default"]["NAME"]) as owner:
        owner.execute(sql.SQL(statement.replace("{}", AuditEntry._meta.db_table)), values)  # type: ignore[arg-type]  # our own


def delete(tenant: int, *numbers: int) -> None:
    as_owner("DELETE FROM klark_auditdetail WHERE entry_id IN (SELECT id FROM {} WHERE number = ANY(%s))", [*numbers])
    as_owner("DELETE FROM {} WHERE tenant_id = %s AND number = ANY(%s)", tenant, [*numbers])


def renumber(tenant: int, number: int, to: int) -> None:
    as_owner("UPDATE {} SET number = %s WHERE tenant_id = %s AND number = %s", to, tenant, number)


def change(tenant: int) -> None:
    as_owner("UPDATE {} SET who = 'eve' WHERE tenant_id = %s AND number = 3", tenant)


def backdate(tenant: int) -> None:
    as_owner("UPDATE {} SET at = at - interval '1 day' WHERE tenant_id = %s AND number = 3", tenant)


def change_and_link(tenant: int) -> None:
    change(tenant)
    relink(tenant, 3, 3)


def relink(tenant: int, first: int, last: int) -> None:
    """As whoever knows how links are made: from `first` to `last` each fits again."""
    for number in range(first, last + 1):
        one = entry(tenant, number)
        one.previous = entry(tenant, number - 1).link if number > 1 else ""
        as_owner("UPDATE {} SET previous = %s, link = %s WHERE id = %s", one.previous, one.link_as(number), one.pk)


def delete_one(tenant: int) -> None:
    delete(tenant, 3)


def delete_two(tenant: int) -> None:
    delete(tenant, 3, 4)


def delete_the_first(tenant: int) -> None:
    delete(tenant, 1)


def delete_and_close_the_gap(tenant: int) -> None:
    delete(tenant, 5)
    renumber(tenant, 6, 5)


def swap(tenant: int) -> None:
    for number, to in ((2, 99), (4, 2), (99, 4)):
        renumber(tenant, number, to)


WRONG_PLACES = (
    "Entry 2 stands in the wrong place: it was entry 4.",
    "Entry 4 stands in the wrong place: it was entry 2.",
)
CHANGED = "Entry 3 was changed: it does not say what its link stands for."
REWRITTEN = "Entry 4 does not follow the entry 3 that stands here: that one was rewritten."
TAMPERED: tuple[tuple[Callable[[int], None], tuple[str, ...]], ...] = (
    (change, (CHANGED,)),
    (backdate, (CHANGED,)),
    (change_and_link, (REWRITTEN,)),
    (delete_one, ("Entry 3 is missing.",)),
    (delete_two, ("Entries 3 to 4 are missing.",)),
    (delete_the_first, ("Entry 1 is missing.",)),
    (swap, WRONG_PLACES),
    (delete_and_close_the_gap, ("Entry 5 stands in the wrong place: it was entry 6.",)),
)


@commits
@pytest.mark.parametrize(("tamper", "told"), TAMPERED, ids=[one[0].__name__ for one in TAMPERED])
def test_tampering_is_found_and_told_where(tamper: Callable[[int], None], told: tuple[str, ...]) -> None:
    tenant = filled()
    tamper(tenant)
    assert verify(tenant).breaks == told


@commits
def test_a_tail_that_was_cut_off_is_found_by_an_anchor_alone() -> None:
    tenant = filled()
    anchor = head(tenant)
    delete(tenant, 5, 6)
    assert verify(tenant).breaks == ()
    assert verify(tenant, anchor).breaks == (
        "The chain ends with entry 4, but the anchor is entry 6: its tail is missing.",
    )


@commits
def test_a_chain_that_was_rewritten_from_a_point_on_is_found_by_an_anchor_alone() -> None:
    tenant = filled()
    anchor = head(tenant)
    change(tenant)
    relink(tenant, 3, 6)
    assert verify(tenant).breaks == ()
    assert verify(tenant, anchor).breaks == (
        "Entry 6 is not the one of the anchor: the chain was rewritten there or before.",
    )


@pytest.mark.django_db
def test_an_anchor_of_before_holds_for_a_chain_that_went_on() -> None:
    tenant = filled(3)
    anchor = head(tenant)
    record(tenant, ADA, AuditAct.SAW)
    assert verify(tenant, anchor).breaks == ()


# The command


def said(*arguments: str) -> tuple[int, str]:
    out, status = io.StringIO(), 0
    try:
        call_command("audit", *arguments, stdout=out)
    except SystemExit as ended:
        status = int(str(ended.code))
    return status, out.getvalue()


@commits
def test_verify_says_in_plain_words_whether_each_chain_is_whole_and_ends_with_1_if_one_is_not() -> None:
    tenant = filled(4)
    status, told = said("verify")
    assert (status, "the installation: the chain is whole, 0 entries" in told) == (0, True)
    assert f"acme: the chain is whole, 4 entries, head 4:{entry(tenant, 4).link}." in told
    change(tenant)
    assert said("verify", "--tenant", "acme") == (1, f"acme: the chain is NOT whole.\n- {CHANGED}\n")


@pytest.mark.django_db
def test_head_prints_what_verify_takes_as_an_anchor_and_logs_it(caplog: pytest.LogCaptureFixture) -> None:
    tenant = filled(2)
    with caplog.at_level("INFO", logger="klark.models.audit.verify"):
        status, told = said("head", "--tenant", "acme")
    slug, anchor = told.split()
    assert (status, slug, "audit head" in caplog.text, anchor.split(":")[1] in caplog.text) == (0, "acme", True, True)
    assert said("verify", "--tenant", "acme", "--anchor", anchor)[0] == 0
    assert Anchor(2, anchor.split(":")[1]) == head(tenant)


@pytest.mark.django_db
def test_show_lists_who_did_what_since_a_day() -> None:
    filled(2)
    _, told = said("show", "--tenant", "acme")
    assert [line.partition(" | ")[2].split()[0] for line in told.splitlines()] == ["saw", "saw"]
    assert "ada (user 7)" in told and '{"step": 2}' in told
    assert said("show", "--tenant", "acme", "--since", "2199-01-01") == (0, "")


@pytest.mark.django_db
def test_a_draft_that_is_gone_keeps_its_entries() -> None:
    account = rows.connection(rows.tenant())
    draft = rows.draft(account)
    record(account.tenant_id, ADA, AuditAct.SAW, draft)
    rows.delete(Draft)
    assert (entry(account.tenant_id, 1).row, verify(account.tenant_id).breaks) == (str(draft.pk), ())
