"""Setting klark up at the stand-ins: whatever goes wrong at whichever step, the next run ends with one of each thing."""

import json
from typing import Any

import pytest

from integrations.errors import Refused, TryLater, Unsure
from integrations.helpdesks import INSTALLERS
from integrations.helpdesks.freshdesk.rules import FIRST_ONLY, HEADER, RULES, recipe
from integrations.helpdesks.setup import Extras, Installer, Wiring
from integrations.helpdesks.zendesk.setup import TITLE
from integrations.sandbox.client import DeskName, Sandbox
from tests.integrations.sandboxed import Api, Ear
from tests.integrations.stand_in import NOTE, SEAT, Given, asked, end, opened

pytest_plugins = ["tests.integrations.sandbox_fixtures"]
pytestmark = pytest.mark.usefixtures("clock")
HERE = "https://klark.example/webhooks/1/"
SECRET = "chosen-by-klark"
EXTRAS = Extras("Handovers", ("klark topic", "klark language"))


@pytest.fixture(params=["zendesk", "freshdesk"])
def desk(request: pytest.FixtureRequest) -> DeskName:
    return request.param


def installer(sandbox: Sandbox, desk: DeskName, **more: Any) -> Installer:
    return INSTALLERS[desk](opened(sandbox, desk, **more).account)


def told(sandbox: Sandbox, desk: DeskName, address: str = HERE) -> dict[str, int]:
    """How many things at the desk call the address."""
    adapter = opened(sandbox, desk)
    if desk == "zendesk":
        hooks = [raw["id"] for raw in adapter.session.get(f"{adapter.home}/api/v2/webhooks").json()["webhooks"]
                 if raw["endpoint"] == address]  # fmt: skip
        triggers = adapter.session.get(f"{adapter.home}/api/v2/triggers.json").json()["triggers"]
        calls = [action["value"][0] for raw in triggers for action in raw["actions"]]
        return {"webhooks": len(hooks), "triggers": sum(call in hooks for call in calls)}
    rules = {kind: adapter.session.get(f"{adapter.home}/api/v2/automations/{kind}/rules").json() for kind in RULES}
    return {
        kind: sum(action["url"] == address for raw in rows for action in raw["actions"]) for kind, rows in rules.items()
    }


ONE = {"zendesk": {"webhooks": 1, "triggers": 1}, "freshdesk": {"1": 1, "4": 1}}
NONE = {"zendesk": {"webhooks": 0, "triggers": 0}, "freshdesk": {"1": 0, "4": 0}}
MADE = {
    "zendesk": ("made the webhook", "made the trigger"),
    "freshdesk": tuple(f"made the rule “{title}”" for title, _ in RULES.values()),
}


def test_one_run_makes_one_of_each_and_the_next_run_nothing(sandbox: Sandbox, desk: DeskName):
    kept: list[str] = []
    it = installer(sandbox, desk)
    first, second = it.arrange(HERE, SECRET, kept.append), it.arrange(HERE, SECRET, kept.append)
    cautions = (FIRST_ONLY,) if desk == "freshdesk" else ()
    assert (first, second) == (Wiring(MADE[desk], cautions=cautions), Wiring())
    assert told(sandbox, desk) == ONE[desk]
    assert (len(set(kept)), len(kept), kept[0] == SECRET) == (1, 2, desk == "freshdesk")


@pytest.mark.parametrize("nth", [0, 1])
def test_whatever_becomes_of_an_answer_the_next_run_ends_with_one_of_each(sandbox: Sandbox, desk: DeskName, nth: int):
    faults: dict[str, dict[str, Any]] = {
        "dropped": {"kind": "drop"}, "reset": {"kind": "reset"}, "half": {"kind": "malformed"}, "html": {"kind": "html200"},
        "done and 500": {"kind": "status", "status": 500, "apply": True}, "503": {"kind": "status", "status": 503},
        "redirect": {"kind": "redirect"},
    }  # fmt: skip
    ends, after = {}, {}
    for name, fault in faults.items():
        sandbox.reset()
        it = installer(sandbox, desk)
        sandbox.fault(desk=desk, method="POST", skip=nth, **fault)
        ends[name] = end(lambda it=it: it.arrange(HERE, SECRET, lambda secret: None))
        it.arrange(HERE, SECRET, lambda secret: None)
        after[name] = told(sandbox, desk)
    assert ends == dict.fromkeys(faults, "Unsure")
    assert after == dict.fromkeys(faults, ONE[desk])


def test_a_read_that_fails_is_for_later_and_doubles_nothing(sandbox: Sandbox, desk: DeskName):
    it = installer(sandbox, desk)
    reads = {"zendesk": ("/webhooks", "/users/me"), "freshdesk": ("/automations/1/", "/automations/4/")}[desk]
    for path in reads:
        sandbox.fault("status", desk=desk, method="GET", path=path, status=503)
        with pytest.raises(TryLater):
            it.arrange(HERE, SECRET, lambda secret: None)
        assert set(told(sandbox, desk).values()) <= {0, 1}, path
    assert it.arrange(HERE, SECRET, lambda secret: None).by_hand == ""
    assert told(sandbox, desk) == ONE[desk]


def test_the_secret_is_kept_before_the_first_event_can_come(sandbox: Sandbox, desk: DeskName):
    there: list[dict[str, int]] = []
    installer(sandbox, desk).arrange(HERE, SECRET, lambda secret: there.append(told(sandbox, desk)))
    assert there == [{"webhooks": 1, "triggers": 0} if desk == "zendesk" else NONE[desk]]


def test_a_dry_run_tells_what_a_run_then_does_and_changes_nothing(sandbox: Sandbox, desk: DeskName):
    it, kept = installer(sandbox, desk), list[str]()
    before = it.arrange(HERE, SECRET, kept.append, only_show=True)
    assert (told(sandbox, desk), kept, sandbox.writes()) == (NONE[desk], [], [])
    it.arrange(HERE, SECRET, kept.append)
    after = it.arrange(HERE, SECRET, kept.append, only_show=True)
    assert before.done == {
        "zendesk": (f"would make a webhook to {HERE}", f"would make the trigger “{TITLE}”"),
        "freshdesk": tuple(f"would make the rule “{title}”" for title, _ in RULES.values()),
    }[desk]  # fmt: skip
    assert after == Wiring()


def test_what_somebody_changed_is_mended_and_what_is_theirs_stays(sandbox: Sandbox, desk: DeskName):
    it = installer(sandbox, desk)
    it.arrange("https://other.example/hook/", SECRET, lambda secret: None)
    it.arrange(HERE, SECRET, lambda secret: None)
    _switched_off(sandbox, desk)
    would = it.arrange(HERE, SECRET, lambda secret: None, only_show=True).done
    did = it.arrange(HERE, SECRET, lambda secret: None).done
    assert [line.removeprefix("would ").split()[0] for line in would] == {
        "zendesk": ["switch", "mend"], "freshdesk": ["mend"],
    }[desk]  # fmt: skip
    assert (
        did
        == {
            "zendesk": ("switched the webhook on again", "mended the trigger"),
            "freshdesk": (f"mended the rule “{RULES['1'][0]}”",),
        }[desk]
    )
    assert it.arrange(HERE, SECRET, lambda secret: None, only_show=True) == Wiring()
    assert told(sandbox, desk, "https://other.example/hook/") == ONE[desk]


def _switched_off(sandbox: Sandbox, desk: DeskName) -> None:
    adapter = opened(sandbox, desk)
    api = f"{adapter.home}/api/v2"
    if desk == "freshdesk":
        rows = adapter.session.get(f"{api}/automations/1/rules").json()
        own = next(raw["id"] for raw in rows if raw["actions"][0]["url"] == HERE)
        adapter.session.put(f"{api}/automations/1/rules/{own}", json={"active": False})
        return
    hook = next(
        raw["id"] for raw in adapter.session.get(f"{api}/webhooks").json()["webhooks"] if raw["endpoint"] == HERE
    )
    adapter.session.patch(f"{api}/webhooks/{hook}", json={"webhook": {"status": "inactive"}})
    triggers = adapter.session.get(f"{api}/triggers.json").json()["triggers"]
    own = next(raw["id"] for raw in triggers if raw["actions"][0]["value"][0] == hook)
    adapter.session.put(f"{api}/triggers/{own}.json", json={"trigger": {"active": False}})


def test_removing_takes_klarks_own_away_and_nothing_else_and_may_be_done_again(sandbox: Sandbox, desk: DeskName):
    it = installer(sandbox, desk)
    it.arrange("https://other.example/hook/", SECRET, lambda secret: None)
    it.arrange(HERE, SECRET, lambda secret: None)
    first, second = it.remove(HERE), it.remove(HERE)
    assert (first, second) == ({
        "zendesk": ("removed the trigger", "removed the webhook"),
        "freshdesk": tuple(f"removed the rule “{title}”" for title, _ in RULES.values()),
    }[desk], ())  # fmt: skip
    assert (told(sandbox, desk), told(sandbox, desk, "https://other.example/hook/")) == (NONE[desk], ONE[desk])


def test_a_removal_that_breaks_off_is_ended_by_the_next_one(sandbox: Sandbox, desk: DeskName):
    it = installer(sandbox, desk)
    it.arrange(HERE, SECRET, lambda secret: None)
    sandbox.fault("reset", desk=desk, method="DELETE", skip=1)
    with pytest.raises(Unsure):
        it.remove(HERE)
    assert sum(told(sandbox, desk).values()) == 1
    it.remove(HERE)
    assert told(sandbox, desk) == NONE[desk]


def test_what_is_wanted_beside_is_made_once_by_its_name(sandbox: Sandbox, desk: DeskName):
    it = installer(sandbox, desk)
    would, did, again = it.furnish(EXTRAS, only_show=True), it.furnish(EXTRAS), it.furnish(EXTRAS)
    groups = opened(sandbox, desk).groups()
    by_hand = tuple(f"make the ticket field “{name}” by hand: Admin → Ticket Fields" for name in EXTRAS.fields)
    assert sorted(groups) == ["Handovers", "Support"]
    assert would == {
        "zendesk": ("would make the group “Handovers”", *(f"would make the ticket field “{name}”" for name in EXTRAS.fields)),
        "freshdesk": ("would make the group “Handovers”", *by_hand),
    }[desk]  # fmt: skip
    assert did[0] == f"made the group “Handovers” (id {groups['Handovers']})"
    assert (len(did), again) == (3, () if desk == "zendesk" else by_hand)


def test_a_seat_that_another_hand_writes_with_is_counted(sandbox: Sandbox, desk: DeskName):
    it = installer(sandbox, desk)
    adapter, ticket = asked(sandbox, desk)
    before = it.seat()
    adapter.write(ticket, NOTE)
    sandbox.change(desk, int(ticket.id), assignee=int(SEAT))
    assert (before.person.id, before.missing, before.wrote, it.seat().wrote) == (SEAT, (), 0, 1)


def test_a_seat_that_may_not_see_the_support_addresses_is_told_what_comes_of_it(sandbox: Sandbox):
    before = installer(sandbox, "freshdesk").seat().cautions
    sandbox.fault("status", desk="freshdesk", path="/email_configs", status=403)
    (caution,) = installer(sandbox, "freshdesk").seat().cautions
    assert (before, "may not see the support addresses" in caution) == ((), True)


def test_a_count_that_the_desk_does_not_give_stops_nobody(sandbox: Sandbox, desk: DeskName):
    counts: dict[str, Any] = {}
    odd = {"status": 200, "body": {"count": "x", "total": []}}
    for name, fault in {"403": {"status": 403}, "500": {"status": 500}, "odd": odd}.items():
        sandbox.fault("status", desk=desk, path="/search/", **fault)
        counts[name] = installer(sandbox, desk).seat().wrote
    assert counts == {"403": None, "500": None, "odd": None}


def test_credentials_that_are_wrong_stop_before_anything_is_made(sandbox: Sandbox, desk: DeskName):
    it = INSTALLERS[desk](opened(sandbox, desk, Given("nobody@example.com/token:wrong")).account)
    for call in (it.seat, lambda: it.ring(HERE), lambda: it.furnish(EXTRAS)):
        with pytest.raises(Refused, match=r"credentials"):
            call()
    assert (told(sandbox, desk), [write for write in sandbox.writes() if write["applied"]]) == (NONE[desk], [])


def test_rules_that_the_account_takes_from_a_person_only_become_a_recipe(sandbox: Sandbox):
    it, kept = installer(sandbox, "freshdesk"), list[str]()
    for method in ("GET", "POST"):
        sandbox.fault("status", desk="freshdesk", method=method, path="/automations/", status=403, times=3)
        assert it.arrange(HERE, SECRET, kept.append) == Wiring(by_hand=recipe(HERE, SECRET)), method
        sandbox.clear_faults()
    assert (kept, told(sandbox, "freshdesk")) == ([SECRET, SECRET], NONE["freshdesk"])
    assert all(
        part in recipe(HERE, SECRET) for part in (HERE, SECRET, HEADER, "{{ticket.id}}", "POST", "Ticket updates")
    )


def test_a_recipe_tells_the_two_actions_apart_and_what_a_plan_without_webhooks_does(sandbox: Sandbox):
    sandbox.fault("status", desk="freshdesk", path="/automations/", status=403)
    told_by_hand = installer(sandbox, "freshdesk").arrange(HERE, SECRET, lambda secret: None).by_hand
    assert [part in told_by_hand for part in ("“Trigger Webhook” (not “Trigger API”", "your plan has none: make no rule",
                                              "klark then finds tickets by its catch-up read")] == [True] * 3  # fmt: skip


def test_the_second_rule_refused_takes_the_first_one_back(sandbox: Sandbox):
    sandbox.fault("status", desk="freshdesk", method="POST", path="/automations/4/", status=422, times=6)
    assert installer(sandbox, "freshdesk").arrange(HERE, SECRET, lambda secret: None).by_hand == recipe(HERE, SECRET)
    assert told(sandbox, "freshdesk") == NONE["freshdesk"]


def test_a_rule_whose_content_is_refused_as_an_object_is_given_it_as_text(sandbox: Sandbox):
    sandbox.fault("status", desk="freshdesk", method="POST", path="/automations/", status=400)
    it = installer(sandbox, "freshdesk")
    assert len(it.arrange(HERE, SECRET, lambda secret: None).done) == 2
    made = [raw["actions"][0]["content"] for kind in ("1", "4") for raw in it._listed(kind)]
    assert made == ['{"ticket_id": "{{ticket.id}}"}', {"ticket_id": "{{ticket.id}}"}]


def test_beside_a_webhook_for_events_a_second_one_is_made_that_triggers_can_call(sandbox: Sandbox):
    sandbox.webhook("zendesk", HERE, SECRET)
    it, kept = installer(sandbox, "zendesk"), list[str]()
    would = it.arrange(HERE, SECRET, kept.append, only_show=True)
    first, second = it.arrange(HERE, SECRET, kept.append), it.arrange(HERE, SECRET, kept.append)
    assert would.done == (f"would make a webhook to {HERE}", f"would make the trigger “{TITLE}”")
    assert (first.done, second.done) == (MADE["zendesk"], ())
    assert [len(each.cautions) for each in (would, first, second)] == [1, 1, 1]
    assert "Delete that one there" in would.cautions[0]
    assert told(sandbox, "zendesk") == {"webhooks": 2, "triggers": 1}
    assert it.remove(HERE) == ("removed the webhook", "removed the trigger", "removed the webhook")
    assert told(sandbox, "zendesk") == NONE["zendesk"]


def test_a_webhook_for_events_cannot_ring_for_triggers(sandbox: Sandbox, ear: Ear):
    sandbox.webhook("zendesk", ear.url, SECRET)
    with pytest.raises(Refused, match="no webhook for klark's address"):
        installer(sandbox, "zendesk").ring(ear.url)


def test_a_trigger_that_takes_no_user_is_made_without_and_klark_is_told_of_its_own(sandbox: Sandbox):
    sandbox.fault("status", desk="zendesk", method="POST", path="/triggers", status=422)
    made = installer(sandbox, "zendesk").arrange(HERE, SECRET, lambda secret: None)
    assert (made.done, len(made.cautions)) == (MADE["zendesk"], 1)
    assert "klark is told of its own comments" in made.cautions[0]
    assert told(sandbox, "zendesk") == ONE["zendesk"]


def test_a_test_event_arrives_signed_or_says_that_it_did_not(sandbox: Sandbox, ear: Ear, zendesk: Api):
    it, kept = installer(sandbox, "zendesk"), list[str]()
    with pytest.raises(Refused, match="no webhook for klark's address"):
        it.ring(ear.url)
    it.arrange(ear.url, "", kept.append)
    assert it.ring(ear.url) == ""
    ((headers, body),) = ear.heard
    assert (body, "x-zendesk-webhook-signature" in headers) == (b'{"klark": "test"}', True)
    it.arrange("http://127.0.0.1:9/", "", kept.append)
    assert it.ring("http://127.0.0.1:9/") == "Zendesk got no answer from klark"


def test_the_ticket_that_rings_at_freshdesk_is_from_klark_to_itself_and_gone_again(sandbox: Sandbox, ear: Ear):
    it = installer(sandbox, "freshdesk")
    it.arrange(ear.url, SECRET, lambda secret: None)
    assert it.ring(ear.url) == ""
    assert sandbox.settled()
    assert [(write["method"], write["applied"]) for write in sandbox.writes("freshdesk")][-2:] == [
        ("POST", True),
        ("DELETE", True),
    ]
    kept = sandbox.stored("freshdesk", 1)
    assert (kept["deleted"], kept["requester"]["email"]) == (True, "klark@example.com")
    assert {headers[HEADER.lower()] for headers, _ in ear.heard} == {SECRET}


def test_a_test_ticket_that_klark_may_not_delete_is_named(sandbox: Sandbox, ear: Ear):
    it = installer(sandbox, "freshdesk")
    it.arrange(ear.url, SECRET, lambda secret: None)
    sandbox.fault("status", desk="freshdesk", method="DELETE", path="/tickets/", status=403)
    assert it.ring(ear.url) == "klark may not delete the test ticket 1: delete it there by hand"
    assert (sandbox.settled(), sandbox.stored("freshdesk", 1)["deleted"], len(ear.heard)) == (True, False, 1)


def test_a_ticket_that_was_deleted_is_told_of_by_the_rules_that_klark_made(sandbox: Sandbox, ear: Ear):
    installer(sandbox, "freshdesk").arrange(ear.url, SECRET, lambda secret: None)
    ticket = sandbox.ticket("freshdesk")
    sandbox.change("freshdesk", ticket, deleted=True)
    assert sandbox.settled()
    assert [body for _, body in ear.heard] == [json.dumps({"ticket_id": str(ticket)}).encode()] * 2


def test_an_account_that_takes_no_rule_for_deletions_gets_the_one_for_updates(sandbox: Sandbox, ear: Ear):
    sandbox.fault("status", desk="freshdesk", method="POST", path="/automations/4/", status=400, times=3)
    it = installer(sandbox, "freshdesk")
    assert len(it.arrange(ear.url, SECRET, lambda secret: None).done) == 2
    (made,) = it._listed("4")
    assert made["events"] == [{"field_name": "ticket_action", "value": "update"}]
    ticket = sandbox.ticket("freshdesk")
    sandbox.change("freshdesk", ticket, deleted=True)
    assert (sandbox.settled(), len(ear.heard)) == (True, 1)


def test_in_shadow_mode_nothing_is_set_up(sandbox: Sandbox, desk: DeskName):
    it = installer(sandbox, desk, read_only=True)
    ends = (end(lambda: it.arrange(HERE, SECRET, lambda secret: None)), end(lambda: it.furnish(EXTRAS)))
    assert ends == {"zendesk": ("Refused", "Refused"), "freshdesk": ("done", "Refused")}[desk]
    assert (told(sandbox, desk), sandbox.writes()) == (NONE[desk], [])
