"""The stand-in Zendesk's tickets behave as the facts and the recordings say."""

import base64
import re
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from integrations.sandbox import records
from integrations.sandbox.client import Sandbox
from tests.integrations.sandboxed import Api

pytest_plugins = ["tests.integrations.sandbox_fixtures"]

NOT_FOUND = {"error": "RecordNotFound", "description": "Not found"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic " + base64.b64encode(b"klark@example.com/token:wrong").decode()},
        {"Authorization": "Basic " + base64.b64encode(b"klark@example.com:sandbox-token").decode()},
        {"Authorization": "Basic ###"},
    ],
)
def test_bad_credentials_are_refused_in_the_recorded_shape(sandbox: Sandbox, zendesk: Api, headers: dict[str, str]):
    ticket = sandbox.ticket("zendesk")
    answer = zendesk.get(f"/tickets/{ticket}.json", auth=lambda r: r, headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"error": "Couldn't authenticate you"})


def test_users_me_calls_a_stranger_anonymous_as_recorded(zendesk: Api):
    stranger = zendesk.get("/users/me.json", auth=("klark@example.com/token", "wrong"))
    assert (stranger.status_code, stranger.json()["user"]["name"], stranger.json()["user"]["id"]) == (
        200,
        "Anonymous user",
        None,
    )


def test_users_me_is_klark_by_token_and_by_oauth(zendesk: Api):
    by_token = zendesk.get("/users/me.json").json()
    by_oauth = zendesk.get("/users/me", auth=lambda r: r, headers={"Authorization": "Bearer sandbox-oauth"}).json()
    assert by_token == by_oauth
    assert by_token["user"]["email"] == "klark@example.com"


def test_credentials_can_be_replaced(sandbox: Sandbox, zendesk: Api):
    sandbox.credentials("zendesk", ["oauth:other"])
    assert zendesk.get("/tickets.json").status_code == 401
    bearer = {"Authorization": "Bearer other"}
    assert zendesk.get("/tickets.json", auth=lambda r: r, headers=bearer).status_code == 200


def test_a_ticket_shows_with_and_without_json_and_with_its_users(sandbox: Sandbox, zendesk: Api):
    person = {"name": "Rita Requester", "email": "rita@example.org"}
    ticket = sandbox.ticket("zendesk", subject="Hello", body="One\n\nTwo", requester=person, cc=["cora@example.net"])
    plain = zendesk.get(f"/tickets/{ticket}").json()["ticket"]
    loaded = zendesk.get(f"/tickets/{ticket}.json?include=users").json()
    assert loaded["ticket"] == plain
    assert (plain["subject"], plain["description"], plain["status"]) == ("Hello", "One\n\nTwo", "new")
    assert plain["via"]["source"]["from"] == {"address": "rita@example.org", "name": "Rita Requester"}
    assert [user["email"] for user in loaded["users"]] == ["rita@example.org", "cora@example.net"]
    assert plain["email_cc_ids"] == [loaded["users"][1]["id"]]


def test_headers_carry_the_date_a_request_id_and_the_rate_limits(sandbox: Sandbox, zendesk: Api):
    answer = zendesk.get("/tickets.json")
    assert abs(parsedate_to_datetime(answer.headers["Date"]).timestamp() - time.time()) < 3
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Zendesk-Request-Id"])
    limits = [answer.headers[name] for name in ("x-rate-limit", "x-rate-limit-remaining", "ratelimit-limit")]
    assert limits == ["2500", "2499", "2500"]


def test_comments_page_by_cursor_to_the_last(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk", body_html="<p>0</p>")
    for n in range(1, 5):
        sandbox.comment("zendesk", ticket, f"<p>{n}</p>")
    seen, url = [], f"/tickets/{ticket}/comments.json?page[size]=2&include=users"
    while url:
        page = zendesk.get(url).json()
        seen.append([comment["plain_body"] for comment in page["comments"]])
        assert page["meta"]["has_more"] == (page["links"]["next"] is not None)
        assert page["users"][0]["email"] == "camille@example.org"
        url = page["links"]["next"]
    assert seen == [["0", "1"], ["2", "3"], ["4"]]


def test_an_after_cursor_alone_leads_on_and_a_made_up_one_is_refused(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk", body_html="<p>0</p>")
    sandbox.comment("zendesk", ticket, "<p>1</p>")
    path = f"/tickets/{ticket}/comments.json"
    after = zendesk.get(path, params={"page[size]": "1"}).json()["meta"]["after_cursor"]
    rest = zendesk.get(path, params={"page[size]": "1", "page[after]": after}).json()
    assert [c["plain_body"] for c in rest["comments"]] == ["1"]
    assert rest["meta"]["has_more"] is False
    assert zendesk.get(path, params={"page[size]": "1", "page[after]": "~~"}).status_code == 400


def test_comments_page_by_number_with_a_count(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk", body_html="<p>0</p>")
    sandbox.comment("zendesk", ticket, "<p>1</p>")
    first = zendesk.get(f"/tickets/{ticket}/comments.json?per_page=1").json()
    second = zendesk.get(first["next_page"]).json()
    assert (first["count"], first["previous_page"], second["next_page"]) == (2, None, None)
    assert [c["plain_body"] for c in first["comments"] + second["comments"]] == ["0", "1"]


def test_an_update_makes_one_audit_with_comment_fields_and_metadata(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk", tags=["vip"])
    sent = {
        "comment": {"html_body": "<p>Here is how</p>", "public": False},
        "metadata": {"klark": "m-1"},
        "tags": ["vip", "klark"],
        "status": "pending",
        "priority": "high",
        "custom_fields": [{"id": 55, "value": "gold"}],
    }
    answer = zendesk.put(f"/tickets/{ticket}.json", {"ticket": sent}).json()
    shown = answer["ticket"]
    assert [shown[name] for name in ("tags", "status", "priority", "custom_fields")] == [
        ["klark", "vip"],
        "pending",
        "high",
        [{"id": 55, "value": "gold"}],
    ]
    comment = answer["audit"]["events"][0]
    assert (comment["type"], comment["public"], comment["body"]) == ("Comment", False, "Here is how")
    assert answer["audit"]["metadata"]["custom"] == {"klark": "m-1"}
    changed = {event["field_name"]: event["value"] for event in answer["audit"]["events"][1:]}
    assert changed["status"] == "pending"
    read = zendesk.get(f"/tickets/{ticket}/comments.json").json()["comments"][-1]
    assert (read["id"], read["metadata"]["custom"], read["via"]["channel"]) == (comment["id"], {"klark": "m-1"}, "api")
    assert read["html_body"] == '<div class="zd-comment" dir="auto"><p>Here is how</p></div>'
    audits = zendesk.get(f"/tickets/{ticket}/audits.json").json()["audits"]
    assert audits[-1] == answer["audit"]
    assert len(audits) == 2


def test_a_comment_is_public_unless_it_says_otherwise_and_plain_text_becomes_html(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk")
    zendesk.put(f"/tickets/{ticket}.json", {"ticket": {"comment": {"body": "a < b\nc"}}})
    comment = zendesk.get(f"/tickets/{ticket}/comments.json").json()["comments"][-1]
    assert (comment["public"], comment["author_id"]) == (True, zendesk.get("/users/me").json()["user"]["id"])
    assert "<p>a &lt; b<br>c</p>" in comment["html_body"]


def test_tags_sent_with_an_update_replace_those_that_were_there(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk", tags=["vip"])
    zendesk.put(f"/tickets/{ticket}.json", {"ticket": {"tags": ["only"]}})
    assert zendesk.get(f"/tickets/{ticket}").json()["ticket"]["tags"] == ["only"]


def test_updated_at_has_whole_seconds(sandbox: Sandbox, zendesk: Api):
    ticket = zendesk.get(f"/tickets/{sandbox.ticket('zendesk')}").json()["ticket"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", ticket["updated_at"])


def _next_second() -> None:
    time.sleep(1.0 - time.time() % 1.0 + 0.01)


def test_a_safe_update_with_an_old_stamp_conflicts_and_changes_nothing(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk")
    stamp = zendesk.get(f"/tickets/{ticket}").json()["ticket"]["updated_at"]
    _next_second()
    sandbox.comment("zendesk", ticket, "<p>I am on it</p>", by="agent")
    answer = zendesk.say(ticket, safe_update=True, updated_stamp=stamp)
    assert (answer.status_code, answer.json()["error"]) == (409, "UpdateConflict")
    assert [c["by"] for c in sandbox.stored("zendesk", ticket)["comments"]] == ["customer", "agent"]
    assert [(w["status"], w["applied"], w["over_a_human"]) for w in sandbox.writes()] == [(409, False, False)]


def test_a_safe_update_with_the_current_stamp_applies(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk")
    stamp = zendesk.get(f"/tickets/{ticket}").json()["ticket"]["updated_at"]
    assert zendesk.say(ticket, safe_update=True, updated_stamp=stamp).status_code == 200


def test_someone_who_writes_in_the_same_second_passes_a_safe_update(sandbox: Sandbox, zendesk: Api):
    _next_second()
    ticket = sandbox.ticket("zendesk")
    stamp = zendesk.get(f"/tickets/{ticket}").json()["ticket"]["updated_at"]
    sandbox.comment("zendesk", ticket, "<p>I am on it</p>", by="agent")
    assert zendesk.say(ticket, safe_update=True, updated_stamp=stamp).status_code == 200
    assert [w["over_a_human"] for w in sandbox.writes()] == [True]


@pytest.mark.parametrize("stamp", ["2001-01-01", "2001-01-01T00:00:00Z", None])
@pytest.mark.parametrize("safe", [True, False])
def test_safe_update_false_means_the_same_as_true(sandbox: Sandbox, zendesk: Api, safe: bool, stamp: str | None):
    ticket = sandbox.ticket("zendesk")
    assert zendesk.say(ticket, safe_update=safe, updated_stamp=stamp).status_code == 409


def test_without_safe_update_an_old_stamp_is_not_looked_at(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk")
    assert zendesk.say(ticket, updated_stamp="2001-01-01T00:00:00Z").status_code == 200


def test_a_closed_ticket_takes_no_update(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk")
    sandbox.change("zendesk", ticket, status="closed")
    answer = zendesk.say(ticket)
    assert (answer.status_code, answer.json()["error"]) == (422, "RecordInvalid")
    assert answer.json()["details"]["status"][0]["description"] == "Status: closed prevents ticket update"


@pytest.mark.parametrize("path", ["", "/comments", "/audits"])
def test_a_deleted_ticket_is_not_found(sandbox: Sandbox, zendesk: Api, path: str):
    ticket = sandbox.ticket("zendesk")
    sandbox.change("zendesk", ticket, deleted=True)
    answer = zendesk.get(f"/tickets/{ticket}{path}.json")
    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    assert zendesk.say(ticket).status_code == 404


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"ticket": 7}', b'{"ticket": {"comment": "text"}}'])
def test_an_unreadable_body_is_refused_and_changes_nothing(sandbox: Sandbox, zendesk: Api, body: bytes):
    ticket = sandbox.ticket("zendesk")
    assert zendesk.ask("PUT", f"/tickets/{ticket}.json", data=body).status_code == 400
    assert len(sandbox.stored("zendesk", ticket)["comments"]) == 1


@pytest.mark.parametrize(("field", "word"), [("status", "done"), ("priority", "p1"), ("type", "riddle")])
def test_a_word_that_zendesk_does_not_know_is_invalid(sandbox: Sandbox, zendesk: Api, field: str, word: str):
    answer = zendesk.say(sandbox.ticket("zendesk"), **{field: word})
    assert (answer.status_code, list(answer.json()["details"])) == (422, [field])


def test_a_ticket_that_nobody_has_is_not_solved(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk")
    refused = zendesk.say(ticket, status="solved")
    assert (refused.status_code, refused.json()["error"]) == (422, "RecordInvalid")
    assert refused.json()["details"]["base"] == [
        {"description": "Assignee: is required when solving a ticket", "error": None,
         "ticket_field_id": 7405, "ticket_field_type": "FieldAssignee"}
    ]  # fmt: skip
    fields = zendesk.get("/ticket_fields.json").json()["ticket_fields"]
    assert next(field["type"] for field in fields if field["id"] == 7405) == "assignee"
    assert (len(sandbox.stored("zendesk", ticket)["comments"]), sandbox.stored("zendesk", ticket)["status"]) == (
        1,
        "new",
    )
    assert zendesk.say(ticket, status="open", assignee_id=9002).status_code == 200
    assert zendesk.say(ticket, status="solved", assignee_id=None).status_code == 422
    assert zendesk.say(ticket, status="solved").status_code == 200


def test_an_unknown_path_is_an_invalid_endpoint(zendesk: Api):
    assert (zendesk.get("/nothing.json").status_code, zendesk.get("/nothing.json").json()["error"]) == (
        404,
        "InvalidEndpoint",
    )


def test_tags_are_added_and_removed_safely(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk", tags=["a"])
    path = f"/tickets/{ticket}/tags.json"
    assert zendesk.put(path, {"tags": ["b"]}).json() == {"tags": ["a", "b"]}
    assert zendesk.ask("DELETE", path, json={"tags": ["a"]}).json() == {"tags": ["b"]}
    assert zendesk.put(path, {"tags": ["d"], "safe_update": "true", "updated_stamp": "2001-01-01"}).status_code == 409


def test_a_user_shows_alone(sandbox: Sandbox, zendesk: Api):
    requester = zendesk.get(f"/tickets/{sandbox.ticket('zendesk')}").json()["ticket"]["requester_id"]
    assert zendesk.get(f"/users/{requester}.json").json()["user"]["role"] == "end-user"
    assert zendesk.get("/users/1.json").status_code == 404


# The incremental export


def _start(seconds_ago: int) -> str:
    return f"/incremental/tickets/cursor.json?start_time={int(time.time()) - seconds_ago}"


def test_an_export_from_less_than_a_minute_ago_is_too_recent(sandbox: Sandbox, zendesk: Api):
    answer = zendesk.get(_start(50))
    assert (answer.status_code, answer.json()["error"]) == (400, "StartTimeTooRecent")
    assert zendesk.get(_start(61)).status_code == 200
    sandbox.settings(incremental_lag_s=0)
    assert zendesk.get(_start(0)).status_code == 200


@pytest.mark.parametrize("query", ["", "?start_time=yesterday", "?cursor=!!"])
def test_an_export_without_a_sound_start_is_refused(zendesk: Api, query: str):
    assert zendesk.get(f"/incremental/tickets/cursor.json{query}").status_code == 400


def test_an_export_reads_pages_to_the_end_then_only_what_changed(sandbox: Sandbox, zendesk: Api):
    sandbox.settings(incremental_lag_s=0)
    ids = [sandbox.ticket("zendesk") for _ in range(3)]
    first = zendesk.get(_start(120) + "&per_page=2").json()
    second = zendesk.get(first["after_url"]).json()
    assert [t["id"] for t in first["tickets"] + second["tickets"]] == ids
    assert [first["end_of_stream"], second["end_of_stream"]] == [False, True]
    quiet = zendesk.get(second["after_url"]).json()
    assert (quiet["tickets"], quiet["end_of_stream"]) == ([], True)
    sandbox.comment("zendesk", ids[0], "<p>More</p>")  # within the same second: no cursor may lose it
    sandbox.change("zendesk", ids[1], deleted=True)
    path = f"/incremental/tickets/cursor.json?cursor={quiet['after_cursor']}"
    assert [(t["id"], t["status"]) for t in zendesk.get(path).json()["tickets"]] == [
        (ids[0], "new"),
        (ids[1], "deleted"),
    ]


def test_an_export_leaves_the_last_minute_out_and_no_cursor_passes_it(
    sandbox: Sandbox, zendesk: Api, monkeypatch: pytest.MonkeyPatch
):
    moment = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=90)
    monkeypatch.setattr(records, "now", lambda: moment)
    older = sandbox.ticket("zendesk")
    moment += timedelta(hours=1)
    recent = sandbox.ticket("zendesk")
    first = zendesk.get(_start(120)).json()
    quiet = zendesk.get(first["after_url"]).json()
    sandbox.settings(incremental_lag_s=-3600)  # as when the minute is over
    later = zendesk.get(quiet["after_url"]).json()
    told = [[ticket["id"] for ticket in page["tickets"]] for page in (first, quiet, later)]
    assert (told, [page["end_of_stream"] for page in (first, quiet, later)]) == ([[older], [], [recent]], [True] * 3)


def test_an_export_side_loads_users(sandbox: Sandbox, zendesk: Api):
    sandbox.settings(incremental_lag_s=0)
    sandbox.ticket("zendesk")
    users = zendesk.get(_start(120) + "&include=users").json()["users"]
    assert [user["name"] for user in users] == ["Camille Customer"]


def test_people_and_organizations_carry_the_admins_own_fields(sandbox: Sandbox, zendesk: Api):
    number = sandbox.person(
        "zendesk", "cora@example.net", {"plan": "gold"}, {"name": "Acme", "fields": {"until": "2027"}}
    )
    sandbox.person("zendesk", "cora@example.net", {"seats": 3}, {"name": "Acme", "fields": {"tier": "a"}})
    user = zendesk.get(f"/users/{number}.json").json()["user"]
    organization = zendesk.get(f"/organizations/{user['organization_id']}.json").json()["organization"]
    assert user["user_fields"] == {"plan": "gold", "seats": 3}
    assert (organization["name"], organization["organization_fields"]) == ("Acme", {"until": "2027", "tier": "a"})
    ticket = sandbox.ticket("zendesk", requester={"name": "Cora", "email": "cora@example.net"})
    assert zendesk.get(f"/tickets/{ticket}.json").json()["ticket"]["organization_id"] == user["organization_id"]
    assert zendesk.get("/organizations/1.json").status_code == 404
