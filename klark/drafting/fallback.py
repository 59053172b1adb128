"""The order of fallback: a second model is asked where the first one's server is away or turns the request down."""

from collections.abc import Sequence

from integrations.errors import IntegrationError
from integrations.llms.base import LLM, BudgetSpent, Completion, Prompt, Unusable


def another_may_help(error: IntegrationError) -> bool:
    """Returns whether another server could do what this one did not. An answer that was billed is the model's word, however
    useless; and a spent budget is spent for all."""
    return not isinstance(error, Unusable | BudgetSpent)


class Fallback:
    """Several models as one, in the order in which they are asked. Raises what the first one raised if none can answer."""

    def __init__(self, llms: Sequence[LLM]) -> None:
        self.llms = tuple(llms)

    @property
    def dialect(self) -> str:
        """The first model's dialect."""
        return self.llms[0].dialect

    def complete(self, prompt: Prompt) -> Completion:
        """Returns the first completion; its `server` tells whose it is."""
        first: IntegrationError | None = None
        for llm in self.llms:
            try:
                return llm.complete(prompt)
            except IntegrationError as error:
                if not another_may_help(error):
                    raise
                first = first or error
        raise first or ValueError("there is no model")
