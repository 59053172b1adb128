"""The process that holds a GGUF model in llama.cpp: `local_child.py FILE`.

Its first line of output is `{}`, or `{"refused": why}` if the file cannot be loaded. Then it answers each line of
JSON, `{"system", "user", "grammar", "max_tokens", "seconds"}`, with one line: `{"text", "tokens_in", "tokens_out",
"ended": "done" | "cut" | "late"}` or `{"refused": why}`. It ends with its parent, whose end closes the pipe.

It uses llama.cpp's own functions: the package's chat call reads a conversation's special tokens as plain text,
computes logits for the whole vocabulary at every token of the prompt, and keeps no cache of what it has read.
https://github.com/ggml-org/llama.cpp/blob/master/include/llama.h
"""

import json
import math
import os
import re
import sys
import time
from collections.abc import Sequence
from itertools import takewhile
from operator import eq
from pathlib import Path
from typing import Any

# Waiting threads otherwise spin: beside other programs the model then writes one word a second instead of thirteen.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

from llama_cpp_py_sync._cffi_bindings import get_ffi, get_lib  # after the line above, which it reads

ffi, lib = get_ffi(), get_lib()
CONTEXT, BATCH = 8192, 256
LOG_ERROR = 4
SYSTEM, USER = "\x02system\x03", "\x02user\x03"
QUOTA = Path("/sys/fs/cgroup/cpu.max")


class Refusal(Exception):
    """The same request will fail again."""


class Model:
    """A model and the tokens it has read: a beginning that two requests share is read once."""

    def __init__(self, file: str) -> None:
        """Loads the file. Raises Refusal."""
        model = lib.llama_model_load_from_file(file.encode(), lib.llama_model_default_params())
        if model == ffi.NULL:
            raise Refusal(
                "llama.cpp cannot load the file: it is damaged, or of a kind that this llama.cpp does not know"
            )
        wanted = lib.llama_context_default_params()
        wanted.n_ctx = min(CONTEXT, lib.llama_model_n_ctx_train(model))
        wanted.n_batch = wanted.n_ubatch = BATCH
        wanted.n_threads = wanted.n_threads_batch = cores()
        self.context = lib.llama_init_from_model(model, wanted)
        if self.context == ffi.NULL:
            raise Refusal("llama.cpp has no room for the model's context: the machine needs more memory")
        self.room = int(lib.llama_n_ctx(self.context))
        self.vocabulary = lib.llama_model_get_vocab(model)
        self.memory = lib.llama_get_memory(self.context)
        self.around = around(lib.llama_model_chat_template(model, ffi.NULL))
        self.read: list[int] = []

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Returns what the model writes under the grammar. Raises Refusal if it is too much for the context."""
        ends, tokens, most = time.monotonic() + asked["seconds"], self.tokens(asked), asked["max_tokens"]
        if len(tokens) + most > self.room:
            raise Refusal(
                f"the request has {len(tokens)} tokens and its answer may have {most}, "
                f"and klark lets a model on this machine read {self.room} at once"
            )
        self.rewind(tokens)
        if not self.take(tokens[len(self.read) :], ends):
            return {"ended": "late"}
        written, ended = self.write(asked["grammar"], most, ends)
        text = b"".join(map(self.piece, written)).decode(errors="replace")
        return {"text": text, "tokens_in": len(tokens), "tokens_out": len(written), "ended": ended}

    def tokens(self, asked: dict[str, Any]) -> list[int]:
        """Returns the conversation as tokens. Only the template's own special tokens are read as such, whatever the
        texts contain."""
        told = {SYSTEM: asked["system"], USER: asked["user"]}
        found: list[int] = []
        for part in self.around:
            found += self.cut(told.get(part, part), first=not found, marks=part not in told)
        return found

    def cut(self, text: str, *, first: bool, marks: bool) -> list[int]:
        """Returns the tokens of a text. `first`: it begins the conversation; `marks`: special tokens are recognised."""
        raw = text.encode(errors="replace")
        room = ffi.new("llama_token[]", len(raw) + 8)
        count = lib.llama_tokenize(self.vocabulary, raw, len(raw), room, len(raw) + 8, first, marks)
        return list(room[0:count])

    def rewind(self, tokens: Sequence[int]) -> None:
        """Drops what was read from the first difference on. The last token is always read again, since its logits are
        needed."""
        same = sum(1 for _ in takewhile(bool, map(eq, self.read, tokens[:-1])))
        if not lib.llama_memory_seq_rm(self.memory, 0, same, -1):
            lib.llama_memory_clear(self.memory, 1)
            same = 0
        del self.read[same:]

    def take(self, tokens: Sequence[int], ends: float) -> bool:
        """Reads more tokens; returns whether there was time for all of them."""
        for start in range(0, len(tokens), BATCH):
            if time.monotonic() > ends:
                return False
            part = tokens[start : start + BATCH]
            room = ffi.new("llama_token[]", part)
            if code := lib.llama_decode(self.context, lib.llama_batch_get_one(room, len(part))):
                raise RuntimeError(f"llama_decode: {code}")  # ends this process: its parent starts another one
            self.read += part
        return True

    def write(self, grammar: str, most: int, ends: float) -> tuple[list[int], str]:
        """Returns the most likely tokens until the model is done, and how it ended: "done", "late" or "cut"."""
        bound, written = Bound(self.vocabulary, grammar), list[int]()
        try:
            while len(written) < most:
                token = bound.next(self.context)
                if lib.llama_vocab_is_eog(self.vocabulary, token):
                    return written, "done"
                written.append(token)
                if not self.take([token], ends):
                    return written, "late"
        finally:
            bound.close()
        return written, "cut"

    def piece(self, token: int) -> bytes:
        """Returns a token's bytes; a character may be spread over several tokens."""
        room = ffi.new("char[]", 256)
        return bytes(ffi.buffer(room, max(0, lib.llama_token_to_piece(self.vocabulary, token, room, 256, 0, 0))))


class Bound:
    """Picks the most likely token that a grammar allows."""

    def __init__(self, vocabulary: Any, grammar: str) -> None:
        self.grammar = lib.llama_sampler_init_grammar(vocabulary, grammar.encode(), b"root")
        if self.grammar == ffi.NULL:
            raise Refusal("llama.cpp does not take the grammar")
        self.free = lib.llama_sampler_init_greedy()
        self.chain = lib.llama_sampler_chain_init(lib.llama_sampler_chain_default_params())
        lib.llama_sampler_chain_add(self.chain, self.grammar)
        lib.llama_sampler_chain_add(self.chain, lib.llama_sampler_init_greedy())

    def next(self, context: Any) -> int:
        """Returns the next token. It tries the most likely one first: checking every token against the grammar takes
        longer than the model."""
        token = int(lib.llama_sampler_sample(self.free, context, -1))
        if not self.allows(token):
            return int(lib.llama_sampler_sample(self.chain, context, -1))  # this accepts it, too
        lib.llama_sampler_accept(self.grammar, token)
        return token

    def allows(self, token: int) -> bool:
        """Returns whether the grammar allows a token next."""
        one = ffi.new("llama_token_data[]", [{"id": token, "logit": 1.0, "p": 0.0}])
        alone = ffi.new("llama_token_data_array *", {"data": one, "size": 1, "selected": -1, "sorted": False})
        lib.llama_sampler_apply(self.grammar, alone)
        return not math.isinf(one[0].logit)

    def close(self) -> None:
        """Frees the memory."""
        lib.llama_sampler_free(self.chain)
        lib.llama_sampler_free(self.free)


def around(template: Any) -> list[str]:
    """Returns the conversation's template in parts; SYSTEM and USER are parts of their own. Raises Refusal."""
    said = [(b"system", SYSTEM.encode()), (b"user", USER.encode())]
    kept = [(ffi.new("char[]", role), ffi.new("char[]", text)) for role, text in said]
    messages = ffi.new("llama_chat_message[]", [{"role": role, "content": text} for role, text in kept])
    room = ffi.new("char[]", 4096)
    count = -1 if template == ffi.NULL else lib.llama_chat_apply_template(template, messages, 2, 1, room, 4096)
    parts = re.split(f"({SYSTEM}|{USER})", bytes(ffi.buffer(room, max(0, min(count, 4096)))).decode())
    if not {SYSTEM, USER} <= {*parts}:
        raise Refusal(
            "the model has no form of conversation that llama.cpp knows: take one that is made for chat (Instruct)"
        )
    return [part for part in parts if part]


def cores() -> int:
    """Returns the number of cores that this process may use, or fewer if its container has a quota."""
    free = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota, period = QUOTA.read_text().split() if QUOTA.exists() else ("max", "1")
    return free if quota == "max" else max(1, min(free, int(quota) // int(period)))


@ffi.callback("void(enum ggml_log_level, const char *, void *)")  # type: ignore[untyped-decorator]
def log(level: int, text: Any, _: Any) -> None:
    """Passes on llama.cpp's errors only; it logs a lot."""
    if level == LOG_ERROR:
        sys.stderr.write(ffi.string(text).decode(errors="replace"))


def main(file: str) -> None:
    """Serves requests until the pipe is closed."""
    answers = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)  # output of native code must not mix with the answers
    lib.llama_log_set(log, ffi.NULL)
    lib.llama_backend_init()
    try:
        model = Model(file)
    except Refusal as error:
        print(json.dumps({"refused": str(error)}), file=answers)
        return
    print("{}", file=answers)
    for line in sys.stdin:
        try:
            said = model.answer(json.loads(line))
        except Refusal as error:
            said = {"refused": str(error)}
        print(json.dumps(said), file=answers)


if __name__ == "__main__":
    main(sys.argv[1])
