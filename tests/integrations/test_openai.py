"""integrations.llms.openai against a real HTTP server on the loopback that answers what each test scripts."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from integrations.errors import NoAnswer, Refused, TryLater
from integrations.http import deadline
from integrations.http.transports import Outbound
from integrations.llms import LLMS
from integrations.llms.base import REPLY_SCHEMA, Completion, ModelAccount, Prompt, Unusable
from integrations.llms.openai import OpenAI
from tests.integrations.model_server import REPLY, Said, Server, failed, model_server, said

PROMPT = Prompt("You draft replies.", "How long is delivery?", REPLY_SCHEMA)
ROOT = Path(__file__).resolve().parents[2]
PROSE = "Sure! Delivery takes 3 days."


@pytest.fixture
def server() -> Iterator[Server]:
    with model_server() as made:
        yield made


def model(server: Server, **changed: Any) -> OpenAI:
    account = ModelAccount("test-model", f"http://{server.place}/v1", "key-1", Outbound(private=(server.place,)))
    return OpenAI(replace(account, **changed))


def test_a_reply_is_read_with_its_tokens_and_its_cost(server):
    server.script = [said()]
    done = model(server, price_in=Decimal("2.50"), price_out=Decimal(10)).complete(PROMPT)
    assert done == Completion(REPLY, json.dumps(REPLY), "test-model-2", 1000, 200, Decimal("0.0045"))


def test_the_schema_is_asked_for_strictly(server):
    server.script = [said()]
    model(server).complete(PROMPT)
    form = {"name": "reply", "strict": True, "schema": REPLY_SCHEMA}
    assert server.bodies[0]["response_format"] == {"type": "json_schema", "json_schema": form}
    assert [each["content"] for each in server.bodies[0]["messages"]] == [PROMPT.system, PROMPT.user]


@pytest.mark.parametrize("status", [400, 404, 422, 500])
def test_a_server_that_knows_no_json_schema_is_asked_for_a_json_object(server, status):
    server.script = [failed(status), said()]
    drafter = model(server)
    assert drafter.complete(PROMPT).content == REPLY
    assert (server.forms(), drafter.dialect) == (["json_schema", "json_object"], "json_object")
    assert '"answerable"' in server.bodies[1]["messages"][0]["content"]
    assert server.bodies[1]["messages"][1]["content"] == PROMPT.user


def test_a_server_that_knows_neither_is_asked_in_plain_words(server):
    server.script = [failed(400), failed(400), said()]
    drafter = model(server)
    assert drafter.complete(PROMPT).content == REPLY
    assert (server.forms(), drafter.dialect) == (["json_schema", "json_object", "text"], "text")


def test_what_was_found_is_remembered(server):
    server.script = [failed(400), said()]
    drafter = model(server)
    drafter.complete(PROMPT)
    drafter.complete(PROMPT)
    assert server.forms() == ["json_schema", "json_object", "json_object"]


def test_a_known_dialect_is_used_first(server):
    server.script = [said()]
    assert model(server, dialect="text").complete(PROMPT).content == REPLY
    assert server.forms() == ["text"]


def test_a_known_dialect_that_fails_is_found_anew(server):
    server.script = [failed(400), said()]
    drafter = model(server, dialect="json_object")
    drafter.complete(PROMPT)
    assert (server.forms(), drafter.dialect) == (["json_object", "json_schema"], "json_schema")


def test_a_server_that_refuses_every_form_is_refused(server):
    server.script = [failed(404)]
    with pytest.raises(Refused, match="knows no such model"):
        model(server).complete(PROMPT)
    assert server.forms() == ["json_schema", "json_object", "text"]


def test_a_server_that_ignores_the_form_is_asked_in_the_next_one(server):
    server.script = [said(PROSE), said()]
    drafter = model(server, price_in=Decimal(1), price_out=Decimal(1))
    done = drafter.complete(PROMPT)
    assert (done.content, done.tokens_in, done.tokens_out, done.cost) == (REPLY, 2000, 400, Decimal("0.0024"))
    assert (server.forms(), drafter.dialect) == (["json_schema", "json_object"], "json_object")


@pytest.mark.parametrize(
    "content",
    [
        PROSE,
        json.dumps(REPLY)[:-3],
        json.dumps(REPLY) + " I hope this helps!",
        f"Here you are:\n```json\n{json.dumps(REPLY)}\n```",
        f"```json\n{json.dumps(REPLY)}\n```\n```json\n{{}}\n```",
        json.dumps([REPLY]),
        json.dumps({"answerable": "yes", "sentences": []}),
        json.dumps({**REPLY, "note": "one more"}),
        json.dumps({"answerable": True}),
        '{"answerable": true, "answerable": false, "sentences": []}',
        '{"answerable": true, "sentences": [{"text": "\\ud800", "cites": []}]}',
        '{"answerable": true, "sentences": [{"text": "\\u0000", "cites": []}]}',
        '{"answerable": NaN, "sentences": []}',
        "[" * 100_000,
    ],
    ids=lambda content: content[:40],
)
def test_anything_but_one_object_of_the_schema_is_refused_after_one_repeat(server, content):
    server.script = [said(content)]
    with pytest.raises(Unusable):
        model(server, dialect="text").complete(PROMPT)
    assert server.forms() == ["text", "text"]


def test_what_was_billed_for_nothing_is_counted(server):
    server.script = [said(PROSE)]
    with pytest.raises(Unusable) as wasted:
        model(server, price_in=Decimal(1), price_out=Decimal(5)).complete(PROMPT)
    assert (wasted.value.tokens_in, wasted.value.tokens_out, wasted.value.cost) == (2000, 400, Decimal("0.004"))


@pytest.mark.parametrize(
    ("repeat", "billed"),
    [
        (failed(429), (1000, 200)),
        (failed(402), (1000, 200)),
        (Said(body=b"<html>502</html>"), (1000, 200)),
        (said("", refusal="I will not."), (2000, 400)),
    ],
    ids=["busy", "no credit", "no completion", "declined"],
)
def test_a_repeat_that_gives_nothing_still_counts_the_first_answer(server, repeat, billed):
    server.script = [said(PROSE), repeat]
    with pytest.raises(Unusable) as wasted:
        model(server).complete(PROMPT)
    assert (wasted.value.tokens_in, wasted.value.tokens_out, len(server.bodies)) == (*billed, 2)


def test_plain_text_may_stand_in_one_fence(server):
    server.script = [said(f"```json\n{json.dumps(REPLY)}\n```")]
    assert model(server, dialect="text").complete(PROMPT).content == REPLY


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (said(json.dumps(REPLY)[:30], finish="length"), "the answer was cut short"),
        (said("", finish="content_filter"), "the model's own filter withheld the answer"),
        (said("", refusal="I will not."), "the model declined to answer"),
        (said(""), "the model answered nothing"),
        (said([]), "the model answered nothing"),
    ],
    ids=["cut", "filtered", "refused", "empty", "no parts"],
)
def test_an_answer_that_says_nothing_is_refused_at_once(server, answer, why):
    server.script = [answer]
    with pytest.raises(Unusable) as refused:
        model(server).complete(PROMPT)
    assert (str(refused.value), len(server.bodies), refused.value.tokens_in) == (why, 1, 1000)


def test_only_the_parts_that_are_text_are_read(server):
    parts = [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": json.dumps(REPLY)}]
    server.script = [said(parts)]
    assert model(server).complete(PROMPT).content == REPLY


@pytest.mark.parametrize("body", [b"<html>502</html>", b"", b"[]", b'{"choices": []}', b'{"choices": [null]}', b"\xff"])
def test_something_other_than_a_completion_is_refused(server, body):
    server.script = [Said(body=body)]
    with pytest.raises(Refused, match="something other than"):
        model(server).complete(PROMPT)


@pytest.mark.parametrize(
    ("status", "error", "kind", "why"),
    [
        (401, {}, Refused, "the model's server refuses the key"),
        (402, {}, Refused, "the model account has no credit left"),
        (403, {}, Refused, "the model's server forbids this to the key"),
        (413, {}, Refused, "the request is too long for the model's server"),
        (429, {"code": "insufficient_quota"}, Refused, "the model account has no credit left"),
        (302, {}, Refused, "the model's server answered with status 302"),
        (429, {}, TryLater, "the model's server is busy"),
        (408, {}, TryLater, "the model's server gave up waiting"),
        (502, {}, TryLater, "the model's server answered with status 502"),
        (504, {}, NoAnswer, "the model's server answered with status 504"),
        (529, {}, TryLater, "the model's server answered with status 529"),
    ],
)
def test_a_status_is_named_by_what_to_do_next_and_never_repeated(server, status, error, kind, why):
    server.script = [failed(status, **error)]
    with pytest.raises((Refused, TryLater)) as raised:
        model(server).complete(PROMPT)
    assert (type(raised.value), str(raised.value), len(server.bodies)) == (kind, why, 1)


@pytest.mark.parametrize(("stated", "after"), [("7", 7.0), ("-1", 0.0), ("nan", None), ("soon", None), ("", None)])
def test_a_busy_server_says_when_to_come_back(server, stated, after):
    server.script = [replace(failed(429), headers={"retry-after": stated})]
    with pytest.raises(TryLater) as raised:
        model(server).complete(PROMPT)
    assert raised.value.after == after


def test_a_date_to_come_back_at_is_read_too(server):
    server.script = [replace(failed(503), headers={"retry-after": "Fri, 31 Dec 1999 23:59:59 GMT"})]
    with pytest.raises(TryLater) as raised:
        model(server).complete(PROMPT)
    assert raised.value.after == 0.0


def test_a_500_to_every_form_is_for_later(server):
    server.script = [failed(500)]
    with pytest.raises(TryLater):
        model(server).complete(PROMPT)
    assert len(server.bodies) == 3


def test_a_slow_server_is_left_before_it_answers_and_asked_once(server):
    server.script = [replace(said(), wait_s=1.5)]
    with pytest.raises(NoAnswer, match="in time"):
        model(server, timeout_s=0.3).complete(PROMPT)
    assert (server.ended, len(server.bodies)) == (0, 1)


def test_a_server_that_drips_is_left_before_its_answer_is_whole(server):
    """Each byte comes in time, the whole would take seconds."""
    server.script = [replace(said(), drip_s=0.02)]
    with pytest.raises(NoAnswer):
        model(server, timeout_s=0.4).complete(PROMPT)
    assert (server.ended, len(server.bodies)) == (0, 1)


def test_an_answer_in_drips_came_too_late_also_where_the_watch_wakes_late(server, monkeypatch):
    """On a busy machine the reader itself may be the first to see that the time is over."""
    monkeypatch.setattr(deadline._DEADLINES, "add", lambda watch: None)
    server.script = [replace(said(), drip_s=0.02)]
    with pytest.raises(NoAnswer, match="in time"):
        model(server, timeout_s=0.2).complete(PROMPT)


def test_a_slow_head_leaves_less_time_for_the_body(server):
    """Head and body would each come in time, the two together do not."""
    server.script = [replace(said(), wait_s=0.5, drip_s=0.5, parts=2)]
    with pytest.raises(NoAnswer):
        model(server, timeout_s=0.8).complete(PROMPT)
    assert (server.ended, len(server.bodies)) == (0, 1)


def test_a_repeat_has_only_the_time_that_is_left(server):
    """Alone it would be answered in time."""
    server.script = [replace(said(PROSE), wait_s=0.6), replace(said(), wait_s=0.8)]
    with pytest.raises(Unusable):
        model(server, timeout_s=1.0).complete(PROMPT)
    assert (server.ended, len(server.bodies)) == (1, 2)


def test_a_server_that_is_not_there_is_for_later():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    account = ModelAccount("m", f"http://{place}/v1", "k", Outbound(private=(place,)))
    with pytest.raises(TryLater, match="cannot be reached") as raised:
        OpenAI(account).complete(PROMPT)
    assert not isinstance(raised.value, NoAnswer)


def test_an_endless_answer_is_refused(server):
    server.script = [said("x" * 50_000)]
    outbound = Outbound(private=(server.place,), max_bytes=10_000)
    with pytest.raises(Refused, match="larger than klark reads"):
        model(server, outbound=outbound).complete(PROMPT)


def test_a_private_address_that_the_operator_does_not_list_is_refused(server):
    with pytest.raises(Refused):
        model(server, outbound=Outbound()).complete(PROMPT)
    assert server.bodies == []


@pytest.mark.parametrize("address", ["models", "ftp://models.example", "http://"])
def test_an_address_that_is_no_url_is_refused(server, address):
    with pytest.raises(Refused, match="not a URL"):
        model(server, base_url=address).complete(PROMPT)


def test_a_key_with_a_stray_character_is_told_as_such_and_sends_nothing(server):
    server.script = [said()]
    for key in ("k\u200b", "\u00e9", "a\nb", "k\r\nX-More: y", "\ud800", "k\x00"):
        with pytest.raises(Refused, match="has a character in it that cannot be sent: paste it anew"):
            model(server, key=key).complete(PROMPT)
    assert server.bodies == []


def test_a_key_is_sent_without_the_blanks_that_were_pasted_along(server):
    server.script = [said()]
    for key in (" key-1\n", "key-1", ""):
        model(server, key=key).complete(PROMPT)
    assert [headers["authorization"] for headers in server.headers] == ["Bearer key-1", "Bearer key-1", "Bearer none"]


def test_what_no_text_can_hold_is_replaced_before_it_is_sent(server):
    server.script = [said()]
    model(server).complete(replace(PROMPT, user="My \ud83d parcel \U0001f4e6 \x00 é"))
    assert server.bodies[0]["messages"][1] == {"role": "user", "content": "My ? parcel \U0001f4e6 \x00 é"}


def test_a_tenant_server_learns_nothing_of_the_operators_environment(server, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "operators-key")
    monkeypatch.setenv("OPENAI_ORG_ID", "operators-org")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "operators-project")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: 1\nAuthorization: Bearer operators-key")
    server.script = [said()]
    model(server, key="").complete(PROMPT)
    known = {"host", "accept", "accept-encoding", "connection", "content-length", "content-type", "authorization"}
    assert set(server.headers[0]) == known | {"user-agent"}
    assert server.headers[0]["authorization"] == "Bearer none"


def test_a_model_that_knows_no_max_tokens_is_asked_in_the_newer_word(server):
    server.script = [failed(400, param="max_tokens"), failed(400, param="temperature"), said()]
    drafter = model(server)
    drafter.complete(PROMPT)
    drafter.complete(PROMPT)
    asked = [{"max_tokens", "max_completion_tokens", "temperature"} & body.keys() for body in server.bodies]
    assert asked == [
        {"max_tokens", "temperature"},
        {"max_completion_tokens", "temperature"},
        {"max_completion_tokens"},
        {"max_completion_tokens"},
    ]
    assert set(server.forms()) == {"json_schema"}


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": "9", "completion_tokens": -1}, {"prompt_tokens": True}])
def test_a_server_that_hides_its_count_is_not_free(server, usage):
    body = {"choices": [{"finish_reason": "stop", "message": {"content": json.dumps(REPLY)}}], "usage": usage}
    server.script = [Said(body=json.dumps(body).encode())]
    done = model(server, price_in=Decimal(3)).complete(PROMPT)
    assert (done.tokens_in, done.tokens_out, done.model) == (13, 30, "test-model")
    assert done.cost == Decimal("0.000039")


def test_all_drafters_stand_in_the_table():
    assert sorted(LLMS) == ["local", "openai", "sections"]


def test_the_sdk_is_imported_by_whoever_makes_a_drafter_of_it_and_by_nobody_else():
    program = (
        "import sys; from integrations import embeddings, llms; from integrations.http.transports import Outbound\n"
        "before = 'openai' in sys.modules; llms.LLMS['openai'](llms.ModelAccount('m', '', 'k', Outbound()))\n"
        "print(before, 'openai' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False True\n"
