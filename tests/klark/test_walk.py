"""How many modules a reader of the path has to open: the figures of scripts/walk.py, which only fall."""

import pytest
from pytest_django import Settings

from integrations.sandbox.client import Sandbox
from scripts.walk import TICKETS, walks
from tests.klark.modelled import answering

MOST = {"SKIP": (4, 1), "ESCALATE": (9, 3), "WAIT": (14, 5), "NOTE": (14, 5), "REPLY": (14, 5)}
"""Modules of the rooms that pipeline.py calls, and how many of them it comes back to after another."""


@pytest.mark.django_db
def test_the_path_up_to_a_decision_does_not_grow(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    answering(monkeypatch, settings)
    found = list(walks(sandbox))
    assert [walk.decision for walk in found] == list(TICKETS)
    longer = {walk.decision: (dict(walk.called), walk.entered_again) for walk in found
              if len(walk.called) > MOST[walk.decision][0] or len(walk.entered_again) > MOST[walk.decision][1]}  # fmt: skip
    assert longer == {}
