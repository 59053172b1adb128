"""The model providers that klark knows: one file and one row each."""

from collections.abc import Callable

from integrations.llms.base import LLM, ModelAccount
from integrations.llms.local import Local
from integrations.llms.sections import Sections


def _openai(account: ModelAccount) -> LLM:
    """Imports the SDK when it is needed first: that takes half a second, and most of klark's processes ask no model."""
    from integrations.llms.openai import OpenAI  # noqa: PLC0415

    return OpenAI(account)


LLMS: dict[str, Callable[[ModelAccount], LLM]] = {
    "openai": _openai,
    "local": Local,
    "sections": Sections,
}
