"""A model behind any server that speaks the OpenAI chat completions protocol: OpenAI itself, Claude, Gemini, Mistral,
Azure, Ollama, vLLM, llama.cpp by `base_url`. https://platform.openai.com/docs/api-reference/chat/create

The structured-output format that a server accepts (its dialect) is found by trying: "json_schema", else
"json_object", else "text".
"""

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

import httpx2
import openai

from integrations.errors import IntegrationError, NoAnswer, Refused, TryLater, Unsure
from integrations.http.transports import httpx_transport
from integrations.llms.base import Completion, ModelAccount, Prompt, Unusable
from integrations.llms.openai_answers import ModelAnswer, cost_of, read_answer
from integrations.llms.openai_errors import is_unbilled, translated, unknown_parameter
from integrations.llms.strict_json import NotTheSchema, checked, schema_text

_OPENAI = "https://api.openai.com/v1"
_DIALECTS = ("json_schema", "json_object", "text")
# What servers answer to a request format they do not know: vLLM 400, some proxies 404 or 422, llama.cpp 500.
_NOT_UNDERSTOOD = frozenset({400, 404, 422, 500})
# The SDK adds platform facts and whatever OPENAI_ORG_ID, OPENAI_PROJECT_ID and OPENAI_CUSTOM_HEADERS contain in the
# operator's environment; a tenant's server gets none of it.
_HEADERS = frozenset(
    {"host", "accept", "accept-encoding", "connection", "content-length", "content-type", "authorization", "user-agent"}
)
# Newer OpenAI models refuse the left name; most other servers do not know the right one.
_RENAMED = {"max_tokens": "max_completion_tokens", "temperature": ""}


@dataclass(frozen=True, slots=True)
class _Taken:
    """A response, and the dialect in which the server accepted the request."""

    answer: ModelAnswer
    dialect: str


@dataclass(frozen=True, slots=True)
class _Form:
    """How to send requests to a server: the dialect, and the parameters that it refuses."""

    dialect: str = ""
    refused: frozenset[str] = frozenset()


_FORMS: dict[tuple[str, str], _Form] = {}  # by address and model: what this process has found out, for all accounts


class OpenAI:
    """One tenant's model behind `account.base_url`. `dialect` is "" until the server has accepted a format."""

    def __init__(self, account: ModelAccount) -> None:
        self.account = account
        known = _FORMS.get((account.base_url, account.model), _Form())
        self.dialect = account.dialect or known.dialect
        self._refused = known.refused

    @cached_property
    def _client(self) -> openai.OpenAI:
        return client(self.account)

    def complete(self, prompt: Prompt) -> Completion:
        """Returns the model's JSON. A malformed completion is requested once more; all within `account.timeout_s`
        seconds. Raises TryLater, Refused and Unusable."""
        ends = time.monotonic() + self.account.timeout_s
        first = self._ask(prompt, self._order(), ends)
        try:
            return self._completion(prompt, first)
        except NotTheSchema as error:
            return self._once_more(prompt, first, ends, str(error))

    def _once_more(self, prompt: Prompt, first: _Taken, ends: float, why: str) -> Completion:
        """Tries the next dialect: a server that ignores `response_format` says 200 and lets the model write prose."""
        wasted = (first.answer,)
        try:
            second = self._ask(prompt, _below(first.dialect), ends, wasted)
        except Unusable:  # its bill has both answers
            raise
        except (TryLater, Refused) as error:  # the first answer is billed, whatever became of the repeat
            raise self._unusable(why, wasted) from error
        try:
            return self._completion(prompt, second, wasted)
        except NotTheSchema as error:
            raise self._unusable(str(error), (second.answer, *wasted)) from error

    def _order(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.dialect, *_DIALECTS))) if self.dialect in _DIALECTS else _DIALECTS

    def _ask(
        self, prompt: Prompt, dialects: Iterable[str], ends: float, wasted: tuple[ModelAnswer, ...] = ()
    ) -> _Taken:
        refusal: IntegrationError = Refused("the model's server takes no form of request that klark knows")
        for dialect in dialects:
            try:
                return _Taken(self._usable(self._send(prompt, dialect, ends), wasted), dialect)
            except openai.APIStatusError as error:
                refusal = translated(error)
                if error.status_code not in _NOT_UNDERSTOOD:
                    break
        raise refusal

    def _send(self, prompt: Prompt, dialect: str, ends: float) -> ModelAnswer:
        try:
            return self._paid(prompt, self._body(prompt, dialect), ends)
        except openai.BadRequestError as error:
            named = unknown_parameter(error, _RENAMED.keys() - self._refused)
            if not named:
                raise
            self._refused |= {named}
            return self._send(prompt, dialect, ends)

    def _paid(self, prompt: Prompt, body: Mapping[str, Any], ends: float) -> ModelAnswer:
        """Makes one request. The most that it can cost is reserved before; a token has at least one byte of the request."""
        left, sdk = ends - time.monotonic(), self._client
        if left <= 0:
            raise NoAnswer(f"the model gave no usable answer within {self.account.timeout_s:g} s")
        limits = httpx2.Timeout(left, connect=min(left, self.account.outbound.connect_s))
        size = len(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(errors="replace"))
        reserved = self.account.reserve(cost_of(self.account, size, prompt.max_tokens))
        try:
            response = sdk.post("/chat/completions", cast_to=httpx2.Response, body=body, options={"timeout": limits})
        except openai.APIError as error:
            if is_unbilled(error):
                reserved.release()
            if isinstance(error, openai.APIConnectionError):
                raise translated(error) from error
            raise
        except Refused:  # by klark's own rules for outgoing requests
            reserved.release()
            raise
        except Unsure as error:
            # A lost completion changed nothing anywhere, so a retry is safe.
            raise NoAnswer("the model's answer never came") from error
        answer = read_answer(response, asked=len(prompt.system) + len(prompt.user))
        reserved.settle(*self._bill((answer,)))
        return answer

    def _body(self, prompt: Prompt, dialect: str) -> dict[str, Any]:
        known = {
            "model": self.account.model,
            "messages": [
                {"role": "system", "content": _system(prompt, dialect)},
                # A lone surrogate in a customer's subject cannot be sent.
                {"role": "user", "content": prompt.user.encode(errors="replace").decode()},
            ],
            "max_tokens": prompt.max_tokens,
            "temperature": 0,
            **_response_format(prompt, dialect),
        }
        names = {name: _RENAMED[name] if name in self._refused else name for name in known.keys() & _RENAMED.keys()}
        return {names.get(name, name): value for name, value in known.items() if names.get(name, name)}

    def _usable(self, answer: ModelAnswer, wasted: tuple[ModelAnswer, ...]) -> ModelAnswer:
        if answer.refusal:
            raise self._unusable(answer.refusal, (answer, *wasted))
        return answer

    def _completion(self, prompt: Prompt, taken: _Taken, wasted: tuple[ModelAnswer, ...] = ()) -> Completion:
        content = checked(taken.answer.text, prompt.schema, fenced=taken.dialect == "text")
        self.dialect = taken.dialect
        _FORMS[self.account.base_url, self.account.model] = _Form(taken.dialect, self._refused)
        tokens_in, tokens_out, cost = self._bill((taken.answer, *wasted))
        return Completion(
            content, taken.answer.text, taken.answer.model or self.account.model, tokens_in, tokens_out, cost
        )

    def _unusable(self, reason: str, answers: tuple[ModelAnswer, ...]) -> Unusable:
        return Unusable(reason, *self._bill(answers))

    def _bill(self, answers: tuple[ModelAnswer, ...]) -> tuple[int, int, Decimal]:
        tokens_in = sum(answer.tokens_in for answer in answers)
        tokens_out = sum(answer.tokens_out for answer in answers)
        return tokens_in, tokens_out, cost_of(self.account, tokens_in, tokens_out)


def client(account: ModelAccount) -> openai.OpenAI:
    """Returns the SDK's client without its retries, its environment and its headers; embeddings use it too. Raises
    Refused for a bad URL or key."""
    # An empty address or key would be looked up in the environment: the operator's are not the tenant's.
    address, key = _checked(account.base_url or _OPENAI), _sendable(account.key.strip()) or "none"
    patient = replace(account.outbound, read_s=account.timeout_s)
    http = httpx2.Client(
        transport=httpx_transport(patient),
        trust_env=False,
        follow_redirects=False,
        event_hooks={"request": [_only_known_headers]},
    )
    headers = {"Authorization": f"Bearer {key}"}
    return openai.OpenAI(api_key=key, base_url=address, default_headers=headers, max_retries=0, http_client=http)


def _checked(address: str) -> str:
    try:
        url = httpx2.URL(address)
        if url.scheme in {"http", "https"} and url.host:
            return address
    except httpx2.InvalidURL:
        pass
    raise Refused(f"the model's address {address!r} is not a URL that klark can ask")


def _sendable(key: str) -> str:
    """Returns the key. Raises Refused if no header can carry it: copied keys often contain an invisible character."""
    if not (key.isascii() and key.isprintable()):
        raise Refused("the model's key has a character in it that cannot be sent: paste it anew")
    return key


def _only_known_headers(request: httpx2.Request) -> None:
    for name in set(request.headers) - _HEADERS:
        del request.headers[name]


def _below(dialect: str) -> tuple[str, ...]:
    return _DIALECTS[_DIALECTS.index(dialect) + 1 :] or ("text",)


def _system(prompt: Prompt, dialect: str) -> str:
    if dialect == "json_schema":
        return prompt.system
    return (
        f"{prompt.system}\n\nAnswer with one JSON object and nothing else: no prose, no explanation. "
        f"It must be valid under this JSON Schema:\n{schema_text(prompt.schema)}"
    )


def _response_format(prompt: Prompt, dialect: str) -> dict[str, Any]:
    if dialect == "json_schema":
        form = {"name": "reply", "strict": True, "schema": dict(prompt.schema)}
        return {"response_format": {"type": "json_schema", "json_schema": form}}
    if dialect == "json_object":
        return {"response_format": {"type": "json_object"}}
    return {}
