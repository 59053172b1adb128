"""A model that drafts and judges, with a search by meaning, for tests of what may go out by itself."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from pytest_django import Settings

from guardrails.base import Word
from guardrails.triage.classify import Vectors
from integrations.embeddings.base import EmbeddingAccount, Vector
from integrations.errors import TryLater
from integrations.llms import LLMS
from integrations.llms.base import Completion, Prompt
from klark.connections import circuit_breaker
from klark.drafting.judge_qualification import WHICH
from klark.knowledge import embedding
from klark.models import JudgeCheck, within
from klark.retrieval import retrieve
from klark.triage.model import vectors
from tests.klark.rows import ANSWER
from tests.klark.said import Charged, completion

NAME = "invented-model"
JUDGE = f"api.openai.com {NAME}"
"""What it is told apart by, as a judge."""


@dataclass
class Model:
    """Drafts `answer`, or raises it, and as a judge supports all and finds all answered, but for what is set. `asked` holds
    the requests for a draft, `judged` those for a judgement.

    `words`   a judge's word on a claim, by its label; `beside` the claims that do not help
    `silent`  raised in place of a judgement; `answers` whether each thing asked is answered; `cost` of a judgement
    """

    answer: Completion | Exception
    words: Mapping[str, Word] = field(default_factory=dict)
    beside: Sequence[str] = ()
    answers: bool = True
    silent: Exception | None = None
    cost: Decimal = Decimal(0)
    asked: list[Prompt] = field(default_factory=list)
    judged: list[Prompt] = field(default_factory=list)
    dialect: str = ""

    def complete(self, prompt: Prompt) -> Completion:
        if "verdicts" in prompt.schema["properties"]:
            self.judged.append(prompt)
            return self.judgement(prompt.user)
        if "verdict" in prompt.schema["properties"]:
            raise TryLater("nobody reads a ticket a second time here")
        self.asked.append(prompt)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def judgement(self, user: str) -> Completion:
        if self.silent:
            raise self.silent
        verdicts = [
            {"claim": label, "verdict": self.words.get(label, "supported"), "relevant": label not in self.beside}
            for label in labels(user, "C")
        ]
        answers = [{"ask": label, "answered": self.answers} for label in labels(user, "A")]
        return Completion({"verdicts": verdicts, "answers": answers}, "{…}", NAME, 10, 2, self.cost)


def labels(user: str, letter: str) -> list[str]:
    """klark's own labels of a kind that stand in a prompt."""
    return re.findall(rf"^({letter}\d+) ", user, re.MULTILINE)


class Everything:
    """An embedding model to which all texts mean the same: what is found is left to the words."""

    model = "everything"
    remote = False

    def __init__(self, account: EmbeddingAccount | None = None) -> None:
        self.account = account

    def passages(self, texts: Sequence[str]) -> list[Vector]:
        return [(1.0, 0.0)] * len(texts)

    questions = passages


def with_model(patch: pytest.MonkeyPatch, settings: Settings, model: Model) -> Model:
    """The operator's model is this one, and nothing that another did counts against it."""
    settings.KLARK_MODEL_NAME = NAME
    patch.setitem(LLMS, "openai", lambda account: Charged(account, model))
    patch.setattr(circuit_breaker, "RESTS", circuit_breaker.OpenCircuits())
    return model


def answering(patch: pytest.MonkeyPatch, settings: Settings) -> Model:
    """A model that knows how long a delivery takes, and a search by meaning."""
    with_meaning(patch)
    return with_model(patch, settings, Model(completion((ANSWER, ["P1.1"]))))


def with_meaning(patch: pytest.MonkeyPatch) -> None:
    """Searches ask a model for the meaning, of tenants whose passages have their vectors."""
    patch.setattr(retrieve, "embedders", lambda: (Everything(),))
    patch.setattr(embedding, "_SEEN", {})


def embedded(tenant_id: int) -> None:
    """The tenant's passages have their vectors."""
    while embedding.embed(tenant_id, Everything()):
        pass


def furnished(tenant_id: int) -> None:
    """The tenant's passages have their vectors, and its judge has passed its check."""
    embedded(tenant_id)
    with within(tenant_id):
        JudgeCheck.objects.create(
            tenant_id=tenant_id, judge=JUDGE, version=WHICH, wrong=100, caught=100, right=100, passed=100
        )


def between_ordinary_and_sensitive(share: float) -> Vectors:
    """Reads every text as something between a plain question (0) and a death (1)."""
    plain, grave = vectors(["Where is my parcel?", "My father has died and I must close his account."])
    mixed = [(1 - share) * one + share * other for one, other in zip(plain, grave, strict=True)]
    length = sum(each * each for each in mixed) ** 0.5
    return lambda texts: [[each / length for each in mixed] for _ in texts]
