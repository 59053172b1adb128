"""The Zendesk adapter at the stand-in Zendesk: each line of what is known of the product, held on both sides."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from integrations.errors import Gone, LookAgain, Refused, TryLater, Unsure
from integrations.helpdesks.rate_limit_headers import Stated, stated
from integrations.helpdesks.zendesk import client as adapter_file
from integrations.helpdesks.zendesk.client import Zendesk
from integrations.sandbox.client import Sandbox
from integrations.sandbox.records import AGENT_ID, BRAND_ID, GROUP_ID
from tests.integrations.desks import published
from tests.integrations.sandboxed import Api
from tests.integrations.stand_in import (
    KEYS,
    NOTE,
    REPLY,
    SEAT,
    Clock,
    Given,
    asked,
    end,
    opened,
    said,
    walked,
)

pytest_plugins = ["tests.integrations.sandbox_fixtures"]
pytestmark = pytest.mark.usefixtures("clock")
SECRET = "s3cret"
BIG = "How long? " * 600

# Reading


def test_a_ticket_is_read_whole_with_the_people_of_every_page(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(adapter_file, "FIRST", {"page[size]": "2"})
    monkeypatch.setattr("integrations.helpdesks.zendesk.pages.PAGE", 2)
    number = sandbox.ticket("zendesk", subject="Delivery", body="How long?", requester={"email": "ada@example.org"},
                            cc=["otto@partner.example"], tags=["b", "a"], priority="high",
                            custom_fields={"7401": True})  # fmt: skip
    for n, by in enumerate(("agent", "customer", "third_party", "rule", "customer")):
        sandbox.comment("zendesk", number, f"<p>{n}</p>", by=by, public=by != "agent")
    adapter = opened(sandbox, "zendesk")
    ticket = adapter.fetch(str(number))
    assert (ticket.subject, ticket.status, ticket.priority, ticket.channel) == ("Delivery", "new", "high", "email")
    assert (ticket.tags, ticket.custom_fields) == (("a", "b"), {"7401": True})
    assert (ticket.requester.email, [person.email for person in ticket.cc]) == (
        "ada@example.org",
        ["otto@partner.example"],
    )
    assert [(c.body_text, c.public, c.from_customer, c.automatic, c.author.role) for c in ticket.comments] == [
        ("How long?", True, True, False, "customer"),
        ("0", False, False, False, "agent"),
        ("1", True, True, False, "customer"),
        ("2", True, True, False, "customer"),
        ("3", True, False, True, None),
        ("4", True, True, False, "customer"),
    ]
    assert ticket.last_from_customer() == ticket.comments[-1]
    assert (ticket.brand_id, ticket.organization_id) == (str(BRAND_ID), None)
    assert (ticket.stamp, ticket.url) == (ticket.raw["updated_at"], f"{sandbox.base('zendesk')}/agent/tickets/{number}")


def test_every_word_of_the_product_has_klarks_word(sandbox: Sandbox):
    adapter = opened(sandbox, "zendesk")
    channels = {"email": "email", "web": "web", "api": "api", "chat": "chat", "phone": "phone", "social": "social",
                "side_conversation": "side_conversation", "carrier_pigeon": None}  # fmt: skip
    read = {word: adapter.fetch(str(sandbox.ticket("zendesk", channel=word))).channel for word in channels}
    statuses = ("new", "open", "pending", "hold", "solved", "closed")
    kept = [adapter.fetch(str(sandbox.ticket("zendesk", status=word))).status for word in statuses]
    priorities = [adapter.fetch(str(sandbox.ticket("zendesk", priority=word))).priority
                  for word in ("low", "normal", "high", "urgent", None)]  # fmt: skip
    assert read == channels
    assert kept == list(statuses)
    assert priorities == ["low", "normal", "high", "urgent", None]


def test_a_stamp_as_young_as_the_answer_is_read_again_until_it_has_settled(
    sandbox: Sandbox, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:  # by now the stamp is an old one
            clock.move(-3600)
            sandbox.change("zendesk", number, priority="high")

    monkeypatch.setattr(adapter_file, "sleep", wait)
    clock.move(3630)
    number = sandbox.ticket("zendesk")
    adapter = opened(sandbox, "zendesk")
    assert adapter.fetch(str(number)).priority == "high"
    assert waits == [1.1, 1.1]
    clock.move(3600)
    sandbox.change("zendesk", number, priority="low")
    with pytest.raises(TryLater, match="being changed right now") as caught:
        adapter.fetch(str(number))
    assert (caught.value.after, len(waits)) == (5, 6)


def test_what_left_the_desk_is_gone_and_what_never_was_too(sandbox: Sandbox):
    adapter, ticket = asked(sandbox, "zendesk")
    sandbox.change("zendesk", int(ticket.id), deleted=True)
    ends = {
        text: end(lambda text=text: adapter.fetch(text)) for text in (ticket.id, "99", "9" * 20, "x", "", "-1", "1/2")
    }
    assert ends == dict.fromkeys(ends, "Gone")
    with pytest.raises(Gone):
        adapter.write(ticket, REPLY)


def test_a_merge_leaves_a_closed_source_and_a_note_on_the_target(sandbox: Sandbox):
    adapter = opened(sandbox, "zendesk")
    source, target = sandbox.ticket("zendesk"), sandbox.ticket("zendesk")
    sandbox.change("zendesk", source, merged_into=target)
    gone, lives = adapter.fetch(str(source)), adapter.fetch(str(target))
    assert (gone.status, gone.merged, lives.status, lives.merged) == ("closed", True, "new", False)
    assert [(c.public, c.from_customer, c.author.id) for c in lives.comments[1:]] == [(False, False, str(AGENT_ID))]
    with pytest.raises(Refused, match="open a follow-up ticket from it"):
        adapter.write(gone, REPLY)
    assert sandbox.writes() == []


def test_a_customer_who_answers_a_closed_ticket_has_a_new_one_with_its_parent(sandbox: Sandbox):
    adapter, ticket = asked(sandbox, "zendesk")
    sandbox.change("zendesk", int(ticket.id), status="closed")
    sandbox.comment("zendesk", int(ticket.id), "<p>Still waiting</p>")
    follow_up = adapter.fetch("2")
    assert (follow_up.parent_id, follow_up.subject, follow_up.comments[0].body_text) == (
        ticket.id,
        "Re: Delivery",
        "Still waiting",
    )
    assert adapter.fetch(ticket.id).parent_id is None


# Writing


def test_one_update_carries_comment_marker_tags_group_assignee_and_status(sandbox: Sandbox):
    adapter, ticket = asked(sandbox, "zendesk", tags=["parcel"])
    wanted = replace(REPLY, tags=("klark",), group_id=str(GROUP_ID), assignee_id=str(AGENT_ID), status="pending",
                     priority="urgent", custom_fields={"7402": "answered"})  # fmt: skip
    written = adapter.write(ticket, wanted)
    adapter.settle(ticket, wanted)
    after = adapter.fetch(ticket.id)
    assert (after.comments[-1].id, after.comments[-1].marker, after.comments[-1].author.id) == (
        written,
        "delivery-7",
        SEAT,
    )
    assert (after.tags, after.group_id, after.assignee_id) == (("klark", "parcel"), str(GROUP_ID), str(AGENT_ID))
    assert (after.status, after.priority, after.custom_fields) == ("pending", "urgent", {"7402": "answered"})
    assert [(w["method"], w["public"], w["text"], w["marker"], w["over_a_human"]) for w in sandbox.writes()] == [
        ("PUT", True, "It takes 3 days.", "delivery-7", False)
    ]


def test_a_status_that_the_desk_refuses_keeps_no_reply_from_the_customer(sandbox: Sandbox):
    adapter, ticket = asked(sandbox, "zendesk")
    solving = replace(REPLY, status="solved", tags=("klark",))
    written = adapter.write(ticket, solving)
    with pytest.raises(Refused, match="Assignee: is required when solving a ticket"):
        adapter.settle(ticket, solving)
    after = adapter.fetch(ticket.id)
    assert (after.comments[-1].id, after.comments[-1].marker) == (written, REPLY.marker)
    assert (after.status, after.tags) == ("new", ())
    assert [(write["applied"], write["status"]) for write in sandbox.writes()] == [(False, 422), (True, 200)]


def test_what_was_left_out_of_one_write_is_not_told_of_the_next(sandbox: Sandbox):
    adapter, ticket = asked(sandbox, "zendesk")
    adapter.write(ticket, replace(REPLY, status="solved"))
    solving = replace(NOTE, status="solved", assignee_id=SEAT)
    after = adapter.fetch(ticket.id)
    adapter.write(after, solving)
    adapter.settle(after, solving)
    assert adapter.fetch(ticket.id).status == "solved"


def test_a_status_of_the_accounts_own_is_set_by_its_name_in_the_same_update(sandbox: Sandbox):
    adapter, ticket = asked(sandbox, "zendesk")
    adapter.write(ticket, replace(REPLY, status_name="waiting on PARTS"))
    adapter.settle(ticket, REPLY)
    stored = sandbox.stored("zendesk", int(ticket.id))
    assert (stored["status"], stored["custom_status_id"], len(sandbox.writes())) == ("pending", 7303, 1)


def test_a_status_that_nobody_made_leaves_the_rest_written_and_says_which_there_are(sandbox: Sandbox):
    adapter, ticket = asked(sandbox, "zendesk")
    wanted = replace(REPLY, status_name="Shelved", tags=("answered",))
    adapter.write(ticket, wanted)
    with pytest.raises(Refused) as caught:
        adapter.settle(ticket, wanted)
    after = adapter.fetch(ticket.id)
    assert str(caught.value) == "Zendesk has no status “Shelved”; it has “New”, “Pending”, “Waiting on parts”"
    assert (after.status, after.tags, len(after.comments)) == ("new", ("answered",), 2)


def test_an_update_that_was_applied_and_called_invalid_is_not_made_a_second_time(sandbox: Sandbox, clock: Clock):
    adapter, ticket = asked(sandbox, "zendesk")
    tagged = replace(REPLY, tags=("klark",))
    clock.move(1)
    sandbox.fault("status", desk="zendesk", method="PUT", status=422, apply=True)
    with pytest.raises(LookAgain):
        adapter.write(ticket, tagged)
    after = adapter.fetch(ticket.id)
    assert (adapter.find(after, tagged, clock.at), after.tags) == (after.comments[-1].id, ("klark",))
    assert said(sandbox, "zendesk", ticket) == [("klark", "It takes 3 days.", True)]


def test_what_was_left_out_is_told_though_the_answer_to_the_comment_alone_never_came(sandbox: Sandbox, clock: Clock):
    adapter, ticket = asked(sandbox, "zendesk")
    rule = {"id": 5, "title": "Tag every reply", "actions": [{"field": "current_tags", "value": "answered"}]}
    sandbox.rows("zendesk", "triggers", rule)
    solving = replace(REPLY, status="solved", tags=("klark",))
    sandbox.fault("drop", desk="zendesk", method="PUT", skip=1)
    with pytest.raises(Unsure):
        adapter.write(ticket, solving)
    later = opened(sandbox, "zendesk")
    after = later.fetch(ticket.id)
    assert (later.find(after, solving, clock.at), after.tags) == (after.comments[-1].id, ("answered",))
    with pytest.raises(Refused, match="took the comment alone, and not the tags or the status"):
        later.settle(after, solving)


def test_a_status_name_is_told_as_left_out_too_where_the_answer_never_came(sandbox: Sandbox):
    adapter, ticket = asked(sandbox, "zendesk")
    sandbox.fault("drop", desk="zendesk", method="PUT")
    with pytest.raises(Unsure):
        adapter.write(ticket, replace(REPLY, status_name="Waiting on parts"))
    later = opened(sandbox, "zendesk")
    after = later.fetch(ticket.id)
    later.settle(after, replace(REPLY, status_name="waiting on parts"))
    with pytest.raises(Refused, match="has no status “Shelved”"):
        later.settle(after, replace(REPLY, status_name="Shelved"))
    sandbox.fault("status", desk="zendesk", method="PUT", status=422)
    sandbox.fault("drop", desk="zendesk", method="PUT")
    refused = replace(NOTE, status_name="Pending")
    with pytest.raises(Unsure):
        later.write(after, refused)
    last = opened(sandbox, "zendesk")
    with pytest.raises(Refused, match="took the comment alone, and not the status"):
        last.settle(last.fetch(ticket.id), refused)


def test_a_whole_update_whose_answer_never_came_is_not_called_left_out_whoever_changed_the_ticket_since(
    sandbox: Sandbox,
):
    adapter, ticket = asked(sandbox, "zendesk")
    wanted = replace(REPLY, status="pending", custom_fields={"7401": "x"})
    sandbox.fault("drop", desk="zendesk", method="PUT")
    with pytest.raises(Unsure):
        adapter.write(ticket, wanted)
    later = opened(sandbox, "zendesk")
    later.settle(later.fetch(ticket.id), wanted)
    sandbox.change("zendesk", int(ticket.id), status="open")
    later.settle(later.fetch(ticket.id), wanted)


def test_a_note_stays_within_the_team_and_is_not_the_customer_writing(sandbox: Sandbox):
    adapter, ticket = asked(sandbox, "zendesk")
    adapter.write(ticket, NOTE)
    after = adapter.fetch(ticket.id)
    assert said(sandbox, "zendesk", ticket) == [("klark", "A draft.", False)]
    assert after.last_from_customer() == ticket.comments[0]


def test_a_write_to_a_ticket_that_changed_is_not_made_whoever_changed_it(sandbox: Sandbox, clock: Clock):
    ends: dict[str, str] = {}
    for who in ("agent", "customer", "rule"):
        adapter, ticket = asked(sandbox, "zendesk")
        clock.move(1)
        sandbox.comment("zendesk", int(ticket.id), "<p>meanwhile</p>", by=who)
        ends[who] = end(lambda adapter=adapter, ticket=ticket: adapter.write(ticket, REPLY))
    adapter, ticket = asked(sandbox, "zendesk")
    clock.move(1)
    sandbox.change("zendesk", int(ticket.id), assignee="agent")
    ends["assigned"] = end(lambda: adapter.write(ticket, REPLY))
    assert ends == dict.fromkeys(ends, "LookAgain")
    assert [write["applied"] for write in sandbox.writes()] == [False] * 4


def test_after_a_dropped_answer_the_same_write_is_refused_and_its_marker_found(sandbox: Sandbox, clock: Clock):
    adapter, ticket = asked(sandbox, "zendesk")
    clock.move(1)
    sandbox.fault("drop", desk="zendesk", method="PUT")
    with pytest.raises(Unsure, match="never came"):
        adapter.write(ticket, REPLY)
    with pytest.raises(LookAgain):
        adapter.write(ticket, REPLY)
    found = adapter.find(adapter.fetch(ticket.id), REPLY, clock.at)
    assert found == str(sandbox.stored("zendesk", int(ticket.id))["comments"][-1]["id"])
    assert said(sandbox, "zendesk", ticket) == [("klark", "It takes 3 days.", True)]


def test_a_reset_before_the_write_leaves_nothing_to_find_and_the_same_write_applies(sandbox: Sandbox, clock: Clock):
    adapter, ticket = asked(sandbox, "zendesk")
    sandbox.fault("reset", desk="zendesk", method="PUT")
    with pytest.raises(Unsure):
        adapter.write(ticket, REPLY)
    assert adapter.find(adapter.fetch(ticket.id), REPLY, clock.at) is None
    assert adapter.write(ticket, REPLY).isdigit()
    assert [write["applied"] for write in sandbox.writes()] == [False, True]


def test_a_marker_is_found_in_the_audits_where_the_comments_hide_it(sandbox: Sandbox, clock: Clock):
    adapter, ticket = asked(sandbox, "zendesk")
    written = adapter.write(ticket, REPLY)
    after = adapter.fetch(ticket.id)
    hidden = replace(after, comments=tuple(replace(comment, marker=None) for comment in after.comments))
    assert adapter.find(hidden, REPLY, clock.at) == written
    assert adapter.find(hidden, replace(REPLY, marker="delivery-70"), clock.at) is None


def test_words_that_are_the_same_are_not_taken_for_klarks_own_write(sandbox: Sandbox, clock: Clock):
    adapter, ticket = asked(sandbox, "zendesk")
    sandbox.comment("zendesk", int(ticket.id), REPLY.html, by="agent")
    assert adapter.find(adapter.fetch(ticket.id), REPLY, clock.at) is None


def test_the_five_thousand_and_first_comment_is_refused_with_the_desks_reason(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("integrations.sandbox.zendesk.tickets.COMMENT_LIMIT", 2)
    adapter, ticket = asked(sandbox, "zendesk")
    adapter.write(ticket, NOTE)
    for wanted in (REPLY, replace(REPLY, tags=("klark",))):
        with pytest.raises(Refused, match="maximum number of comments"):
            adapter.write(adapter.fetch(ticket.id), wanted)
    assert said(sandbox, "zendesk", ticket) == [("klark", "A draft.", False)]


def test_what_the_desk_does_not_validate_is_refused_in_the_desks_own_words(sandbox: Sandbox):
    adapter, ticket = asked(sandbox, "zendesk")
    sandbox.change("zendesk", int(ticket.id), status="closed")
    with pytest.raises(Refused, match="closed prevents ticket update"):
        adapter.write(ticket, REPLY)
    assert said(sandbox, "zendesk", ticket) == []


def test_a_list_longer_than_page_numbers_reach_is_read_to_its_end(
    sandbox: Sandbox, zendesk: Api, monkeypatch: pytest.MonkeyPatch
):
    """As 10,001 articles by a hundred: Zendesk has no page 101."""
    monkeypatch.setattr("integrations.helpdesks.zendesk.guide.FIRST", {"page[size]": "1"})
    monkeypatch.setattr("integrations.helpdesks.zendesk.pages.PAGE", 1)
    sandbox.articles("zendesk", [{"id": n, "title": "T", "body_html": "<p>x</p>"} for n in range(1, 102)])
    assert len(published(opened(sandbox, "zendesk"))) == 101 + 1  # and the account's macro
    beyond = zendesk.get("/help_center/en-us/articles.json?page=101&per_page=1")
    assert (beyond.status_code, beyond.json()["errors"][0]["code"]) == (400, "InvalidPaginationDepth")


# Limits


def test_what_is_asked_for_is_what_the_desk_counts(sandbox: Sandbox):
    given = Given(KEYS["zendesk"])
    adapter = opened(sandbox, "zendesk", given)
    number = str(sandbox.ticket("zendesk"))
    sandbox.settings(limits={"zendesk": {"calls": 700}})
    adapter.write(adapter.fetch(number), REPLY)
    adapter.find(adapter.fetch(number), replace(REPLY, marker="other"), datetime.now(UTC))
    adapter.changes("")
    adapter.groups()
    assert stated(given.headers[-1]) == Stated(total=700, left=700 - sum(given.permits))
    assert given.permits == [2, 1, 2, 1, 1, 1]  # a ticket is asked for together with its comments


def test_a_spent_account_makes_everyone_wait_and_a_spent_ticket_only_its_own_writer(sandbox: Sandbox):
    given = Given(KEYS["zendesk"])
    adapter = opened(sandbox, "zendesk", given)
    ticket = adapter.fetch(str(sandbox.ticket("zendesk")))
    sandbox.settings(limits={"zendesk": {"per_ticket": 1}})
    adapter.write(ticket, NOTE)
    with pytest.raises(TryLater, match="slow down") as of_the_ticket:
        adapter.write(adapter.fetch(ticket.id), REPLY)
    one_ticket = stated(given.headers[-1])
    sandbox.settings(limits={"zendesk": {"calls": 1}})
    adapter.groups()
    with pytest.raises(TryLater, match="slow down") as of_all:
        adapter.groups()
    everyone = stated(given.headers[-1])
    assert (one_ticket.wait_s, everyone.left) == (None, 0)
    assert 0 < (everyone.wait_s or 0) <= 60
    assert 60 < (of_the_ticket.value.after or 0) <= 600
    assert 0 < (of_all.value.after or 0) <= 60


def test_a_permit_that_is_not_given_sends_nothing(sandbox: Sandbox):
    def refuse(weight: int) -> None:
        raise TryLater("the budget is spent", after=3)

    free, ticket = asked(sandbox, "zendesk")
    spent = Zendesk(replace(free.account, permit=refuse))
    calls = (lambda: spent.write(ticket, REPLY), spent.groups, spent.whoami, lambda: spent.changes(""))
    assert [end(call) for call in calls] == ["TryLater"] * 4
    assert sandbox.writes() == []


# Catching up


def test_a_catch_up_brings_everything_once_and_then_only_what_changed(sandbox: Sandbox, clock: Clock):
    adapter = opened(sandbox, "zendesk")
    numbers = [str(sandbox.ticket("zendesk")) for _ in range(3)]
    begun = (clock.at - timedelta(seconds=5)).isoformat()
    events = list(walked(adapter, begun))
    cursor = events[-1][1]
    quiet = list(walked(adapter, cursor))
    sandbox.comment("zendesk", int(numbers[1]), "<p>And?</p>", by="agent", public=False)
    sandbox.change("zendesk", int(numbers[0]), deleted=True)
    sandbox.change("zendesk", int(numbers[2]), status="solved")
    later = adapter.changes(cursor)
    assert [ticket for ticket, _ in events] == numbers
    assert quiet == []
    assert [(event.ticket_id, event.key, event.kind) for event in later.events] == [
        (numbers[n], "", "catch-up") for n in (1, 0, 2)
    ]
    assert [end(lambda n=n: adapter.fetch(n)) for n in numbers] == ["Gone", "done", "done"]


def test_a_catch_up_within_the_last_minute_asks_for_an_older_start_rather_than_being_refused(
    sandbox: Sandbox, zendesk: Api
):
    adapter = opened(sandbox, "zendesk")
    now = datetime.now(UTC)
    cursors = ("", now.isoformat(), (now + timedelta(days=1)).isoformat(), "2026-02-31T00:00:00Z", "nonsense")
    assert {cursor: end(lambda cursor=cursor: adapter.changes(cursor)) for cursor in cursors} == dict.fromkeys(
        cursors, "done"
    )
    refused = zendesk.get(f"/incremental/tickets/cursor.json?start_time={int(now.timestamp())}")
    assert (refused.status_code, refused.json()["error"]) == (400, "StartTimeTooRecent")


def test_a_cursor_with_signs_of_its_own_arrives_as_it_is(sandbox: Sandbox, zendesk: Api):
    adapter = opened(sandbox, "zendesk")
    with pytest.raises(Refused, match="Invalid cursor"):
        adapter.changes("after:a+b/c==&start_time=1")


def test_the_incremental_exports_own_limit_is_a_wait_and_stops_nobody_else(sandbox: Sandbox):
    sandbox.settings(limits={"zendesk": {"incremental": 1}})
    adapter = opened(sandbox, "zendesk")
    adapter.changes("")
    with pytest.raises(TryLater, match="slow down"):
        adapter.changes("")
    assert adapter.groups() == {"Support": str(GROUP_ID)}


def test_more_big_tickets_than_one_response_may_hold_are_all_found(sandbox: Sandbox, clock: Clock):
    """As a thousand of 20 KB under the real limit of 16 MiB: a page with all of them could never be read."""
    begun = (clock.at - timedelta(seconds=5)).isoformat()
    numbers = [str(sandbox.ticket("zendesk", body=BIG, webhook=False)) for _ in range(200)]
    adapter = opened(sandbox, "zendesk", max_bytes=1024 * 1024)
    assert [ticket for ticket, _ in walked(adapter, begun)] == numbers
