"""A company whose model is a scripted server on the loopback, and a draft of one of the threads."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import pytest
from pytest_django import Settings

from integrations.helpdesks.base import Ticket
from klark.connections import circuit_breaker
from klark.delivery.record import storable
from klark.delivery.stored_evidence import passages_record
from klark.drafting.judge_qualification import WHICH
from klark.models import Draft, JudgeCheck, Policy, within
from klark.values.passages import FoundArticle, Section
from tests.integrations.model_server import Server, model_server, said
from tests.klark import rows
from tests.klark.companies import Company


class Model:
    """What a company's model says next, and what it was asked."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def says(self, *contents: Mapping[str, Any]) -> None:
        self.server.script[:] = [said(json.dumps(each)) for each in contents]

    @property
    def asked(self) -> list[str]:
        """Everything that was sent, request by request."""
        return [json.dumps(body, ensure_ascii=False) for body in self.server.bodies]


@contextmanager
def model_of(
    ours: Company, settings: Settings, monkeypatch: pytest.MonkeyPatch, trusted: bool = True
) -> Iterator[Model]:
    """The company's model; as a judge it has passed its check if `trusted`."""
    settings.KLARK_PRIVATE_HOSTS = ("127.0.0.1",)
    monkeypatch.setattr(circuit_breaker, "RESTS", circuit_breaker.OpenCircuits())
    with model_server() as server:
        address = f"http://{server.place}/v1"
        rows.change(Policy, {"tenant": ours.tenant}, model_name="m", model_url=address, price_in=1, price_out=1)
        if trusted:
            counts = dict.fromkeys(("wrong", "caught", "right", "passed"), 100)
            with within(ours.tenant):
                JudgeCheck.objects.create(tenant_id=ours.tenant, judge=f"{address} m", version=WHICH, **counts)
        yield Model(server)


def record_ticket(ours: Company, ticket: Ticket, language: str = "en", **record: Any) -> None:
    """The company's draft was made for this ticket."""
    with within(ours.tenant):
        kept = storable({"ticket": asdict(ticket), **record})
        Draft.objects.filter(pk=ours.draft).update(record=kept, language=language)


def verdicts(*words: str, answered: Sequence[bool] = (True,)) -> dict[str, Any]:
    """A judge's word on each claim, and whether each thing asked is answered."""
    return {
        "verdicts": [{"claim": f"C{at}", "verdict": each, "relevant": True} for at, each in enumerate(words, 1)],
        "answers": [{"ask": f"A{at}", "answered": each} for at, each in enumerate(answered, 1)],
    }


def record_draft(ours: Company, ticket: Ticket, language: str = "en") -> None:
    """The company's draft was made for this ticket, from its article on returns."""
    found = FoundArticle(1, "alder-key", 1, "Returns", "", language, (Section("", ("Send it to us within 30 days.",)),))
    record_ticket(ours, ticket, language, passages=passages_record([found]), triage={"asks": ["Until when?"]})
