"""The controls play customer and agent, and the journal counts what klark did."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from integrations.sandbox.client import Sandbox
from integrations.sandbox.server import make
from tests.integrations.sandboxed import KEY, TOKEN, Api

pytest_plugins = ["tests.integrations.sandbox_fixtures"]

DESKS = pytest.mark.parametrize("desk", ["zendesk", "freshdesk"])


def _by(sandbox: Sandbox, desk: Any, ticket: int) -> list[tuple[str, str, bool, str]]:
    comments = sandbox.stored(desk, ticket)["comments"]
    return [(c["by"], c["author"], c["public"], c["text"]) for c in comments]


@DESKS
def test_a_ticket_with_history_tells_who_said_what(sandbox: Sandbox, desk: Any):
    history = [
        {"from": "customer", "public": True, "body_html": "<p>first</p>"},
        {"from": "agent", "public": False, "body_html": "<p>a note</p>"},
        {"from": "agent", "public": True, "body_html": "<p>an answer</p>"},
    ]
    ticket = sandbox.ticket(desk, body_html="<p>still broken</p>", history=history)
    assert _by(sandbox, desk, ticket) == [
        ("customer", "Camille Customer", True, "first"),
        ("agent", "Alex Agent", False, "a note"),
        ("agent", "Alex Agent", True, "an answer"),
        ("customer", "Camille Customer", True, "still broken"),
    ]


@pytest.mark.parametrize(
    ("by", "author", "named"),
    [
        ("customer", None, "Camille Customer"),
        ("agent", None, "Alex Agent"),
        ("agent", {"name": "Bea Agent", "email": "bea@example.com"}, "Bea Agent"),
        ("third_party", None, "Toni Thirdparty"),
        ("third_party", {"name": "Paul Partner", "email": "paul@partner.example"}, "Paul Partner"),
        ("auto", None, "Camille Customer"),
        ("rule", None, "System"),
    ],
)
def test_each_speaker_has_a_name(sandbox: Sandbox, zendesk: Api, by: Any, author: dict[str, str] | None, named: str):
    ticket = sandbox.ticket("zendesk")
    sandbox.comment("zendesk", ticket, "<p>x</p>", by=by, author=author)
    said = sandbox.stored("zendesk", ticket)["comments"][-1]
    assert (said["by"], said["author"]) == (by, named)
    shown = zendesk.get(f"/tickets/{ticket}/comments.json?include=users").json()
    role = {user["id"]: user["role"] for user in shown["users"]}.get(shown["comments"][-1]["author_id"])
    assert role == {"agent": "agent", "rule": None}.get(by, "end-user")


def test_an_automatic_mail_keeps_its_headers_and_a_rule_its_channel(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk")
    sandbox.comment("zendesk", ticket, "<p>I am away</p>", by="auto")
    sandbox.comment("zendesk", ticket, "<p>We got it</p>", by="rule")
    auto, rule = sandbox.stored("zendesk", ticket)["comments"][1:]
    assert auto["headers"]["Auto-Submitted"] == "auto-replied"
    shown = zendesk.get(f"/tickets/{ticket}/comments.json").json()["comments"][-1]
    assert (shown["author_id"], shown["via"]["channel"], shown["via"]["source"]["rel"]) == (-1, "rule", "trigger")
    assert rule["headers"] == {}


@DESKS
@pytest.mark.parametrize(
    ("status", "after"), [("solved", "open"), ("pending", "open"), ("hold", "open"), ("new", "new")]
)
def test_a_customer_who_writes_again_reopens(sandbox: Sandbox, desk: Any, status: str, after: str):
    ticket = sandbox.ticket(desk, status=status)
    sandbox.comment(desk, ticket, "<p>more</p>")
    assert sandbox.stored(desk, ticket)["status"] == after


def test_a_customer_who_answers_a_closed_zendesk_ticket_opens_a_follow_up(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk", subject="Broken", status="closed")
    sandbox.comment("zendesk", ticket, "<p>again</p>")
    follow_up = zendesk.get(f"/tickets/{ticket + 1}").json()["ticket"]
    assert follow_up["via"]["source"]["rel"] == "follow_up"
    assert follow_up["via"]["source"]["from"] == {"ticket_id": ticket, "subject": "Broken"}
    assert zendesk.get(f"/tickets/{ticket}").json()["ticket"]["followup_ids"] == [ticket + 1]
    assert len(sandbox.stored("zendesk", ticket)["comments"]) == 1


def test_a_closed_freshdesk_ticket_is_reopened(sandbox: Sandbox):
    ticket = sandbox.ticket("freshdesk", status="closed")
    sandbox.comment("freshdesk", ticket, "<p>again</p>")
    assert sandbox.stored("freshdesk", ticket)["status"] == "open"


def test_a_merge_closes_the_source_and_notes_it_on_both(sandbox: Sandbox):
    source, target = sandbox.ticket("zendesk", body="Twice", tags=["a"]), sandbox.ticket("zendesk")
    sandbox.change("zendesk", source, merged_into=target)
    closed = sandbox.stored("zendesk", source)
    assert (closed["status"], closed["tags"], closed["merged_into"]) == ("closed", ["a", "closed_by_merge"], target)
    notes = [_by(sandbox, "zendesk", number)[-1] for number in (source, target)]
    assert [(by, public) for by, _, public, _ in notes] == [("agent", False)] * 2
    assert "Twice" in notes[1][3]


def test_an_agent_can_open_a_ticket_for_a_customer(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk", body="We owe you news", **{"as": "agent"})
    shown = zendesk.get(f"/tickets/{ticket}").json()["ticket"]
    assert (shown["submitter_id"], shown["requester_id"] != shown["submitter_id"]) == (9002, True)
    assert _by(sandbox, "zendesk", ticket)[0][:2] == ("agent", "Alex Agent")


@pytest.mark.parametrize(
    ("channel", "shown", "number"), [("chat", "native_messaging", 7), ("phone", "voice", 3), ("web", "web", 2)]
)
def test_a_channel_is_named_in_each_products_way(
    sandbox: Sandbox, zendesk: Api, freshdesk: Api, channel: str, shown: str, number: int
):
    there, here = sandbox.ticket("zendesk", channel=channel), sandbox.ticket("freshdesk", channel=channel)
    assert zendesk.get(f"/tickets/{there}").json()["ticket"]["via"]["channel"] == shown
    assert freshdesk.get(f"/tickets/{here}").json()["source"] == number


def test_a_language_stands_on_the_requester(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk", language="fr", requester={"name": "Foé", "email": "foe@example.org"})
    users = zendesk.get(f"/tickets/{ticket}?include=users").json()["users"]
    assert [user["locale"] for user in users] == ["fr"]


# The journal


def _over(sandbox: Sandbox) -> list[bool]:
    return [write["over_a_human"] for write in sandbox.writes()]


@DESKS
def test_the_journal_keeps_every_write_in_order(sandbox: Sandbox, zendesk: Api, freshdesk: Api, desk: Any):
    ticket, api = sandbox.ticket(desk), {"zendesk": zendesk, "freshdesk": freshdesk}[desk]
    path = f"/tickets/{ticket}"
    sent = {"ticket": {"comment": {"html_body": "<p>a</p>", "public": False}, "metadata": {"klark": "m1"}}}
    if desk == "zendesk":
        api.put(path, sent)
    else:
        api.post(f"{path}/notes", {"body": "<p>a</p>", "private": True})
    api.put(path, {"ticket": {"status": "open"}} if desk == "zendesk" else {"status": 2})
    first, second = sandbox.writes(desk, ticket)
    assert [first[name] for name in ("n", "ticket", "public", "text", "applied", "answered")] == [
        1,
        ticket,
        False,
        "a",
        True,
        True,
    ]
    assert first["marker"] == ("m1" if desk == "zendesk" else None)
    assert first["comment"] == sandbox.stored(desk, ticket)["comments"][-1]["id"]
    assert (second["public"], second["text"], second["applied"]) == (None, "", True)
    assert sandbox.writes("zendesk" if desk == "freshdesk" else "freshdesk") == []


def test_reads_are_not_written_down_but_refused_writes_are(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk")
    zendesk.get(f"/tickets/{ticket}")
    zendesk.ask("PUT", f"/tickets/{ticket}", json={"ticket": {"comment": {"body": "x"}}}, auth=("a", "b"))
    assert [(w["status"], w["applied"], w["text"]) for w in sandbox.writes()] == [(401, False, "x")]


def test_a_write_after_an_agents_comment_is_over_a_human_until_the_customer_writes(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk")
    zendesk.say(ticket)
    sandbox.comment("zendesk", ticket, "<p>a note</p>", by="agent", public=False)
    zendesk.say(ticket)
    sandbox.comment("zendesk", ticket, "<p>thanks, and?</p>")
    zendesk.say(ticket)
    assert _over(sandbox) == [False, True, False]


def test_an_assignment_by_an_agent_counts_and_one_by_klark_does_not(sandbox: Sandbox, zendesk: Api):
    first, second = sandbox.ticket("zendesk"), sandbox.ticket("zendesk")
    sandbox.change("zendesk", first, assignee="agent")
    zendesk.say(first)
    zendesk.say(second, assignee_id=9002)
    zendesk.say(second)
    assert _over(sandbox) == [True, False, False]


def test_automatic_and_system_comments_neither_free_nor_lead_a_ticket(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk")
    sandbox.comment("zendesk", ticket, "<p>received</p>", by="rule")
    zendesk.say(ticket)
    sandbox.comment("zendesk", ticket, "<p>mine</p>", by="agent")
    sandbox.comment("zendesk", ticket, "<p>away</p>", by="auto")
    zendesk.say(ticket)
    assert _over(sandbox) == [False, True]


def test_a_change_of_fields_alone_is_never_over_a_human(sandbox: Sandbox, freshdesk: Api):
    ticket = sandbox.ticket("freshdesk")
    sandbox.comment("freshdesk", ticket, "<p>mine</p>", by="agent")
    freshdesk.put(f"/tickets/{ticket}", {"tags": ["klark"]})
    assert _over(sandbox) == [False]


# Limits


def test_calls_over_the_limit_are_429_with_a_time_to_wait(sandbox: Sandbox, zendesk: Api, freshdesk: Api):
    sandbox.settings(limits={"zendesk": {"calls": 2}, "freshdesk": {"calls": 1}})
    assert [zendesk.get("/tickets").status_code for _ in range(3)] == [200, 200, 429]
    refused = zendesk.get("/tickets")
    assert refused.json()["error"] == "APIRateLimitExceeded"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["x-rate-limit-remaining"] == "0"
    freshdesk.get("/tickets")
    bare = freshdesk.get("/tickets")
    assert (bare.status_code, "X-RateLimit-Total" in bare.headers) == (429, False)
    assert 1 <= int(bare.headers["Retry-After"]) <= 60


def test_a_refused_caller_uses_the_limit_up_too(sandbox: Sandbox, zendesk: Api):
    sandbox.settings(limits={"zendesk": {"calls": 1}})
    assert zendesk.get("/tickets", auth=("a", "b")).status_code == 401
    assert zendesk.get("/tickets").status_code == 429


def test_updates_are_limited_per_account_and_per_ticket(sandbox: Sandbox, zendesk: Api):
    sandbox.settings(limits={"zendesk": {"updates": 3, "per_ticket": 2}})
    first, second = sandbox.ticket("zendesk"), sandbox.ticket("zendesk")
    statuses = [zendesk.say(ticket).status_code for ticket in (first, first, first, second)]
    assert statuses == [200, 200, 429, 429]
    assert [w["applied"] for w in sandbox.writes()] == [True, True, False, False]
    assert zendesk.get(f"/tickets/{first}").status_code == 200
    header = zendesk.say(second).headers["zendesk-ratelimit-tickets-update"]
    assert header.startswith("total=3; remaining=0; resets=")


def test_the_incremental_export_has_a_limit_of_its_own(sandbox: Sandbox, zendesk: Api):
    sandbox.settings(limits={"zendesk": {"incremental": 1}})
    path = "/incremental/tickets/cursor.json?start_time=1"
    assert [zendesk.get(path).status_code for _ in range(2)] == [200, 429]
    assert zendesk.get("/tickets").status_code == 200


def test_no_limit_is_zero(sandbox: Sandbox, zendesk: Api):
    sandbox.settings(limits={"zendesk": {"calls": 0}})
    answers = [zendesk.get("/tickets") for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert answers[-1].headers["x-rate-limit-remaining"] == "100000"


# The rest


def test_a_reset_forgets_everything(sandbox: Sandbox, zendesk: Api):
    zendesk.say(sandbox.ticket("zendesk"))
    sandbox.articles("zendesk", [{"id": 1, "title": "T", "body_html": "<p>b</p>"}])
    sandbox.fault("status", status=500)
    sandbox.credentials("zendesk", ["oauth:other"])
    sandbox.reset()
    assert sandbox.health() == {"ok": True, "tickets": {"zendesk": 0, "freshdesk": 0}, "webhooks_idle": True}
    assert (sandbox.writes(), sandbox.webhooks(), sandbox.faults()) == ([], [], [])
    assert zendesk.get("/help_center/en-us/articles.json").json()["articles"] == []
    assert sandbox.ticket("zendesk") == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/nothing", None, 404),
        ("POST", "/zendesk/tickets/99", {}, 404),
        ("POST", "/zendesk/tickets/99/comments", {}, 404),
        ("GET", "/tickets/zendesk/99", None, 404),
        ("POST", "/races", {"desk": "zendesk", "ticket": 99, "on": "write"}, 400),
        ("POST", "/zendesk/webhook", {}, 400),
        ("POST", "/zendesk/articles", {"articles": [{}]}, 400),
        ("POST", "/settings", {"retry_scale": "slow"}, 400),
    ],
)
def test_a_control_asked_wrongly_says_so(sandbox: Sandbox, method: str, path: str, body: Any, status: int):
    answer = requests.request(method, f"{sandbox.address}/_sandbox{path}", json=body)
    assert (answer.status_code, "error" in answer.json()) == (status, True)


def test_links_lead_back_to_the_host_that_was_asked(sandbox: Sandbox):
    sandbox.ticket("zendesk")
    url = f"{sandbox.base('zendesk')}/api/v2/tickets/1.json"
    by_address = requests.get(url, auth=TOKEN).json()["ticket"]["url"]
    by_name = requests.get(url, auth=TOKEN, headers={"Host": "example.zendesk.com"}).json()["ticket"]["url"]
    assert by_address == url
    assert by_name == "https://example.zendesk.com/api/v2/tickets/1.json"


def test_calls_that_come_at_once_are_looked_at_one_by_one(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: zendesk.say(ticket, f"<p>{n}</p>"), range(24)))
    said = [comment["text"] for comment in sandbox.stored("zendesk", ticket)["comments"][1:]]
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(said, key=int) == [str(n) for n in range(24)]
    assert sorted(write["text"] for write in sandbox.writes() if write["applied"]) == sorted(said)


def test_a_connection_is_kept_alive_and_chunked_bodies_are_read(sandbox: Sandbox):
    ticket = sandbox.ticket("zendesk")
    body = json.dumps({"ticket": {"comment": {"body": "chunked"}}}).encode()
    with requests.Session() as session:
        url = f"{sandbox.base('zendesk')}/api/v2/tickets/{ticket}.json"
        first = session.put(url, data=iter([body[:10], body[10:]]), auth=TOKEN)
        second = session.get(url, auth=TOKEN)
    assert (first.status_code, second.status_code) == (200, 200)
    assert (first.raw.version, "Connection" in first.headers) == (11, False)
    assert sandbox.stored("zendesk", ticket)["comments"][-1]["text"] == "chunked"


def test_controls_answer_only_from_loopback(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox):
    monkeypatch.setattr("integrations.sandbox.server.LOOPBACK", ("10.",))
    assert requests.get(f"{sandbox.address}/_sandbox/health").status_code == 403


def test_an_unknown_desk_is_not_found(sandbox: Sandbox):
    assert requests.get(f"{sandbox.address}/otherdesk/api/v2/tickets").status_code == 404


def test_a_taken_port_is_an_error():
    with make() as server, pytest.raises(OSError, match=r"in use"):
        make(port=server.server_address[1])


def test_the_process_prints_its_port_first_and_ends_on_a_signal():
    command = [sys.executable, "-m", "integrations.sandbox", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    port = json.loads(process.stdout.readline())["port"]
    assert Sandbox(f"http://127.0.0.1:{port}").ready()
    process.terminate()
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "sandbox-token" in errors
    assert "Traceback" not in errors


@DESKS
def test_the_accounts_of_one_server_know_nothing_of_each_other(sandbox: Sandbox, desk: Any):
    other = sandbox.account("other")
    other.settings(limits={"zendesk": {"calls": 1}, "freshdesk": {"calls": 1}})
    ticket = other.ticket(desk, subject="Only there")
    assert [each.health()["tickets"][desk] for each in (sandbox, other)] == [0, 1]
    api = Api(other.base(desk), TOKEN if desk == "zendesk" else KEY)
    assert [api.get(f"/tickets/{ticket}").status_code for _ in range(2)] == [200, 429]
