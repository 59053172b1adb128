"""The Freshdesk adapter at the stand-in Freshdesk: each line of what is known of the product, held on both sides."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.errors import BadPayload, BadSignature, Refused, TryLater, Unsure
from integrations.helpdesks.base import Person, TicketEvent
from integrations.helpdesks.freshdesk.client import Freshdesk
from integrations.helpdesks.freshdesk.limits import LISTS, UPDATES
from integrations.helpdesks.pool import Pool
from integrations.helpdesks.rate_limit_headers import Stated, stated
from integrations.sandbox.client import Sandbox
from integrations.sandbox.records import AGENT_ID, GROUP_ID
from tests.integrations.sandboxed import Api, Ear
from tests.integrations.stand_in import KEYS, NOTE, REPLY, SEAT, Clock, Given, asked, end, opened, said, walked

pytest_plugins = ["tests.integrations.sandbox_fixtures"]
pytestmark = pytest.mark.usefixtures("clock")
SECRET = "s3cret"


def test_a_key_is_known_and_another_is_refused_with_what_to_do(sandbox: Sandbox):
    assert opened(sandbox, "freshdesk").whoami() == Person(SEAT, "klark", "klark@example.com", "agent")
    for key in ("other", "", "sandbox-key:x:y\u00e9"[:0]):
        with pytest.raises(Refused, match="wrong, expired or revoked"):
            opened(sandbox, "freshdesk", Given(key)).whoami()


def test_a_key_that_was_replaced_stops_every_call_until_there_is_another(sandbox: Sandbox):
    given = Given(KEYS["freshdesk"])
    adapter = opened(sandbox, "freshdesk", given)
    ticket = adapter.fetch(str(sandbox.ticket("freshdesk")))
    sandbox.credentials("freshdesk", ["new-key"])
    calls = (adapter.groups, lambda: adapter.write(ticket, REPLY), lambda: adapter.fetch(ticket.id), adapter.whoami)
    assert [end(call) for call in calls] == ["Refused"] * 4
    given.token = "new-key"
    assert [end(call) for call in calls] == ["done"] * 4
    assert [write["applied"] for write in sandbox.writes()] == [True]  # with the old key the last look fails already


# Reading


def test_a_ticket_is_read_whole_description_first_over_every_page(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("integrations.helpdesks.freshdesk.client.PAGE", 2)
    number = sandbox.ticket("freshdesk", subject="Delivery", body="How long?", requester={"email": "ada@example.org"},
                            cc=["otto@partner.example"], tags=["b", "a"], priority="high",
                            custom_fields={"cf_vip": True, "cf_none": None})  # fmt: skip
    for n, by in enumerate(("agent", "customer", "third_party", "agent", "customer")):
        sandbox.comment("freshdesk", number, f"<p>{n}</p>", by=by, public=n != 0)
    ticket = opened(sandbox, "freshdesk").fetch(str(number))
    assert (ticket.subject, ticket.status, ticket.priority, ticket.channel, ticket.stamp) == (
        "Delivery", "open", "high", "email", "",
    )  # fmt: skip
    assert (ticket.tags, ticket.custom_fields) == (("a", "b"), {"cf_vip": "true"})
    assert (ticket.requester.email, [p.email for p in ticket.cc]) == ("ada@example.org", ["otto@partner.example"])
    assert [(c.body_text, c.public, c.from_customer, c.author.role) for c in ticket.comments] == [
        ("How long?", True, True, "customer"),
        ("0", False, False, "agent"),
        ("1", True, True, "customer"),
        ("2", True, True, "customer"),
        ("3", True, False, "agent"),
        ("4", True, True, "customer"),
    ]
    assert (ticket.comments[0].id, ticket.last_from_customer()) == ("description", ticket.comments[-1])


def test_every_number_of_the_product_has_klarks_word(sandbox: Sandbox):
    adapter = opened(sandbox, "freshdesk")
    statuses = {
        "new": "open",
        "open": "open",
        "pending": "pending",
        "solved": "solved",
        "closed": "closed",
        "hold": None,
    }
    channels = {
        "email": "email",
        "web": "web",
        "phone": "phone",
        "social": "social",
        "chat": "chat",
        "outbound": "email",
    }
    priorities = ("low", "normal", "high", "urgent")
    read = {word: adapter.fetch(str(sandbox.ticket("freshdesk", status=word))).status for word in statuses}
    came = {word: adapter.fetch(str(sandbox.ticket("freshdesk", channel=word))).channel for word in channels}
    asked_for = [adapter.fetch(str(sandbox.ticket("freshdesk", priority=word))).priority for word in priorities]
    assert (read, came, asked_for) == (statuses, channels, list(priorities))


def test_an_outbound_mail_is_an_agents_first_word_and_starts_no_turn(sandbox: Sandbox):
    adapter = opened(sandbox, "freshdesk")
    number = sandbox.ticket("freshdesk", channel="outbound", body="We write to you first.", **{"as": "agent"})
    before = adapter.fetch(str(number))
    sandbox.comment("freshdesk", number, "<p>Oh, thank you</p>")
    after = adapter.fetch(str(number)).last_from_customer()
    assert (before.last_from_customer(), before.comments[0].author.role) == (None, "agent")
    assert after is not None
    assert after.body_text == "Oh, thank you"


def test_what_left_the_desk_is_gone_and_what_never_was_too(sandbox: Sandbox):
    adapter, ticket = asked(sandbox, "freshdesk")
    sandbox.change("freshdesk", int(ticket.id), deleted=True)
    texts = (ticket.id, "99", "9" * 20, "x", "", "-1", "1/2")
    assert {text: end(lambda text=text: adapter.fetch(text)) for text in texts} == dict.fromkeys(texts, "Gone")
    assert (end(lambda: adapter.write(ticket, REPLY)), end(lambda: adapter.write(ticket, NOTE))) == ("Gone", "Gone")
    assert said(sandbox, "freshdesk", ticket) == []


# Writing


def test_a_reply_is_the_delivery_and_the_fields_a_second_write_that_may_be_repeated(sandbox: Sandbox):
    adapter, ticket = asked(sandbox, "freshdesk", tags=["parcel"], custom_fields={"cf_kept": "yes"})
    wanted = replace(REPLY, tags=("klark",), group_id=str(GROUP_ID), assignee_id=str(AGENT_ID), status="pending",
                     priority="urgent", custom_fields={"cf_answer": "sent"})  # fmt: skip
    written = adapter.write(ticket, wanted)
    between = adapter.fetch(ticket.id)
    adapter.settle(ticket, wanted)
    once = adapter.fetch(ticket.id)
    adapter.settle(ticket, wanted)
    twice = adapter.fetch(ticket.id)
    assert (between.comments[-1].id, between.tags, between.status) == (written, ("parcel",), "open")
    assert (once.tags, once.status, once.priority) == (("klark", "parcel"), "pending", "urgent")
    assert (once.group_id, once.assignee_id) == (str(GROUP_ID), str(AGENT_ID))
    assert once.custom_fields == {"cf_kept": "yes", "cf_answer": "sent"}
    assert (twice.tags, twice.status, twice.comments) == (once.tags, once.status, once.comments)
    assert [(w["method"], w["path"].rpartition("/")[2], w["public"]) for w in sandbox.writes()] == [
        ("POST", "reply", True), ("PUT", ticket.id, None), ("PUT", ticket.id, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "sender"),
    [
        ({}, "support@example.com"),
        ({"mailbox": "returns@example.com"}, "returns@example.com"),
        ({"mailbox": "press@example.com"}, "support@example.com"),
        ({"channel": "web", "brand_id": 7102}, "help@second.example"),
        ({"channel": "web"}, "support@example.com"),
    ],
    ids=["the global one", "another", "one that is off", "its product's", "none"],
)
def test_a_reply_comes_from_the_address_that_the_ticket_came_to_and_keeps_its_copies(
    sandbox: Sandbox, freshdesk: Api, more: dict[str, Any], sender: str
):
    adapter, ticket = asked(sandbox, "freshdesk", cc=["otto@partner.example", "ada@partner.example"], **more)
    written = adapter.write(ticket, REPLY)
    (shown,) = freshdesk.get(f"/tickets/{ticket.id}/conversations").json()
    assert (str(shown["id"]), shown["from_email"]) == (written, f"klark <{sender}>")
    assert (shown["to_emails"], shown["cc_emails"]) == (
        ["camille@example.org"], ["otto@partner.example", "ada@partner.example"],
    )  # fmt: skip


def test_a_note_goes_out_to_nobody(sandbox: Sandbox, freshdesk: Api):
    adapter, ticket = asked(sandbox, "freshdesk", cc=["otto@partner.example"], mailbox="returns@example.com")
    adapter.write(ticket, NOTE)
    (shown,) = freshdesk.get(f"/tickets/{ticket.id}/conversations").json()
    assert (shown["from_email"], shown["to_emails"], shown["cc_emails"]) == (None, [], [])


def test_a_note_says_that_it_is_private_and_is_kept_so(sandbox: Sandbox):
    adapter, ticket = asked(sandbox, "freshdesk")
    adapter.write(ticket, NOTE)
    (write,) = sandbox.writes()
    assert (write["path"].rpartition("/")[2], write["body"], write["public"]) == (
        "notes", {"body": "<p>A draft.</p>", "private": True}, False,
    )  # fmt: skip
    assert said(sandbox, "freshdesk", ticket) == [("klark", "A draft.", False)]


@pytest.mark.parametrize(
    ("name", "code"), [("Waiting on third party", 7), ("waiting ON customer ", 6), ("Resolved", 4)]
)
def test_a_status_of_the_accounts_own_is_set_by_its_name(sandbox: Sandbox, freshdesk: Api, name: str, code: int):
    adapter, ticket = asked(sandbox, "freshdesk")
    adapter.settle(ticket, replace(REPLY, status_name=name))
    assert freshdesk.get(f"/tickets/{ticket.id}").json()["status"] == code


def test_a_status_that_nobody_made_leaves_the_rest_set_and_says_which_there_are(sandbox: Sandbox):
    adapter, ticket = asked(sandbox, "freshdesk")
    with pytest.raises(Refused) as caught:
        adapter.settle(ticket, replace(REPLY, status_name="Waiting on parts", tags=("answered",)))
    assert str(caught.value) == (
        "Freshdesk has no status “Waiting on parts”; it has “Open”, “Pending”, “Resolved”, “Closed”, "
        "“Waiting on customer”, “Waiting on third party”"
    )
    after = adapter.fetch(ticket.id)
    assert (after.status, after.tags) == ("open", ("answered",))


def test_whatever_a_person_did_since_is_seen_before_the_write_and_what_nobody_led_with_is_not_in_the_way(
    sandbox: Sandbox,
):
    did: dict[str, tuple[dict[str, Any], str]] = {
        "an agent's reply": ({"by": "agent"}, "LookAgain"), "an agent's note": ({"by": "agent", "public": False}, "LookAgain"),
        "the customer": ({"by": "customer"}, "LookAgain"), "an assignment": ({"assignee": "agent"}, "LookAgain"),
        "solved": ({"status": "solved"}, "LookAgain"), "the bin": ({"deleted": True}, "Gone"),
        "a tag": ({"tags": ["vip"]}, "done"), "a priority": ({"priority": "urgent"}, "done"), "nothing": ({}, "done"),
    }  # fmt: skip
    ends = {}
    for name, (act, _) in did.items():
        adapter, ticket = asked(sandbox, "freshdesk")
        if "by" in act:
            sandbox.comment("freshdesk", int(ticket.id), "<p>meanwhile</p>", **act)
        else:
            sandbox.change("freshdesk", int(ticket.id), **act)
        ends[name] = end(lambda adapter=adapter, ticket=ticket: adapter.write(ticket, REPLY))
    assert ends == {name: ended for name, (_, ended) in did.items()}
    assert [write["over_a_human"] for write in sandbox.writes()] == [False] * 3


@pytest.mark.parametrize("write", [REPLY, NOTE], ids=["reply", "note"])
def test_after_a_dropped_answer_the_words_are_found_by_author_window_and_digest(
    sandbox: Sandbox, clock: Clock, write: Any
):
    adapter, ticket = asked(sandbox, "freshdesk")
    sandbox.fault("drop", desk="freshdesk", method="POST")
    with pytest.raises(Unsure, match="never came"):
        adapter.write(ticket, write)
    written = str(sandbox.stored("freshdesk", int(ticket.id))["comments"][-1]["id"])
    after = adapter.fetch(ticket.id)
    found = {
        "as it was": adapter.find(after, write, clock.at),
        "within the overlap": adapter.find(after, write, clock.at + timedelta(seconds=59)),
        "written before that": adapter.find(after, write, clock.at + timedelta(seconds=61)),
        "other words": adapter.find(after, replace(write, text="Else", html="<p>Else</p>"), clock.at),
        "other markup": adapter.find(after, replace(write, html=f"<div>\n{write.html}&nbsp;</div>"), clock.at),
        "the other audience": adapter.find(after, replace(write, public=not write.public), clock.at),
    }
    assert found == {
        **dict.fromkeys(found),
        "as it was": written,
        "within the overlap": written,
        "other markup": written,
    }


def test_a_reset_before_the_write_leaves_nothing_to_find(sandbox: Sandbox, clock: Clock):
    adapter, ticket = asked(sandbox, "freshdesk")
    sandbox.fault("reset", desk="freshdesk", method="POST")
    with pytest.raises(Unsure):
        adapter.write(ticket, REPLY)
    assert adapter.find(adapter.fetch(ticket.id), REPLY, clock.at) is None
    assert (adapter.safe_resend, said(sandbox, "freshdesk", ticket)) == (False, [])


def test_the_same_words_of_an_agent_are_not_taken_for_klarks(sandbox: Sandbox, clock: Clock):
    adapter, ticket = asked(sandbox, "freshdesk")
    sandbox.comment("freshdesk", int(ticket.id), REPLY.html, by="agent")
    assert adapter.find(adapter.fetch(ticket.id), REPLY, clock.at) is None


def test_what_the_desk_does_not_validate_names_the_field(sandbox: Sandbox):
    adapter, ticket = asked(sandbox, "freshdesk")
    with pytest.raises(Refused, match="It should be a/an String"):
        adapter.write(ticket, replace(REPLY, html=" "))
    with pytest.raises(Refused, match="is not the id of a group"):
        adapter.write(ticket, replace(REPLY, group_id="Support"))
    assert [(write["path"].rpartition("/")[2], write["applied"]) for write in sandbox.writes()] == [("reply", False)]


# Limits


def test_an_include_costs_a_second_credit_and_is_asked_for(sandbox: Sandbox):
    given = Given(KEYS["freshdesk"])
    adapter = opened(sandbox, "freshdesk", given)
    number = str(sandbox.ticket("freshdesk"))
    sandbox.settings(limits={"freshdesk": {"calls": 200}})
    ticket = adapter.fetch(number)
    adapter.write(ticket, REPLY)
    adapter.changes("")
    adapter.groups()
    # A ticket is asked for together with its conversations; then the mailboxes; the last look together with the write.
    assert given.permits == [3, 1, 3, 1, 1]
    assert stated(given.headers[-1]) == Stated(total=200, left=200 - sum(given.permits))


def test_a_429_brings_no_figures_but_a_time_and_a_refused_caller_is_counted_too(sandbox: Sandbox):
    given = Given(KEYS["freshdesk"])
    adapter = opened(sandbox, "freshdesk", given)
    sandbox.settings(limits={"freshdesk": {"calls": 2}})
    end(opened(sandbox, "freshdesk", Given("other")).whoami)
    adapter.whoami()
    with pytest.raises(TryLater, match="slow down") as caught:
        adapter.groups()
    told = stated(given.headers[-1])
    assert (told.total, told.left) == (None, None)
    assert 0 < (told.wait_s or 0) <= 60
    assert caught.value.after == told.wait_s


def test_lists_and_updates_have_limits_of_their_own_beside_the_accounts(sandbox: Sandbox):
    adapter, ticket = asked(sandbox, "freshdesk")
    sandbox.settings(limits={"freshdesk": {"calls": 200, "updates": 1, "lists": 1}})
    tagged = replace(REPLY, tags=("klark",))
    ends = {
        "a list": [end(lambda: adapter.changes("")) for _ in range(2)],
        "an update": [end(lambda: adapter.settle(ticket, tagged)) for _ in range(2)],
        "a reply": [end(lambda: adapter.write(ticket, REPLY))],
        "a read": [end(lambda: adapter.fetch(ticket.id))],
    }
    assert ends == {
        "a list": ["done", "TryLater"],
        "an update": ["done", "TryLater"],
        "a reply": ["done"],
        "a read": ["done"],
    }


def test_klark_asks_before_each_request_that_counts_in_a_limit_of_its_own(sandbox: Sandbox):
    counted: list[Pool] = []
    adapter, ticket = asked(sandbox, "freshdesk")
    adapter = Freshdesk(replace(adapter.account, permit_in=counted.append))
    adapter.changes("")
    adapter.settle(ticket, replace(REPLY, tags=("klark",)))
    adapter.write(ticket, REPLY)
    adapter.fetch(ticket.id)
    assert counted == [LISTS, UPDATES]


# Catching up


def test_a_catch_up_finds_old_tickets_that_changed_and_none_from_before(sandbox: Sandbox, clock: Clock, freshdesk: Api):
    clock.move(-40 * 86_400)
    old, untouched = sandbox.ticket("freshdesk"), sandbox.ticket("freshdesk")
    since = clock.move(40 * 86_400 - 10)
    sandbox.comment("freshdesk", old, "<p>Still there?</p>")
    new = sandbox.ticket("freshdesk")
    shown = [row["id"] for row in freshdesk.get("/tickets").json()]
    events = opened(sandbox, "freshdesk").changes(since.isoformat()).events
    assert shown == [new]
    assert {event.ticket_id for event in events} == {str(old), str(new)}
    assert str(untouched) not in {event.ticket_id for event in events}
    assert {event.updated_at for event in events} == {since}


def test_a_catch_up_goes_on_page_by_page_although_a_ticket_moves_to_the_end(
    sandbox: Sandbox, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("integrations.helpdesks.freshdesk.client.PAGE", 2)
    since = clock.at
    numbers = []
    for _ in range(5):
        clock.move(1)
        numbers.append(str(sandbox.ticket("freshdesk")))
    adapter = opened(sandbox, "freshdesk")
    first = adapter.changes(since.isoformat())
    clock.move(1)
    sandbox.comment("freshdesk", int(numbers[0]), "<p>again</p>")
    rest = [ticket for ticket, _ in walked(adapter, first.cursor)]
    assert [event.ticket_id for event in first.events] == numbers[:2]
    assert first.more is True
    assert set(rest) >= {*numbers[2:], numbers[0]}


def test_more_changes_in_one_second_than_a_page_holds_are_all_found(
    sandbox: Sandbox, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("integrations.helpdesks.freshdesk.client.PAGE", 2)
    numbers = {str(sandbox.ticket("freshdesk")) for _ in range(5)}
    found = [ticket for ticket, _ in walked(opened(sandbox, "freshdesk"), clock.at.isoformat())]
    assert set(found) == numbers


def test_a_catch_up_that_ends_never_goes_back_before_where_it_began(sandbox: Sandbox):
    adapter = opened(sandbox, "freshdesk")
    ahead = datetime.now(UTC) + timedelta(minutes=10)
    assert datetime.fromisoformat(adapter.changes(ahead.isoformat()).cursor) == ahead
    behind = datetime.fromisoformat(adapter.changes("2026-01-01T00:00:00+00:00").cursor)
    assert timedelta(seconds=58) < datetime.now(UTC) - behind < timedelta(seconds=65)


# Webhooks, from the stand-in's mouth to the adapter's ear


def test_a_rule_proves_itself_by_a_header_or_by_either_half_of_basic_credentials(sandbox: Sandbox, ear: Ear):
    sandbox.webhook("freshdesk", ear.url, SECRET)
    sandbox.webhook("freshdesk", ear.url, SECRET, username="klark")
    sandbox.webhook("freshdesk", ear.url, "X", username=SECRET)
    sandbox.webhook("freshdesk", ear.url, "wrong")
    number = sandbox.ticket("freshdesk")
    assert sandbox.settled()
    proofs = []
    for headers, body in ear.heard:
        assert Freshdesk.parse(body, headers) == TicketEvent(str(number), kind="{ticket_action:created}")
        proofs.append(_proven(body, headers))
    assert proofs == [True, True, True, False]


def _proven(body: bytes, headers: dict[str, str]) -> bool:
    try:
        Freshdesk.verify(body, headers, ["old", SECRET], datetime.now(UTC))
    except BadSignature:
        return False
    return True


def test_a_body_that_a_subject_broke_still_names_its_ticket_unless_the_subject_names_another(
    sandbox: Sandbox, ear: Ear
):
    body = '{"about": "{{ticket.subject}}", "ticket_id": "{{ticket.id}}"}'
    sandbox.webhook("freshdesk", ear.url, SECRET, body=body)
    sandbox.ticket("freshdesk", subject='It is "urgent"')
    sandbox.ticket("freshdesk", subject='Mine is "ticket_id": "999"')
    assert sandbox.settled()
    (headers, first), (_, second) = ear.heard
    assert Freshdesk.parse(first, headers) == TicketEvent("1")
    assert end(lambda: Freshdesk.parse(second, headers)) == "BadPayload"


BODIES = {
    "before": '{"ticket_id": "{{ticket.id}}", "about": "{{ticket.subject}}"}',
    "behind": '{"about": "{{ticket.subject}}", "ticket_id": "{{ticket.id}}"}',
    "within": '{"ticket": {"id": {{ticket.id}}, "about": "{{ticket.subject}}"}}',
}
SUBJECTS = {
    "beside": 'Help", "ticket_id": "999", "more": "',
    "above": 'Help"}, "ticket_id": "999", "more": {"x": "',
    "of the same": 'Help", "ticket_id": "1", "more": "',
}


def test_a_subject_that_adds_a_ticket_id_of_its_own_chooses_none_wherever_it_stands(sandbox: Sandbox, ear: Ear):
    ends: dict[tuple[str, str], str] = {}
    for place, body in BODIES.items():
        for kind, subject in SUBJECTS.items():
            ear.heard.clear()
            sandbox.reset()
            sandbox.webhook("freshdesk", ear.url, SECRET, body=body)
            sandbox.ticket("freshdesk", subject=subject)
            assert sandbox.settled()
            ((headers, raw),) = ear.heard
            ends[place, kind] = _ticket_named(raw, headers)
    desks_own = {("within", "beside"), *((place, "of the same") for place in BODIES)}
    assert ends == {pair: "1" if pair in desks_own else "BadPayload" for pair in ends}
    assert len(ends) == 9


def _ticket_named(raw: bytes, headers: dict[str, str]) -> str:
    try:
        event = Freshdesk.parse(raw, headers)
    except BadPayload as error:
        return type(error).__name__
    return event.ticket_id if event else ""


def test_the_event_of_two_identical_comments_has_no_key_so_neither_is_dropped_for_the_other(sandbox: Sandbox, ear: Ear):
    sandbox.webhook("freshdesk", ear.url, SECRET)
    number = sandbox.ticket("freshdesk", webhook=False)
    for _ in range(2):
        sandbox.comment("freshdesk", number, "<p>Hello?</p>")
    assert sandbox.settled()
    assert len({body for _, body in ear.heard}) == 1
    assert {event.key for headers, body in ear.heard if (event := Freshdesk.parse(body, headers))} == {""}


def test_what_a_rule_says_happened_is_kept_as_the_kind(sandbox: Sandbox, ear: Ear):
    sandbox.webhook("freshdesk", ear.url, SECRET)
    number = sandbox.ticket("freshdesk")
    sandbox.comment("freshdesk", number, "<p>a</p>", by="agent")
    sandbox.comment("freshdesk", number, "<p>b</p>", by="agent", public=False)
    sandbox.change("freshdesk", number, status="solved")
    sandbox.change("freshdesk", number, tags=["x"])
    sandbox.change("freshdesk", number, deleted=True)
    assert sandbox.settled()
    events = [Freshdesk.parse(body, headers) for headers, body in ear.heard]
    assert [(event.ticket_id, event.kind) for event in events if event] == [
        (str(number), kind)
        for kind in ("{ticket_action:created}", "{reply_sent:sent}", "{note_type:private}", "{status:{from:2,to:4}}",
                     "{ticket_action:updated}", "{ticket_action:deleted}")
    ]  # fmt: skip


# Solutions


def test_a_walk_shows_what_everyone_may_read_in_every_language(sandbox: Sandbox):
    rows: list[dict[str, Any]] = [
        {"id": 1, "title": "Delivery", "body_html": "<p>3 days</p>", "language": "en"},
        {"id": 1, "title": "Livraison", "body_html": "<p>3 jours</p>", "language": "fr"},
        {"id": 2, "title": "Draft", "body_html": "<p>x</p>", "language": "en", "draft": True},
        {
            "id": 3,
            "title": "Staff",
            "body_html": "<p>x</p>",
            "language": "en",
            "section": "Inside",
            "user_segment_id": 5,
        },
        {"id": 4, "title": "Deep", "body_html": "<p>y</p>", "language": "en", "section": "Guides/Inner"},
        {"id": 5, "title": "Empty", "body_html": "", "language": "en"},
    ]
    sandbox.articles("freshdesk", rows)
    adapter = opened(sandbox, "freshdesk")
    found: dict[str, str] = {}
    cursor, more, pages = "", True, 0
    while more:
        page = adapter.shelf(cursor)
        assert page.walk is True
        found |= {article.id: article.title for article in page.articles}
        cursor, more, pages = page.cursor, page.more, pages + 1
    assert found == {"1:en": "Delivery", "1:fr": "Livraison", "4:en": "Deep", "canned:7701:": "Thanks"}
    assert cursor == ""


@pytest.mark.parametrize(
    ("before", "on", "after"), [(["vip"], True, ["klark", "vip"]), (["klark", "vip"], False, ["vip"])]
)
def test_one_tag_changes_beside_what_others_tagged_since_the_ticket_was_read(
    sandbox: Sandbox, before: list[str], on: bool, after: list[str]
):
    number = sandbox.ticket("freshdesk", body="Hello")
    sandbox.change("freshdesk", number, tags=before)
    helpdesk = opened(sandbox, "freshdesk")
    ticket = helpdesk.fetch(str(number))
    sandbox.change("freshdesk", number, tags=[*before, "urgent"])
    helpdesk.tag(ticket, "klark", on)
    assert sorted(sandbox.stored("freshdesk", number)["tags"]) == sorted([*after, "urgent"])
