"""What set-up makes at each desk, looked at without a desk: triggers, rules, recipes, and when one has to be mended."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from integrations.errors import IntegrationError, Refused, TryLater
from integrations.helpdesks import INSTALLERS
from integrations.helpdesks.freshdesk import rules as freshdesk_rules
from integrations.helpdesks.freshdesk import shapes as freshdesk_shapes
from integrations.helpdesks.freshdesk.rules import recipe, rule
from integrations.helpdesks.freshdesk.setup import FreshdeskSetup
from integrations.helpdesks.setup import Extras, Seat, Wiring, allowed
from integrations.helpdesks.zendesk import setup as zendesk_setup
from integrations.helpdesks.zendesk.setup import ZendeskSetup

from .desks import FRESHDESK, ZENDESK, Desk, Reply, StubTransport, stub

HERE = "https://klark.example/webhooks/1/"
SECRET = "s3cret"


def installer(desk: Desk, table: dict[tuple[str, str], Any]) -> Any:
    account = desk.over(StubTransport({**desk.table, **table})).account
    return INSTALLERS[desk.name](account)


# --- Freshdesk: rules


@pytest.mark.parametrize("kind", ["1", "4"])
def test_a_rule_calls_klark_with_the_secret_and_names_the_ticket_alone(kind: str) -> None:
    (action,) = rule(kind, HERE, SECRET)["actions"]
    assert (action["url"], action["custom_headers"]) == (HERE, {"X-Klark-Secret": SECRET})
    assert (action["content_layout"], action["content"]) == ("2", {"ticket_id": "{{ticket.id}}"})


@pytest.mark.parametrize("kind", ["1", "4"])
def test_a_rule_is_for_tickets_of_every_priority(kind: str) -> None:
    ((condition,),) = [part["properties"] for part in rule(kind, HERE, SECRET)["conditions"]]
    assert condition == {
        "resource_type": "ticket", "field_name": "priority", "operator": "in",
        "value": sorted(freshdesk_shapes.PRIORITY_CODES.values()),
    }  # fmt: skip


@pytest.mark.parametrize(("kind", "events"), [("1", [0]), ("4", [3, 1])])
def test_a_rule_that_is_refused_is_put_in_another_way_until_none_is_left(kind: str, events: list[int]) -> None:
    ways = list(freshdesk_rules.ways(rule(kind, HERE, SECRET)))
    put = [
        (len(way.get("events", [])), way["actions"][0]["content_layout"], type(way["actions"][0]["content"]))
        for way in ways
    ]
    assert put == [
        (count, layout, kind) for count in events for layout, kind in (("2", dict), ("2", str), ("advanced", dict))
    ]
    assert {way["actions"][0]["custom_headers"]["X-Klark-Secret"] for way in ways} == {SECRET}


def test_a_rule_for_changes_is_for_anyones_and_any() -> None:
    made = rule("4", HERE, SECRET)
    events = [{"field_name": "ticket_action", "value": value} for value in ("update", "delete", "marked_spam")]
    assert (made["performer"], made["events"]) == ({"type": 3}, events)
    assert "performer" not in rule("1", HERE, SECRET)


def test_the_recipe_has_everything_to_copy() -> None:
    text = recipe(HERE, SECRET)
    wanted = (
        HERE,
        f'{{"X-Klark-Secret": "{SECRET}"}}',
        '{"ticket_id": "{{ticket.id}}"}',
        "Ticket creation",
        "Ticket updates",
    )
    assert [part for part in wanted if part not in text] == []


def rules(*first: Any, second: tuple[Any, ...] = ()) -> dict[tuple[str, str], Any]:
    return {("GET", "/api/v2/automations/1/rules"): Reply(list(first)),
            ("GET", "/api/v2/automations/4/rules"): Reply(list(second))}  # fmt: skip


GOOD = {"id": 5, "active": True, "actions": [{"url": HERE, "custom_headers": {"X-Klark-Secret": SECRET}}]}


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        ((), ["would make the rule “klark: a ticket is new”"]),
        ((GOOD,), []),
        (({**GOOD, "active": False},), ["would mend the rule “klark: a ticket is new”"]),
        (({**GOOD, "actions": [{"url": HERE, "custom_headers": {"X-Klark-Secret": "old"}}]},),
         ["would mend the rule “klark: a ticket is new”"]),
        (({**GOOD, "actions": [{"url": HERE}]},), ["would mend the rule “klark: a ticket is new”"]),
        (({**GOOD, "actions": [{"url": "https://elsewhere.example/"}]},), ["would make the rule “klark: a ticket is new”"]),
        (({**GOOD, "actions": None}, None, [], "x"), ["would make the rule “klark: a ticket is new”"]),
    ],
)  # fmt: skip
def test_a_rule_is_known_by_the_address_that_it_calls(found: tuple[Any, ...], shown: list[str]) -> None:
    it = installer(FRESHDESK, rules(*found, second=(GOOD,)))
    assert list(it.arrange(HERE, SECRET, lambda secret: None, only_show=True).done) == shown
    assert stub(it.desk).writes() == []


def test_rules_that_may_not_be_listed_lead_to_a_recipe() -> None:
    it = installer(FRESHDESK, {("GET", "/api/v2/automations/1/rules"): Reply({"code": "access_denied"}, 403)})
    kept: list[str] = []
    assert it.arrange(HERE, SECRET, kept.append) == Wiring(by_hand=recipe(HERE, SECRET))
    assert (kept, stub(it.desk).writes()) == ([SECRET], [])


RULES_1, RULES_4 = "/api/v2/automations/1/rules", "/api/v2/automations/4/rules"
DEAD = Reply({"id": 9, "active": True, "actions": []}, 201)
NO = Reply({"code": "invalid_value"}, 400)


def arranged(table: dict[tuple[str, str], Any]) -> tuple[Wiring, list[tuple[str, str]]]:
    """What came of it, and the writes."""
    it = installer(FRESHDESK, table)
    wiring = it.arrange(HERE, SECRET, lambda secret: None)
    asked = [(sent.method or "", urlsplit(sent.url).path) for sent in stub(it.desk).sent]
    return wiring, [one for one in asked if one[0] != "GET"]


def test_a_rule_that_comes_out_without_its_webhook_in_any_way_leads_to_a_recipe_and_is_taken_away() -> None:
    table = rules() | {("POST", RULES_1): DEAD, ("DELETE", f"{RULES_1}/9"): Reply(None, 204)}
    wiring, writes = arranged(table)
    assert wiring == Wiring(by_hand=recipe(HERE, SECRET))
    assert writes == [("POST", RULES_1), ("DELETE", f"{RULES_1}/9")] * 3


def test_one_way_that_comes_out_without_the_webhook_is_followed_by_the_next() -> None:
    table = rules(second=(GOOD,)) | {("POST", RULES_1): [DEAD, Reply({**GOOD, "id": 10}, 201)],
                                     ("DELETE", f"{RULES_1}/9"): Reply(None, 204)}  # fmt: skip
    wiring, writes = arranged(table)
    assert (wiring.done, wiring.by_hand) == (("made the rule “klark: a ticket is new”",), "")
    assert writes == [("POST", RULES_1), ("DELETE", f"{RULES_1}/9"), ("POST", RULES_1)]


def test_a_rule_that_stood_there_before_stays_where_the_other_one_is_refused() -> None:
    """A person may have made it, by klark's own recipe, and it works."""
    wiring, writes = arranged(rules(GOOD) | {("POST", RULES_4): NO})
    assert (wiring.by_hand, set(writes)) == (recipe(HERE, SECRET), {("POST", RULES_4)})


@pytest.mark.parametrize("answer", [NO, DEAD, Reply({"code": "access_denied"}, 403)])
def test_a_rule_that_cannot_be_mended_is_left_to_a_person_and_not_called_mended(answer: Reply) -> None:
    """With the secret where no custom headers are to be had, as docs/helpdesks.md has it."""
    theirs = {"id": 5, "active": True, "actions": [{"url": HERE, "auth_header": {"password": SECRET}}]}
    wiring, writes = arranged(rules(theirs, second=(GOOD,)) | {("PUT", f"{RULES_1}/5"): answer})
    assert (wiring, set(writes)) == (Wiring(by_hand=recipe(HERE, SECRET)), {("PUT", f"{RULES_1}/5")})


def test_only_what_was_made_just_now_is_taken_back() -> None:
    table = rules() | {("POST", RULES_1): Reply({**GOOD, "id": 10}, 201), ("POST", RULES_4): NO}
    wiring, writes = arranged(table | {("DELETE", f"{RULES_1}/10"): Reply(None, 204)})
    assert (wiring.by_hand, writes[0], writes[-1]) == (
        recipe(HERE, SECRET),
        ("POST", RULES_1),
        ("DELETE", f"{RULES_1}/10"),
    )


def test_a_rule_that_cannot_even_be_taken_back_still_leads_to_the_recipe() -> None:
    table = rules() | {("POST", RULES_1): Reply({**GOOD, "id": 10}, 201), ("POST", RULES_4): NO}
    wiring, _writes = arranged(table | {("DELETE", f"{RULES_1}/10"): Reply({"code": "access_denied"}, 403)})
    assert wiring.by_hand == recipe(HERE, SECRET)


@pytest.mark.parametrize("name", ["Support", ""])
def test_a_group_that_is_there_or_not_wanted_is_not_made(name: str) -> None:
    it = installer(FRESHDESK, {("GET", "/api/v2/groups"): Reply([{"id": 1, "name": "Support"}])})
    assert (it.furnish(Extras(name)), stub(it.desk).writes()) == ((), [])


# --- Zendesk: triggers

HOOK = "01HX" + "A" * 22


def trigger(**changed: Any) -> dict[str, Any]:
    wanted = installer(ZENDESK, {})._trigger(HOOK, "9009")
    return {"id": 7, **wanted, **changed}


def test_a_trigger_is_guarded_by_who_acts_and_never_by_channel_or_tag() -> None:
    fields = {row["field"] for part in trigger()["conditions"].values() for row in part}
    assert fields == {"role", "update_type"}


@pytest.mark.parametrize(
    ("changed", "differs"),
    [
        ({}, False),
        ({"position": 3, "description": "theirs"}, False),
        ({"active": False}, True),
        ({"conditions": {"all": [], "any": []}}, True),
        ({"conditions": None}, True),
        ({"actions": []}, True),
        ({"actions": [{"field": "notification_webhook", "value": ["another", "{}"]}]}, True),
        ({"title": "Renamed"}, False),
    ],
)
def test_a_trigger_is_mended_only_where_what_klark_says_is_not_so(changed: dict[str, Any], differs: bool) -> None:
    assert zendesk_setup._differs(trigger(**changed), installer(ZENDESK, {})._trigger(HOOK, "9009")) is differs


def test_conditions_in_another_order_and_ids_as_numbers_are_the_same() -> None:
    wanted = installer(ZENDESK, {})._trigger(HOOK, "9009")
    turned = {"all": [{"field": "role", "operator": "is_not", "value": 9009}], "any": wanted["conditions"]["any"][::-1]}
    assert zendesk_setup._differs({**wanted, "conditions": turned}, wanted) is False


def test_a_secret_that_is_not_shown_is_asked_for_by_hand() -> None:
    it = installer(ZENDESK, {("GET", f"/api/v2/webhooks/{HOOK}/signing_secret"): Reply({"signing_secret": None})})
    with pytest.raises(Refused, match="by hand"):
        it._secret(HOOK)


NEXT = {"Link": '<https://acme.freshdesk.com/api/v2/automations/1/rules?page=2>; rel="next"'}


@pytest.mark.parametrize(("link", "shown"), [(NEXT, []), ({}, ["would make the rule “klark: a ticket is new”"])])
def test_a_rule_on_a_further_page_is_found_where_the_answer_links_to_it(link: dict[str, str], shown: list[str]) -> None:
    pages = [Reply([], headers=link), Reply([GOOD])]
    it = installer(FRESHDESK, {**rules(second=(GOOD,)), ("GET", "/api/v2/automations/1/rules"): pages})
    assert list(it.arrange(HERE, SECRET, lambda secret: None, only_show=True).done) == shown
    asked = [{}, {"page": "2"}] if link else [{}]
    assert stub(it.desk).queries("/api/v2/automations/1/rules") == asked


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"response": {"status_code": 202}}, ""),
        ({"response": {"status_code": "204", "payload": ""}}, ""),
        ({"response": {"status_code": 500}}, "Zendesk got status 500 from klark"),
        ({"response": {"status_code": 301}}, "Zendesk got status 301 from klark"),
        ({"response": {}}, "Zendesk got no answer from klark"),
        ({"response": {"status_code": None}}, "Zendesk got no answer from klark"),
        ({"response": {"status_code": 0}}, "Zendesk got no answer from klark"),
        ({"response": {"status": 202}}, ""),
        ({"response": {"status_code": None, "status": 500}}, "Zendesk got status 500 from klark"),
        ({"test": {"status": "ok"}}, ""),
        ({"response": None}, ""),
    ],
)
def test_only_what_zendesk_says_of_a_test_event_is_told(answer: dict[str, Any], told: str) -> None:
    hook = {"id": "01EJFTSCC78X5V07NPY2MHR00M", "endpoint": HERE, "status": "active",
            "subscriptions": ["conditional_ticket_events"]}  # fmt: skip
    table = {("GET", "/api/v2/webhooks"): Reply({"webhooks": [hook]}), ("POST", "/api/v2/webhooks/test"): Reply(answer)}
    assert installer(ZENDESK, table).ring(HERE) == told


# --- Seats


SIGNED = [({"signature": "Kind regards"}, True), ({"signature": ""}, False), ({"signature": None}, False), ({}, False),
          ({"signature": ["x"]}, False)]  # fmt: skip


@pytest.mark.parametrize(("answer", "signs"), SIGNED)
def test_a_seat_at_zendesk_says_whether_it_signs(answer: dict[str, Any], signs: bool) -> None:
    me = {"user": {"id": 9009, "name": "klark", "role": "admin", "active": True, **answer}}
    seat = installer(ZENDESK, {ZENDESK.me: Reply(me)}).seat()
    assert (seat.signs, len([line for line in seat.cautions if "signature" in line])) == (signs, int(signs))


NOTES = "This seat may write notes only (a light agent): klark needs one that may reply publicly."
PART = "This seat sees only tickets of its own groups or its own: klark answers no others."


@pytest.mark.parametrize(
    ("more", "missing", "cautions"),
    [
        ({}, (), ()),
        ({"role_type": None, "ticket_restriction": None}, (), ()),
        ({"role": "admin", "role_type": 4}, (), ()),
        ({"role_type": 0}, (), ()),
        ({"role_type": 1}, (NOTES,), ()),
        ({"role_type": 2}, (NOTES,), ()),
        ({"role_type": "3"}, (NOTES,), ()),
        ({"only_private_comments": True}, (NOTES,), ()),
        ({"ticket_restriction": "groups"}, (), (PART,)),
        ({"ticket_restriction": "assigned"}, (), (PART,)),
        ({"ticket_restriction": "organization"}, (), (PART,)),
        ({"ticket_restriction": ["groups"]}, (), ()),
    ],
)
def test_a_seat_at_zendesk_that_cannot_reply_or_sees_a_part_says_so(
    more: dict[str, Any], missing: tuple[str, ...], cautions: tuple[str, ...]
) -> None:
    api = "/api/v2"
    lists = {("GET", f"{api}/webhooks"): Reply({"webhooks": []}), ("GET", f"{api}/triggers.json"): Reply({"triggers": []}),
             ("GET", f"{api}/incremental/tickets/cursor.json"): Reply({"tickets": []})}  # fmt: skip
    me = Reply({"user": {"id": 9009, "name": "klark", "role": "agent", **more}})
    seat = installer(ZENDESK, {**lists, ("GET", f"{api}/users/me.json"): me}).seat()
    assert (seat.missing, seat.cautions) == (missing, cautions)


@pytest.mark.parametrize("answer", [Reply(b"", 404), Reply({"code": "not_found"}, 404), Reply(b"", 410)])
def test_a_domain_that_is_no_freshdesk_is_said_to_be_none_and_not_a_deleted_ticket(answer: Reply) -> None:
    with pytest.raises(Refused, match="is not known as a Freshdesk: check the domain"):
        installer(FRESHDESK, {FRESHDESK.me: answer}).seat()


@pytest.mark.parametrize("signature", ["<p>klark</p>", "", None])
def test_of_a_seat_at_freshdesk_nobody_can_tell(signature: Any) -> None:
    seat = installer(FRESHDESK, {FRESHDESK.me: Reply({"id": 9009, "contact": {}, "signature": signature})}).seat()
    assert (seat.signs, len(seat.cautions)) == (None, int(bool(signature)))


@pytest.mark.parametrize("desk", [ZENDESK, FRESHDESK], ids=lambda desk: desk.name)
@pytest.mark.parametrize("me", [{}, {"user": {}}, {"user": None, "id": None}, {"id": "x"}])
def test_credentials_of_nobody_stop_set_up(desk: Desk, me: dict[str, Any]) -> None:
    with pytest.raises(IntegrationError):
        installer(desk, {desk.me: Reply(me)}).seat()


def test_a_seat_and_what_was_made_are_plain_values() -> None:
    assert (Seat(ZENDESK.open().whoami()).missing, Wiring().done, Extras().fields) == ((), (), ())
    assert {FreshdeskSetup, ZendeskSetup} == set(INSTALLERS.values())
    assert freshdesk_rules.HEADER.lower() == "x-klark-secret"


@pytest.mark.parametrize(("error", "may"), [(None, True), (Refused("no"), False)])
def test_a_right_is_what_a_read_shows(error: Exception | None, may: bool) -> None:
    def ask() -> None:
        if error:
            raise error

    assert allowed(ask) is may


def test_a_desk_that_is_away_says_nothing_of_rights() -> None:
    def ask() -> None:
        raise TryLater("busy")

    with pytest.raises(TryLater):
        allowed(ask)
