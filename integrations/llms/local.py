"""A GGUF model on this machine, run by llama.cpp from the package llama-cpp-py-sync, in a separate process.

In klark's own process a crash of native code would take the worker down.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

from integrations.child import exchange
from integrations.errors import NoAnswer, Refused, TryLater
from integrations.llms.base import REPLY_SCHEMA, Completion, ModelAccount, Prompt, Unusable
from integrations.llms.local_grammar import grammar
from integrations.llms.strict_json import NotTheSchema, checked, schema_text

CHILD = Path(__file__).with_name("local_child.py")
START_S = 180.0  # a large file from a slow disk
MOST_SENTENCES, MOST_CITES = 12, 4
GRACE_S = 15.0  # for the child to report by itself that it was too slow: one batch of the prompt


class Local:
    """The operator's model. It is free of charge, and there is no request format to find out."""

    def __init__(self, account: ModelAccount) -> None:
        self.account = account
        self.dialect = ""

    def complete(self, prompt: Prompt) -> Completion:
        """Returns the model's JSON within `account.timeout_s` seconds, including the wait for its turn."""
        if why := missing(self.account.file):
            raise Refused(why)
        asked = {"system": _system(prompt), "user": prompt.user, "grammar": grammar(bound(prompt)),
                 "max_tokens": prompt.max_tokens}  # fmt: skip
        said = _held(self.account.file, os.getpid()).ask(asked, self.account.timeout_s)
        return self._completion(prompt, said)

    def _completion(self, prompt: Prompt, said: Mapping[str, Any]) -> Completion:
        if said["ended"] == "late":
            raise NoAnswer(f"the model on this machine did not answer within {self.account.timeout_s:g} s")
        tokens = said["tokens_in"], said["tokens_out"]
        if said["ended"] == "cut":
            raise Unusable("the answer was cut short", *tokens)
        try:
            content = checked(said["text"], prompt.schema)
        except NotTheSchema as error:
            raise Unusable(str(error), *tokens) from error
        return Completion(content, said["text"], self.account.model, *tokens)


class Held:
    """The only child of this process that holds a model file: started on first use and restarted if it has died.
    Threads take turns."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._lock = Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def ask(self, asked: Mapping[str, object], timeout_s: float) -> Mapping[str, Any]:
        """Returns the child's answer; `timeout_s` includes the wait for other threads. Raises TryLater and Refused."""
        ends = time.monotonic() + timeout_s
        if not self._lock.acquire(timeout=timeout_s):
            raise TryLater("the model on this machine is busy with other requests")
        try:
            return self._turn(asked, ends)
        finally:
            self._lock.release()

    def close(self) -> None:
        """Ends the child."""
        child, self._child = self._child, None
        if child:
            child.kill()
            child.wait()

    def _turn(self, asked: Mapping[str, object], ends: float) -> Mapping[str, Any]:
        child, left = self._living(), max(0.0, ends - time.monotonic())
        try:
            said = self._said(child, json.dumps({**asked, "seconds": left}).encode() + b"\n", left + GRACE_S)
        except (OSError, ValueError, TimeoutError) as error:
            self.close()
            raise NoAnswer(f"the model's process on this machine gave no answer: {error}") from error
        return said

    def _living(self) -> subprocess.Popen[bytes]:
        if self._child and self._child.poll() is None:
            return self._child
        self.close()
        command = [sys.executable, "-I", str(CHILD), self.file]
        self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
        try:
            self._said(self._child, b"", START_S)
        except (OSError, ValueError, TimeoutError) as error:
            self.close()
            raise Refused(
                f"{self.file} could not be loaded ({error}); klark's log says why. Most often it is memory, or the "
                "library libgomp (Debian's package libgomp1)"
            ) from error
        return self._child

    def _said(self, child: subprocess.Popen[bytes], line: bytes, timeout_s: float) -> Mapping[str, Any]:
        said: Mapping[str, Any] = json.loads(exchange(child, line, timeout_s))
        if why := said.get("refused"):
            raise Refused(f"{Path(self.file).name}: {why}")
        return said


@cache
def _held(file: str, process: int) -> Held:
    """One per file and process: a fork must not use its parent's pipes, nor a lock that was held when it was made."""
    return Held(file)


def missing(file: str) -> str:
    """Returns what has to be done before the file can be used; "" if nothing has."""
    if not file:
        return "no model file is named: set KLARK_MODEL_FILE to the path of a GGUF file"
    if find_spec("llama_cpp_py_sync") is None:
        return "llama-cpp-py-sync is not installed: install klark's group `local` (uv sync --group local)"
    try:
        with Path(file).open("rb") as model:
            return "" if model.read(4) == b"GGUF" else f"{file} is not a GGUF file: KLARK_MODEL_FILE takes no other"
    except OSError as error:
        return f"{file} cannot be read ({error.strerror}): KLARK_MODEL_FILE takes the path of a GGUF file"


def bound(prompt: Prompt) -> Mapping[str, Any]:
    """Returns the prompt's schema. For a reply, it allows only existing line numbers as citations and limits the
    lists: a small model cites lines that do not exist, and repeats itself over and over."""
    numbers = [f"{each.id}.{place}" for each in prompt.passages for place, _ in enumerate(each.sentences, 1)]
    if prompt.schema is not REPLY_SCHEMA or not numbers:
        return prompt.schema
    held: dict[str, Any] = deepcopy({**REPLY_SCHEMA})
    sentences = held["properties"]["sentences"]
    sentences["maxItems"] = MOST_SENTENCES
    sentences["items"]["properties"]["cites"] = {"type": "array", "items": {"enum": numbers}, "maxItems": MOST_CITES}
    return held


def _system(prompt: Prompt) -> str:
    """Puts the schema first: it is the same for many requests, and a shared beginning is only processed once."""
    return (
        "Answer with one JSON object and nothing else. It must be valid under this JSON Schema:\n"
        f"{schema_text(prompt.schema)}\n\n{prompt.system}"
    )
