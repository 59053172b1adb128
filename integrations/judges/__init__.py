"""The judges klark knows: one file and one row each. A judge doubts a claim or does not; it can clear nothing."""

from integrations.judges.base import Judge, JudgeAccount
from integrations.judges.llm import LLMJudge
from integrations.judges.onnx import OnnxJudge

JUDGES: dict[str, type[Judge]] = {
    "llm": LLMJudge,
    "onnx": OnnxJudge,
}

__all__ = ["JUDGES", "Judge", "JudgeAccount"]
