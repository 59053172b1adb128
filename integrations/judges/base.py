"""What klark asks of a judge, and what it gets back."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from integrations.llms.base import LLM


@dataclass(frozen=True, slots=True)
class JudgeAccount:
    """What a judge works with: a model behind a server, or the folder of a model on this machine."""

    llm: LLM | None = None
    folder: Path | None = None


class Judge(Protocol):
    """Reads a claim beside the sentences it cites. Raises TryLater (busy, slow, unreachable) or Refused (no such model,
    an answer that is none): the check that asks then holds the reply.

    `local`  whether nothing leaves the machine, so that the text need not be masked
    """

    local: bool

    def __init__(self, account: JudgeAccount) -> None: ...

    def doubts(self, claim: str, sources: Sequence[str]) -> bool: ...
