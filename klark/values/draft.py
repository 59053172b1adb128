"""A drafted answer, what a judge said of it, and what models were asked for both."""

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
    `denied` whether any of that was doubted, rather than beside the question; `budget_spent` whether a model was not asked
    for want of money."""

    coverage: Coverage
    reply: Reply | None = None
    said: tuple[DraftedSentence, ...] = ()
    prompt: Prompt | None = None
    completion: Completion | None = None
    failed: str = ""
    left_out: tuple[Sentence, ...] = ()
    denied: bool = False
    budget_spent: bool = False

    @property
    def server(self) -> str:
        """The model that drafted; "" for quoted sections and where nothing came."""
        return self.completion.server if self.completion else ""


@dataclass(frozen=True, slots=True)
class Judge:
    """The model that judges. `trusted`: it has passed its check, so that what it supports counts
    (klark.drafting.judge_qualification). `fallback` is asked where its server is away, and has a check of its own."""

    llm: LLM
    name: str
    trusted: bool = False
    fallback: "Judge | None" = None

    @property
    def in_order(self) -> "tuple[Judge, ...]":
        """This judge and those after it, in the order in which they are asked."""
        return (self, *(self.fallback.in_order if self.fallback else ()))


@dataclass(frozen=True, slots=True)
class JudgeReading:
    """A judge's prompt, and what it said or why it said nothing. `completion.server` names the one that answered."""

    judged: Judged = UNJUDGED
    prompt: Prompt | None = None
    completion: Completion | None = None
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request to a model. `purpose` tells the models of one run apart, `digest` is the prompt's. Without a completion,
    `error` is the name of the exception's class, and `words` what it says."""

    purpose: str
    digest: str
    completion: Completion | None = None
    error: str = ""
    words: str = ""
