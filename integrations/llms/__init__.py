"""The model providers that klark knows: one file and one row each."""

from integrations.llms.base import LLM
from integrations.llms.local import Local
from integrations.llms.openai import OpenAI
from integrations.llms.sections import Sections

LLMS: dict[str, type[LLM]] = {
    "openai": OpenAI,
    "local": Local,
    "sections": Sections,
}
