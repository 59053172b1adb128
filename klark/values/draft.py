"""A drafted answer, and what a judge said of it."""

from dataclasses import dataclass
from typing import Literal

from guardrails.base import UNJUDGED, Judged, Reply, Sentence
from integrations.llms.base import LLM, Completion, Prompt

Coverage = Literal["all", "part", "sections", "none", "failed"]
"""How much of what was asked the draft answers, as its drafter says. "sections": whole sections, which nobody claims to
be an answer. "none": the passages do not answer. "failed": nothing usable came."""


@dataclass(frozen=True, slots=True)
class DraftedSentence:
    """A sentence as its drafter wrote it: masked, with the labels it cites."""

    text: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftAnswer:
    """The result of drafting. `reply` is unmasked and complete with sources, or `None`; `said` is each of its sentences
    as the drafter wrote it; `failed` says why in plain words; `left_out` is what a repair removed,
    `denied` whether any of that was doubted, rather than beside the question."""

    coverage: Coverage
    reply: Reply | None = None
    said: tuple[DraftedSentence, ...] = ()
    prompt: Prompt | None = None
    completion: Completion | None = None
    failed: str = ""
    left_out: tuple[Sentence, ...] = ()
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Judge:
    """The model that judges. `trusted`: it has passed its check, so that what it supports counts
    (klark.drafting.judge_qualification)."""

    llm: LLM
    name: str
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class JudgeReading:
    """A judge's prompt, and what it said or why it said nothing."""

    judged: Judged = UNJUDGED
    prompt: Prompt | None = None
    completion: Completion | None = None
    failed: str = ""
