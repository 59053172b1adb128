"""A model of natural-language inference on this machine, as ONNX: `model.onnx`, `tokenizer.json` and `config.json` in one
folder, as many public ones come (https://huggingface.co/docs/optimum/exporters/onnx/overview). Nothing is downloaded.

Needs the packages of the dependency group `judge`.
"""

import json
from collections.abc import Sequence
from functools import cached_property
from importlib import import_module
from math import exp
from pathlib import Path
from typing import Any

from integrations.errors import Refused
from integrations.judges.base import JudgeAccount

SURE = 0.5
"""Below this probability of entailment a claim is doubted."""
READ = 512
"""Tokens of a pair that are read: what such models were trained on."""
FILES = ("model.onnx", "tokenizer.json", "config.json")


class OnnxJudge:
    """Loaded when first asked. Raises Refused where the folder or the packages are not what it takes."""

    local = True

    def __init__(self, account: JudgeAccount) -> None:
        if account.folder is None:
            raise Refused("a judge on this machine needs a model: set KLARK_JUDGE_FOLDER")
        self._folder = account.folder

    def doubts(self, claim: str, sources: Sequence[str]) -> bool:
        """Whether the model finds it unlikely that the sources entail the claim."""
        given = self._given(" ".join(sources), claim)
        (logits,) = self._session.run(None, given)[0].tolist()
        return softmax(logits)[self._entails] < SURE

    def _given(self, premise: str, claim: str) -> dict[str, Any]:
        pair = self._tokenizer.encode(_readable(premise), _readable(claim))
        parts = {"input_ids": pair.ids, "attention_mask": pair.attention_mask, "token_type_ids": pair.type_ids}
        wanted = {each.name for each in self._session.get_inputs()}
        array = _module("numpy").array
        return {name: array([values], dtype="int64") for name, values in parts.items() if name in wanted}

    @cached_property
    def _session(self) -> Any:
        return _module("onnxruntime").InferenceSession(str(self._file(FILES[0])), providers=["CPUExecutionProvider"])

    @cached_property
    def _tokenizer(self) -> Any:
        tokenizer = _module("tokenizers").Tokenizer.from_file(str(self._file(FILES[1])))
        tokenizer.enable_truncation(READ, strategy="only_first")
        return tokenizer

    @cached_property
    def _entails(self) -> int:
        return entailment(self._file(FILES[2]).read_bytes())

    def _file(self, name: str) -> Path:
        path = self._folder / name
        if not path.is_file():
            raise Refused(f"the judge's folder has no {name}")
        return path


def entailment(config: bytes) -> int:
    """The place of the label that says "entailed". Raises Refused."""
    try:
        labels = json.loads(config).get("id2label", {}).items()
        found = [int(number) for number, label in labels if str(label).lower() in {"entailment", "supported"}]
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Refused(f"{FILES[2]} of the judge cannot be read") from error
    if not found:
        raise Refused(f"{FILES[2]} of the judge names no label 'entailment'")
    return found[0]


def softmax(logits: Sequence[float]) -> list[float]:
    """Logits as probabilities that add up to 1."""
    raised = [exp(each - max(logits)) for each in logits]
    return [each / sum(raised) for each in raised]


def _readable(text: str) -> str:
    """Native code refuses lone surrogates; and takes time linear in the text."""
    return text[: READ * 16].encode(errors="replace").decode()


def _module(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise Refused(f"the judge needs the package {name}: uv sync --group judge") from error
