"""A model on this machine: what its process says is read strictly, and what cannot be had is said, not waited for."""

import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from integrations.errors import IntegrationError, NoAnswer, Refused, TryLater
from integrations.http.transports import Outbound
from integrations.llms import LLMS, local
from integrations.llms.base import REPLY_SCHEMA, Completion, ModelAccount, NumberedPassage, Prompt, Unusable
from integrations.llms.local import Local, missing

REPLY = {"answerable": True, "sentences": [{"text": "It takes 3 days.", "cites": ["P1.1"]}]}
PROMPT = Prompt("You draft replies.", "P1.1 It takes 3 days.", REPLY_SCHEMA, max_tokens=200)
HEAD = f"""
import json, os, sys, time
REPLY = {json.dumps(json.dumps(REPLY))}
def say(**said): print(json.dumps(said), flush=True)
def reply(text=REPLY, ended="done", **more): say(text=text, tokens_in=40, tokens_out=9, ended=ended, **more)
"""
ECHO = """
say()
for line in sys.stdin:
    asked = json.loads(line)
    reply(pid=os.getpid()) if "pid" not in asked["user"] else say(**asked)
"""


@pytest.fixture
def gguf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file that begins as a model does; the package is taken to be there."""
    path = tmp_path / "small-q4.gguf"
    path.write_bytes(b"GGUF\x03\0\0\0")
    monkeypatch.setattr(local, "find_spec", lambda name: object())
    monkeypatch.setattr(local, "GRACE_S", 0.3)
    yield path
    local._held(str(path), os.getpid()).close()


@pytest.fixture
def stand_in(gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A model whose process runs a body of our own, over real pipes."""

    def one(body: str, timeout_s: float = 10.0) -> Local:
        child = tmp_path / "child.py"
        child.write_text(HEAD + body)
        monkeypatch.setattr(local, "CHILD", child)
        return Local(ModelAccount("small-q4", "", "", Outbound(), timeout_s=timeout_s, file=str(gguf)))

    return one


def failure(model: Local, prompt: Prompt = PROMPT) -> IntegrationError:
    with pytest.raises(IntegrationError) as told:
        model.complete(prompt)
    return told.value


def pid(model: Local) -> int:
    """The process that holds the model."""
    child = local._held(model.account.file, os.getpid())._child
    assert child
    return child.pid


# An answer


def test_a_completion_is_read_counted_and_free(stand_in: Any) -> None:
    done = stand_in(ECHO).complete(PROMPT)
    assert done == Completion(REPLY, json.dumps(REPLY), "small-q4", 40, 9)
    assert done.cost == 0


def test_the_process_is_told_the_schema_the_texts_and_the_time(stand_in: Any, tmp_path: Path) -> None:
    keep = f"say()\nopen({str(tmp_path / 'asked')!r}, 'w').write(sys.stdin.readline())\nreply()\ntime.sleep(60)"
    stand_in(keep).complete(PROMPT)
    asked = json.loads((tmp_path / "asked").read_text())
    assert (sorted(asked), asked["user"], asked["max_tokens"]) == (
        ["grammar", "max_tokens", "seconds", "system", "user"], PROMPT.user, 200,
    )  # fmt: skip
    assert asked["system"].startswith("Answer with one JSON object") and asked["system"].endswith(PROMPT.system)
    assert json.dumps(REPLY_SCHEMA, separators=(",", ":")) in asked["system"]
    assert 9 < asked["seconds"] <= 10


def test_a_lone_surrogate_goes_over(stand_in: Any) -> None:
    assert stand_in(ECHO).complete(Prompt("s", "\ud800 é", REPLY_SCHEMA)).content == REPLY


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("reply(ended='cut')", "the answer was cut short"),
        ("reply('prose')", "the model answered something other than one JSON object"),
        ("reply('{\"answerable\": 1}')", "the model answered JSON of another shape"),
    ],
)
def test_an_answer_that_is_none_is_refused_and_counted(stand_in: Any, said: str, told: str) -> None:
    error = failure(stand_in(f"say()\nfor line in sys.stdin: {said}"))
    assert isinstance(error, Unusable)
    assert (str(error), error.tokens_in, error.tokens_out, error.cost) == (told, 40, 9, 0)


def test_a_reply_can_cite_the_sentences_shown_alone_and_comes_to_an_end() -> None:
    passages = (NumberedPassage("P1", "Delivery", ("It takes 3 days.", "It is free."), "en"),)
    held = local.bound(replace(PROMPT, passages=passages))
    sentences = held["properties"]["sentences"]
    cites = sentences["items"]["properties"]["cites"]
    assert (sentences["maxItems"], cites["maxItems"], cites["items"]) == (12, 4, {"enum": ["P1.1", "P1.2"]})
    assert sorted(held) == sorted(REPLY_SCHEMA)


def test_any_other_schema_stays_as_it_is() -> None:
    other = {"type": "object", "properties": {"ok": {"type": "boolean"}}}
    assert [local.bound(each)["properties"] for each in (PROMPT, replace(PROMPT, schema=other))] == [
        REPLY_SCHEMA["properties"], other["properties"],
    ]  # fmt: skip


# A process that is slow, dead or says no


def test_a_prompt_too_long_is_refused_in_the_processs_words(stand_in: Any) -> None:
    error = failure(stand_in("say()\nfor line in sys.stdin: say(refused='the request has 9000 tokens')"))
    assert (type(error), str(error)) == (Refused, "small-q4.gguf: the request has 9000 tokens")


def test_a_refusal_leaves_the_process_alive(stand_in: Any) -> None:
    model = stand_in("say()\nsys.stdin.readline(); say(refused='no')\nfor line in sys.stdin: reply()")
    failure(model)
    before = pid(model)
    assert (model.complete(PROMPT).content, pid(model)) == (REPLY, before)


def test_a_process_that_says_it_was_too_slow_is_kept_and_asked_again(stand_in: Any) -> None:
    model = stand_in("say()\nsys.stdin.readline(); say(ended='late')\nfor line in sys.stdin: reply()")
    error = failure(model)
    before = pid(model)
    assert (type(error), str(error)) == (NoAnswer, "the model on this machine did not answer within 10 s")
    assert (model.complete(PROMPT).content, pid(model)) == (REPLY, before)


def test_a_process_that_hangs_is_ended(stand_in: Any) -> None:
    model = stand_in("say()\nsys.stdin.readline(); time.sleep(60)", timeout_s=0.2)
    error = failure(model)
    assert (type(error), "nothing within" in str(error)) == (NoAnswer, True)
    assert local._held(model.account.file, os.getpid())._child is None


@pytest.mark.parametrize("end", ["sys.exit(3)", "os.abort()", "print('no json', flush=True)"])
def test_a_process_that_dies_over_a_request_is_tried_later_and_started_again(
    stand_in: Any, tmp_path: Path, end: str
) -> None:
    once = f"flag = {str(tmp_path / 'once')!r}\nsay()\nfor line in sys.stdin:\n"
    once += f"    if not os.path.exists(flag): open(flag, 'w').close(); {end}\n    else: reply()\n"
    model = stand_in(once)
    assert isinstance(failure(model), TryLater)
    assert model.complete(PROMPT).content == REPLY


def test_a_process_that_died_in_between_is_started_again_unnoticed(stand_in: Any) -> None:
    model = stand_in(ECHO)
    model.complete(PROMPT)
    before = pid(model)
    child = local._held(model.account.file, os.getpid())._child
    assert child
    child.kill()
    child.wait()
    assert (model.complete(PROMPT).content, pid(model) != before) == (REPLY, True)


def test_a_file_that_llama_cpp_cannot_load_is_a_refusal_with_the_reason(stand_in: Any) -> None:
    error = failure(stand_in("say(refused='llama.cpp cannot load the file')"))
    assert (type(error), str(error)) == (Refused, "small-q4.gguf: llama.cpp cannot load the file")


@pytest.mark.parametrize("body", ["os.abort()", "print('no json', flush=True); time.sleep(60)", "time.sleep(60)"])
def test_a_process_that_does_not_get_up_is_a_refusal(stand_in: Any, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    monkeypatch.setattr(local, "START_S", 0.5)
    error = failure(stand_in(body))
    assert (type(error), "libgomp1" in str(error)) == (Refused, True)


# Threads and forks


def test_all_accounts_of_a_process_share_one_child(stand_in: Any) -> None:
    first, second = stand_in(ECHO), stand_in(ECHO)
    first.complete(PROMPT)
    before = pid(first)
    second.complete(PROMPT)
    assert pid(second) == before


def test_threads_take_turns_and_each_gets_its_own_answer(stand_in: Any) -> None:
    body = """
say()
for line in sys.stdin:
    time.sleep(0.02)
    reply(json.dumps({"answerable": True, "sentences": [{"text": json.loads(line)["user"], "cites": []}]}))
"""
    model = stand_in(body)
    asked = [str(number) for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        said = pool.map(lambda text: model.complete(Prompt("s", text, REPLY_SCHEMA)), asked)
        assert [each.content["sentences"][0]["text"] for each in said] == asked


def test_whoever_waits_too_long_for_a_turn_tries_later(stand_in: Any) -> None:
    model = stand_in("say()\nfor line in sys.stdin: time.sleep(1.0); reply()", timeout_s=5.0)
    hasty = Local(ModelAccount("small-q4", "", "", Outbound(), timeout_s=0.2, file=model.account.file))
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(model.complete, PROMPT)
        time.sleep(0.4)
        error = failure(hasty)
        assert slow.result().content == REPLY
    assert (type(error), str(error)) == (TryLater, "the model on this machine is busy with other requests")


def test_a_fork_asks_a_process_of_its_own(stand_in: Any) -> None:
    model = stand_in(ECHO)
    model.complete(PROMPT)
    before = pid(model)
    if not (forked := os.fork()):
        right = model.complete(PROMPT).content == REPLY and pid(model) != before
        local._held(model.account.file, os.getpid()).close()
        os._exit(0 if right else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1]) == 0
    assert (model.complete(PROMPT).content, pid(model)) == (REPLY, before)


# What has to be there


def test_what_is_missing_is_told_with_what_to_do(gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other.bin"
    other.write_bytes(b"PK\x03\x04")
    nowhere = str(tmp_path / "none.gguf")
    assert (missing(str(gguf)), missing("")) == (
        "", "no model file is named: set KLARK_MODEL_FILE to the path of a GGUF file",
    )  # fmt: skip
    assert (missing(str(other)), missing(nowhere), missing(str(tmp_path))) == (
        f"{other} is not a GGUF file: KLARK_MODEL_FILE takes no other",
        f"{nowhere} cannot be read (No such file or directory): KLARK_MODEL_FILE takes the path of a GGUF file",
        f"{tmp_path} cannot be read (Is a directory): KLARK_MODEL_FILE takes the path of a GGUF file",
    )
    monkeypatch.setattr(local, "find_spec", lambda name: None)
    assert missing(str(gguf)).startswith("llama-cpp-py-sync is not installed")


def test_without_its_file_the_model_refuses() -> None:
    error = failure(Local(ModelAccount("small", "", "", Outbound())))
    assert (type(error), str(error).startswith("no model file is named")) == (Refused, True)


def test_the_provider_stands_in_the_table() -> None:
    assert LLMS["local"] is Local


if missing(os.environ.get("KLARK_MODEL_FILE", "")) == "":

    @pytest.mark.slow
    def test_a_real_model_answers_in_the_shape_that_is_asked_for() -> None:
        file = os.environ["KLARK_MODEL_FILE"]
        model = Local(ModelAccount("real", "", "", Outbound(), timeout_s=300.0, file=file))
        user = "Ticket: how long does it take? <|im_end|>\nP1 Delivery\nP1.1 It takes 3 days.\n"
        first, again = (
            model.complete(Prompt("Answer from the passages, in English.", user, REPLY_SCHEMA)) for _ in "12"
        )
        assert (sorted(first.content), first.tokens_in > 100, 0 < first.tokens_out < 200) == (
            ["answerable", "sentences"], True, True,
        )  # fmt: skip
        assert first == again
        assert "tokens" in str(failure(model, Prompt("", "word " * 40_000, REPLY_SCHEMA)))
        local._held(file, os.getpid()).close()
