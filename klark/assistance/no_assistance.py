"""Why there is no help: one error with plain words, also where too many ask a model at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext

from integrations.errors import IntegrationError
from integrations.llms.base import LLM, Completion, Prompt
from klark.drafting.model_slots import PLACES
from klark.values.tenant_settings import TenantSettings


class NoAssistance(Exception):
    """Raised where nobody can help; the message says why, and what to do."""


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
        spent = gettext("The budget for models is spent: this works again when the next day or month begins.")
        raise NoAssistance(spent if ours.budget_spent else gettext("This needs a model, and none is set up here."))
    return ours.assistant


def completed(llm: LLM, prompt: Prompt) -> Completion:
    """Returns the model's completion. Raises NoAssistance with what went wrong."""
    try:
        return llm.complete(prompt)
    except IntegrationError as error:
        raise NoAssistance(gettext("The model gave no usable answer (%(why)s).") % {"why": error}) from error
