"""Tickets of the invented shop that an agent had answered and closed before klark came, and the demo's backtest of them.

They are in closed.json: each asks what a ticket of the script asks, so that the recorded model knows it; the agent's answer is
right, says otherwise, or tells of a call.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from integrations.sandbox.client import DeskName, Sandbox
from klark.demo import shop
from klark.demo.seed import Seeded
from klark.evidence.backtests.run_backtests import want
from klark.models import BacktestRun, within
from klark.models.evidence.long_run import UNDER_WAY

DESK: DeskName = "zendesk"
LAG_S, PATIENCE_S, LOOK_S = 1, 30.0, 0.2


def closed() -> list[dict[str, Any]]:
    """Returns what closed.json lists."""
    found: list[dict[str, Any]] = json.loads((Path(__file__).parent / "closed.json").read_text(encoding="utf-8"))
    return found


def furnish(sandbox: Sandbox) -> None:
    """Puts the tickets on the desk, where nobody is told of them. Call before klark is connected."""
    script = {ticket.id: ticket for ticket in shop.tickets()}
    for one in closed():
        asked = script[one["of"]]
        number = sandbox.ticket(
            DESK, subject=asked.subject, body_html=asked.body_html, requester=one["requester"], webhook=False
        )
        sandbox.comment(DESK, number, one["answer"], by="agent", webhook=False)
        sandbox.change(DESK, number, status="closed", webhook=False)


def backtest(seeded: Seeded, sandbox: Sandbox, check: Callable[[], None]) -> BacktestRun | None:
    """Asks a worker for a backtest of these tickets, and waits for it; None if one of an earlier demo is under way. `check` is
    called meanwhile, and raises if a process died."""
    sandbox.settings(incremental_lag_s=LAG_S)  # what changed just now is among the changes
    with within(seeded.tenant_id):
        run = want(seeded.connections[DESK], datetime.now(UTC).date(), len(closed()), None, "demo")
    end = time.monotonic() + PATIENCE_S
    while run is not None and run.state in UNDER_WAY and time.monotonic() < end:
        time.sleep(LOOK_S)
        check()
        with within(seeded.tenant_id):
            run = BacktestRun.of(seeded.tenant_id).get(pk=run.pk)
    return run
