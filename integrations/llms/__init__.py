"""The model providers klark knows: one file and one row each."""

from integrations.llms.base import LLM
from integrations.llms.extractive import Extractive
from integrations.llms.local import Local
from integrations.llms.openai import OpenAI

LLMS: dict[str, type[LLM]] = {
    "extractive": Extractive,
    "openai": OpenAI,
    "local": Local,
}
