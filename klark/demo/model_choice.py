"""Chooses the model that drafts and judges in the demo: the recorded one, none, or the operator's own."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from django.conf import settings

from klark.deciding.decide import CEILINGS
from klark.demo.model_server import NAME
from klark.demo.tickets import Expect, ScriptTicket
from klark.values.reasons import Reason

Writer = Literal["recorded", "none", "openai"]
WRITERS: tuple[Writer, ...] = ("recorded", "none", "openai")
SAID: Mapping[Writer, str] = {
    "recorded": "The model's replies are recorded, and so is what its judge says: written in advance, no key is needed.",
    "none": "No model: klark quotes whole sections to the agents, and nothing goes to a customer.",
    "openai": "Replies are written by the model in KLARK_MODEL_NAME.",
}
DRAFTED = frozenset({reason for _, _, reason in CEILINGS} | {Reason.READY, Reason.NOT_ANSWERABLE})
"""Reasons of decisions that depend on a draft, or on a model that found no answer."""


def environment(writer: Writer, address: str, private: tuple[str, ...]) -> dict[str, str]:
    """Returns the environment variables that tell the child processes which model to use.

    `address` is the recorded model's, as in "127.0.0.1:4870". `private` are the private hosts that the operator allows
    already.
    """
    if writer == "openai":
        return {}
    nobody = dict.fromkeys(
        (
            "KLARK_MODEL_URL",
            "KLARK_MODEL_NAME",
            "KLARK_MODEL_KEY",
            "KLARK_FALLBACK_URL",
            "KLARK_FALLBACK_NAME",
            "KLARK_FALLBACK_KEY",
            "KLARK_JUDGE_URL",
            "KLARK_JUDGE_NAME",
            "KLARK_JUDGE_KEY",
        ),
        "",
    )
    if writer == "none":
        return nobody
    recorded = {"KLARK_MODEL_URL": f"http://{address}/v1", "KLARK_MODEL_NAME": NAME, "KLARK_MODEL_KEY": "recorded"}
    return {
        **nobody,
        **recorded,
        "KLARK_MODEL_PROVIDER": "openai",
        "KLARK_PRIVATE_HOSTS": ",".join((*private, address)),
    }


def use_here(told: Mapping[str, str]) -> None:
    """Applies the variables to this process, too: its settings have been read already, so they are replaced in place."""
    for name, value in told.items():
        setattr(settings, name, tuple(value.split(",")) if name == "KLARK_PRIVATE_HOSTS" else value)


def expected(ticket: ScriptTicket, writer: Writer) -> ScriptTicket:
    """Returns the ticket with the outcome that is expected with this model.

    Without a model, each draft becomes a note that quotes sections. These contain the answer, and perhaps similar texts
    that a model would not have used, so `must_not_contain` does not apply.
    """
    return replace(ticket, expect=_without_model(ticket.expect)) if writer == "none" else ticket


def _without_model(expect: Expect) -> Expect:
    turns = [_quoted(*turn) for turn in zip(expect.decisions, expect.reasons, strict=True)]
    decisions, reasons = tuple(kind for kind, _ in turns), tuple(reason for _, reason in turns)
    if reasons == expect.reasons:
        return expect
    return replace(expect, decisions=decisions, reasons=reasons, replies=decisions.count("REPLY"), must_not_contain=())


def _quoted(kind: str, reason: str) -> tuple[str, str]:
    return ("NOTE", Reason.SECTIONS_ONLY.value) if reason in DRAFTED else (kind, reason)
