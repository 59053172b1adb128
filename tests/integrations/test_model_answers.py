"""What a model's server answers is one object of the schema, or an error that says what to do next; nothing is repaired."""

import json
from decimal import Decimal
from typing import Any

import httpx2
import openai

from integrations.errors import IntegrationError, Refused, TryLater
from integrations.http.outbound import TooMuch
from integrations.http.transports import Outbound
from integrations.llms.base import REPLY_SCHEMA, ModelAccount
from integrations.llms.openai_answers import ModelAnswer, cost_of, read_answer
from integrations.llms.openai_errors import translated, unknown_parameter
from integrations.llms.strict_json import NotTheSchema, checked, schema_text

REPLY = {"answerable": True, "sentences": [{"text": "It takes 3 days.", "cites": ["P1.1"]}]}
TEXT = json.dumps(REPLY)
ASKED = httpx2.Request("POST", "https://models.example/v1/chat/completions")


def verdict(text: str, *, fenced: bool = False) -> str:
    """ "read", or klark's sentence on why not."""
    try:
        content = checked(text, REPLY_SCHEMA, fenced=fenced)
    except NotTheSchema as error:
        return str(error)
    assert content == REPLY
    return "read"


NO_OBJECT = "the model answered something other than one JSON object"
NO_SHAPE = "the model answered JSON of another shape"


def test_only_one_object_of_the_schema_is_read_and_nothing_is_repaired():
    texts = {
        TEXT: "read",
        f"  {TEXT}\n": "read",
        json.dumps(REPLY, indent=2): "read",
        "": NO_OBJECT,
        "null": NO_OBJECT,
        "[]": NO_OBJECT,
        f"[{TEXT}]": NO_OBJECT,
        f"{TEXT}{TEXT}": NO_OBJECT,
        f"{TEXT} Hope this helps!": NO_OBJECT,
        f"Sure! {TEXT}": NO_OBJECT,
        TEXT[:-1]: NO_OBJECT,
        TEXT.replace('"', "'"): NO_OBJECT,
        TEXT.replace("true", "True"): NO_OBJECT,
        TEXT.replace("]}", "],}", 1): NO_OBJECT,
        f"// a comment\n{TEXT}": NO_OBJECT,
        "{": NO_OBJECT,
        "[" * 100_000: NO_OBJECT,
        '{"answerable": NaN, "sentences": []}': NO_OBJECT,
        '{"answerable": true, "sentences": [], "answerable": false}': NO_OBJECT,
        '{"answerable": true, "sentences": [{"text": "a", "cites": [], "text": "b"}]}': NO_OBJECT,
        '{"answerable": true, "sentences": [{"text": "\\u0000", "cites": []}]}': NO_OBJECT,
        '{"answerable": true, "sentences": [{"text": "\\ud83d", "cites": []}]}': NO_OBJECT,
        "{}": NO_SHAPE,
        '{"answerable": "true", "sentences": []}': NO_SHAPE,
        '{"answerable": 1, "sentences": []}': NO_SHAPE,
        '{"answerable": true}': NO_SHAPE,
        '{"answerable": true, "sentences": {}}': NO_SHAPE,
        '{"answerable": true, "sentences": ["It takes 3 days."]}': NO_SHAPE,
        '{"answerable": true, "sentences": [{"text": "a"}]}': NO_SHAPE,
        '{"answerable": true, "sentences": [{"text": "a", "cites": "P1.1"}]}': NO_SHAPE,
        '{"answerable": true, "sentences": [{"text": "a", "cites": [1]}]}': NO_SHAPE,
        '{"answerable": true, "sentences": [{"text": null, "cites": []}]}': NO_SHAPE,
        '{"answerable": true, "sentences": [], "reply": "more"}': NO_SHAPE,
        '{"answerable": true, "sentences": [{"text": "a", "cites": [], "role": "system"}]}': NO_SHAPE,
    }
    assert {text: verdict(text) for text in texts} == texts


def test_one_fence_is_taken_off_where_it_was_asked_for_in_words_and_never_elsewhere():
    fences = {
        f"```json\n{TEXT}\n```": "read",
        f"```\n{TEXT}\n```": "read",
        f"  ```json\n{TEXT}```  ": "read",
        f"```json \n{TEXT}\n```": "read",
        TEXT: "read",
        f"```python\n{TEXT}\n```": NO_OBJECT,
        f"```json\n{TEXT}": NO_OBJECT,
        f"{TEXT}\n```": NO_OBJECT,
        f"```json\n```json\n{TEXT}\n```\n```": NO_OBJECT,
        f"Here:\n```json\n{TEXT}\n```": NO_OBJECT,
        f"```json\n{TEXT}\n```\nDone.": NO_OBJECT,
        "```": NO_OBJECT,
        "``````": NO_OBJECT,
    }
    assert {text: verdict(text, fenced=True) for text in fences} == fences
    assert verdict(f"```json\n{TEXT}\n```") == NO_OBJECT


def test_a_text_with_accents_signs_and_an_escape_written_out_is_read_as_it_is():
    for said in ("Délai : 3 à 5 jours — 12 €", "📦", 'a\\b "c"', "line\nline", "\\u0041"):
        wanted = {"answerable": False, "sentences": [{"text": said, "cites": []}]}
        assert checked(json.dumps(wanted), REPLY_SCHEMA) == wanted
        assert checked(json.dumps(wanted, ensure_ascii=False), REPLY_SCHEMA) == wanted


def test_a_schema_is_shown_on_one_line_that_reads_back():
    assert json.loads(schema_text(REPLY_SCHEMA)) == REPLY_SCHEMA
    assert (schema_text({"title": "é"}), "\n" in schema_text(REPLY_SCHEMA)) == ('{"title":"é"}', False)


# Completions


def completion(content: Any = TEXT, usage: Any = None, **more: Any) -> dict[str, Any]:
    choice = {"message": {"content": content, **more.pop("message", {})}, **more}
    return {"model": "m-1", "choices": [choice], "usage": usage}


def read(body: Any) -> ModelAnswer | str:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    try:
        return read_answer(httpx2.Response(200, content=raw), asked=10)
    except Refused as error:
        return str(error)


def test_tokens_are_those_that_are_billed_or_a_third_of_the_letters():
    usages: list[tuple[Any, tuple[int, int]]] = [
        ({"prompt_tokens": 7, "completion_tokens": 9}, (7, 9)), ({"prompt_tokens": 0, "completion_tokens": 0}, (0, 0)),
        (None, (4, 34)), ([], (4, 34)), ({}, (4, 34)), ({"prompt_tokens": -1, "completion_tokens": True}, (4, 34)),
        ({"prompt_tokens": "7", "completion_tokens": 9.0}, (4, 34)), ({"prompt_tokens": 7}, (7, 34)),
    ]  # fmt: skip
    answers = [read(completion("x" * 100, usage)) for usage, _ in usages]
    assert [(one.tokens_in, one.tokens_out) for one in answers if isinstance(one, ModelAnswer)] == [
        count for _, count in usages
    ]


def test_what_there_is_to_read_and_why_there_is_nothing():
    bodies: dict[str, tuple[Any, tuple[str, str]]] = {
        "text": (completion("a"), ("a", "")),
        "parts": (
            completion(
                [{"type": "thinking", "text": "hm"}, {"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
            ),
            ("ab", ""),
        ),
        "parts without words": (
            completion([None, 1, {"type": "text"}, {"type": "text", "text": 5}]),
            ("", "the model answered nothing"),
        ),
        "null": (completion(None), ("", "the model answered nothing")),
        "a number": (completion(5), ("", "the model answered nothing")),
        "blanks": (completion(" \n"), (" \n", "the model answered nothing")),
        "cut": (completion("a", finish_reason="length"), ("a", "the answer was cut short")),
        "filtered": (
            completion(None, finish_reason="content_filter"),
            ("", "the model's own filter withheld the answer"),
        ),
        "declined": (completion(None, message={"refusal": "No."}), ("", "the model declined to answer")),
        "declined with words": (completion("a", message={"refusal": "No."}), ("a", "the model declined to answer")),
        "an unknown end": (completion("a", finish_reason="tool_calls"), ("a", "")),
        "an end that is none": (completion("a", finish_reason=None), ("a", "")),
    }
    found = {name: read(body) for name, (body, _) in bodies.items()}
    assert {name: (one.text, one.refusal) for name, one in found.items() if isinstance(one, ModelAnswer)} == {
        name: expected for name, (_, expected) in bodies.items()
    }


def test_what_is_no_completion_is_refused_by_what_it_is():
    bodies: dict[str, tuple[Any, str]] = {
        "html": (b"<html>Bad gateway</html>", "JSON"),
        "nothing": (b"", "JSON"),
        "no text": (b"\xff\xfe", "JSON"),
        "deep": (b"[" * 100_000, "JSON"),
        "a list": ([], "a JSON object"),
        "null": (b"null", "a JSON object"),
        "an error": ({"error": {"message": "no"}}, "a completion"),
        "no choice": ({"choices": []}, "a completion"),
        "a choice of nothing": ({"choices": [None]}, "a completion"),
        "choices by name": ({"choices": {"0": {}}}, "a completion"),
        "no words": ({"choices": [{}]}, "a completion"),
        "words of another kind": ({"choices": [{"message": "hi"}]}, "a completion"),
    }
    assert {name: read(body) for name, (body, _) in bodies.items()} == {
        name: f"the model's server answered something other than {what}" for name, (_, what) in bodies.items()
    }


def test_cost_is_by_the_million_and_exact():
    account = ModelAccount("m", "", "", Outbound(), price_in=Decimal("0.15"), price_out=Decimal("0.60"))
    assert cost_of(account, 1_000_000, 1_000_000) == Decimal("0.75")
    assert cost_of(account, 1, 3) == Decimal("0.00000195")
    assert cost_of(ModelAccount("m", "", "", Outbound()), 10**9, 10**9) == 0


# Errors


def status(code: int, body: Any = None, **headers: str) -> openai.APIStatusError:
    answer = httpx2.Response(code, headers=headers, json=body, request=ASKED)
    kind = openai.BadRequestError if code == 400 else openai.APIStatusError
    return kind(str((body or {}).get("message", "no")), response=answer, body=body)


def next_step(error: openai.APIError) -> tuple[str, str, float | None]:
    told: IntegrationError = translated(error)
    return type(told).__name__, str(told), told.after if isinstance(told, TryLater) else None


def test_each_status_has_a_next_step_in_plain_words():
    steps = {
        401: ("Refused", "the model's server refuses the key"),
        402: ("Refused", "the model account has no credit left"),
        403: ("Refused", "the model's server forbids this to the key"),
        404: ("Refused", "the model's server knows no such model or address"),
        408: ("TryLater", "the model's server gave up waiting"),
        409: ("TryLater", "the model's server answered with status 409"),
        413: ("Refused", "the request is too long for the model's server"),
        418: ("Refused", "the model's server answered with status 418"),
        425: ("TryLater", "the model's server answered with status 425"),
        429: ("TryLater", "the model's server is busy"),
        500: ("TryLater", "the model's server answered with status 500"),
        503: ("TryLater", "the model's server answered with status 503"),
        529: ("TryLater", "the model's server answered with status 529"),
    }
    assert {code: next_step(status(code))[:2] for code in steps} == steps


def test_a_busy_server_says_for_how_long_and_an_empty_account_is_no_busy_server():
    waits = {
        text: next_step(status(429, None, **{"retry-after": text}))[2] for text in ("7", "0.2", "soon", "-1", "86400")
    }
    assert waits == {"7": 7.0, "0.2": 0.2, "soon": None, "-1": 0.0, "86400": 3600.0}
    spent = ({"code": "insufficient_quota"}, {"type": "insufficient_quota"}, {"code": "billing_hard_limit_reached"})
    assert {next_step(status(429, body))[:2] for body in spent} == {("Refused", "the model account has no credit left")}
    assert next_step(status(429, {"code": "rate_limit_exceeded"}))[0] == "TryLater"


def test_a_connection_that_fails_is_for_later_and_one_that_floods_is_not():
    flooding = openai.APIConnectionError(request=ASKED)
    flooding.__cause__ = httpx2.ReadError("too much")
    flooding.__cause__.__cause__ = TooMuch("more than 1 byte")
    lost = openai.APIConnectionError(request=ASKED)
    lost.__cause__ = httpx2.ReadError("reset")
    assert [
        next_step(error)
        for error in (openai.APITimeoutError(ASKED), openai.APIConnectionError(request=ASKED), lost, flooding)
    ] == [
        ("NoAnswer", "the model did not answer in time", None),
        ("TryLater", "the model's server cannot be reached", None),
        ("TryLater", "the model's server cannot be reached", None),
        ("Refused", "the model's answer is larger than klark reads", None),
    ]


def test_a_parameter_is_blamed_by_name_or_by_words_that_say_so():
    names = ("max_tokens", "temperature")
    said: dict[str, tuple[dict[str, Any], str]] = {
        "named": ({"param": "max_tokens", "message": "no"}, "max_tokens"),
        "another named": ({"param": "messages", "message": "temperature unsupported"}, ""),
        "in words": ({"message": "Unsupported parameter: 'temperature'"}, "temperature"),
        "both in words": ({"message": "max_tokens and temperature are unsupported"}, "max_tokens"),
        "words that blame nobody": ({"message": "temperature must be below 2"}, ""),
        "nothing": ({"message": "bad request"}, ""),
    }  # fmt: skip
    blamed = {}
    for name, (body, _) in said.items():
        error = status(400, body)
        assert isinstance(error, openai.BadRequestError)
        blamed[name] = unknown_parameter(error, names)
    assert blamed == {name: expected for name, (_, expected) in said.items()}
