"""What goes wrong on purpose goes wrong exactly as asked, and the journal tells what really happened."""

import threading
import time

import pytest
import requests

from integrations.sandbox.client import Sandbox
from tests.integrations.sandboxed import Api, wait_for

pytest_plugins = ["tests.integrations.sandbox_fixtures"]


def _said(sandbox: Sandbox, ticket: int) -> list[str]:
    return [comment["text"] for comment in sandbox.stored("zendesk", ticket)["comments"][1:]]


def _journal(sandbox: Sandbox) -> list[tuple[bool, int, bool]]:
    return [(write["applied"], write["status"], write["answered"]) for write in sandbox.writes()]


def test_a_dropped_answer_leaves_one_write(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk")
    sandbox.fault("drop", method="PUT", path=rf"/tickets/{ticket}\b")
    with pytest.raises(requests.ConnectionError):
        zendesk.say(ticket, "<p>once</p>")
    assert _said(sandbox, ticket) == ["once"]
    assert _journal(sandbox) == [(True, 0, False)]


def test_a_reset_connection_leaves_none(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk")
    sandbox.fault("reset", method="PUT")
    with pytest.raises(requests.ConnectionError):
        zendesk.say(ticket)
    assert _said(sandbox, ticket) == []
    assert _journal(sandbox) == [(False, 0, False)]


def test_half_a_document_comes_after_the_write(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk")
    sandbox.fault("malformed", method="PUT")
    answer = zendesk.say(ticket, "<p>once</p>")
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"."):
        answer.json()
    assert _said(sandbox, ticket) == ["once"]


@pytest.mark.parametrize(("apply", "said"), [(False, []), (True, ["once"])])
def test_a_page_of_html_comes_with_status_200(sandbox: Sandbox, zendesk: Api, apply: bool, said: list[str]):
    ticket = sandbox.ticket("zendesk")
    sandbox.fault("html200", apply=apply)
    answer = zendesk.say(ticket, "<p>once</p>")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert answer.text.startswith("<!DOCTYPE html>")
    assert _said(sandbox, ticket) == said


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_redirect_leads_elsewhere_and_writes_nothing(sandbox: Sandbox, zendesk: Api, method: str):
    ticket = sandbox.ticket("zendesk")
    sandbox.fault("redirect", location="https://elsewhere.example/login")
    answer = zendesk.ask(method, f"/tickets/{ticket}.json", json={"ticket": {"comment": {"body": "x"}}})
    assert (answer.status_code, answer.headers["Location"]) == (302, "https://elsewhere.example/login")
    assert _said(sandbox, ticket) == []


@pytest.mark.parametrize(("apply", "said"), [(None, []), (True, ["once"])])
def test_a_status_comes_with_its_headers_and_body(sandbox: Sandbox, zendesk: Api, apply: bool | None, said: list[str]):
    ticket = sandbox.ticket("zendesk")
    sandbox.fault("status", status=503, headers={"Retry-After": "7"}, body=[1], apply=apply)
    answer = zendesk.say(ticket, "<p>once</p>")
    assert (answer.status_code, answer.headers["Retry-After"], answer.json()) == (503, "7", [1])
    assert _said(sandbox, ticket) == said
    assert _journal(sandbox) == [(bool(said), 503, True)]


@pytest.mark.parametrize(("apply", "said"), [(None, ["once"]), (True, ["once"]), (False, [])])
def test_a_delay_makes_the_answer_late(sandbox: Sandbox, zendesk: Api, apply: bool | None, said: list[str]):
    ticket = sandbox.ticket("zendesk")
    sandbox.fault("delay", seconds=0.15, apply=apply)
    assert zendesk.say(ticket, "<p>once</p>").elapsed.total_seconds() >= 0.15
    assert _said(sandbox, ticket) == said


def test_a_delayed_write_applies_before_or_after_the_wait(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk")
    for apply, early in ((True, ["once"]), (None, [])):
        sandbox.change("zendesk", ticket, status="open")
        sandbox.fault("delay", method="PUT", seconds=0.5, apply=apply)
        with pytest.raises(requests.ReadTimeout):
            zendesk.ask("PUT", f"/tickets/{ticket}.json", json={"ticket": {"comment": {"body": "once"}}}, timeout=0.15)
        assert _said(sandbox, ticket)[-1:] == early
        assert wait_for(lambda: all(write["status"] for write in sandbox.writes()))
        ticket = sandbox.ticket("zendesk")


def test_a_hook_holds_a_call_until_it_is_released(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk")
    sandbox.fault("hook", method="PUT", name="gate")
    caller = threading.Thread(target=zendesk.say, args=(ticket, "<p>late</p>"))
    caller.start()
    assert wait_for(lambda: sandbox.faults()[0]["waiting"] == 1)
    assert _said(sandbox, ticket) == []
    assert sandbox.release_hooks("gate") == 1
    caller.join(5)
    assert _said(sandbox, ticket) == ["late"]


def test_a_hook_can_hold_the_answer_of_an_applied_write(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk")
    sandbox.fault("hook", method="PUT", apply=True)
    caller = threading.Thread(target=zendesk.say, args=(ticket, "<p>made</p>"))
    caller.start()
    assert wait_for(lambda: _said(sandbox, ticket) == ["made"])
    assert caller.is_alive()
    sandbox.clear_faults()
    caller.join(5)
    assert not caller.is_alive()
    assert _said(sandbox, ticket) == ["made"]


def test_a_fault_strikes_as_often_as_asked_and_only_where_it_matches(sandbox: Sandbox, zendesk: Api, freshdesk: Api):
    ticket = sandbox.ticket("zendesk")
    sandbox.fault("status", desk="zendesk", method="GET", path=r"/comments", times=2, skip=1, status=500)
    path = f"/tickets/{ticket}/comments.json"
    assert zendesk.get(f"/tickets/{ticket}.json").status_code == 200
    assert freshdesk.get("/tickets").status_code == 200
    assert [zendesk.get(path).status_code for _ in range(4)] == [200, 500, 500, 200]


def test_cleared_faults_strike_no_more(sandbox: Sandbox, zendesk: Api):
    sandbox.fault("status", status=500, times=99)
    assert zendesk.get("/tickets").status_code == 500
    sandbox.clear_faults()
    assert zendesk.get("/tickets").status_code == 200
    assert sandbox.faults() == []


@pytest.mark.parametrize("fault", [{"kind": "gremlin"}, {"kind": "status", "colour": 1}])
def test_an_unknown_fault_is_refused(sandbox: Sandbox, fault: dict[str, str]):
    with pytest.raises(requests.HTTPError, match="400"):
        sandbox.fault(**fault)


def test_a_dropped_answer_does_not_break_the_next_call_on_the_same_session(sandbox: Sandbox, zendesk: Api):
    sandbox.fault("drop", method="GET")
    with requests.Session() as session:
        with pytest.raises(requests.ConnectionError):
            session.get(f"{zendesk.base}/api/v2/tickets.json", auth=zendesk.auth)
        assert session.get(f"{zendesk.base}/api/v2/tickets.json", auth=zendesk.auth).status_code == 200


# Races


def test_an_agent_answers_between_the_fetch_and_the_write(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk")
    sandbox.race("zendesk", ticket, "fetch", part="comments", nth=2, body_html="<p>mine</p>")
    path = f"/tickets/{ticket}/comments.json"
    seen = [len(zendesk.get(path).json()["comments"]) for _ in range(3)]
    assert seen == [1, 1, 2]
    zendesk.say(ticket)
    assert [(w["applied"], w["over_a_human"]) for w in sandbox.writes()] == [(True, True)]


def test_an_agent_answers_just_before_the_write_is_looked_at(sandbox: Sandbox, freshdesk: Api):
    ticket = sandbox.ticket("freshdesk")
    sandbox.race("freshdesk", ticket, "write", body_html="<p>mine</p>")
    freshdesk.post(f"/tickets/{ticket}/reply", {"body": "<p>klark's</p>"})
    assert [c["by"] for c in sandbox.stored("freshdesk", ticket)["comments"]] == ["customer", "agent", "klark"]
    assert [w["over_a_human"] for w in sandbox.writes()] == [True]


def test_a_race_before_a_safe_update_ends_in_a_conflict(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk")
    stamp = zendesk.get(f"/tickets/{ticket}").json()["ticket"]["updated_at"]
    time.sleep(1.0 - time.time() % 1.0 + 0.01)
    sandbox.race("zendesk", ticket, "write", by="customer", body_html="<p>and another thing</p>")
    assert zendesk.say(ticket, safe_update=True, updated_stamp=stamp).status_code == 409
    assert zendesk.say(ticket).status_code == 200
    assert [w["over_a_human"] for w in sandbox.writes()] == [False, False]


def test_a_race_can_change_fields_and_strikes_once(sandbox: Sandbox, zendesk: Api):
    ticket, other = sandbox.ticket("zendesk"), sandbox.ticket("zendesk")
    sandbox.race("zendesk", ticket, "fetch", assignee="agent", status="open")
    zendesk.get(f"/tickets/{other}")
    first = zendesk.get(f"/tickets/{ticket}").json()["ticket"]
    sandbox.change("zendesk", ticket, assignee=None)
    zendesk.get(f"/tickets/{ticket}")
    assert (first["assignee_id"], sandbox.stored("zendesk", ticket)["assignee_id"]) == (None, None)
    assert sandbox.stored("zendesk", ticket)["status"] == "open"


def test_a_cleared_race_does_not_happen(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk")
    sandbox.race("zendesk", ticket, "write", body_html="<p>mine</p>")
    sandbox.clear_faults()
    zendesk.say(ticket)
    assert [w["over_a_human"] for w in sandbox.writes()] == [False]
