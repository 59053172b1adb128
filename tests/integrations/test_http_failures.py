"""What an answer means, status by status: klark's own name for what to do next, and the desk's own reason in its words."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError, SSLError

from integrations.errors import IntegrationError, TryLater
from integrations.http_failures import blamed, explained, is_settled, judged, retry_after, server_time

NOW = datetime(2026, 10, 5, 9, 30, tzinfo=UTC)
DESK = "desk.example"


def answer(status: int = 200, body: Any = None, **headers: str) -> requests.Response:
    made = requests.Response()
    made.status_code = status
    made._content = body if isinstance(body, bytes) else json.dumps(body).encode()
    made.headers.update({name.replace("_", "-"): text for name, text in headers.items()})
    return made


def ended(made: requests.Response, method: str) -> tuple[str, str]:
    """The name of the error and its sentence, or "ok"."""
    try:
        assert judged(made, method, DESK) is made
    except IntegrationError as error:
        return type(error).__name__, str(error)
    return "ok", ""


# Times


def test_a_wait_is_a_number_or_a_date_and_never_more_than_an_hour():
    waits: dict[str, float | None] = {
        "7": 7.0, " 7 ": 7.0, "0": 0.0, "0.25": 0.25, "-3": 0.0, "3601": 3600.0, "1e9": 3600.0, "1e999": None, "nan": None,
        "-inf": None, "": None, "soon": None, "7s": None, "7, 8": None, "Mon, 05 Oct 2026 09:30:10 GMT": 10.0,
        "Mon, 05 Oct 2026 11:30:10 +0200": 10.0, "Mon, 05 Oct 2026 09:30:10 -0000": None, "Mon, 05 Oct 2026 09:30:10": None,
        "Mon, 05 Oct 2026 09:29:00 GMT": 0.0, "Fri, 31 Dec 9999 23:59:59 GMT": 3600.0, "Mon, 05 Oct 99999 09:30:00 GMT": None,
        "Mon, 99 Oct 2026 09:30:00 GMT": None, "Mon, 05 Oct 2026 09:30:00 +99999999999999999999": None, "9" * 400: None,
    }  # fmt: skip
    assert {text: retry_after({"Retry-After": text}, NOW) for text in waits} == waits
    assert retry_after({}, NOW) is None


def test_the_desks_clock_is_its_own_date_and_klarks_where_it_has_none():
    stated = {
        "Mon, 05 Oct 2026 09:30:00 GMT": NOW,
        "Mon, 05 Oct 2026 11:30:00 +0200": NOW,
        "Mon, 05 Oct 2026 09:30:00 -0000": NOW,
    }
    assert {text: server_time(answer(Date=text)) for text in stated} == stated
    for text in ("", "soon", "2026-10-05T09:30:00Z", "Mon, 05 Oct 2026 09:30:00 +99999999999999999999", "0 0 0 0 0"):
        assert abs(server_time(answer(Date=text)) - datetime.now(UTC)) < timedelta(seconds=5)
    assert server_time(answer()).tzinfo is UTC


def test_a_time_is_settled_once_its_second_is_over():
    now = answer(Date="Mon, 05 Oct 2026 09:30:00 GMT")
    times = {NOW: False, NOW + timedelta(seconds=1): False, NOW - timedelta(seconds=1): True, None: True,
             NOW - timedelta(milliseconds=1): True}  # fmt: skip
    assert {time: is_settled(time, now) for time in times} == times


# Statuses


def test_each_status_has_a_next_step_for_reads_and_for_writes():
    steps = {
        200: ("ok", "ok"),
        201: ("ok", "ok"),
        202: ("ok", "ok"),
        204: ("ok", "ok"),
        301: ("Refused", "Unsure"),
        302: ("Refused", "Unsure"),
        304: ("Refused", "Unsure"),
        307: ("Refused", "Unsure"),
        400: ("Refused", "Refused"),
        401: ("Refused", "Refused"),
        402: ("Refused", "Refused"),
        403: ("Refused", "Refused"),
        404: ("Gone", "Gone"),
        405: ("Refused", "Refused"),
        408: ("TryLater", "Unsure"),
        409: ("TryLater", "LookAgain"),
        410: ("Gone", "Gone"),
        413: ("Refused", "Refused"),
        415: ("Refused", "Refused"),
        422: ("Invalid", "Invalid"),
        429: ("TryLater", "TryLater"),
        500: ("TryLater", "Unsure"),
        501: ("TryLater", "Unsure"),
        502: ("TryLater", "Unsure"),
        503: ("TryLater", "Unsure"),
        504: ("TryLater", "Unsure"),
        520: ("TryLater", "Unsure"),
        599: ("TryLater", "Unsure"),
    }
    body = {"ticket": {"id": 1}}
    found = {status: (ended(answer(status, body), "GET")[0], ended(answer(status, body), "PUT")[0]) for status in steps}
    assert found == steps


def test_of_a_post_that_must_not_be_made_twice_only_the_apis_own_refusal_counts():
    wait = {"Retry_After": "7"}
    answers: dict[str, tuple[requests.Response, str]] = {
        "its own": (answer(422, {"message": "no"}), "Invalid"),
        "its own conflict": (answer(409, {"message": "no"}), "LookAgain"),
        "its own limit": (answer(429, {"message": "too many"}, **wait), "TryLater"),
        "its own 404, which is empty": (answer(404, b""), "Gone"),
        "a limit without a time": (answer(429, {"message": "too many"}), "Unsure"),
        "a limit in a page": (answer(429, b"<html></html>", **wait), "Unsure"),
        "a page": (answer(403, b"<html></html>"), "Unsure"),
        "nothing": (answer(400, b""), "Unsure"),
        "a list": (answer(409, []), "Unsure"),
    }

    def step(made: requests.Response, method: str, once: bool) -> str:
        with pytest.raises(IntegrationError) as caught:
            judged(made, method, DESK, once=once)
        return type(caught.value).__name__

    assert {name: step(made, "POST", once=True) for name, (made, _) in answers.items()} == {
        name: due for name, (_, due) in answers.items()
    }
    page = answers["a page"][0]
    assert [step(page, "POST", once=False), step(page, "PUT", once=True)] == ["Refused", "Refused"]


def test_what_is_not_there_is_a_ticket_unless_the_account_is_nobodys_or_the_page_is_somebody_elses():
    nobodys = {
        "error": {"title": "No help desk at acme.zendesk.com", "message": "There is no help desk at this address"}
    }
    pages: dict[str, tuple[object, str, str]] = {
        "nothing": (b"", "Gone", "Gone"),
        "blanks": (b" \r\n", "Gone", "Gone"),
        "zendesk's": ({"error": "RecordNotFound", "description": "Not found"}, "Gone", "Gone"),
        "no such path": ({"error": "InvalidEndpoint", "description": "Not found"}, "Gone", "Gone"),
        "a list": ([], "Gone", "Gone"),
        "an account that is nobody's": (nobodys, "Refused", "Refused"),
        "a page": (b"<!DOCTYPE html><title>Not found</title>", "TryLater", "Unsure"),
        "text": (b"404 page not found", "TryLater", "Unsure"),
        "half": (b'{"error": ', "TryLater", "Unsure"),
    }
    for status in (404, 410):
        found = {name: (ended(answer(status, body), "GET")[0], ended(answer(status, body), "PUT")[0])
                 for name, (body, _, __) in pages.items()}  # fmt: skip
        assert found == {name: (read, write) for name, (_, read, write) in pages.items()}, status
    assert ended(answer(404, nobodys), "GET")[1] == (
        f"{DESK} has no such account (any more): No help desk at acme.zendesk.com There is no help desk at this address"
    )


def test_every_method_but_a_read_may_have_changed_something():
    kinds = {method: ended(answer(502), method)[0] for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")}
    assert kinds == {
        "GET": "TryLater",
        "HEAD": "TryLater",
        **dict.fromkeys(("POST", "PUT", "PATCH", "DELETE"), "Unsure"),
    }


def test_only_what_was_deleted_or_switched_may_come_back_without_a_word():
    empty = {method: ended(answer(204, b""), method)[0] for method in ("DELETE", "PATCH", "PUT", "POST", "GET")}
    assert empty == {"DELETE": "ok", "PATCH": "ok", "PUT": "Unsure", "POST": "Unsure", "GET": "TryLater"}
    assert ended(answer(200, b""), "DELETE")[0] == "Unsure"


def test_a_success_is_json_of_the_right_kind():
    bodies: dict[str, tuple[Any, str, str]] = {
        "an object": ({"id": 1}, "ok", "ok"),
        "an empty object": ({}, "ok", "ok"),
        "a list": ([{"id": 1}], "ok", "Unsure"),
        "an empty list": ([], "ok", "Unsure"),
        "null": (None, "TryLater", "Unsure"),
        "a text": ("x", "TryLater", "Unsure"),
        "a number": (7, "TryLater", "Unsure"),
        "truth": (True, "TryLater", "Unsure"),
        "html": (b"<html></html>", "TryLater", "Unsure"),
        "nothing": (b"", "TryLater", "Unsure"),
        "half": (b'{"ticket": {"id"', "TryLater", "Unsure"),
        "bytes": (b"\xff", "TryLater", "Unsure"),
        "deep": (b"[" * 100_000, "TryLater", "Unsure"),
        "an error inside": ({"error": "no"}, "Refused", "Refused"),
        "errors inside": ({"errors": [{"message": "no"}], "code": 5}, "Refused", "Refused"),
        "an error beside something": ({"error": None, "ticket": {}}, "ok", "ok"),
    }
    found = {
        name: (ended(answer(200, body), "GET")[0], ended(answer(200, body), "PUT")[0])
        for name, (body, _, _) in bodies.items()
    }
    assert found == {name: (read, write) for name, (_, read, write) in bodies.items()}


def test_a_busy_desk_and_one_that_is_away_say_for_how_long_a_read_must_wait():
    for status in (429, 503):
        with pytest.raises(TryLater) as caught:
            judged(answer(status, {}, Retry_After="7"), "GET", DESK)
        assert caught.value.after == 7.0, status
    with pytest.raises(TryLater) as of_a_write:
        judged(answer(429, {}, Retry_After="8"), "PUT", DESK)
    assert of_a_write.value.after == 8.0


def test_each_sentence_names_the_desk_and_what_a_person_can_do():
    told = {
        401: "desk.example does not accept klark's credentials: they are wrong, expired or revoked",
        403: "desk.example does not allow this to klark's user: Not your ticket",
        404: "desk.example has nothing there (any more): deleted, or not for klark's user to see",
        422: "desk.example refused the request (422): Not your ticket",
        302: "desk.example points elsewhere (302); klark follows no redirect: check the account's name",
        429: "desk.example asks klark to slow down",
        503: "desk.example is not available just now",
        500: "desk.example failed with status 500",
    }
    assert {status: ended(answer(status, {"message": "Not your ticket"}), "GET")[1] for status in told} == told


# Reasons


def test_the_innermost_reason_is_told_in_its_own_words():
    reasons: dict[str, tuple[Any, str]] = {
        "zendesk's details": (
            {
                "error": "RecordInvalid",
                "description": "Record validation errors",
                "details": {
                    "status": [{"description": "Status: closed prevents ticket update", "error": "ClosedTicket"}]
                },
            },
            "Status: closed prevents ticket update",
        ),
        "zendesk's webhooks": (
            {"errors": [{"code": "X", "title": "Bad Request", "detail": "name is required"}]},
            "Bad Request name is required",
        ),
        "zendesk's own": (
            {"error": {"title": "Forbidden", "message": "You do not have access"}},
            "Forbidden You do not have access",
        ),
        "an error in one word": ({"error": "InvalidEndpoint"}, "InvalidEndpoint"),
        "a description beside it": ({"error": "X", "description": "Not found"}, "Not found"),
        "freshdesk's fields": (
            {
                "description": "Validation failed",
                "errors": [
                    {"field": "status", "message": "It should be one of 2,3", "code": "invalid_value"},
                    {"field": "body", "message": "It should be a String", "code": "missing_field"},
                ],
            },
            "status It should be one of 2,3 body It should be a String",
        ),
        "freshdesk's own": (
            {"code": "invalid_credentials", "message": "You have to be logged in."},
            "You have to be logged in.",
        ),
        "nothing": ({}, "no reason given"),
        "a list": ([{"message": "x"}], "no reason given"),
        "null": (None, "no reason given"),
        "numbers": ({"error": 5, "message": None}, "no reason given"),
        "blanks": ({"message": " \n "}, "no reason given"),
        "signs": ({"message": "a\x00\u202eb\ud800  c"}, "ab c"),
    }
    assert {name: explained(body) for name, (body, _) in reasons.items()} == {
        name: told for name, (_, told) in reasons.items()
    }


def test_a_reason_is_short_however_long_or_deep_it_comes():
    deep: Any = {"message": "bottom"}
    for _ in range(50):
        deep = {"details": deep, "errors": [deep]}
    assert len(explained({"errors": [{"message": "x" * 500}] * 500})) == 300
    assert len(explained({"description": "y" * 10**6})) == 300
    assert explained(deep) == "no reason given"
    assert explained({"details": {str(n): [{"description": f"d{n}"}] for n in range(50)}}).split() == [
        f"d{n}" for n in range(10)
    ]


# No answer at all


def test_what_failed_before_a_byte_was_sent_may_be_sent_again_and_nothing_else():
    refused = requests.ConnectionError(MaxRetryError(None, "/", NewConnectionError(None, "refused")))
    errors: dict[str, tuple[Exception, str, str]] = {
        "no connection": (refused, "TryLater", "TryLater"),
        "no route in time": (requests.ConnectTimeout("far"), "TryLater", "TryLater"),
        "a slow answer": (requests.ReadTimeout("slow"), "TryLater", "Unsure"),
        "a reset": (requests.ConnectionError("reset"), "TryLater", "Unsure"),
        "a broken answer": (requests.exceptions.ChunkedEncodingError("half"), "TryLater", "Unsure"),
        "a broken line": (requests.ConnectionError(ProtocolError("dropped")), "TryLater", "Unsure"),
        "a broken TLS record": (
            requests.exceptions.SSLError(MaxRetryError(None, "/", SSLError("bad record"))),
            "TryLater",
            "Unsure",
        ),
        "urllib3's own": (ProtocolError("cut"), "TryLater", "Unsure"),
    }
    found = {name: (type(blamed(error, "GET", DESK)).__name__, type(blamed(error, "PUT", DESK)).__name__)
             for name, (error, _, _) in errors.items()}  # fmt: skip
    assert found == {name: (read, write) for name, (_, read, write) in errors.items()}
    assert str(blamed(refused, "PUT", DESK)) == "desk.example could not be reached"
    assert str(blamed(requests.ReadTimeout("slow"), "PUT", DESK)) == "the answer of desk.example never came"
