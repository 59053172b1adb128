"""Reads the content and cost of a chat completion without trusting its shape."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import httpx2

from integrations.errors import Refused
from integrations.llms.base import ModelAccount

_MILLION = Decimal(1_000_000)
_CUT = {"length": "the answer was cut short", "content_filter": "the model's own filter withheld the answer"}


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """A completion. `refusal` says why there is nothing to read ("" if there is); tokens are those billed."""

    text: str
    refusal: str
    model: str
    tokens_in: int
    tokens_out: int


def read_answer(response: httpx2.Response, asked: int) -> ModelAnswer:
    """Returns the first choice of a completion; `asked` is the number of characters sent. Raises Refused for another shape."""
    body = _json(response)
    choices = body.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    spoken = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(spoken, dict):
        raise Refused("the model's server answered something other than a completion")
    text = _text(spoken.get("content"))
    usage = body.get("usage")
    counts = usage if isinstance(usage, dict) else {}
    return ModelAnswer(
        text=text,
        refusal=_refusal(choice, spoken, text),
        model=str(body.get("model") or ""),
        tokens_in=_tokens(counts.get("prompt_tokens"), asked),
        tokens_out=_tokens(counts.get("completion_tokens"), len(text)),
    )


def cost_of(account: ModelAccount, tokens_in: int, tokens_out: int) -> Decimal:
    """Returns the cost of these tokens at the account's prices per million."""
    return (account.price_in * tokens_in + account.price_out * tokens_out) / _MILLION


def _json(response: httpx2.Response) -> Mapping[str, Any]:
    try:
        body = response.json()
    except (ValueError, RecursionError) as error:
        raise Refused("the model's server answered something other than JSON") from error
    if not isinstance(body, dict):
        raise Refused("the model's server answered something other than a JSON object")
    return body


def _text(content: Any) -> str:
    """Returns the text of a message. Mistral's reasoning models send a list of parts; only those of type "text" are
    the answer.
    https://docs.mistral.ai/capabilities/reasoning/
    """
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = [part.get("text") for part in parts if isinstance(part, dict) and part.get("type") == "text"]
    return "".join(text for text in texts if isinstance(text, str))


def _refusal(choice: Mapping[str, Any], spoken: Mapping[str, Any], text: str) -> str:
    if choice.get("finish_reason") in _CUT:
        return _CUT[choice["finish_reason"]]
    if spoken.get("refusal"):
        return "the model declined to answer"
    return "" if text.strip() else "the model answered nothing"


def _tokens(count: Any, characters: int) -> int:
    """If a server bills without reporting tokens, three characters count as one, so that it does not escape the budget."""
    if isinstance(count, int) and not isinstance(count, bool) and count >= 0:
        return count
    return -(-characters // 3)
