"""The recorded model behind HTTP, asked by klark's own adapter; and as a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
import requests

from integrations.errors import TryLater
from integrations.http.transports import Outbound
from integrations.llms.base import REPLY_SCHEMA, ModelAccount, Prompt, Unusable
from integrations.llms.delimiters import between_marks
from integrations.llms.openai import OpenAI
from klark.demo.model_server import CLAIMS, RECORDED, Server
from klark.demo.recorded_model import Play, RecordedModel
from klark.demo.recordings import load
from klark.drafting import judge as judging

ASKED = "do you run wheel-truing classes for beginners?"  # of Z13, which no article answers
DRAFT = Prompt("", between_marks("0123", {"ticket": ASKED}), REPLY_SCHEMA)
UNKNOWN = Prompt("", between_marks("0123", {"ticket": "Hello"}), REPLY_SCHEMA)
CLAIM = "Elle prend 3 à 5 jours ouvrés."
JUDGE = Prompt("", between_marks("0123", {"asked": "A1 all", "claims": f"C1 {CLAIM}"}), judging.SCHEMA)


def served(play: Play) -> Iterator[str]:
    server = Server(0, RecordedModel(load([RECORDED], CLAIMS), play))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def address() -> Iterator[str]:
    yield from served(Play())


@pytest.fixture
def silent() -> Iterator[str]:
    yield from served(Play(judges=False))


def model(address: str) -> OpenAI:
    return OpenAI(ModelAccount("recorded", address, "any", Outbound(private=("127.0.0.1",))))


def test_klark_asks_it_like_any_other_model(address: str) -> None:
    drafted, judged = model(address).complete(DRAFT), model(address).complete(JUDGE)
    assert (dict(drafted.content), drafted.model) == ({"answerable": False, "sentences": []}, "recorded")
    assert judged.content["verdicts"] == [{"claim": "C1", "verdict": "supported", "relevant": True}]
    assert (judged.tokens_in, judged.tokens_out) == (len(JUDGE.user) // 4, len(judged.raw) // 4)


def test_it_says_nothing_of_a_question_that_nobody_recorded(address: str) -> None:
    with pytest.raises(Unusable, match="declined"):
        model(address).complete(UNKNOWN)


def test_a_judge_that_refuses_is_busy(silent: str) -> None:
    with pytest.raises(TryLater):
        model(silent).complete(JUDGE)
    assert model(silent).complete(DRAFT).content["answerable"] is False


@pytest.mark.parametrize("body", [
    b"{", b"[]", b"{}", b'{"messages": []}', b'{"messages": [{"content": "x"}], "response_format": {"type": "text"}}',
])  # fmt: skip
def test_a_request_that_is_none_is_told_so(address: str, body: bytes) -> None:
    answer = requests.post(f"{address}/chat/completions", data=body, timeout=5)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "invalid_request_error")


def test_a_request_that_is_too_long_is_not_read(address: str) -> None:
    answer = requests.post(f"{address}/chat/completions", headers={"content-length": "99999999"}, timeout=5)
    assert answer.status_code == 413


def test_it_lists_itself(address: str) -> None:
    assert [each["id"] for each in requests.get(f"{address}/models", timeout=5).json()["data"]] == ["recorded"]


@pytest.mark.slow
def test_as_a_process_it_says_its_port_and_ends_when_it_is_told() -> None:
    argv = [sys.executable, "-m", "klark.demo.model_server", "--port", "0"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as child:
        told: Any = json.loads(child.stdout.readline()) if child.stdout else {}
        status = requests.get(f"http://127.0.0.1:{told['port']}/v1/models", timeout=5).status_code
        child.terminate()
        assert (status, child.wait(10)) == (200, 0)
