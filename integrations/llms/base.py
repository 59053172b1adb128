"""The interface of a language model: prompts, completions and accounts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from integrations.errors import Refused
from integrations.http.transports import Outbound


@dataclass(frozen=True, slots=True)
class NumberedSection:
    """Lines of a passage under one heading ("" for none): `count` lines from line `first` (from 1) on. `score` ranks
    the sections of one prompt."""

    heading: str
    first: int
    count: int
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class NumberedPassage:
    """A passage as a model sees it. Line n (from 1) of passage "P2" is cited as "P2.n"."""

    id: str
    title: str
    sentences: tuple[str, ...]
    language: str
    sections: tuple[NumberedSection, ...] = ()


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request for a completion.

    `system` is klark's own text only; `user` contains masked customer and article text in marked blocks; `schema` is
    the JSON Schema that the completion must satisfy. The rest is the same material in parts, best passage first, for
    drafters that do not read prose.
    """

    system: str
    user: str
    schema: Mapping[str, Any]
    language: str = "en"
    passages: tuple[NumberedPassage, ...] = ()
    max_tokens: int = 1200


# {"answerable": bool, "sentences": [{"text": str, "cites": ["P1.2", ...]}]}: the reply without greeting and
# signature, which klark adds itself. `answerable` is false if the passages do not answer the question; sentences may
# then be empty, or contain the part that can be answered.
TEXT: Mapping[str, Any] = {"type": "string"}
TEXTS: Mapping[str, Any] = {"type": "array", "items": TEXT}


def strict(**properties: Any) -> Mapping[str, Any]:
    """Returns the JSON Schema of an object with all of these properties and no others."""
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


def many(**properties: Any) -> Mapping[str, Any]:
    """Returns the JSON Schema of a list of such objects."""
    return {"type": "array", "items": strict(**properties)}


REPLY_SCHEMA = strict(answerable={"type": "boolean"}, sentences=many(text=TEXT, cites=TEXTS))


@dataclass(frozen=True, slots=True)
class Completion:
    """`content` is a JSON object that satisfies the prompt's schema; tokens and cost (account currency) are as
    billed. `sections`: it only quotes whole sections, and does not claim that they answer the question. `server`: which
    model wrote it, as klark names it ("" until klark has). `seconds`: how long klark waited for it, where that was measured.
    `kept`: it was billed to an earlier request."""

    content: Mapping[str, Any]
    raw: str
    model: str
    tokens_in: int = 0
    tokens_out: int = 0
    cost: Decimal = Decimal(0)
    sections: bool = False
    server: str = ""
    seconds: float | None = field(default=None, compare=False)
    kept: bool = field(default=False, compare=False)


class BudgetSpent(Refused):
    """The request was not made: it might cost more than a budget has left."""

    def __init__(self) -> None:
        super().__init__("The budget is spent.")


class Unusable(Refused):
    """A completion that was billed but cannot be used: its cost still counts against the budget."""

    def __init__(self, reason: str, tokens_in: int = 0, tokens_out: int = 0, cost: Decimal = Decimal(0)) -> None:
        super().__init__(reason)
        self.tokens_in = tokens_in
        self.tokens_out = tokens_out
        self.cost = cost


class Reservation(Protocol):
    """The money set aside for one request to a model's server. One that is neither settled nor released stays counted in
    full: the server may have billed an answer that never came."""

    def settle(self, tokens_in: int, tokens_out: int, cost: Decimal) -> None:
        """Puts the server's bill in place of what was set aside."""

    def release(self) -> None:
        """Gives the money back: the request was not made, or was turned down without a bill."""


class _Free:
    def settle(self, tokens_in: int, tokens_out: int, cost: Decimal) -> None: ...

    def release(self) -> None: ...


def free(most: Decimal) -> Reservation:
    """Sets nothing aside: nobody counts what this account costs."""
    return _Free()


@dataclass(frozen=True, slots=True)
class ModelAccount:
    """A tenant's model. Prices are per million tokens, `timeout_s` is in seconds; `dialect` is the structured-output
    format that the server accepts ("" until it is known; `LLM.dialect` has the one found). `file` is the operator's,
    for a model on this machine; `provider` is a row of integrations.llms. `reserve` takes the most that a request can
    cost and is called before each one that is billed; it raises BudgetSpent."""

    model: str
    base_url: str
    key: str
    outbound: Outbound
    price_in: Decimal = Decimal(0)
    price_out: Decimal = Decimal(0)
    timeout_s: float = 40.0
    dialect: str = ""
    file: str = ""
    provider: str = "openai"
    reserve: Callable[[Decimal], Reservation] = free


class LLM(Protocol):
    """A model that answers in JSON or not at all. Raises TryLater (busy, unreachable), NoAnswer (slow) or Refused
    (no credit, bad key, prose instead of JSON, a truncated completion)."""

    @property
    def dialect(self) -> str:
        """The structured-output format that the server accepts; "" until it is known."""

    def __init__(self, account: ModelAccount) -> None: ...

    def complete(self, prompt: Prompt) -> Completion:
        """Returns the completion. Raises TryLater, Refused, or Unusable if it was billed all the same."""
        ...
