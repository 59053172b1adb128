"""Why there is no help: one error with plain words, also where too many ask a model at a time, and what a model's failure means
for whoever asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integrations.errors import IntegrationError, NoAnswer, TryLater
from integrations.llms.base import LLM, BudgetSpent, Completion, Prompt, Unusable
from klark.drafting.model_slots import PLACES
from klark.values.tenant_settings import TenantSettings

UNUSABLE = _("The model's answer cannot be used. Try again, or write it yourself.")
MEANS: tuple[tuple[type[IntegrationError], Any], ...] = (
    (BudgetSpent, _("The budget for models is spent: this works again when the next day or month begins.")),
    (NoAnswer, _("The model took too long to answer. Try again in a moment, or write it yourself.")),
    (TryLater, _("The model is busy or out of reach. Try again in a minute, or write it yourself.")),
    (Unusable, UNUSABLE),
    (IntegrationError, _("The model refuses this request, and will again: do without it, and tell the operator.")),
)
"""A kind of failure → what it means for whoever asked, and what to do; the first that fits counts."""


class NoAssistance(Exception):
    """Raised where nobody can help; the message says what that means and what to do, `details` what went wrong, for the
    operator ("" where the message says it)."""

    def __init__(self, told: Any, details: str = "") -> None:
        super().__init__(str(told))
        self.details = details

    @property
    def whole(self) -> str:
        """The message with the details."""
        return f"{self} ({self.details})" if self.details else str(self)


class Busy(NoAssistance):
    """Raised where as many are being helped as this process has places for."""


@contextmanager
def place() -> Iterator[None]:
    """Takes one of this process's places for the length of the block. Raises Busy."""
    if not PLACES.acquire(blocking=False):
        raise Busy(gettext("klark is helping others just now: try again in a few seconds."))
    try:
        yield
    finally:
        PLACES.release()


def assistant_of(ours: TenantSettings) -> LLM:
    """Returns the model that helps. Raises NoAssistance without one."""
    if ours.assistant is None:
        spent = meaning(BudgetSpent())
        raise NoAssistance(spent if ours.budget_spent else gettext("This needs a model, and none is set up here."))
    return ours.assistant


def completed(llm: LLM, prompt: Prompt) -> Completion:
    """Returns the model's completion. Raises NoAssistance with what went wrong."""
    try:
        return llm.complete(prompt)
    except IntegrationError as error:
        raise NoAssistance(meaning(error), str(error)) from error


def meaning(error: IntegrationError) -> str:
    """Returns what a model's failure means for whoever asked, and what to do."""
    return next(str(words) for kind, words in MEANS if isinstance(error, kind))
