"""What a write takes along, and what is told of it: marker, tags, group, visibility, and the words of trouble."""

from typing import Any

import pytest

from integrations.errors import IntegrationError, LookAgain, Refused, TryLater
from klark.delivery.deliver import deliver
from klark.models import Connection, Delivery
from tests.klark import rows
from tests.klark.desk_of_words import Script, connected
from tests.klark.said import READERS, comment, ticket

pytestmark = pytest.mark.django_db


def sent(patch: pytest.MonkeyPatch, script: Script, **row: Any) -> Delivery:
    account = connected(patch, script)
    rows.delivery(account, 7, **{"seen": ["1"], "readers_seen": READERS, **row})
    assert deliver(rows.claim(Delivery)) == "sent"
    found: Delivery = rows.get(Delivery)
    return found


@pytest.mark.parametrize(("kind", "public"), [("reply", True), ("note", False), ("handover", False)])
def test_only_a_reply_is_public(monkeypatch: pytest.MonkeyPatch, kind: str, public: bool) -> None:
    script = Script()
    row = sent(monkeypatch, script, kind=kind, text="Three days.")
    (write,) = script.writes
    assert (write.public, write.text, write.html, write.marker) == (
        public,
        "Three days.",
        "<p>Three days.</p>",
        str(row.marker),
    )


def test_two_writes_never_have_one_marker(monkeypatch: pytest.MonkeyPatch) -> None:
    account = connected(monkeypatch, Script())
    for number in (7, 8):
        rows.delivery(account, number)
    with rows.within("*"):
        assert len(set(Delivery.objects.values_list("marker", flat=True))) == 2


# The group that the policy names, those of the desk, which the write goes to, and what a person is told.
GROUPS: tuple[tuple[str, dict[str, str], str | None, str], ...] = (
    ("", {"Support": "5"}, None, ""),
    ("Support", {"Support": "5", "Billing": "6"}, "5", ""),
    ("5", {}, "5", ""),
    ("5", {"5": "9"}, "5", ""),
    ("Nobody", {"Support": "5"}, None, "There is no group 'Nobody' on this helpdesk: it went to no group."),
    ("support", {"Support": "5"}, None, "There is no group 'support' on this helpdesk: it went to no group."),
)


@pytest.mark.parametrize(("wanted", "known", "goes_to", "told"), GROUPS)
def test_a_group_is_found_by_its_name_or_its_number_or_the_write_goes_without_and_says_so(
    monkeypatch: pytest.MonkeyPatch, wanted: str, known: dict[str, str], goes_to: str | None, told: str
) -> None:
    script = Script(groups=known)
    row = sent(monkeypatch, script, kind="handover", group_id=wanted)
    assert (script.writes[0].group_id, row.trouble) == (goes_to, told)


@pytest.mark.parametrize("written", ["900", LookAgain("somebody wrote")])
def test_the_desk_is_asked_for_its_groups_once_though_the_write_and_what_is_set_apart_need_them(
    monkeypatch: pytest.MonkeyPatch, written: str | Exception
) -> None:
    script = Script(groups={"Support": "5"}, written=written, found=[None, "900"], tickets=[ticket(comment(1))])
    sent(monkeypatch, script, kind="handover", group_id="Support", trouble="503")
    assert (script.asked.count("groups"), [write.group_id for write in (*script.writes, *script.settles)]) == (
        1,
        ["5", "5"],
    )


@pytest.mark.parametrize("tags", [(), ("klark-handover",), ("a", "b")])
def test_tags_go_along_with_the_write_and_with_what_is_set_apart(
    monkeypatch: pytest.MonkeyPatch, tags: tuple[str, ...]
) -> None:
    script = Script()
    sent(monkeypatch, script, kind="handover", tags=list(tags))
    assert [write.tags for write in (*script.writes, *script.settles)] == [tags, tags]


@pytest.mark.parametrize("error", [TryLater("busy"), Refused("no right to set tags")])
def test_tags_that_cannot_be_set_undo_nothing_and_are_told(
    monkeypatch: pytest.MonkeyPatch, error: IntegrationError
) -> None:
    script = Script(settled=error)
    row = sent(monkeypatch, script, tags=["x"])
    told = f"It is sent, but the ticket's tags, group, status or fields are not set: {error}"
    assert (row.trouble, len(script.writes)) == (told, 1)


class Killed(BaseException):
    """The worker is gone: no `except` of klark's sees this."""


def test_a_worker_killed_between_the_comment_and_what_is_set_apart_leaves_both_to_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = Script(settled=Killed(), found=["900"])
    account = connected(monkeypatch, script)
    rows.delivery(account, 7, seen=["1"], readers_seen=READERS, tags=["klark-handover"])
    with pytest.raises(Killed):
        deliver(rows.claim(Delivery))
    script.settled = None
    rows.expire_lease(Delivery)
    rows.make_due(Delivery)
    assert deliver(rows.claim(Delivery)) == "sent"
    row = rows.get(Delivery)
    assert (len(script.writes), script.settles[-1].tags, row.comment_id) == (1, ("klark-handover",), "900")


def test_the_ticket_shows_the_comment_that_the_desk_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sent(monkeypatch, Script(written="4711")).comment_id == "4711"


def test_a_desk_that_names_no_comment_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sent(monkeypatch, Script(written="")).comment_id == ""


def test_what_was_troubling_before_is_over_once_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    account = connected(monkeypatch, Script(), trouble="The key was refused.")
    rows.delivery(account, 7, seen=["1"], readers_seen=READERS, trouble="busy")
    deliver(rows.claim(Delivery))
    kept = rows.get(Connection)
    assert (rows.get(Delivery).trouble, kept.trouble, kept.last_write_at is not None) == ("", "", True)


def test_whose_seat_it_is_is_asked_once_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script()
    account = connected(monkeypatch, script, own_user_id="")
    for number in (7, 8):
        rows.delivery(account, number, seen=["1"], readers_seen=READERS)
        deliver(rows.claim(Delivery))
    assert (script.asked.count("whoami"), rows.get(Connection).own_user_id) == (1, "9001")


def test_a_lease_that_was_lost_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script()
    account = connected(monkeypatch, script)
    rows.delivery(account, 7, seen=["1"], readers_seen=READERS)
    first = rows.claim(Delivery)
    rows.expire_lease(Delivery)
    second = rows.claim(Delivery)
    assert (deliver(first), script.writes) == ("", [])
    assert (deliver(second), len(script.writes)) == ("sent", 1)
